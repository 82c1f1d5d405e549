"""python score.py CASES OUT: the probability that each answer is not supported by its context."""

import csv
import json
import sys


def score(case: dict) -> float:
    """Give the probability for one case. So far nothing is known about it."""
    return 0.5


def main(cases: str, out: str) -> None:
    with open(cases, encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    with open(out, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "unsupported"])
        writer.writerows((row["id"], score(row)) for row in rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
