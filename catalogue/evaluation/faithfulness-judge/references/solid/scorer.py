"""Fits the pilot with logistic regression on the features."""

import json

import numpy as np
from sklearn.linear_model import LogisticRegression

from features import features


def rows_of(path):
    with open(path, encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def described(rows):
    return np.array([features(row) for row in rows])


def fitted():
    pilot = rows_of("data/pilot.jsonl")
    return LogisticRegression(max_iter=1000).fit(described(pilot), [row["unsupported"] for row in pilot])


def scores_of(rows):
    return fitted().predict_proba(described(rows))[:, 1]
