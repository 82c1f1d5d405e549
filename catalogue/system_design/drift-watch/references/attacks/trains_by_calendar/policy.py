"""No look at anything: train every day and a half from the second week on, when faults are said to begin."""

HOURS = (228, 264, 300, 324, 348, 372, 396)


def start(setting, history):
    return {}


def decide(state, view):
    actions = [{"action": "promote"}] if view["candidate"] else []
    if view["hour"] in HOURS:
        actions.append({"action": "retrain", "days": 0.8, "cause": "drift", "reason": "every 36 hours from day 9 on"})
    return actions
