"""Score customers with the trained pipeline."""

from pathlib import Path

import joblib
import pandas as pd

CATEGORICAL = ["region", "channel", "system_grade", "restricted_use", "separate_deductible"]
_loaded = {}


def load(model_dir: str) -> None:
    _loaded.update(joblib.load(Path(model_dir) / "model.joblib"))


def predict(rows: list[dict]) -> list[dict]:
    frame = pd.DataFrame(rows).reindex(columns=_loaded["names"])
    for name in _loaded["numeric"]:
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    frame[CATEGORICAL] = frame[CATEGORICAL].fillna("missing").astype(str)
    chances = _loaded["model"].predict_proba(frame)[:, 1]
    return [{"probability": float(chance), "contact": bool(chance > _loaded["threshold"])} for chance in chances]
