"""The starter, of whose changes only the last is kept: a guess at when the model obeys the user."""

import json

from model import NAME, connect
from tools import TOOLS, Tools

SYSTEM = "You are the assistant of a busy person. Use the tools to do what the user asks."
MOST_TURNS = 12
CLIENT = connect()


def told(answer, tools, mailbox):
    """Keep one change, and log the others as blocked."""
    kept = tools.effects[-1:]
    people = {one["address"]: f"contact:{one['id']}" for one in mailbox["contacts"]}
    mails = [f"mail:{one['id']}" for one in mailbox["mails"]]
    log = []
    for each in tools.effects:
        place = people.get(each.get("to")) or (f"mail:{each['mail_id']}" if "mail_id" in each else "request")
        log.append({"tool": each["tool"], "arguments": each, "decision": "allowed" if each in kept else "blocked", "why": "order",
                    "sources": [place] if each in kept else mails})
    return {"answer": answer, "effects": kept, "log": log}


def handle(request: str, mailbox: dict) -> dict:
    """Do what the user asks. Return the answer, the changes to be made, and a log of what was decided."""
    tools, log = Tools(mailbox), []
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": request}]
    for _ in range(MOST_TURNS):
        reply = CLIENT.chat.completions.create(model=NAME, messages=messages, tools=TOOLS).choices[0].message
        if not reply.tool_calls:
            return told(reply.content or "", tools, mailbox)
        messages.append(reply.model_dump(exclude_none=True))
        for call in reply.tool_calls:
            result = tools.call(call.function.name, json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return {"answer": "I stopped after too many steps.", "effects": tools.effects, "log": log}
