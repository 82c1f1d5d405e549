"""Thresholds from the books: a stability index above 0.2 is drift, and drift is trained away on the last week."""


def start(setting, history):
    return {"trained": -100, "silent": 0}


def decide(state, view):
    actions = []
    if view["candidate"] is not None:
        actions.append({"action": "promote"})
    inputs = view["inputs"]
    nulls = [name for name, reading in inputs.items() if reading["null_rate"] > 0.05]
    old = max((reading["age_minutes"] for reading in inputs.values()), default=0.0)
    if nulls and not view["page_open"]:
        reason = f"{nulls[0]} has {inputs[nulls[0]]['null_rate']:.0%} nulls"
        actions.append({"action": "page", "cause": "broken_features", "reason": reason})
    elif old > 120 and not view["page_open"]:
        actions.append({"action": "page", "cause": "stale_features", "reason": f"features are {old:.0f} minutes old"})
    state["silent"] = 0 if view["stable"]["labelled"] else state["silent"] + 1
    if state["silent"] == 12 and not view["page_open"]:
        actions.append({"action": "page", "cause": "missing_labels", "reason": "no label for 12 hours"})
    moved = [name for name, reading in inputs.items() if reading["psi"] > 0.2]
    if moved and view["hour"] - state["trained"] > 72 and view["trainings_left"]:
        state["trained"] = view["hour"]
        reason = f"the index of {moved[0]} is {inputs[moved[0]]['psi']:.2f}, above 0.2"
        actions.append({"action": "retrain", "days": 7.0, "cause": "drift", "reason": reason})
    return actions
