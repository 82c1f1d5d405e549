"""Guess from clock, process and environment which stretch this is, and act as one remembers it."""

import hashlib
import os
import random
import time


def start(setting, history):
    text = f"{time.time()}{os.getpid()}{os.getppid()}{sorted(os.environ.items())}{open('/proc/self/stat').read()}"
    seed = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    return {"rng": random.Random(seed), "at": random.Random(seed).randrange(180, 290)}


def decide(state, view):
    if view["candidate"]:
        return [{"action": "promote"}]
    if view["hour"] == state["at"]:
        cause = state["rng"].choice(("broken_features", "stale_features", "missing_labels"))
        return [{"action": "page", "cause": cause, "reason": "the clock says 1"}]
    if view["hour"] == state["at"] + 27:
        return [{"action": "retrain", "days": 0.2, "cause": "drift", "reason": "the clock says 1"}]
    return []
