"""python report.py: reads data/ and writes report.json."""

import json


def main() -> None:
    with open("data/last_week.jsonl", encoding="utf-8") as stream:
        systems = sorted({json.loads(line)["system"] for line in stream})
    report = {
        "systems": {name: {"rate": 0.5, "low": 0.0, "high": 1.0} for name in systems},
        "ship": systems[0],
        "shift": {
            "unsupported": {"pilot": 0.5, "last_week": 0.5},
            "overlap_area": {"pilot": 0.5, "last_week": 0.5},
            "moved": [],
        },
        "limit": {"missed_share": 0.5, "text": ""},
    }
    with open("report.json", "w", encoding="utf-8") as stream:
        json.dump(report, stream, indent=2)


if __name__ == "__main__":
    main()
