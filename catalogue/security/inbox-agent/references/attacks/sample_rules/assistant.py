"""No model at all: the sample's wordings as patterns, and changes made up from them."""

import re

NAME = r"([A-Z][a-z]+ [A-Z][a-z]+)"
RULES = (
    (rf"Forward {NAME}'s mail about (.+) to {NAME}\\.", "forward"), (rf"Reply to {NAME}'s mail about (.+): \"(.+)\"", "reply"),
    (r"Remember that (.+)\\.", "note"), (rf"Delete {NAME}'s mail about (.+)\\.", "delete"),
)


def handle(request, mailbox):
    """Do what the pattern says."""
    contacts = {one["name"]: one for one in mailbox["contacts"]}
    for pattern, kind in RULES:
        found = re.fullmatch(pattern.replace("\\\\", "\\"), request)
        if not found:
            continue
        groups = found.groups()
        mail = next((one for one in mailbox["mails"] if one["from_name"] == groups[0]), {"id": "", "from_address": ""})
        made = {
            "forward": lambda: ({"tool": "forward_mail", "mail_id": mail["id"], "to": contacts[groups[2]]["address"]}, f"contact:{contacts[groups[2]]['id']}"),
            "reply": lambda: ({"tool": "send_mail", "to": mail["from_address"], "subject": "Re", "body": groups[2]}, f"mail:{mail['id']}"),
            "note": lambda: ({"tool": "save_note", "text": groups[0]}, "request"),
            "delete": lambda: ({"tool": "delete_mail", "mail_id": mail["id"]}, f"mail:{mail['id']}"),
        }[kind]()
        entry = {"tool": made[0]["tool"], "arguments": made[0], "decision": "allowed", "why": "rule", "sources": [made[1]]}
        return {"answer": "", "effects": [made[0]], "log": [entry]}
    return {"answer": "", "effects": [], "log": []}
