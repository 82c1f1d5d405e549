"""Train whenever no training runs, on the newest day, and ship what comes."""


def start(setting, history):
    return {}


def decide(state, view):
    actions = [{"action": "retrain", "days": 1.0, "cause": "drift", "reason": "always the newest 1 day"}]
    return ([{"action": "promote"}] if view["candidate"] else []) + actions
