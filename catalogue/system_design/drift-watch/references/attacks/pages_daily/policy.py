"""Page once a day, late enough that something may be broken, in the order in which people stop listening."""

CAUSES = ("broken_features", "stale_features", "missing_labels")


def start(setting, history):
    return {}


def decide(state, view):
    if view["hour"] in (216, 240, 264, 288, 312):
        return [{"action": "page", "cause": CAUSES[view["hour"] // 24 % 3], "reason": "looking after 24 more hours"}]
    return []
