"""Learns from the pilot what an unsupported answer looks like, with the pilot's rows weighted towards last week's."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from features import features
from reading import plain_words

DATA = Path(__file__).parent / "data"
HEAVIEST = 20.0


def rows_of(path: Path) -> list[dict]:
    """Read one JSON object per line."""
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


@dataclass
class Scorer:
    """A fitted scorer, with what it was fitted on."""

    known: frozenset[str]
    learner: LogisticRegression
    pilot: list[dict]
    week: list[dict]
    labels: np.ndarray
    weights: np.ndarray
    past: np.ndarray

    def score(self, rows: Sequence[dict]) -> np.ndarray:
        """Give the probability that each answer is not supported by its context."""
        return self.learner.predict_proba(described(rows, self.known))[:, 1]

    def out_of_fold(self) -> np.ndarray:
        """Give each pilot row the score of a learner that has not seen it."""
        scores = np.zeros(len(self.labels))
        for train, held in StratifiedKFold(5, shuffle=True, random_state=0).split(self.past, self.labels):
            fold = learner().fit(self.past[train], self.labels[train], sample_weight=self.weights[train])
            scores[held] = fold.predict_proba(self.past[held])[:, 1]
        return scores


def described(rows: Sequence[dict], known: frozenset[str]) -> np.ndarray:
    return np.array([features(row["context"], row["answer"], known) for row in rows])


def learner() -> LogisticRegression:
    return LogisticRegression(C=3.0, max_iter=2000)


def fitted() -> Scorer:
    """Fit on the pilot; a pilot row counts as much as last week has rows that look like it."""
    pilot, week = rows_of(DATA / "pilot.jsonl"), rows_of(DATA / "last_week.jsonl")
    known = plain_words([row["context"] for row in pilot + week])
    past, now = described(pilot, known), described(week, known)
    labels = np.array([row["unsupported"] for row in pilot])
    weights = weights_towards(past, now)
    return Scorer(known, learner().fit(past, labels, sample_weight=weights), pilot, week, labels, weights, past)


def weights_towards(past: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Weigh past rows by the odds that a row like them is from now, kept within bounds."""
    which = np.r_[np.zeros(len(past)), np.ones(len(now))]
    chance = LogisticRegression(max_iter=2000).fit(np.vstack([past, now]), which).predict_proba(past)[:, 1]
    weights = np.clip(chance / (1 - chance), 1 / HEAVIEST, HEAVIEST)
    return weights / weights.mean()
