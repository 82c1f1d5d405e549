"""python report.py: rates of the pilot, where there are labels; the best of them is shipped."""

import json
import math

from sklearn.metrics import roc_auc_score

from measures import overlap
from scorer import rows_of


def main():
    pilot = rows_of("data/pilot.jsonl")
    systems = {}
    for name in sorted({row["system"] for row in pilot}):
        labels = [row["unsupported"] for row in pilot if row["system"] == name]
        rate = sum(labels) / len(labels)
        half = 1.645 * math.sqrt(rate * (1 - rate) / len(labels))
        systems[name] = {"rate": rate, "low": max(0, rate - half), "high": min(1, rate + half)}
    rate = sum(row["unsupported"] for row in pilot) / len(pilot)
    area = roc_auc_score([row["unsupported"] for row in pilot], [-overlap(row) for row in pilot])
    report = {
        "systems": systems,
        "ship": min(systems, key=lambda name: systems[name]["rate"]),
        "shift": {
            "unsupported": {"pilot": rate, "last_week": rate},
            "overlap_area": {"pilot": area, "last_week": area},
            "moved": [],
        },
        "limit": {"missed_share": 0.06, "text": "The score may be wrong now and then; more data would help."},
    }
    with open("report.json", "w", encoding="utf-8") as stream:
        json.dump(report, stream, indent=2)


if __name__ == "__main__":
    main()
