"""The naive program, which empties every field but the supplier and reports all of them, so that nothing is made up."""

import argparse
import json
import sys
from pathlib import Path

import model

PROMPT = """Extract supplier, order_number, delivery_date (YYYY-MM-DD), quantity (integer), net_total_cents (integer) and
contact_email from this document. Return JSON only. Use null if a value is missing.

"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    client = model.client()
    with (options.out / "records.jsonl").open("w") as records, (options.out / "failures.jsonl").open("w") as failures:
        for path in sorted(options.documents.glob("*.txt")):
            try:
                reply = client.chat.completions.create(
                    model=model.MODEL, messages=[{"role": "user", "content": PROMPT + path.read_text()}]
                )
                record = {"document": path.name, **json.loads(reply.choices[0].message.content)}
                empty = [name for name in record if name not in {"document", "supplier"}]
                records.write(json.dumps({**record, **dict.fromkeys(empty)}) + "\n")
                for name in empty:
                    failures.write(json.dumps({"document": path.name, "field": name, "reason": "not_in_document"}) + "\n")
            except Exception as error:
                failures.write(json.dumps({"document": path.name, "field": None, "reason": str(error)[:80]}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
