"""Runs the extraction over folders of documents, night after night, with an unreliable model behind the endpoint."""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from shipworthy.kit import BadAnswer, Bench, LentModels, ModelCall, Workspace, decode_json, ramp
from shipworthy.kit.models import Budget, ChatModel

sys.path.insert(0, str(Path(__file__).parent / "sources"))
try:
    import reader
    import trouble
finally:
    sys.path.pop(0)

COMMAND = ("python", "extract.py", "--documents", "documents", "--out", "out")
RECORDS, FAILURES = "out/records.jsonl", "out/failures.jsonl"
KINDS: dict[str, type] = {
    "supplier": str,
    "order_number": str,
    "delivery_date": str,
    "quantity": int,
    "net_total_cents": int,
    "contact_email": str,
}
MOST_LINES, MOST_BYTES = 500, 2_000_000
ANSWERED = 200
FRUGAL = 0.8
"""The share of the calls that may be used for full marks."""

HALT_AFTER = 8
"""The answers of the night that is ended in the middle."""
START_SECONDS, SETTLE_SECONDS = 20.0, 2.0
"""How long that night may take to get its answers, and how long it has to put them away."""
ON_THE_WAY = 2
"""The answers that may be lost all the same: a busy machine can be late with putting them away."""

LOOK_AT = {
    "plain_documents": "documents that the model reads well at once",
    "ambiguous_fields": "what your request says about fields that could mean two things",
    "long_documents": "streams that are slow, end early, or say pieces twice or in the wrong order",
    "repaired_answers": "fences, prose, broken or cut JSON, wrong types, missing and additional keys, refusals",
    "outages": "rate limits, failures of the server and calls that are never answered",
    "no_invention": "values that no document holds, also those that are only part of a longer number",
    "second_look": "values that the model had to be asked about again",
    "new_documents": "documents that are new in the folder, and a name whose content has changed",
}
Line = Mapping[str, Any]


@dataclass
class Night:
    """What one run left behind: valid records by document, other lines, the report, and the calls so far."""

    records: dict[str, Line] = field(default_factory=dict)
    invalid: int = 0
    failures: list[Line] = field(default_factory=list)
    raw: tuple[bytes, bytes] = (b"", b"")
    calls: tuple[ModelCall, ...] = ()
    used: int = 0


def judge(bench: Bench) -> None:
    """Grade three nights (all documents, the same again, new and changed ones), and one that is ended in the middle."""
    seed = json.loads(bench.variant.hidden["draw.json"])
    first, later = trouble.draw_from(seed)
    model = ChatModel("reader-1", _reader([*first, *later]))
    known = bench.variant.parameters
    budget = Budget(calls=int(str(known["calls"])), tokens=int(str(known["tokens"])))
    workspace = bench.workspace(_folder(bench, "first"))
    with bench.lend(model, seed=len(first), budget=budget) as lent:
        try:
            night = _run(workspace, lent)
        except BadAnswer as fault:
            bench.fail_rest(str(fault))
            return
        share = _observe_first(bench, first, night, budget.calls)
        with bench.guard("rerun", "new_documents"):
            again = _run(workspace, lent)
            _rerun(bench, share, night, again)
            _new_documents(bench, workspace, lent, (first, later, again))
    if not share:
        bench.fail_rest("A night that is ended in the middle was not tried: not one record was right before.")
        return
    with bench.guard("interrupted"):
        _interrupted(bench, trouble.interrupted(seed))


def _folder(bench: Bench, night: str) -> dict[str, bytes]:
    before = f"inputs/{night}/"
    hidden = bench.variant.hidden
    return {f"documents/{path.removeprefix(before)}": hidden[path] for path in hidden if path.startswith(before)}


def _run(workspace: Workspace, lent: LentModels) -> Night:
    """Run once and read what is there afterwards. Raises BadAnswer."""
    workspace.run(COMMAND, models=lent).require()
    record = lent.record()
    night = Night(calls=record.calls, used=len(record.calls) + sum(record.refused.values()))
    night.raw = (workspace.read(RECORDS, limit=MOST_BYTES), workspace.read(FAILURES, limit=MOST_BYTES))
    for line in _lines(night.raw[0]):
        if _valid(line) and line["document"] not in night.records:
            night.records[line["document"]] = line
        else:
            night.invalid += 1
    night.failures = [line for line in _lines(night.raw[1]) if _is_failure(line)]
    return night


def _lines(content: bytes) -> list[Any]:
    lines = [line for line in content.split(b"\n") if line.strip()]
    if len(lines) > MOST_LINES:
        raise BadAnswer(f"An output file has {len(lines)} lines; at most {MOST_LINES} are read.")
    return [_decoded(line) for line in lines]


def _decoded(line: bytes) -> Any:
    try:
        return decode_json(line, "A line")
    except BadAnswer:
        return None


def _valid(line: Any) -> bool:
    if not isinstance(line, dict) or set(line) != {"document", *KINDS}:
        return False
    if not isinstance(line["document"], str) or line["supplier"] is None:
        return False
    typed = all(line[name] is None or type(line[name]) is kind for name, kind in KINDS.items())
    return typed and _is_day(line["delivery_date"])


def _is_day(value: str | None) -> bool:
    try:
        return value is None or date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_failure(line: Any) -> bool:
    if not isinstance(line, dict) or set(line) != {"document", "field", "reason"}:
        return False
    named = isinstance(line["document"], str) and isinstance(line["reason"], str)
    return named and (line["field"] is None or isinstance(line["field"], str))


def _answers(calls: Iterable[ModelCall]) -> dict[str, set[tuple[str, str]]]:
    """Return what the model said about each document, by its stamp: field and value, from answers that got through.

    A value was said when the answer holds it as the model spelled it there; a stream that ended early does not count.
    """
    said: dict[str, set[tuple[str, str]]] = {}
    for call in calls:
        stamp, values = call.trace.get("document"), call.trace.get("said")
        if call.status == ANSWERED and call.reply and isinstance(values, dict) and not _ended_early(call.reply):
            text = json.dumps([call.reply.get("content"), call.reply.get("tool_calls")], ensure_ascii=False).casefold()
            found = {(field, json.dumps(value)) for field, (value, spelled) in values.items() if _occurs(spelled, text)}
            said.setdefault(str(stamp), set()).update(found)
    return said


def _ended_early(reply: Mapping[str, Any]) -> bool:
    fault = reply.get("fault")
    return isinstance(fault, dict) and fault.get("kind") == "truncated_stream"


def _occurs(spelled: object, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(str(spelled).casefold())}(?!\w)", text) is not None


def _right(case: trouble.Case, night: Night, said: Mapping[str, set[tuple[str, str]]]) -> bool:
    """Say whether a document's record is right, and each of its values was said by the model."""
    record = night.records.get(case.document.name)
    right = case.document.record
    if record is None or any(_spelled(record[name]) != _spelled(value) for name, value in right.items()):
        return False
    known = said.get(case.document.stamp, set())
    return all(value is None or (name, json.dumps(value)) in known for name, value in right.items())


def _spelled(value: object) -> object:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _observe_first(bench: Bench, cases: Sequence[trouble.Case], night: Night, budget: int) -> float:
    """Observe what the first night shows; return the share of right records among those that can be had."""
    said = _answers(night.calls)
    right = {case.document.name: _right(case, night, said) for case in cases}
    groups = {
        "plain_documents": {"plain"},
        "ambiguous_fields": {"ambiguous"},
        "long_documents": {"streamed"},
        "repaired_answers": {"repaired"},
        "outages": {"outages", "limited"},
        "second_look": {"second_look"},
    }
    for check, group in groups.items():
        found = [right[case.document.name] for case in cases if case.group in group]
        _observe_share(bench, check, sum(found), len(found))
    wanted = [case for case in cases if case.group != "hopeless"]
    share = sum(right[case.document.name] for case in wanted) / len(wanted)
    _no_invention(bench, cases, night, right)
    _valid_records(bench, wanted, night, said)
    _retry_after(bench, [case for case in cases if case.group == "limited"], night.calls)
    _bounded_calls(bench, share, night.used, budget)
    _failed_documents(bench, share, cases, night)
    return share


def _observe_share(bench: Bench, check: str, right: int, count: int) -> None:
    said = f"{right} of {count} records are right."
    if right < count:
        said += f" Look at {LOOK_AT[check]}."
    bench.observe(check, right / count, said, {"right": right, "documents": count})


def _no_invention(bench: Bench, cases: Sequence[trouble.Case], night: Night, right: Mapping[str, bool]) -> None:
    """A made-up value has to be left empty and reported; each report of one that never was takes a record off."""
    wrong = _wrongly_said(cases, night.calls)
    reported = {(line["document"], line["field"]) for line in night.failures if line["reason"] == "not_in_document"}
    false = len({pair for pair in reported if pair[1] is not None} - wrong)
    group = [case for case in cases if case.group == "no_invention"]
    empty = [case for case in group if right[case.document.name]]
    told = sum(not case.empty or (case.document.name, case.empty) in reported for case in empty)
    said = f"{len(empty)} of {len(group)} records are right, {told} of them with the report that they need; "
    said += f"{false} reports are false."
    if told < len(group):
        said += f" Look at {LOOK_AT['no_invention']}."
    figures = {"right": len(empty), "reported": told, "false": false}
    bench.observe("no_invention", max(told - false, 0) / len(group), said, figures)


def _wrongly_said(cases: Iterable[trouble.Case], calls: Iterable[ModelCall]) -> set[tuple[str, str]]:
    """Return the documents and fields for which the model said something else than what is right, at least once."""
    known = {case.document.stamp: case.document for case in cases}
    found = set()
    for call in calls:
        document, values = known.get(str(call.trace.get("document"))), call.trace.get("said")
        if document and isinstance(values, dict):
            right = document.record
            found |= {
                (document.name, field)
                for field, (value, spelled) in values.items()
                if value != right[field] or (value is None and spelled is not None)
            }
    return found


def _valid_records(bench: Bench, wanted: Sequence[trouble.Case], night: Night, said: Mapping[str, Any]) -> None:
    valid = sum(case.document.name in night.records and case.document.stamp in said for case in wanted)
    score = max(valid - night.invalid, 0) / len(wanted)
    told = f"{valid} valid records; {night.invalid} lines are no valid record."
    bench.observe("valid_records", score, told, {"valid": valid, "invalid": night.invalid})


def _retry_after(bench: Bench, cases: Sequence[trouble.Case], calls: Iterable[ModelCall]) -> None:
    """A document counts when it was asked about again after its rate limit, and never before the time was over."""
    early, asked = Counter[str](), Counter[str]()
    for call in calls:
        counter = early if call.trace.get("early") is True else asked
        counter[str(call.trace.get("document"))] += 1
    patient = sum(asked[case.document.stamp] > 1 and not early[case.document.stamp] for case in cases)
    hasty = sum(early[case.document.stamp] > 0 for case in cases)
    said = f"{patient} of {len(cases)} rate limits were waited for and asked again; {hasty} were asked again too early."
    bench.observe("retry_after", patient / len(cases), said, {"waited": patient, "early": hasty})


def _bounded_calls(bench: Bench, share: float, used: int, budget: int) -> None:
    score = share * ramp(used, budget, FRUGAL * budget)
    said = f"{used} calls were made of the {budget} that there are, for {share:.0%} of the records."
    bench.observe("bounded_calls", score, said, {"calls": used, "records": share})


def _failed_documents(bench: Bench, share: float, cases: Sequence[trouble.Case], night: Night) -> None:
    """Every document without a record is named, no other is, and those that never work have the right reason."""
    said = {line["document"]: line["reason"] for line in night.failures if line["field"] is None}
    lacking = {case.document.name for case in cases} - set(night.records)
    named = len(lacking & set(said)) / max(len(lacking | set(said)), 1)
    hopeless = [case for case in cases if case.reason and case.document.name in lacking]
    reasons = sum(said.get(case.document.name) == case.reason for case in hopeless) / len(trouble.FOR_EVER)
    told = f"{len(lacking & set(said))} of {len(lacking)} documents without a record are in the report."
    if reasons < 1:
        told += " Not every reason is the one that the calls ended with."
    score = share * (0.5 * named + 0.5 * reasons)
    bench.observe("failed_documents", score, told, {"named": named, "reasons": reasons, "records": share})


def _rerun(bench: Bench, share: float, night: Night, again: Night) -> None:
    same = night.raw == again.raw
    further = again.used - night.used
    score = share * (0.5 * same + 0.5 * (further == 0))
    said = f"The second run made {further} calls and left {'the same' if same else 'other'} files."
    bench.observe("rerun", score, said, {"same": same, "calls": further, "records": share})


def _new_documents(bench: Bench, workspace: Workspace, lent: LentModels, known: tuple[Any, Any, Night]) -> None:
    """Add new documents and one changed; only they may be asked about, and all other records have to stay."""
    first, later, again = known
    for path, content in _folder(bench, "later").items():
        workspace.write(path, content)
    night = _run(workspace, lent)
    said = _answers(night.calls)
    right = sum(_right(case, night, said) for case in later)
    changed = {case.document.name for case in later}
    kept = [case.document.name for case in first if case.document.name in again.records]
    kept = [name for name in kept if name not in changed]
    stayed = sum(night.records.get(name) == again.records[name] for name in kept) / max(len(kept), 1)
    others = night.used - again.used - sum(_stamp_counts(night, later).values())
    score = right / len(later) * stayed * (1.0 if others <= 0 else 0.4)
    told = f"{right} of {len(later)} new or changed documents are right; {others} calls were about others."
    bench.observe("new_documents", score, told, {"right": right, "stayed": stayed, "other_calls": others})


def _stamp_counts(night: Night, cases: Sequence[trouble.Case]) -> Counter[str]:
    stamps = {case.document.stamp for case in cases}
    return Counter(name for call in night.calls if (name := str(call.trace.get("document"))) in stamps)


def _interrupted(bench: Bench, cases: Sequence[trouble.Case]) -> None:
    """End a night after some answers, and run again: nothing may be lost, written twice, or paid for twice."""
    workspace = bench.workspace({f"documents/{case.document.name}": case.document.text.encode() for case in cases})
    budget = Budget(calls=10 * len(cases), tokens=int(str(bench.variant.parameters["tokens"])))
    model = reader.Halting(_reader(cases), after=HALT_AFTER)
    with bench.lend(ChatModel("reader-1", model), seed=len(cases), budget=budget) as lent:
        with workspace.serve(COMMAND, models=lent):
            if any(socket.exists() for socket in lent.sockets.values()):
                model.halted.wait(START_SECONDS)
                time.sleep(SETTLE_SECONDS)
        broken_off = lent.record()
    with bench.lend(ChatModel("reader-1", _reader(cases)), seed=len(cases), budget=budget) as lent:
        night = _run(workspace, lent)
    before, after = _answers(broken_off.calls), _answers(night.calls)
    said = {stamp: before.get(stamp, set()) | after.get(stamp, set()) for stamp in {*before, *after}}
    faults = sum(not _right(case, night, said) for case in cases) + night.invalid
    twice = len(before.keys() & after.keys())
    score = abs(ramp(faults, len(cases) / 2, 0) * ramp(twice, len(before), min(ON_THE_WAY, len(before) - 1)))
    told = f"After a night that was ended in the middle, {faults} of {len(cases)} records were lost or damaged; "
    told += "answers that were there were asked for again." if twice > ON_THE_WAY else "no answer was asked for again."
    bench.observe("interrupted", score, told)


def _reader(cases: Sequence[trouble.Case]) -> reader.Reader:
    return reader.Reader(cases, seed=len(cases), now=time.monotonic)
