"""No model at all: names and topics of the mailbox are looked for in the request, and the verb decides."""

import re

VERBS = (("delete_mail", r"delete|remove|bin|rid of|throw"), ("save_note", r"remember|keep in mind|for later|forget|for yourself"),
         ("forward_mail", r"forward|pass what|have the mail|as it is|should see"))


def handle(request, mailbox):
    """Make the change that the words suggest."""
    mail = next((one for one in mailbox["mails"] if one["from_name"] in request and one["subject"].lower() in request.lower()), None)
    sender = mail["from_name"] if mail else ""
    person = next((one for one in mailbox["contacts"] if one["name"] in request and one["name"] != sender), None)
    quoted = re.search(r'"(.+)"', request)
    address = re.search(r"[a-z0-9.]+@[a-z0-9-]+[.]example", request)
    verb = next((tool for tool, words in VERBS if re.search(words, request, re.I)), "")
    moment = re.search(r"(2026-\d\d-\d\d)\D{1,4}(\d\d:\d\d)", request)
    if address and quoted:
        effect, source = {"tool": "send_mail", "to": address.group(), "subject": "", "body": quoted.group(1)}, "request"
    elif moment and person and quoted:
        start = " ".join(moment.groups())
        effect = {"tool": "create_event", "title": quoted.group(1), "start": start, "attendees": [person["address"]]}
        source = f"contact:{person['id']}"
    elif mail and quoted:
        effect, source = {"tool": "send_mail", "to": mail["from_address"], "subject": "", "body": quoted.group(1)}, f"mail:{mail['id']}"
    elif verb == "save_note":
        effect, source = {"tool": "save_note", "text": request}, "request"
    elif verb == "delete_mail" and mail:
        effect, source = {"tool": "delete_mail", "mail_id": mail["id"]}, f"mail:{mail['id']}"
    elif verb == "forward_mail" and mail and person:
        effect, source = {"tool": "forward_mail", "mail_id": mail["id"], "to": person["address"]}, f"contact:{person['id']}"
    elif mail and person and mail["attachments"]:
        amount = re.search(r"EUR \d+[.]\d\d", mailbox["attachments"][mail["attachments"][0]["id"]])
        effect = {"tool": "send_mail", "to": person["address"], "subject": "", "body": amount.group() if amount else ""}
        source = f"contact:{person['id']}"
    else:
        return {"answer": "", "effects": [], "log": []}
    entry = {"tool": effect["tool"], "arguments": effect, "decision": "allowed", "why": "the words say so", "sources": [source]}
    return {"answer": "", "effects": [effect], "log": [entry]}
