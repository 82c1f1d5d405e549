import joblib
import pandas as pd

CATEGORICAL = ["region", "channel", "system_grade", "restricted_use", "separate_deductible"]
THRESHOLD = 0.5

artifact = None


def load(model_dir):
    global artifact
    artifact = joblib.load(f"{model_dir}/model.joblib")


def predict(rows):
    df = pd.DataFrame(rows)
    for c in artifact["numeric"]:
        df[c] = pd.to_numeric(df[c], errors="coerce")
    df[artifact["numeric"]] = df[artifact["numeric"]].fillna(artifact["medians"])
    df = pd.get_dummies(df, columns=CATEGORICAL)
    df = df.reindex(columns=artifact["columns"], fill_value=0)
    probabilities = artifact["model"].predict_proba(df)[:, 1]
    return [{"probability": float(p), "contact": bool(p > THRESHOLD)} for p in probabilities]
