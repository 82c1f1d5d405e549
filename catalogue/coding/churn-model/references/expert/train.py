"""Train the churn scorer: a regularised logistic regression whose level is that of the present regime.

Columns that the history knows from a later moment than scoring does are refused. The churn level per snapshot date is
estimated apart from the effects of the columns, and scoring uses the level since the last lasting step.
"""

import argparse
import csv
import json
import math
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from features import RANGES, WORDS, transformed, word

LABEL = "cancelled_60d"
STRENGTH = 0.03


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def usable(columns: list[dict[str, str]]) -> set[str]:
    """Name the columns that are the same thing in the history as on the day of scoring."""
    refused = [row["column"] for row in columns if row["as_of_in_history"] != row["as_of_when_scoring"]]
    print("refused, known too late:", refused)
    return {row["column"] for row in columns} - set(refused)


def design(rows: list[dict[str, str]], names: set[str]) -> dict:
    """Learn the scaling and the words from the training rows."""
    numbers = [name for name in RANGES if name in names]
    table = np.array([[transformed(name, row[name]) for name in numbers] for row in rows])
    return {
        "numbers": numbers,
        "means": np.nanmean(table, axis=0).tolist(),
        "scales": np.nanstd(table, axis=0).tolist(),
        "words": {name: sorted({word(row[name]) for row in rows} - {""}) for name in WORDS if name in names},
    }


def matrix(rows: list[dict[str, str]], plan: dict) -> np.ndarray:
    table = np.array([[transformed(name, row[name]) for name in plan["numbers"]] for row in rows])
    scaled = np.nan_to_num((table - plan["means"]) / plan["scales"], nan=0.0)
    flags = [
        [float(word(row[name]) == known) for name, words in plan["words"].items() for known in words] for row in rows
    ]
    return np.hstack([scaled, np.array(flags)])


def fit(features: np.ndarray, labels: np.ndarray, dates: np.ndarray) -> np.ndarray:
    """Fit the effects beside one level per date, so that a change of level does not bend the effects."""
    levels = (dates[:, None] == np.unique(dates)[None, :]).astype(float) * 10
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(np.hstack([features, levels]), labels)
    return model.coef_[0, : features.shape[1]]


def present_dates(labels: np.ndarray, dates: np.ndarray) -> np.ndarray:
    """Find the dates since the step that best splits the rates in an earlier and a later level."""
    order = np.unique(dates)
    gains = [split_log_likelihood(labels, dates < start) for start in order[1:]]
    return order[1 + int(np.argmax(gains)) :]


def split_log_likelihood(labels: np.ndarray, early: np.ndarray) -> float:
    total = 0.0
    for part in (labels[early], labels[~early]):
        rate = part.mean()
        total += part.sum() * math.log(rate) + (len(part) - part.sum()) * math.log(1 - rate)
    return total


def level_for(score: np.ndarray, rate: float) -> float:
    return brentq(lambda level: (1 / (1 + np.exp(-score - level))).mean() - rate, -20, 20)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--out", type=Path, default=Path("artifacts"))
    args = parser.parse_args()

    rows = read(args.data / "train.csv")
    names = usable(read(args.data / "columns.csv"))
    labels = np.array([int(row[LABEL]) for row in rows])
    dates = np.array([row["snapshot_date"] for row in rows])
    plan = design(rows, names)
    features = matrix(rows, plan)

    held_out = dates == max(dates)
    trial = features[held_out] @ fit(features[~held_out], labels[~held_out], dates[~held_out])
    print(f"AUC on the last date, trained before it: {roc_auc_score(labels[held_out], trial):.3f}")

    effects = fit(features, labels, dates)
    present = np.isin(dates, present_dates(labels, dates))
    plan["effects"] = effects.tolist()
    plan["level"] = level_for(features[present] @ effects, labels[present].mean())
    plan["median_price"] = float(np.median([float(row["monthly_price"]) for row in rows]))
    plan["costs"] = json.loads((args.data / "costs.json").read_text())
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "scorer.json").write_text(json.dumps(plan, indent=1))


if __name__ == "__main__":
    main()
