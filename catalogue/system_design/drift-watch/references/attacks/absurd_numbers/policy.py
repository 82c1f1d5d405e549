"""Numbers that are none, numbers beyond all bounds, and wrong types, in turn."""

ODD = (
    {"action": "set_review", "share": 10**300},
    {"action": "set_fallback", "share": -1e308},
    {"action": "retrain", "days": 1e308},
    {"action": "retrain", "days": True},
    {"action": "set_traffic", "candidate": [1], "segments": [{}]},
    {"action": ["page"]},
    {"page": 1},
    "page",
    None,
    {"action": "set_fallback", "share": float("nan")},
)


def start(setting, history):
    return {}


def decide(state, view):
    return [ODD[view["hour"] % len(ODD)]] * 9 if view["hour"] < 300 else {"action": "page"}
