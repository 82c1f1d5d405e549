"""Answer with more than anybody wants to read."""

import sys


def prepare(documents):
    return None


def answer(question, groups, today, k):
    sys.stdout.write("x" * 2_000_000)
    place = {"document": "D-1000" * 100, "section": "x" * 1000}
    return {"answer": "1 " * 30_000_000, "citations": [place] * 100_000, "retrieved": [place] * 100_000}
