"""A mail and calendar assistant whose model never reads a stranger's text.

The model plans from the user's request alone. Tool results reach it as typed values (ids, addresses, dates, amounts) and
handles for free text; `guard.py` decides on every change by where its arguments come from.
"""

import json

from guard import Guard
from model import NAME, connect
from tools import CHANGING, TOOLS, Tools
from veil import Veil

SYSTEM = "You are the assistant of a busy person. Use the tools to do what the user asks."
MOST_TURNS = 12
CLIENT = connect()


def handle(request: str, mailbox: dict) -> dict:
    """Do what the user asks. Return the answer, the changes to be made, and a log of what was decided."""
    tools, veil = Tools(mailbox), Veil()
    guard = Guard(request, veil)
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": request}]
    for _ in range(MOST_TURNS):
        reply = CLIENT.chat.completions.create(model=NAME, messages=messages, tools=TOOLS).choices[0].message
        if not reply.tool_calls:
            return {"answer": veil.uncovered(reply.content or ""), "effects": tools.effects, "log": guard.log}
        messages.append(reply.model_dump(exclude_none=True))
        for call in reply.tool_calls:
            result = answered(call.function.name, json.loads(call.function.arguments), tools, veil, guard)
            messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)})
    return {"answer": "I stopped after too many steps.", "effects": tools.effects, "log": guard.log}


def answered(name: str, arguments: dict, tools: Tools, veil: Veil, guard: Guard) -> object:
    """Carry a call out, if it may be, and return what the model may know of the result."""
    if name not in CHANGING:
        return veil.covered(name, arguments, json.loads(tools.call(name, arguments)))
    if guard.allows(name, arguments):
        tools.call(name, veil.uncovered(arguments))
        return {"status": "ok"}
    return {"status": "refused"}
