"""Answer every hour with ten megabytes."""

import sys


def start(setting, history):
    return {}


def decide(state, view):
    sys.stdout.write("x" * 2_000_000)
    return [{"action": "page", "cause": "drift", "reason": "9" * 1000}] * 10_000
