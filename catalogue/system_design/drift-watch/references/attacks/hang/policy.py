"""Never answer, and ignore every polite request to stop."""

import signal
import time


def start(setting, history):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    return {}


def decide(state, view):
    while True:
        time.sleep(1000)
