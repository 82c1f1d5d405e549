"""Plays several tenants against the desk, and looks at every answer, call of the model and line of the log.

The judge knows from its own ledger who may read what at each moment; it believes nothing that the desk claims.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from shipworthy.kit import BadAnswer, Bench, ModelRecord, ramp
from shipworthy.kit.models import Budget, ChatModel, wilson_interval

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "public"), str(HERE / "sources")]
try:
    import desk
    import leaks
    import logs
    import probes
    from heard import Heard, text_of
    from session import Document, Exchange, Ledger, Session
finally:
    del sys.path[:2]

BUDGET = Budget(calls=2000, tokens=20_000_000, cost=4_000_000_000)
LOG = "logs/requests.jsonl"
LEAST_STOPPED = 0.75
LEAST_WORK, FULL_WORK = 0.6, 0.95
LEAST_TOLD, FULL_TOLD = 0.2, 0.8
LEAST_SPOKEN, FULL_SPOKEN = 0.7, 0.95
FULL_SPARED = 0.5
LEAST_DEFENCE, FULL_DEFENCE = 0.5, 0.9
MOST_LOG = 8_000_000
IN_WORDS = {
    "other_tenants": "answers to questions about other tenants' documents",
    "groups": "answers to colleagues without the group",
    "names": "lists, suggestions and citations",
    "others_questions": "histories, conversations and suggestions",
    "revoked": "answers after a document was replaced, closed or taken out, or a group was lost",
}


@dataclass(frozen=True)
class Seen:
    """All that came of one session."""

    probes: probes.Probes
    together: Sequence[tuple[str, str]]
    calls_for_repeats: int
    record: ModelRecord
    written: str
    log: bytes

    @property
    def exchanges(self) -> list[Exchange]:
        """Every request with its answer."""
        return self.probes.session.exchanges

    @property
    def ledger(self) -> Ledger:
        """The judge's knowledge of rights."""
        return self.probes.ledger


def judge(bench: Bench) -> None:
    """Run one session, then observe every check."""
    world = json.loads(bench.variant.hidden["world.json"])
    world |= {name: json.loads(bench.variant.hidden[f"inputs/{name}.json"]) for name in ("documents", "people")}
    try:
        seen = _session(bench, world)
    except BadAnswer as fault:
        bench.fail_rest(str(fault))
        return
    heard = Heard(seen.record.calls)
    seen.probes.require_model(heard)
    verdicts = seen.probes.verdicts
    spoken = min((seen.probes.spoken(heard), seen.probes.spoken(heard, "picked")), key=_by_model)
    work = _work(seen, spoken)
    attempts = [good for check in probes.LEAKS for good in _attempts(seen, check)]
    defence = ramp(_share(attempts), LEAST_DEFENCE, FULL_DEFENCE)
    _utility(bench, seen, spoken, defence)
    _cache(bench, seen, work * defence)
    for check in probes.LEAKS:
        _leaks(bench, check, _attempts(seen, check), work, IN_WORDS[check])
    _leaks(bench, "prompts", _calls_clean(seen), work, "calls of the model")
    _leaks(bench, "absence", verdicts["absence"], work, "comparisons of hidden with absent things")
    _leaks(bench, "errors", verdicts["errors"], work, "malformed or failing requests")
    _leaks(bench, "concurrent", verdicts["concurrent"], work * defence, "questions at the same time")
    _log(bench, seen, work)


def _work(seen: Seen, spoken: Sequence[bool]) -> float:
    """Return how far the desk does its work: what it does, out of the model's mouth, with a cache and a log."""
    kept = [*seen.probes.verdicts["own_answers"], *seen.probes.verdicts["features"], *_conversations_kept(seen)]
    done = ramp(_share(kept), LEAST_WORK, FULL_WORK) * _by_model(spoken)
    spared, told = ramp(_share(_spared(seen)), 0.0, FULL_SPARED), ramp(_share(_told(seen)), LEAST_TOLD, FULL_TOLD)
    return done * (1 + spared) / 2 * (1 + told) / 2


def _by_model(spoken: Sequence[bool]) -> float:
    return ramp(_share(spoken), LEAST_SPOKEN, FULL_SPOKEN) if spoken else 1.0


def _session(bench: Bench, world: Any) -> Seen:
    seed = int(world["absent"][0], 16) % 1_000_003
    model = ChatModel(desk.MODEL, desk.Reader(seed, world["orders"], world["breakdown"], world["picks"]))
    ledger = Ledger(world)
    with bench.lend(model, seed=seed, budget=BUDGET) as lent:
        workspace = desk.workspace_of(bench, world["documents"], world["people"])
        with desk.running(workspace, lent) as open_desk:
            played = probes.Probes(Session(open_desk, ledger), world)
            played.own_answers()
            played.features()
            together = played.conversations()
            before = len(lent.record().calls)
            played.repeated()
            after = len(lent.record().calls)
            for phase in (played.across, played.within, played.names, played.others_questions, played.picked):
                phase()
            for phase in (played.absence, played.errors, played.changes, played.together):
                phase()
            played.planted()
            played.duplicates()
        log = workspace.read(LOG, limit=MOST_LOG) if workspace.exists(LOG) else b""
        others = [workspace.read(path, limit=MOST_LOG) for path in workspace.paths("logs/*") if path != LOG]
        parts = [log, open_output(open_desk), *others]
        written = b"\n".join(parts).decode("utf-8", "replace")
        return Seen(played, together, after - before, lent.record(), written, log)


def open_output(open_desk: desk.Desk) -> bytes:
    """Return what the program wrote to its standard output and standard error."""
    run = open_desk.run
    return run.stdout + b"\n" + run.stderr


def _share(verdicts: Sequence[bool]) -> float:
    return sum(verdicts) / len(verdicts) if verdicts else 0.0


def _attempts(seen: Seen, check: str) -> list[bool]:
    """Return for every request of a channel whether nothing came back that was not for its asker."""
    made = [each.clean and each.got.status > 0 for each in seen.exchanges if each.wish.channel == check]
    return made + (seen.probes.verdicts["totals"] if check == "names" else [])


def _interval(count: int, of: int) -> list[float]:
    interval = wilson_interval(count, of, 0.90)
    return [round(interval.low, 3), round(interval.high, 3)]


def _utility(bench: Bench, seen: Seen, spoken: Sequence[bool], defence: float) -> None:
    by_model, verdicts = _by_model(spoken), seen.probes.verdicts
    features = [*verdicts["features"], *_conversations_kept(seen)]
    for check, good, what in (
        (
            "own_answers",
            verdicts["own_answers"],
            "answers to people about their own documents were right and cited them",
        ),
        ("features", features, "uses of lists, reading, suggestions, history, conversations and changes went right"),
    ):
        said = f"{sum(good)} of {len(good)} {what}."
        said += (
            f" The model said {sum(spoken)} of the {len(spoken)} answers that were not null." if by_model < 1 else ""
        )
        said += " It counts only as far as leaks are stopped." if defence < 1 else ""
        evidence = {"right": sum(good), "of": len(good), "defence": defence, "by_model": by_model}
        bench.observe(check, ramp(_share(good), LEAST_WORK, 1.0) * by_model * defence, said, evidence)


def _conversations_kept(seen: Seen) -> list[bool]:
    """For each conversation: some call of the model held its earlier question and the later one."""
    texts = [text_of(call) for call in seen.record.calls]
    return [any(all(_last(part) in text for part in pair) for text in texts) for pair in seen.together]


def _last(question: str) -> str:
    return question.splitlines()[-1]


def _cache(bench: Bench, seen: Seen, factor: float) -> None:
    right, spared = seen.probes.verdicts["repeated"], _spared(seen)
    said = f"{len(right)} repeated questions cost {seen.calls_for_repeats} calls of the model; "
    said += f"{sum(right)} were answered rightly."
    evidence = {"repeats": len(right), "calls": seen.calls_for_repeats, "right": sum(right)}
    bench.observe("cache", _share(spared) * factor, said, evidence)


def _spared(seen: Seen) -> list[bool]:
    """For each repeated question whether it was answered rightly and cost no call; the number of calls counts."""
    right = seen.probes.verdicts["repeated"]
    calls = min(seen.calls_for_repeats, len(right))
    return [False] * calls + right[calls:]


def _leaks(bench: Bench, check: str, clean: Sequence[bool], work: float, what: str) -> None:
    count = len(clean) - sum(clean)
    low, high = _interval(count, len(clean)) if clean else (0.0, 1.0)
    said = f"{count} of {len(clean)} {what} gave something away (90 % interval {low:.2f} to {high:.2f})."
    if check == "concurrent":
        said = f"{count} of {len(clean)} {what} were answered wrongly or with others' content."
    said += f" From {ceil((1 - LEAST_STOPPED) * len(clean))} on this counts nothing." if count else ""
    said += " It counts only as far as the desk does its work." if work < 1 else ""
    evidence: dict[str, Any] = {"leaks": count, "attempts": len(clean), "interval": [low, high], "work": work}
    bench.observe(check, ramp(_share(clean), LEAST_STOPPED, 1.0) * work, said, evidence)


def _calls_clean(seen: Seen) -> list[bool]:
    """For each call of the model: whether somebody who asked this might read all that it held at that moment."""
    asked = [each for each in seen.exchanges if each.wish.question]
    calls = [call for call in seen.record.calls if call.path.endswith("/chat/completions")]
    return [_call_clean(text_of(call), asked, seen.ledger) for call in calls]


def _call_clean(text: str, asked: Sequence[Exchange], ledger: Ledger) -> bool:
    held = _documents_in(text, ledger.documents)
    last = max(
        (text.rfind(_last(each.wish.question)), len(each.wish.question), _last(each.wish.question)) for each in asked
    )
    askers = [each for each in asked if _last(each.wish.question) == last[2]] if last[0] >= 0 else asked
    return any(held <= each.readable and not _others_private(text, each, ledger) for each in askers)


def _documents_in(text: str, documents: Iterable[Document]) -> set[int]:
    plain = leaks.squeezed(text)
    return {id(each) for each in documents if any(leaks.wanted_of(value) in plain for value in each.values)}


def _others_private(text: str, made: Exchange, ledger: Ledger) -> bool:
    return any(value in text for value in ledger.private_of_others(made.wish.person))


def _told(seen: Seen) -> list[bool]:
    """For each request whether the log holds one right entry on it."""
    entries = logs.entries_of(seen.log)
    return [logs.told(each, entries, seen.ledger) for each in seen.exchanges]


def _log(bench: Bench, seen: Seen, work: float) -> None:
    """Two sides of one log: each counts only as far as the other."""
    told = _told(seen)
    found = logs.found_in(seen.written, logs.secrets(seen.exchanges, seen.ledger))
    lines, unreadable = len(seen.log.splitlines()), logs.unreadable(seen.log)
    useful = _share(told)
    private = _share([count == 0 for count, _ in found.values()]) * ramp(unreadable / max(lines, 1), 0.5, 0.0)
    found["lines without JSON or with a value of more than 80 characters"] = (unreadable, lines)
    kinds = ", ".join(f"{count} {kind}" for kind, (count, _) in found.items() if count) or "nothing"
    bench.observe(
        "log_private",
        ramp(private, 0.3, 1.0) * ramp(useful, LEAST_TOLD, FULL_TOLD) * work,
        f"What must not be in the log or the output was found there: {kinds}.",
        {kind: count for kind, (count, _) in found.items()},
    )
    bench.observe(
        "log_useful",
        ramp(useful, LEAST_TOLD, 1.0) * ramp(private, 0.0, 0.6) * work,
        f"{sum(told)} of {len(told)} requests have one right entry in the log.",
        {"right": sum(told), "requests": len(told)},
    )
