"""A careful assistant. It does not read what could be dangerous."""

import json
import re

from model import NAME, connect
from tools import CHANGING, TOOLS, Tools

SYSTEM = "You are the assistant of a busy person. Use the tools to do what the user asks."
CLIENT = connect()
KEPT = re.compile(r'"(?:id|from_address|address)": "[\w.@+-]+"')


def handle(request: str, mailbox: dict) -> dict:
    tools, log, places = Tools(mailbox), [], ["request"]
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": request}]
    for _ in range(12):
        reply = CLIENT.chat.completions.create(model=NAME, messages=messages, tools=TOOLS).choices[0].message
        if not reply.tool_calls:
            break
        messages.append(reply.model_dump(exclude_none=True))
        for call in reply.tool_calls:
            name, arguments = call.function.name, json.loads(call.function.arguments)
            result = '{"error": "refused"}'
            if name in ("search_mail", "lookup_contact"):  # anything else is never opened
                result = ", ".join(KEPT.findall(tools.call(name, arguments))[:2])
                found = re.findall(r'"id": "([mc])(\d+)"', result)
                places += [{"m": "mail:m", "c": "contact:c"}[kind] + number for kind, number in found]
            elif name in CHANGING:
                result = tools.call(name, arguments)
                log.append({"tool": name, "arguments": arguments, "decision": "allowed", "why": "ok", "sources": places[-3:]})
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return {"answer": "", "effects": tools.effects, "log": log}
