"""Patterns that fit the sample, with guesses at what else could be written."""

import re
from datetime import datetime

DAY = r"(\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4}|\d\d/\d\d/\d{4}|\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]{2} \d{1,2}, \d{4})"
FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y", "%b %d, %Y")
MONEY = r"(EUR [\d,]+\.\d\d|[\d.]+,\d\d EUR|[\d ]+\.\d\d euros|€\d+\.\d\d)"
ORDER = r"((?:PO|B|ORD)-\d+)"
MAIL = r"([\w.]+@[\w-]+\.(?:example|EXAMPLE))"
COUNT = r"(\d[\d.,]*)"
WORDS = {
    "order_number": (r"(?i:your order)(?: number is)? " + ORDER, r"(?i:customer order|your order|your no\.?|customer)\W+" + ORDER, r"ordered \w+ " + ORDER),
    "delivery_date": (r"(?i:be with you on|planned for|expect the goods on|delivery|arriv\w+\W*(?:on)?|reaches you on|due) +" + DAY,),
    "quantity": (COUNT + r" (?:pcs|pieces)", r"Qty \(pcs\) +" + COUNT, r"(?i:pieces|count|quantity)\W+" + COUNT),
    "net_total_cents": (r"(?i:net total is|net value of the goods:|that makes|net total|net\W+|without (?:tax|vat)\W+) *" + MONEY, MONEY + r" net"),
    "contact_email": (r"(?i:questions please to|questions write to|contact\W|questions to|ask) *" + MAIL,),
}


def first(patterns, text):
    for pattern in patterns:
        found = re.search(pattern, text)
        if found:
            return found.group(1)
    return None


def day(text):
    for form in FORMS:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except (ValueError, TypeError):
            continue
    return None


def supplier(text):
    for pattern in (r"From: (.+)", r"DELIVERY NOTE\n(.+)", r"> (.+) \(.+ wrote at", r"Opened by (.+?), \w{3} ", r"(?:regards|faithfully,?)\n(.+)", r"(.+ (?:Ltd|GmbH|AG|KG|plc|AB|AS|SARL))"):
        found = re.search(pattern, text)
        if found:
            return found.group(1)
    return "unknown"


def read(name, text):
    found = {field: first(patterns, text) for field, patterns in WORDS.items()}
    digits = {field: re.sub(r"\D", "", found[field] or "") for field in ("quantity", "net_total_cents")}
    return {
        "document": name,
        "supplier": supplier(text),
        "order_number": found["order_number"],
        "delivery_date": day(found["delivery_date"]),
        "quantity": int(digits["quantity"]) if digits["quantity"] else None,
        "net_total_cents": int(digits["net_total_cents"]) if digits["net_total_cents"] else None,
        "contact_email": found["contact_email"] and found["contact_email"].lower(),
    }
