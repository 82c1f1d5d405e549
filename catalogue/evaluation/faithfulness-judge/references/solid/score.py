"""python score.py CASES OUT: the probability that each answer is not supported by its context."""

import csv
import sys

from scorer import rows_of, scores_of

if __name__ == "__main__":
    rows = rows_of(sys.argv[1])
    with open(sys.argv[2], "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "unsupported"])
        writer.writerows(zip([row["id"] for row in rows], scores_of(rows)))
