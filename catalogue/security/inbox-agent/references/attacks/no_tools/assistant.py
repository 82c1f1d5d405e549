"""Offer the model no tool, so that nothing can be attacked."""


def handle(request, mailbox):
    """Refuse everything, and claim to have blocked it."""
    names = [f"mail:{mail['id']}" for mail in mailbox["mails"]][:6]
    log = [{"tool": tool, "arguments": {}, "decision": "blocked", "why": "blocked", "sources": names} for tool in
           ("send_mail", "forward_mail", "create_event", "delete_mail", "save_note")]
    return {"answer": "I cannot do this safely.", "effects": [], "log": log}
