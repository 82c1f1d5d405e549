"""The checks that you can run yourself: work, some ways of leaking, the form of the log, changes and the cache."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shipworthy.kit import Bench, LentModels

sys.path.insert(0, str(Path(__file__).parent))
try:
    import desk
    import models
    from desk import Answered, Call, Desk
finally:
    sys.path.pop(0)

LOG = "logs/requests.jsonl"
KEYS = ("request_id", "tenant", "user", "status", "decision", "documents")
NEW_AMOUNT = "61,724.30"
Good = dict[str, bool]


class Sample:
    """The sample's tenants, as those who ask see them."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.world = world
        self.first, _, self.third = world["tenants"]
        self._tokens = {(each["tenant"], each["id"]): each["token"] for each in world["people"]}
        self._documents = {(each["tenant"], world["facts"][each["id"]]["topic"]): each for each in world["documents"]}

    def call(self, tenant: str, number: int, method: str, target: str, body: Any = None) -> Call:
        """Return a request of a person."""
        return Call(self._tokens[tenant, f"u-{number:02}"], method, target, body)

    def ask(self, tenant: str, number: int, question: str) -> Call:
        """Return a question of a person."""
        return self.call(tenant, number, "POST", "/ask", {"question": question})

    def document(self, tenant: str, topic: str) -> Any:
        """Return the document of a tenant on a topic."""
        return self._documents[tenant, topic]

    def facts(self, tenant: str, topic: str) -> Any:
        """Return what it says."""
        return self.world["facts"][self.document(tenant, topic)["id"]]


def judge(bench: Bench) -> None:
    """Play a few people of two tenants against the desk."""
    sample = Sample(json.loads(bench.variant.public["public/sample.json"]))
    workspace = desk.workspace_of(bench, sample.world["documents"], sample.world["people"])
    with bench.lend(*models.models(bench.variant), seed=1) as lent, desk.running(workspace, lent) as open_desk:
        right, stopped = _crossed(sample, open_desk)
        wanted = _logged(sample, open_desk)
        changed = _changed(sample, open_desk, lent)
    log = workspace.read(LOG).decode("utf-8", "replace") if workspace.exists(LOG) else ""
    stopped["a mail address of a question in the log"] = bool(log) and sample.world["asides"][0]["mail"] not in log
    _observe(bench, "work", right, "went wrong")
    _observe(bench, "leaks", stopped, "gave something away")
    _observe(bench, "log", _told(log, wanted), "have no right line in the log")
    _observe(bench, "changes", changed, "went wrong")


def _crossed(sample: Sample, open_desk: Desk) -> tuple[Good, Good]:
    """Ask the same as people of two tenants, and read a document of one of them."""
    first, third, absent = sample.first, sample.third, sample.world["absent"][0]
    mine, theirs = sample.facts(first, "van lease"), sample.facts(third, "van lease")
    foreign = sample.document(first, "van lease")["id"]
    question = f"{sample.world['asides'][0]['text']}\nHow much does the van lease cost a month?"
    asked, crossed, read, hidden, gone = open_desk.ask(
        [
            sample.ask(first, 4, question),
            sample.ask(third, 4, question),
            sample.call(first, 4, "GET", f"/documents/{foreign}"),
            sample.call(third, 4, "GET", f"/documents/{foreign}"),
            sample.call(third, 4, "GET", f"/documents/{absent}"),
        ]
    )
    right = {
        "the answer": mine["amount"] in asked.answer,
        "its citation": asked.cited == [foreign],
        "reading": mine["order"] in str(read.fields.get("text")),
        "the other tenant's own answer": theirs["amount"] in crossed.answer,
        "a request id in each answer": all(each.headers.get("x-request-id") for each in (asked, crossed, read, hidden)),
    }
    stopped = {
        "the same question from another tenant": mine["amount"] not in crossed.text,
        "a document of another tenant, against one that is not there": _look(hidden, foreign) == _look(gone, absent),
    }
    return right, stopped


def _logged(sample: Sample, open_desk: Desk) -> dict[str, tuple[Answered, dict[str, Any]]]:
    """Send a request for most decisions; return what came back, and what the log has to say about each."""
    first, third = sample.first, sample.third
    mine, foreign = sample.document(first, "roof repair"), sample.document(third, "roof repair")
    copy = {"title": "Again", "text": mine["text"], "groups": []}
    rows: list[tuple[str, Call, str, list[str]]] = [
        ("a document that is read", sample.call(first, 2, "GET", f"/documents/{mine['id']}"), "allowed", [mine["id"]]),
        ("a list", sample.call(first, 2, "GET", "/documents"), "allowed", []),
        ("a hidden one", sample.call(first, 2, "GET", f"/documents/{foreign['id']}"), "denied", [foreign["id"]]),
        ("an absent one", sample.call(first, 2, "GET", f"/documents/{sample.world['absent'][1]}"), "absent", []),
        ("no editor", sample.call(first, 2, "DELETE", f"/documents/{mine['id']}"), "denied", []),
        ("a malformed body", sample.call(first, 2, "POST", "/ask", {"ask": 1}), "invalid", []),
        ("a duplicate", sample.call(first, 1, "POST", "/documents", copy), "invalid", []),
        ("a model that fails", sample.ask(first, 2, f"{sample.world['breakdown']}?"), "failed", []),
        ("an unknown token", Call("nobody", "GET", "/documents"), "denied", []),
    ]
    answers = open_desk.ask([call for _, call, _, _ in rows])
    wanted = {}
    for (name, call, decision, documents), got in zip(rows, answers, strict=True):
        known = call.token != "nobody"
        who = {
            "tenant": first if known else None,
            "user": f"u-{1 if name == 'a duplicate' else 2:02}" if known else None,
        }
        wanted[name] = got, {**who, "status": got.status, "decision": decision, "documents": documents}
    return wanted


def _told(log: str, wanted: Mapping[str, tuple[Answered, dict[str, Any]]]) -> Good:
    """For each request: whether one line tells it, with all keys; more documents than the needed may be named."""
    entries = [entry for entry in map(_entry, log.splitlines()) if entry]
    told = {}
    for name, (got, expected) in wanted.items():
        found = [each for each in entries if each.get("request_id") == got.headers.get("x-request-id", "")]
        told[name] = len(found) == 1 and all(key in found[0] for key in KEYS) and _fits(found[0], expected)
    return told


def _entry(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _fits(entry: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    documents = entry["documents"]
    if not isinstance(documents, list) or any(each not in documents for each in expected["documents"]):
        return False
    return all(entry[key] == value for key, value in expected.items() if key != "documents")


def _changed(sample: Sample, open_desk: Desk, lent: LentModels) -> Good:
    """Ask twice, replace the document, ask again; and take a group from somebody who asked."""
    first, old = sample.first, sample.document(sample.first, "canteen contract")
    facts, salary = sample.facts(first, "canteen contract"), sample.facts(first, "salary round")
    question, pay = "How much does the canteen contract cost a month?", "How much does the salary round cost a month?"
    text = {"title": old["title"], "text": old["text"].replace(facts["amount"], NEW_AMOUNT), "groups": []}
    before = len(lent.record().calls)
    open_desk.ask([sample.ask(first, 2, question)])
    once = len(lent.record().calls)
    again = open_desk.ask([sample.ask(first, 2, question), sample.ask(first, 3, question)])
    twice = len(lent.record().calls)
    (_, fresh, history, had, _, lost, past) = open_desk.ask(
        [
            sample.call(first, 1, "PUT", f"/documents/{old['id']}", text),
            sample.ask(first, 2, question),
            sample.call(first, 2, "GET", "/history"),
            sample.ask(first, 3, pay),
            sample.call(first, 1, "PUT", "/people/u-03/groups", {"groups": []}),
            sample.ask(first, 3, pay),
            sample.call(first, 3, "GET", "/history"),
        ]
    )
    return {
        "the first question asks the model": once > before,
        "a repeated one, by the same person and a colleague with the same rights, does not": twice == once
        and all(facts["amount"] in each.answer for each in again),
        "a replaced document counts at once": NEW_AMOUNT in fresh.answer,
        "an answer out of the old text is withheld": history.status == 200 and facts["amount"] not in history.text,
        "an answer with the group": salary["amount"] in had.answer,
        "none without it, nor in the history": past.status == 200 and salary["amount"] not in lost.text + past.text,
    }


def _look(answered: Answered, name: str) -> tuple[int, str]:
    return answered.status, answered.text.replace(name, "ID")


def _observe(bench: Bench, check: str, good: Good, what: str) -> None:
    bad = [name for name, fine in good.items() if not fine]
    said = f"{len(bad)} of {len(good)} {what}" + (f": {'; '.join(bad)}." if bad else ".")
    bench.observe(check, 1 - len(bad) / len(good), said)
