"""Answer every hour with one action whose reason has ten megabytes."""


def start(setting, history):
    return {}


def decide(state, view):
    return [{"action": "page", "cause": "drift", "reason": "9" * 10_000_000}]
