"""Page every hour with every cause in turn: something will be broken some day."""

CAUSES = ("broken_features", "stale_features", "missing_labels")


def start(setting, history):
    return {}


def decide(state, view):
    return [{"action": "page", "cause": CAUSES[view["hour"] % 3], "reason": "it is 1 more hour later"}]
