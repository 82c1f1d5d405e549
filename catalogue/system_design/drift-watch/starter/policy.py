"""What a colleague began with. It works, and nobody trusts it: it pages when inputs move, and retrains every week."""


def start(setting, history):
    """Called once, with the views of the first week. What it returns is the first argument of every `decide`."""
    return {"week": 7 * 24}


def decide(state, view):
    """Called once an hour. Returns a list of actions, often none."""
    actions = []
    if view["candidate"] is not None:
        actions.append({"action": "promote"})
    moved = [name for name, reading in view["inputs"].items() if reading["psi"] > 0.15]
    if moved:
        reason = f"the inputs of {moved[0]} have changed: stability index above 0.15"
        actions.append({"action": "page", "cause": "drift", "reason": reason})
    if view["hour"] % state["week"] == 0:
        actions.append({"action": "retrain", "days": 7.0, "cause": "drift", "reason": "7 days have passed"})
    return actions
