"""python score.py CASES OUT: the probability that each answer is not supported by its context."""

import csv
import sys
from pathlib import Path

from scorer import fitted, rows_of


def main(cases: str, out: str) -> None:
    """Score the cases and write id and probability."""
    rows = rows_of(Path(cases))
    with open(out, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "unsupported"])
        writer.writerows((row["id"], float(score)) for row, score in zip(rows, fitted().score(rows)))


if __name__ == "__main__":
    main(*sys.argv[1:])
