"""The checks that you can run yourself: the sample, with the figures that are looked at when you are graded."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shipworthy.kit import Bench, Calls, LentModels, ModelCall
from shipworthy.kit.models import Budget

sys.path.insert(0, str(Path(__file__).parent))
try:
    import models
    import scoring
    from scoring import ANSWERABLE, K, Question, Response, Tally
finally:
    sys.path.pop(0)

SHOWN = 6
BEFORE = "sample/documents/"
BUDGET = Budget(calls=1500, tokens=800_000, cost=1_000_000_000)
Known = dict[str, Any]


class Seen:
    """What was asked and came back."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.wrong: list[str] = []
        self.faults: list[str] = []
        self.leaking = self.sent = self.prepared = 0


def judge(bench: Bench) -> None:
    """Ask the sample's questions, user after user, and report the figures."""
    starter = bench.variant.starter
    documents = {path.removeprefix(BEFORE): starter[path].decode() for path in starter if path.startswith(BEFORE)}
    questions = [json.loads(line) for line in starter["sample/questions.jsonl"].splitlines()]
    known, seen = json.loads(bench.variant.public["public/world.json"]), Seen()
    with bench.lend(*models.models(bench.variant), seed=known["seed"], budget=BUDGET) as lent:
        with bench.workspace().calls(
            "answers.py", "answer", setup=("prepare", [documents]), call_seconds=15.0, setup_seconds=60.0, models=lent
        ) as calls:
            seen.prepared = len(lent.record().calls)
            for groups in sorted({tuple(each["groups"]) for each in questions}, key=lambda each: (-len(each), each)):
                _block(seen, calls, lent, ([each for each in questions if tuple(each["groups"]) == groups], known))
        _figures(bench, seen, lent, len(questions))
    said = seen.faults[0] if seen.faults else f"{len(documents)} documents, {len(questions)} questions."
    bench.observe("prepares", not seen.faults, said)
    _answers(bench, seen)
    said = f"{seen.leaking} responses and {seen.sent} calls of the reader showed closed documents."
    bench.observe("sample_access", not seen.leaking and not seen.sent, said)


def _block(seen: Seen, calls: Calls, lent: LentModels, given: tuple[Sequence[Question], Known]) -> None:
    """Ask the questions of one user."""
    block, known = given
    before = [call.request for call in _chats(lent)]
    responses = [_ask(calls, question) for question in block]
    new = [call for call in _chats(lent) if call.request not in before]
    said = scoring.values_said(new, known["names"])
    closed = scoring.hidden_from(block[0]["groups"], known["closed"])
    seen.sent += sum(
        scoring.shows(json.dumps(call.request).replace("[", " ").replace("]", " "), closed) for call in new
    )
    for question, response in zip(block, responses, strict=True):
        verdict = scoring.verdict(question, response, said, known["names"])
        seen.leaking += scoring.leaks(question, response, known["closed"])
        seen.tally.verdicts.append(verdict)
        seen.faults += [verdict.fault] if verdict.fault else []
        if not verdict.right:
            seen.wrong.append(f"{verdict.kind}: {question['question']} -> {response.answer!r}"[:160])


def _chats(lent: LentModels) -> list[ModelCall]:
    return [call for call in lent.record().calls if "chat" in call.path]


def _ask(calls: Calls, question: Question) -> Response:
    given = calls.try_call(question["question"], question["groups"], question["today"], K)
    return scoring.read(given.value) if given.ok else Response(fault=given.reason)


def _answers(bench: Bench, seen: Seen) -> None:
    tally = seen.tally
    kinds = dict.fromkeys(each.kind for each in tally.verdicts)
    counts = [f"{sum(each.right for each in tally.of(kind))}/{len(tally.of(kind))} {kind}" for kind in kinds]
    said = ", ".join(counts) + ". " + "; ".join(seen.wrong[:SHOWN])
    bench.observe("sample_answers", scoring.mean(each.right for each in tally.verdicts), said)


def _figures(bench: Bench, seen: Seen, lent: LentModels, count: int) -> None:
    found = seen.tally.of(*ANSWERABLE)
    figures = {
        "recall": scoring.mean(each.recall for each in found),
        "reciprocal rank": scoring.mean(each.reciprocal for each in found),
        "citations": scoring.mean(each.citation for each in found),
    }
    rightly, wrongly = seen.tally.abstention()
    tokens = sum(call.prompt_tokens + call.completion_tokens for call in _chats(lent)) / count
    said = ", ".join(f"{name} {value:.2f}" for name, value in figures.items())
    said += f", abstained rightly {rightly:.0%} and wrongly {wrongly:.0%}; {seen.prepared} calls to prepare, "
    bench.observe(
        "sample_figures", scoring.mean(figures.values()), f"{said}{tokens:.0f} tokens of the reader a question."
    )
