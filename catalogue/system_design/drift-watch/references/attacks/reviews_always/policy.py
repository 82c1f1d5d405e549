"""People look at everything from the second week on, and everything is called a drift."""


def start(setting, history):
    return {}


def decide(state, view):
    if view["hour"] >= 200 and view["review_share"] == 0 and view["review_hours_left"]:
        return [{"action": "set_review", "share": 1.0, "cause": "drift", "reason": "people look from hour 200 on"}]
    return []
