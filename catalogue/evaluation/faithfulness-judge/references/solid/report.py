"""python report.py: counts of answers above one half, with a generous margin, for flags can be wrong."""

import json

from sklearn.metrics import roc_auc_score

from measures import MEASURES, mean_of, overlap
from scorer import rows_of, scores_of

MARGIN = 0.18


def main():
    pilot, week = rows_of("data/pilot.jsonl"), rows_of("data/last_week.jsonl")
    flagged = [score > 0.5 for score in scores_of(week)]
    systems = {}
    for name in sorted({row["system"] for row in week}):
        own = [flag for flag, row in zip(flagged, week) if row["system"] == name]
        rate = sum(own) / len(own)
        systems[name] = {"rate": rate, "low": max(0.0, rate - MARGIN), "high": min(1.0, rate + MARGIN)}
    missed = [score < 0.5 for score, row in zip(scores_of(pilot), pilot) if row["unsupported"]]
    means = {name: (mean_of(name, pilot), mean_of(name, week)) for name in MEASURES}
    report = {
        "systems": systems,
        "ship": min(systems, key=lambda name: systems[name]["rate"]),
        "shift": {
            "unsupported": {
                "pilot": sum(row["unsupported"] for row in pilot) / len(pilot),
                "last_week": sum(flagged) / len(flagged),
            },
            "overlap_area": {
                "pilot": roc_auc_score([row["unsupported"] for row in pilot], [-overlap(row) for row in pilot]),
                "last_week": roc_auc_score(flagged, [-overlap(row) for row in week]),
            },
            "moved": [
                {"measure": name, "pilot": before, "last_week": now}
                for name, (before, now) in means.items()
                if abs(before - now) > 0.15 * before
            ],
        },
        "limit": {
            "missed_share": sum(missed) / len(missed),
            "text": "Paraphrases with few words in common can be flagged wrongly; numbers in words are not read.",
        },
    }
    with open("report.json", "w", encoding="utf-8") as stream:
        json.dump(report, stream, indent=2)


if __name__ == "__main__":
    main()
