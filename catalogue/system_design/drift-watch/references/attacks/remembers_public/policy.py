"""Remember the public stretches: look for their first figures, and act at the hours that were right there."""

REMEMBERED = {}


def start(setting, history):
    return {}


def decide(state, view):
    if view["hour"] == 1:
        state["key"] = view["stable"]["requests"]
    plan = REMEMBERED.get(state.get("key"), {"page": 230, "retrain": 262})
    actions = [{"action": "promote"}] if view["candidate"] else []
    if view["hour"] == plan["page"]:
        actions.append({"action": "page", "cause": "broken_features", "reason": "as in the public stretch 3"})
    if view["hour"] in (plan["retrain"], plan["retrain"] + 60):
        actions.append({"action": "retrain", "days": 1.0, "cause": "drift", "reason": "as in the public stretch 2"})
    return actions
