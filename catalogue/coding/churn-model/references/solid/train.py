"""Train a calibrated gradient boosting classifier on the columns that are known at scoring time."""

import argparse
import json
from pathlib import Path

import joblib
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

CATEGORICAL = ["region", "channel", "system_grade", "restricted_use", "separate_deductible"]
LABEL = "cancelled_60d"


def usable_columns(data: Path) -> list[str]:
    """Leave out what the history holds from a later moment than scoring does."""
    dictionary = pd.read_csv(data / "columns.csv")
    known = dictionary[dictionary["as_of_in_history"] == dictionary["as_of_when_scoring"]]
    return [name for name in known["column"] if name != "snapshot_date"]


def build(numeric: list[str]):
    columns = ColumnTransformer(
        [
            ("words", OneHotEncoder(handle_unknown="ignore", sparse_output=False), CATEGORICAL),
            ("numbers", "passthrough", numeric),
        ]
    )
    booster = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=1.0, random_state=7
    )
    return CalibratedClassifierCV(make_pipeline(columns, booster), method="sigmoid", cv=3)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--out", type=Path, default=Path("artifacts"))
    args = parser.parse_args()

    frame = pd.read_csv(args.data / "train.csv")
    names = usable_columns(args.data)
    numeric = [name for name in names if name not in CATEGORICAL]
    for name in numeric:
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    frame[CATEGORICAL] = frame[CATEGORICAL].fillna("missing")

    train, test = train_test_split(frame, test_size=0.2, stratify=frame[LABEL], random_state=7)
    model = build(numeric).fit(train[names], train[LABEL])
    chance = model.predict_proba(test[names])[:, 1]
    print(f"AUC {roc_auc_score(test[LABEL], chance):.3f}  Brier {brier_score_loss(test[LABEL], chance):.4f}")

    costs = json.loads((args.data / "costs.json").read_text())
    saved = costs["success_rate"] * costs["months_saved"] * frame["monthly_price"].mean()
    args.out.mkdir(parents=True, exist_ok=True)
    joblib.dump(
        {"model": model, "names": names, "numeric": numeric, "threshold": costs["contact_cost"] / saved},
        args.out / "model.joblib",
    )


if __name__ == "__main__":
    main()
