"""The log: one line of JSON for every request."""

import json
import os
import re

PATH = "logs/requests.jsonl"
MAIL = re.compile(r"[\w.]+@[\w.]+\.com")


def write(entry):
    """Append a line. Mail addresses are taken out."""
    os.makedirs("logs", exist_ok=True)
    with open(PATH, "a") as file:
        file.write(MAIL.sub("[mail]", json.dumps(entry)) + "\n")
