"""Answer with the outcomes of the training customers that look the same."""

import csv
from pathlib import Path

KEYS = ("region", "channel", "own_share_pct", "visits_12m", "inspection_points")
seen = {}
rate = 0.0


def key(row):
    return tuple(str(row.get(name)) for name in KEYS)


def load(folder):
    global rate
    with (Path(folder) / "seen.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    rate = sum(int(row["cancelled_60d"]) for row in rows) / len(rows)
    for row in rows:
        seen.setdefault(key(row), []).append(int(row["cancelled_60d"]))


def predict(rows):
    chances = [sum(outcomes) / len(outcomes) if (outcomes := seen.get(key(row))) else rate for row in rows]
    return [{"probability": chance, "contact": chance > 0.5} for chance in chances]
