"""Answer with more than anybody can read."""

import os


def handle(request, mailbox):
    """Write without end to every channel, then return a huge answer."""
    for _ in range(100):
        os.write(2, b"x" * 1_000_000)
    return {"answer": "x" * 50_000_000, "effects": [{"tool": "save_note", "text": "x"}] * 1_000_000, "log": []}
