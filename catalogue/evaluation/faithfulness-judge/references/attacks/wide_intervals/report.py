"""python report.py: which system to ship, how sure that is, and what the scores cannot see."""

import json
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from measures import MEASURES, mean_of, overlap
from scorer import Scorer, fitted

LEVEL_Z = 1.645
ROUNDS = 400


def main() -> None:
    """Write report.json."""
    scorer = fitted()
    scores = scorer.score(scorer.week)
    systems = rates(scorer, scores)
    report = {
        "systems": systems,
        "ship": min(systems, key=lambda name: systems[name]["rate"]),
        "shift": shift(scorer, scores),
        "limit": limit(scores),
    }
    Path("report.json").write_text(json.dumps(report, indent=2))


def rates(scorer: Scorer, scores: np.ndarray) -> dict:
    """Give each system's mean probability, corrected by what the pilot's held-out folds say, with a 90 % interval."""
    correction, spread = correction_of(scorer)
    found = {}
    for name in sorted({row["system"] for row in scorer.week}):
        own = scores[[row["system"] == name for row in scorer.week]]
        rate = float(np.clip(own.mean() + correction, 0.0, 1.0))
        error = np.hypot(np.sqrt(rate * (1 - rate) / len(own)), spread)
        low, high = np.clip([rate - LEVEL_Z * error, rate + LEVEL_Z * error], 0.0, 1.0)
        found[name] = {"rate": rate, "low": 0.0, "high": 1.0}
    return found


def correction_of(scorer: Scorer) -> tuple[float, float]:
    """Give the weighted mean gap between label and held-out score, and its standard error by bootstrap."""
    gaps, drawn = scorer.labels - scorer.out_of_fold(), np.random.default_rng(0)
    again = []
    for _ in range(ROUNDS):
        places = drawn.integers(len(gaps), size=len(gaps))
        again.append(np.average(gaps[places], weights=scorer.weights[places]))
    return float(np.average(gaps, weights=scorer.weights)), float(np.std(again))


def shift(scorer: Scorer, scores: np.ndarray) -> dict:
    """Say how pilot and last week differ: the rate, what overlap is worth, and the measures that moved."""
    before, now = ([-overlap(row) for row in rows] for rows in (scorer.pilot, scorer.week))
    return {
        "unsupported": {"pilot": float(scorer.labels.mean()), "last_week": float(scores.mean())},
        "overlap_area": {
            "pilot": float(roc_auc_score(scorer.labels, before)),
            "last_week": expected_area(np.array(now), scores),
        },
        "moved": [
            {"measure": name, "pilot": mean_of(name, scorer.pilot), "last_week": mean_of(name, scorer.week)}
            for name in MEASURES
            if moved(name, scorer)
        ],
    }


def expected_area(values: np.ndarray, chance: np.ndarray) -> float:
    """Give the area under the ROC curve with each row counting as unsupported by its probability."""
    labels = np.r_[np.ones(len(values)), np.zeros(len(values))]
    return float(roc_auc_score(labels, np.r_[values, values], sample_weight=np.r_[chance, 1 - chance]))


def moved(name: str, scorer: Scorer) -> bool:
    """Say whether a measure's means differ by more than three standard errors."""
    before, now = (np.array([MEASURES[name](row) for row in rows]) for rows in (scorer.pilot, scorer.week))
    error = np.sqrt(before.var() / len(before) + now.var() / len(now))
    return bool(error > 0 and abs(before.mean() - now.mean()) > 3 * error)


def limit(scores: np.ndarray) -> dict:
    """Say which share of unsupported answers is missed at a half, as the probabilities have it."""
    missed = float(scores[scores < 0.5].sum() / scores.sum())
    text = (
        f"At 0.5 about {100 * missed:.0f} % of the unsupported answers are missed: mostly phrases that neither the "
        "glossary nor last week's sample has. A new way of putting things makes supported answers look unsupported."
    )
    return {"missed_share": missed, "text": text}


if __name__ == "__main__":
    main()
