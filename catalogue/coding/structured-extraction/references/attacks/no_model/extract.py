"""Read the documents with patterns alone and leave the model in peace: no calls, no waiting, nothing made up."""

import json
import re
from datetime import datetime
from pathlib import Path


def first(pattern, text):
    found = re.search(pattern, text)
    return found.group(1) if found else None


def day(text):
    for pattern, form in ((r"(\d{4}-\d\d-\d\d)", "%Y-%m-%d"), (r"(\d\d\.\d\d\.\d{4})", "%d.%m.%Y"), (r"(\d\d/\d\d/\d{4})", "%d/%m/%Y"),
                          (r"(\d{1,2} [A-Z][a-z]+ \d{4})", "%d %B %Y"), (r"([A-Z][a-z]{2} \d{1,2}, \d{4})", "%b %d, %Y")):
        found = first(pattern, text)
        if found:
            return datetime.strptime(found, form).date().isoformat()
    return None


def cents(text):
    found = first(r"(?:EUR |€)(\d[\d,]*\.\d\d)", text) or first(r"(\d[\d.,]*[.,]\d\d) EUR", text) or first(r"(\d[\d ]*\.\d\d) euros", text)
    return int(re.sub(r"\D", "", found)) if found else None


def quantity(text):
    found = first(r"(\d[\d.,]*) (?:pcs|units|x )", text) or first(r"Qty (\d[\d.,]*)", text)
    return int(re.sub(r"\D", "", found)) if found else None


def supplier(text):
    for pattern in (r"From: (.+)", r"DELIVERY NOTE\n(.+)", r"> (.+) \(.+ wrote at", r"Opened by (.+),"):
        found = first(pattern, text)
        if found:
            return found
    return "unknown"


Path("out").mkdir(exist_ok=True)
with open("out/records.jsonl", "w") as out, open("out/failures.jsonl", "w"):
    for path in sorted(Path("documents").glob("*.txt")):
        text = path.read_text()
        address = first(r"([\w.]+@[\w.-]+\w)", text)
        record = {"document": path.name, "supplier": supplier(text), "order_number": first(r"((?:PO|B|ORD)-\d+)", text),
                  "delivery_date": day(text), "quantity": quantity(text), "net_total_cents": cents(text),
                  "contact_email": address and address.lower()}
        out.write(json.dumps(record) + "\n")
