import json
from pathlib import Path

rate = 0.0


def load(folder):
    global rate
    rate = json.loads((Path(folder) / "rate.json").read_text())


def predict(rows):
    odd = [float("nan"), float("inf"), -1.0, 10**400, True, None, "0.5", [0.5], {"p": 0.5}]
    return [{"probability": odd[place % len(odd)], "contact": 1} for place in range(len(rows))]
