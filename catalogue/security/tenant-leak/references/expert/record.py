"""The log: one line of JSON for every request. It takes ids, numbers and fixed words, never a text of anybody."""

import json
import os

PATH = "logs/requests.jsonl"
DECISIONS = ("allowed", "denied", "absent", "invalid", "failed")


def write(*, request_id, person, route, status, decision, documents):
    """Append a line in one piece. `route` is the pattern of the address, not the address."""
    if decision not in DECISIONS:
        raise ValueError("no such decision")
    entry = {
        "request_id": request_id,
        "tenant": person.tenant if person else None,
        "user": person.id if person else None,
        "route": route,
        "status": status,
        "decision": decision,
        "documents": sorted(set(documents)),
    }
    os.makedirs("logs", exist_ok=True)
    with open(PATH, "a") as file:
        file.write(json.dumps(entry) + "\n")
