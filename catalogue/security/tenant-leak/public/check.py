"""The checks that you can run yourself: work that has to go on, and three ways of leaking."""

import json
import sys
from pathlib import Path
from typing import Any

from shipworthy.kit import Bench

sys.path.insert(0, str(Path(__file__).parent))
try:
    import desk
    import models
    from desk import Call
finally:
    sys.path.pop(0)


def judge(bench: Bench) -> None:
    """Ask as two people of each tenant about the same topic, and about what the other tenant has."""
    world = json.loads(bench.variant.public["public/sample.json"])
    people = {(each["tenant"], each["id"]): each for each in world["people"]}
    first, _, third = world["tenants"]
    mine, theirs = _facts(world, first, "van lease"), _facts(world, third, "van lease")
    foreign = next(key for key, said in world["facts"].items() if said == mine)
    question = {"question": f"{world['asides'][0]['text']}\nHow much does the van lease cost a month?"}
    one, other = people[first, "u-04"]["token"], people[third, "u-04"]["token"]
    calls = [
        Call(one, "POST", "/ask", question),
        Call(other, "POST", "/ask", question),
        Call(one, "GET", f"/documents/{foreign}"),
        Call(other, "GET", f"/documents/{foreign}"),
        Call(other, "GET", f"/documents/{world['absent'][0]}"),
    ]
    workspace = desk.workspace_of(bench, world["documents"], world["people"])
    with bench.lend(*models.models(bench.variant), seed=1) as lent, desk.running(workspace, lent) as open_desk:
        asked, crossed, read, hidden, absent = open_desk.ask(calls)
    log = (
        workspace.read("logs/requests.jsonl").decode("utf-8", "replace")
        if workspace.exists("logs/requests.jsonl")
        else ""
    )
    right = {
        "the answer": mine["amount"] in asked.answer,
        "its citation": asked.cited == [foreign],
        "reading": mine["order"] in str(read.fields.get("text")),
        "the other tenant's own answer": theirs["amount"] in crossed.answer,
        "a line in the log for each request": all(
            each.headers.get("x-request-id", "?") in log for each in (asked, read, hidden)
        ),
    }
    stopped = {
        "the same question from another tenant": mine["amount"] not in crossed.text,
        "a document of another tenant, against one that is not there": _look(hidden, foreign)
        == _look(absent, world["absent"][0]),
        "a mail address of a question in the log": bool(log) and world["asides"][0]["mail"] not in log,
    }
    _observe(bench, "work", right, "went wrong")
    _observe(bench, "leaks", stopped, "gave something away")


def _facts(world: Any, tenant: str, topic: str) -> Any:
    ids = [each["id"] for each in world["documents"] if each["tenant"] == tenant]
    return next(world["facts"][each] for each in ids if world["facts"][each]["topic"] == topic)


def _look(answered: desk.Answered, name: str) -> tuple[int, str]:
    return answered.status, answered.text.replace(name, "ID")


def _observe(bench: Bench, check: str, good: dict[str, bool], what: str) -> None:
    bad = [name for name, fine in good.items() if not fine]
    said = f"{len(bad)} of {len(good)} {what}" + (f": {'; '.join(bad)}." if bad else ".")
    bench.observe(check, 1 - len(bad) / len(good), said)
