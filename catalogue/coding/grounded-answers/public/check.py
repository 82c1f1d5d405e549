"""The checks that you can run yourself: the sample, with the figures that are looked at when you are graded."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shipworthy.kit import Bench, Calls, LentModels, ModelRecord
from shipworthy.kit.models import Budget

sys.path.insert(0, str(Path(__file__).parent))
try:
    import models
    import quoting
    import scoring
    from scoring import ANSWERABLE, K, Question, Response, Tally
finally:
    sys.path.pop(0)

BEFORE = "sample/documents/"
BUDGET = Budget(calls=1500, tokens=800_000, cost=1_000_000_000)
ROOM = 560
"""Characters that a check has to tell of wrong answers."""
CHECKS = {
    "sample_words": ("plain", "paraphrase"),
    "sample_machines": ("near_duplicate", "two"),
    "sample_versions": ("current", "as_of"),
    "sample_tables": ("table",),
    "sample_no_answer": ("unanswerable", "stranger"),
    "sample_closed": ("member", "public"),
}
Known = dict[str, Any]


@dataclass
class Seen:
    """What was asked and came back."""

    tally: Tally = field(default_factory=Tally)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    leaking: int = 0
    sent: int = 0
    same: int = 0
    again: int = 0


def judge(bench: Bench) -> None:
    """Ask the sample's questions, user after user, and report the figures."""
    starter = bench.variant.starter
    documents = {path.removeprefix(BEFORE): starter[path].decode() for path in starter if path.startswith(BEFORE)}
    questions = [json.loads(line) for line in starter["sample/questions.jsonl"].splitlines()]
    known, seen = json.loads(bench.variant.public["public/world.json"]), Seen()
    reading = quoting.Reading(documents, known["alike"], known["names"])
    with bench.lend(*models.models(bench.variant), seed=known["seed"], budget=BUDGET) as lent:
        with bench.workspace().calls(
            "answers.py", "answer", setup=("prepare", [documents]), call_seconds=15.0, setup_seconds=60.0, models=lent
        ) as calls:
            prepared = lent.record()
            for groups in sorted({tuple(each["groups"]) for each in questions}, key=lambda each: (-len(each), each)):
                block = [each for each in questions if tuple(each["groups"]) == groups]
                _block(seen, calls, lent, (block, known, reading))
        records = (prepared, lent.record())
    said = seen.faults[0] if seen.faults else f"{len(documents)} documents, {len(questions)} questions."
    bench.observe("prepares", not seen.faults, said)
    _answers(bench, seen)
    said = f"{seen.leaking} responses and {seen.sent} calls of the reader showed closed documents."
    bench.observe("sample_access", not seen.leaking and not seen.sent, said)
    _figures(bench, seen)
    _cost(bench, seen, records, len(questions) + seen.again)


def _block(
    seen: Seen, calls: Calls, lent: LentModels, given: tuple[Sequence[Question], Known, quoting.Reading]
) -> None:
    """Ask the questions of one user, the first of each kind twice."""
    block, known, reading = given
    before = len(lent.record().calls)
    shown = sum(_shows(lent, block, known))
    responses = [_ask(calls, question) for question in block]
    for place, question in enumerate(block):
        if question["kind"] not in [each["kind"] for each in block[:place]]:
            seen.again += 1
            seen.same += _ask(calls, question) == responses[place]
    if len(lent.record().calls) > before:
        seen.sent += sum(_shows(lent, block, known)) - shown
    said = quoting.chats(lent.record().calls)
    for question, response in zip(block, responses, strict=True):
        quoted = reading.quoted(question, said, known["closed"])
        verdict = scoring.verdict(question, response, quoted, known["names"])
        seen.leaking += scoring.leaks(question, response, known["closed"])
        seen.tally.verdicts.append(verdict)
        seen.faults += [verdict.fault] if verdict.fault else []
        if not verdict.right:
            told = f"{verdict.why}: {question['question']} -> {response.answer!r}"
            seen.wrong.setdefault(verdict.kind, []).append(told)


def _shows(lent: LentModels, block: Sequence[Question], known: Known) -> list[bool]:
    """Say of each call so far whether it holds what the user of this block may not read."""
    hidden = scoring.hidden_from(block[0]["groups"], known["closed"])
    return [quoting.sends(call, hidden) for call in lent.record().calls]


def _ask(calls: Calls, question: Question) -> Response:
    given = calls.try_call(question["question"], question["groups"], question["today"], K)
    return scoring.read(given.value) if given.ok else Response(fault=given.reason)


def _answers(bench: Bench, seen: Seen) -> None:
    """Report each group of kinds, with every answer that is wrong as far as there is room."""
    for check, kinds in CHECKS.items():
        found = seen.tally.of(*kinds)
        wrong = [told for kind in kinds for told in seen.wrong.get(kind, [])]
        room = ROOM // max(len(wrong), 1)
        said = f"{len(found) - len(wrong)} of {len(found)} right. "
        bench.observe(
            check, scoring.mean(each.right for each in found), said + "; ".join(each[:room] for each in wrong)
        )


def _figures(bench: Bench, seen: Seen) -> None:
    found = seen.tally.of(*ANSWERABLE)
    figures = {
        "recall": scoring.mean(each.recall for each in found),
        "reciprocal rank": scoring.mean(each.reciprocal for each in found),
        "citations": scoring.mean(each.citation for each in found),
    }
    rightly, wrongly = seen.tally.abstention()
    said = ", ".join(f"{name} {value:.2f}" for name, value in figures.items())
    said += f", abstained rightly {rightly:.0%} and wrongly {wrongly:.0%}."
    bench.observe("sample_figures", min(*figures.values(), max(rightly - wrongly, 0.0)), said)


def _cost(bench: Bench, seen: Seen, records: tuple[ModelRecord, ModelRecord], count: int) -> None:
    """Report calls to prepare, tokens and simulated seconds, and whether repeated questions got the same answer."""
    before, after = records
    chats = [call for call in after.calls if "chat" in call.path]
    tokens = sum(call.prompt_tokens + call.completion_tokens for call in chats) / count
    seconds = (sum(call.latency_ms for call in after.calls) - sum(call.latency_ms for call in before.calls)) / 1000
    prepared = len(before.calls) + sum(before.refused.values())
    said = f"{prepared} calls to prepare, {tokens:.0f} tokens of the reader and {seconds / count:.1f} s a question; "
    said += f"{seen.same} of {seen.again} repeated questions were answered the same."
    thrifty = prepared <= 60 and tokens <= 1000 and seconds / count <= 2.0
    bench.observe("sample_cost", float(thrifty and seen.same == seen.again), said)
