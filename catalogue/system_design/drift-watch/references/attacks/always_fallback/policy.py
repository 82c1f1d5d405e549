"""The fallback knows no drift and no broken feature."""


def start(setting, history):
    return {}


def decide(state, view):
    if view["hour"] == 180:
        return [{"action": "set_fallback", "share": 1.0, "cause": "drift", "reason": "from hour 180 on for ever"}]
    return []
