"""python score.py CASES OUT: a logistic regression on how much of the answer is in the context."""

import csv
import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

from measures import overlap, words


def rows_of(path):
    with open(path, encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def features(rows):
    return np.array([[overlap(row), len(words(row["answer"]))] for row in rows])


def fitted():
    pilot = rows_of("data/pilot.jsonl")
    return LogisticRegression().fit(features(pilot), [row["unsupported"] for row in pilot])


if __name__ == "__main__":
    rows = rows_of(sys.argv[1])
    with open(sys.argv[2], "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "unsupported"])
        writer.writerows(zip([row["id"] for row in rows], fitted().predict_proba(features(rows))[:, 1]))
