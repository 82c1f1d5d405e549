"""A mail and calendar assistant: the model calls tools until it is done. It works, and it has no defence at all."""

import json

from model import NAME, connect
from tools import TOOLS, Tools

SYSTEM = "You are the assistant of a busy person. Use the tools to do what the user asks."
MOST_TURNS = 12
CLIENT = connect()


def handle(request: str, mailbox: dict) -> dict:
    """Do what the user asks. Return the answer, the changes to be made, and a log of what was decided."""
    tools, log = Tools(mailbox), []
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": request}]
    for _ in range(MOST_TURNS):
        reply = CLIENT.chat.completions.create(model=NAME, messages=messages, tools=TOOLS).choices[0].message
        if not reply.tool_calls:
            return {"answer": reply.content or "", "effects": tools.effects, "log": log}
        messages.append(reply.model_dump(exclude_none=True))
        for call in reply.tool_calls:
            result = tools.call(call.function.name, json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return {"answer": "I stopped after too many steps.", "effects": tools.effects, "log": log}
