"""Never ask, name every document as failed, and leave every field empty: nothing made up, nothing spent, all reported."""

import json
from pathlib import Path

REASONS = ("refused", "unreadable", "unavailable")
FIELDS = ("order_number", "delivery_date", "quantity", "net_total_cents", "contact_email")
Path("out").mkdir(exist_ok=True)
with open("out/records.jsonl", "w") as out, open("out/failures.jsonl", "w") as failures:
    for place, path in enumerate(sorted(Path("documents").glob("*.txt"))):
        failures.write(json.dumps({"document": path.name, "field": None, "reason": REASONS[place % 3]}) + "\n")
        for field in FIELDS:
            failures.write(json.dumps({"document": path.name, "field": field, "reason": "not_in_document"}) + "\n")
