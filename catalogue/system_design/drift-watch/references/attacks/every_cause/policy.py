"""A little fallback, now more and now less of it, whose entries name every cause in turn."""

CAUSES = ("drift", "broken_features", "stale_features", "missing_labels")


def start(setting, history):
    return {}


def decide(state, view):
    if view["hour"] < 180:
        return []
    told = {"cause": CAUSES[view["hour"] % 4], "reason": "1 of 4 causes is always right"}
    return [{"action": "set_fallback", "share": 0.05 + view["hour"] % 2 * 0.05, **told}]
