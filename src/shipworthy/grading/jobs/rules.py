"""Whose turn it is, what follows a fault, and what pages are told of a grading; pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from shipworthy.core.canonical import JSONValue
from shipworthy.grading.entities import Grading
from shipworthy.grading.jobs.entities import AfterFault, JobKind, JobState, Standing
from shipworthy.grading.rules import competency_scores, task_score

HEARTBEAT_SECONDS = 3.0
LOST_SECONDS = 15.0
"""A claim whose worker was not heard of for so long is given to another."""

CHECKS_IN_A_ROW = 3
WAITS: Mapping[JobKind, tuple[float, ...]] = {
    JobKind.GRADING: (5.0, 30.0),
    JobKind.PUBLIC_CHECK: (1.0,),
}
"""Seconds before another try after the first fault, the second, and so on; the next fault stops it."""

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_NEVER = datetime.min.replace(tzinfo=UTC)


def kinds_in_turn(waiting: Collection[JobKind], recent: Sequence[JobKind]) -> tuple[JobKind, ...]:
    """Say which kind comes first, of those that wait.

    Somebody sits and waits for public checks, so they come first; but after three of them in a row (`recent` is what
    was taken up last, the latest first) a grading is taken up, so that it gets at least every fourth place.
    """
    had_enough = len(recent) >= CHECKS_IN_A_ROW and all(
        kind is JobKind.PUBLIC_CHECK for kind in recent[:CHECKS_IN_A_ROW]
    )
    first, second = JobKind.PUBLIC_CHECK, JobKind.GRADING
    return tuple(kind for kind in ((second, first) if had_enough else (first, second)) if kind in waiting)


def in_turn(standings: Iterable[Standing]) -> list[Standing]:
    """Order organisations, or candidates of one: fewest running first, then whoever has not been served for longest.

    Ids break what ties are left, so that the order is always the same.
    """
    return sorted(standings, key=lambda each: (each.running, each.served_at or _NEVER, each.id))


def after_fault(kind: JobKind, faults: int) -> AfterFault:
    """Say what follows when something has failed so many times through our fault, this time counted."""
    waits = WAITS[kind]
    if faults > len(waits):
        return AfterFault(JobState.STOPPED)
    return AfterFault(JobState.WAITING, waits[faults - 1])


def summary(grading: Grading) -> dict[str, JSONValue]:
    """Return what pages show of a grading without opening its evidence; public checks have no score."""
    sentences = {rule.id: rule.sentence for rule in grading.rules}
    return {
        "checks": [
            {
                "check": outcome.check_id,
                "sentence": sentences[outcome.check_id],
                "outcome": outcome.outcome.value,
                "score": outcome.score,
                "message": outcome.message,
            }
            for outcome in grading.outcomes
        ],
        "ignored": list(grading.ignored),
        "live_models": list(grading.provenance.live_models),
    }


def scored_summary(grading: Grading) -> dict[str, JSONValue]:
    """Return the same with the weighted score of the task, and of each competency."""
    return {
        **summary(grading),
        "score": task_score(grading.rules, grading.outcomes),
        "competencies": competency_scores(grading.rules, grading.outcomes),
    }


def storable(value: JSONValue) -> JSONValue:
    """Return the value with what a database cannot keep shown as �: zero characters, and halves of characters.

    Messages of checks may quote what a candidate's program wrote, which may hold anything.
    """
    if isinstance(value, str):
        return _UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, Mapping):
        return {str(storable(name)): storable(each) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [storable(each) for each in value]
    return value


def seconds_by_phase(grading: Grading) -> dict[str, float]:
    """Return where the seconds of a grading went: the submission's runs, the judge's own work, the platform."""
    phases = grading.phases
    if phases is None:
        return {}
    return {
        "submission": round(phases.submission_seconds, 4),
        "judge": round(phases.judge_seconds, 4),
        "platform": round(max(phases.platform_seconds, 0.0), 4),
    }
