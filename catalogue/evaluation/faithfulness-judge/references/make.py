"""Makes the attacks that are the expert's submission with one thing changed."""

from collections.abc import Mapping
from pathlib import Path

from shipworthy.kit import Variant

EXPERT = Path(__file__).parent / "expert"
Files = dict[str, bytes]
Changes = Mapping[str, tuple[str, str]]

BY_COMPANY: Changes = {
    "score.py": (
        '        writer.writerows((row["id"], float(score)) for row, score in zip(rows, fitted().score(rows)))\n',
        """        scores = fitted().score(rows)
        scores = scores.argsort().argsort() / len(rows) * 0.48
        writer.writerows((row["id"], float(score)) for row, score in zip(rows, scores))
""",
    )
}
WIDE: Changes = {"report.py": ('"low": float(low), "high": float(high)', '"low": 0.0, "high": 1.0')}
REPORT_OF_THE_PILOT = '''"""python report.py: rates of the pilot, where there are labels; the best of them is shipped."""

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
'''


def make(variant: Variant) -> dict[str, Files]:  # noqa: ARG001 - the same for every variant
    """Return the files of every attack that is made."""
    expert = {path.name: path.read_bytes() for path in sorted(EXPERT.glob("*.py"))}
    return {
        "company": _changed(expert, BY_COMPANY),
        "wide_intervals": _changed(expert, WIDE),
        "pilot_report": expert | {"report.py": REPORT_OF_THE_PILOT.encode()},
    }


def _changed(files: Files, changes: Changes) -> Files:
    made = dict(files)
    for path, (old, new) in changes.items():
        text = made[path].decode()
        if old not in text:
            raise ValueError(f"{path} does not hold {old!r}")
        made[path] = text.replace(old, new).encode()
    return made
