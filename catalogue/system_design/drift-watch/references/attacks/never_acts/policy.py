"""Nobody is ever paged, nothing is trained: quiet and thrift must not count alone."""


def start(setting, history):
    return {}


def decide(state, view):
    return []
