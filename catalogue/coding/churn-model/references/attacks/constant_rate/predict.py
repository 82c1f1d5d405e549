import json
from pathlib import Path

rate = 0.0


def load(folder):
    global rate
    rate = json.loads((Path(folder) / "rate.json").read_text())


def predict(rows):
    return [{"probability": rate, "contact": True} for _ in rows]
