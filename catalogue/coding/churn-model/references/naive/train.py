import argparse
import os

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

CATEGORICAL = ["region", "channel", "system_grade", "restricted_use", "separate_deductible"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data")
    parser.add_argument("--out", default="artifacts")
    args = parser.parse_args()

    df = pd.read_csv(f"{args.data}/train.csv")
    y = df["cancelled_60d"]
    X = df.drop(columns=["cancelled_60d", "customer_id", "snapshot_date"])

    numeric = [c for c in X.columns if c not in CATEGORICAL]
    for c in numeric:
        X[c] = pd.to_numeric(X[c], errors="coerce")
    medians = X[numeric].median()
    X[numeric] = X[numeric].fillna(medians)
    X = pd.get_dummies(X, columns=CATEGORICAL)

    # the classes are unbalanced, so weight them
    model = RandomForestClassifier(n_estimators=100, max_depth=10, class_weight="balanced", random_state=42)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
    print("AUC:", roc_auc_score(y_test, model.fit(X_train, y_train).predict_proba(X_test)[:, 1]))
    model.fit(X, y)

    os.makedirs(args.out, exist_ok=True)
    joblib.dump(
        {"model": model, "columns": list(X.columns), "numeric": numeric, "medians": medians},
        f"{args.out}/model.joblib",
    )


if __name__ == "__main__":
    main()
