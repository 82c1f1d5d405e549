"""Asks hidden questions over hidden documents, user after user, and reads in the record what the models were asked."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shipworthy.kit import BadAnswer, Bench, Calls, LentModels, ModelCall, ModelRecord, ramp
from shipworthy.kit.models import Budget

sys.path.insert(0, str(Path(__file__).parent / "public"))
try:
    import models
    import quoting
    import scoring
    from scoring import ANSWERABLE, K, Question, Response, Tally
finally:
    sys.path.pop(0)

BUDGET = Budget(calls=1500, tokens=800_000, cost=1_000_000_000)
SETUP_SECONDS, CALL_SECONDS = 60.0, 15.0
CHANCE, FULL = 0.4, 0.95
"""Of each kind of questions the first share is worth nothing, for guessing among versions and sisters, or saying
nothing where something is closed, reaches nearly as much; the second is worth everything."""
LEAST = 0.2
"""The same for shares of passages that were found or cited."""
HALF = 0.5
"""The share of right answers from which finding passages counts in full: finding alone helps nobody."""
LEAKED = 0.6
"""What everything else is worth as soon as somebody was shown what they may not read."""

KINDS = {
    "plain": ("plain",),
    "paraphrases": ("paraphrase",),
    "near_duplicates": ("near_duplicate",),
    "current_versions": ("current",),
    "as_of": ("as_of",),
    "tables": ("table",),
    "two_passages": ("two",),
}
LOOK_AT = {
    "plain": "questions in the words of the documents",
    "paraphrases": "questions that use other words than the documents",
    "near_duplicates": "machines whose manuals differ in little but numbers",
    "current_versions": "what is in force today: older, coming and drafted versions",
    "as_of": "questions that name a day",
    "tables": "cells of tables, which need row and column",
    "two_passages": "questions about two machines",
}
Evidence = dict[str, Any]
Known = Mapping[str, Any]


@dataclass
class Session:
    """Everything that was asked and came back."""

    tally: Tally = field(default_factory=Tally)
    leaking: int = 0
    sent: int = 0
    same: int = 0
    again: int = 0
    prepared: int = 0
    tokens: float = 0.0
    seconds: float = 0.0
    fault: str = ""

    @property
    def kept(self) -> float:
        """What everything but access is worth."""
        return LEAKED if self.leaking or self.sent else 1.0


def judge(bench: Bench) -> None:
    """Ask everything in one process, then observe each kind of question and what the asking cost."""
    asked = json.loads(bench.variant.hidden["questions.json"])
    documents = json.loads(bench.variant.hidden["inputs/documents.json"])
    try:
        session = _run(bench, asked, documents)
    except BadAnswer as fault:
        bench.fail_rest(str(fault))
        return
    for check, kinds in KINDS.items():
        _kind(bench, check, session, kinds)
    _retrieval(bench, session)
    _citations(bench, session)
    _abstention(bench, session)
    _access(bench, session)
    _conduct(bench, session)


def _run(bench: Bench, asked: Known, documents: Mapping[str, str]) -> Session:
    """Let the submission prepare and ask user after user, those with the most rights first. Raises BadAnswer."""
    seed, session = int(asked["seed"]), Session()
    reading = quoting.Reading(documents, asked["alike"], asked["names"])
    with (
        bench.lend(*models.served(asked["alike"], seed), seed=seed, budget=BUDGET) as lent,
        bench.workspace().calls(
            "answers.py",
            "answer",
            setup=("prepare", [documents]),
            call_seconds=CALL_SECONDS,
            setup_seconds=SETUP_SECONDS,
            models=lent,
        ) as calls,
    ):
        before = prepared = lent.record()
        session.prepared = _made(before)
        for block in _blocks(asked["questions"]):
            before = _ask_block(session, calls, lent, block, (before, asked, reading))
        _cost(session, (prepared, before), len(asked["questions"]) + session.again)
    return session


def _made(record: ModelRecord) -> int:
    return len(record.calls) + sum(record.refused.values())


def _blocks(questions: Iterable[Question]) -> list[list[Question]]:
    """Return the questions user by user: calls of the models between two looks at the record belong to one user."""
    by_groups: dict[tuple[str, ...], list[Question]] = {}
    for question in questions:
        by_groups.setdefault(tuple(question["groups"]), []).append(question)
    return [by_groups[groups] for groups in sorted(by_groups, key=lambda groups: (-len(groups), groups))]


def _ask_block(
    session: Session,
    calls: Calls,
    lent: LentModels,
    block: Sequence[Question],
    known: tuple[ModelRecord, Known, quoting.Reading],
) -> ModelRecord:
    """Ask the questions of one user, judge the responses, and return the record after them.

    What the reader said to an earlier user counts too where this one might have seen all of it: answers may be cached.
    """
    before, asked, reading = known
    responses = [_ask(session, calls, question) for question in block]
    for question, response in zip(block, responses, strict=True):
        if question.get("again"):
            again = _ask(session, calls, question)
            session.again += 1
            session.same += again == response and not again.fault
    record = lent.record()
    said, closed = quoting.chats(record.calls), asked["closed"]
    hidden = scoring.hidden_from(block[0]["groups"], closed)
    session.sent += sum(quoting.sends(call, hidden) for call in _new(before.calls, record.calls))
    for question, response in zip(block, responses, strict=True):
        session.leaking += scoring.leaks(question, response, closed)
        quoted = reading.quoted(question, said, closed)
        session.tally.verdicts.append(scoring.verdict(question, response, quoted, asked["names"]))
    return record


def _ask(session: Session, calls: Calls, question: Question) -> Response:
    given = calls.try_call(question["question"], question["groups"], question["today"], K)
    response = scoring.read(given.value) if given.ok else Response(fault=given.reason.partition(":")[0])
    session.fault = session.fault or response.fault
    return response


def _new(before: Sequence[ModelCall], after: Sequence[ModelCall]) -> list[ModelCall]:
    """Return the calls that were added; the record is sorted by content, so the earlier ones are anywhere in it."""
    left = [_identity(call) for call in before]
    counts: dict[str, int] = {}
    for each in left:
        counts[each] = counts.get(each, 0) + 1
    new = []
    for call in after:
        identity = _identity(call)
        if counts.get(identity, 0):
            counts[identity] -= 1
        else:
            new.append(call)
    return new


def _identity(call: ModelCall) -> str:
    return f"{call.path} {call.latency_ms} {json.dumps(call.request, sort_keys=True)}"


def _cost(session: Session, records: tuple[ModelRecord, ModelRecord], count: int) -> None:
    """Tokens of the reader, and seconds of both models on the virtual clock, per question."""
    before, after = records
    session.tokens = (
        sum(call.prompt_tokens + call.completion_tokens for call in after.calls if "chat" in call.path) / count
    )
    latency = sum(call.latency_ms for call in after.calls) - sum(call.latency_ms for call in before.calls)
    session.seconds = round(latency / 1000 / count, 6)


def _kind(bench: Bench, check: str, session: Session, kinds: Sequence[str]) -> None:
    found = session.tally.of(*kinds)
    right = sum(each.right for each in found)
    said = f"{right} of {len(found)} answers are right."
    if right < len(found):
        said += f" Look at {LOOK_AT[check]}."
    unquoted = sum(each.why == scoring.UNQUOTED for each in found)
    if unquoted:
        said += f" {unquoted} have the right value without the reader having quoted it from the passage."
    evidence: Evidence = {"right": right, "questions": len(found), "answered": sum(each.answered for each in found)}
    bench.observe(check, session.kept * ramp(right / len(found), CHANCE, FULL), said, evidence)


def _retrieval(bench: Bench, session: Session) -> None:
    """Finding passages counts in full where at least half of the answers are right, and less below."""
    found = session.tally.of(*ANSWERABLE)
    worth = session.kept * ramp(session.tally.right(*ANSWERABLE), 0.0, HALF)
    recall, reciprocal = scoring.mean(each.recall for each in found), scoring.mean(each.reciprocal for each in found)
    said = f"{recall:.0%} of the passages that answer are among the first {K}."
    bench.observe("recall", worth * ramp(recall, LEAST, FULL), said, {"recall": recall, "worth": worth})
    said = f"The mean reciprocal rank of the first passage that answers is {reciprocal:.2f}."
    evidence: Evidence = {"mean_reciprocal_rank": reciprocal, "worth": worth}
    bench.observe("rank", worth * ramp(reciprocal, LEAST, FULL), said, evidence)


def _citations(bench: Bench, session: Session) -> None:
    share = scoring.mean(each.citation for each in session.tally.of(*ANSWERABLE))
    worth = session.kept * ramp(session.tally.right(*ANSWERABLE), 0.0, HALF)
    said = f"Citations reach {share:.2f} (precision and recall together; no answer counts as none)."
    bench.observe("citations", worth * ramp(share, LEAST, FULL), said, {"f1": share, "worth": worth})


def _abstention(bench: Bench, session: Session) -> None:
    """Abstaining where there is no answer, less abstaining where there is one: always and never earn nothing."""
    rightly, wrongly = session.tally.abstention()
    worth = session.kept * ramp(session.tally.right(*ANSWERABLE), 0.0, HALF)
    score = worth * ramp(rightly - wrongly, 0.0, 0.9)
    said = f"You abstained from {rightly:.0%} of the questions without an answer, and from {wrongly:.0%} of the others."
    bench.observe("abstention", score, said, {"rightly": rightly, "wrongly": wrongly, "worth": worth})


def _access(bench: Bench, session: Session) -> None:
    share = session.tally.right("member", "stranger", "public")
    score = ramp(share, CHANCE, FULL) * (session.kept == 1.0)
    said = f"{share:.0%} of the questions around closed documents came out right; {session.leaking} responses and "
    said += f"{session.sent} calls of the model showed what the user may not read."
    if session.kept < 1.0:
        said += f" Therefore everything else counts for {session.kept:.0%}."
    evidence: Evidence = {"right": share, "responses": session.leaking, "calls": session.sent}
    bench.observe("access", score, said, evidence)


def _conduct(bench: Bench, session: Session) -> None:
    """Thrift and steadiness count in proportion to the answers that are right."""
    right = session.kept * ramp(session.tally.right(*ANSWERABLE), 0.2, 0.9)
    thrift = min(ramp(session.prepared, 400, 60), ramp(session.tokens, 3000, 1000), ramp(session.seconds, 6.0, 2.0))
    said = f"Preparing took {session.prepared} calls; a question took {session.tokens:.0f} tokens and "
    said += f"{session.seconds:.1f} s of the model on average."
    said += f" For example: {session.fault}" if session.fault else ""
    evidence: Evidence = {
        "calls": session.prepared,
        "tokens": session.tokens,
        "seconds": session.seconds,
        "right": right,
    }
    bench.observe("thrift", right * thrift, said, evidence)
    said = f"{session.same} of {session.again} repeated questions were answered the same."
    score = right * ramp(session.same / session.again, 0.5, 1.0)
    bench.observe("steady", score, said, {"same": session.same, "again": session.again, "right": right})
