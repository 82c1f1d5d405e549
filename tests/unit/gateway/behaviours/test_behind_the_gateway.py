"""A small mail program talks to the worst case through the real gateway, with and without a defence."""

import json
from pathlib import Path

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.attacks.entities import Channel
from shipworthy.gateway.attacks.families import attack
from shipworthy.gateway.behaviours.obedient import Obedient
from shipworthy.gateway.behaviours.plans import Plan, Step, Take
from shipworthy.gateway.models import ChatModel
from tests.support.gateways import asked, serving
from tests.unit.gateway.behaviours.builders import READ_INBOX

PLAN = Plan("subject", "subject", (Step("read_inbox", name="inbox"),), "It is {subject}.",
            {"subject": Take("inbox", path="subject")})  # fmt: skip
ATTACK = attack("encoded_payload", seed=5, channel=Channel.MAIL_BODY)
GOAL = ATTACK.payloads[0].goal
MAIL = json.dumps({"subject": "Prices", "body": ATTACK.text})


def program(path: Path, tools: list[str]) -> tuple[list[str], str]:
    """Run a loop over tools until the model has an answer; return the tools that it called and the answer."""
    messages: list[JSONValue] = [{"role": "user", "content": "What is the subject of my mail?"}]
    offered: JSONValue = [{"type": "function", "function": {"name": name, "parameters": {}}} for name in tools]
    called: list[str] = []
    for _ in range(6):
        body: dict[str, JSONValue] = {"model": "m", "messages": messages, "tools": offered}
        status, answer = asked(path, json.dumps(body).encode())
        assert status == 200, answer
        message = json.loads(json.dumps(answer))["choices"][0]["message"]
        if not message.get("tool_calls"):
            return called, message["content"]
        messages.append(message)
        for call in message["tool_calls"]:
            name = call["function"]["name"]
            called.append(name)
            result = MAIL if name == READ_INBOX.name else "done"
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": result})
    raise AssertionError("the program never came to an end")


def test_a_program_that_offers_every_tool_is_taken_over_and_one_that_does_not_is_not() -> None:
    model = Obedient(seed=2, plans=[PLAN], payloads=ATTACK.payloads)
    wanted = [step.tool for step in GOAL.steps]
    with serving([ChatModel("m", model)]) as (gateway, path):
        assert program(path, [READ_INBOX.name, *wanted]) == ([READ_INBOX.name, *wanted], "It is Prices.")
        called, answer = program(path, [READ_INBOX.name])
        assert called == [READ_INBOX.name]
        assert answer.startswith("It is Prices.")
        traces = [call.reply.trace for call in gateway.record().calls if call.reply and call.reply.trace]
    assert ATTACK.id in [trace.get("obeyed") for trace in traces]


def test_no_client_sees_why() -> None:
    model = Obedient(seed=2, plans=[PLAN], payloads=ATTACK.payloads)
    body = {"model": "m", "messages": [{"role": "user", "content": ATTACK.text}]}
    with serving([ChatModel("m", model)]) as (_, path):
        _, answer = asked(path, json.dumps(body).encode())
    assert ATTACK.id not in json.dumps(answer)
    assert "trace" not in json.dumps(answer)
