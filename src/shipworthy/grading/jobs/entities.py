"""What waits in the queue, who works on it, and what the queue looks like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shipworthy.core.canonical import JSONValue


class JobKind(StrEnum):
    """What is to be done with the files."""

    GRADING = "grading"
    PUBLIC_CHECK = "public_check"


class JobState(StrEnum):
    """How far it is. `stopped` is a grading that failed too often through our fault: an operator must look."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class GradingJob:
    """One submission to be graded, or one draft whose public checks are to be run.

    `blob` holds the packed files; `package_digest` is the task package that the candidate was given. `claim` counts how
    often it was taken up: whoever finishes it must hold the last claim. `faults` counts failures of ours; `fault` tells
    the last one in words, `fault_kind` in one word, and `failed_at` when it was. `bundle` is the evidence, `outcome` a
    summary for pages, `lines` what a run of public checks said while it ran, and `phases` where the seconds went.
    """

    id: UUID
    organisation: UUID
    candidate: UUID
    session_task: UUID
    kind: JobKind
    task_id: str
    package_digest: str
    seed: int
    blob: str
    state: JobState
    claim: int
    faults: int
    fault: str
    fault_kind: str
    failed_at: datetime | None
    worker: UUID | None
    created_at: datetime
    due_at: datetime
    claimed_at: datetime | None
    heartbeat_at: datetime | None
    finished_at: datetime | None
    bundle: str | None
    outcome: Mapping[str, Any] | None
    lines: Sequence[Mapping[str, Any]]
    phases: Mapping[str, float] | None

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.state not in {JobState.WAITING, JobState.RUNNING}


@dataclass(frozen=True)
class Standing:
    """How an organisation or a candidate with waiting work stands: how much of theirs runs, and when it was their turn.

    `served_at` is when something of theirs was last taken up, `None` if never.
    """

    id: UUID
    running: int
    served_at: datetime | None


@dataclass(frozen=True)
class AfterFault:
    """What follows a fault of ours: another try after so many seconds, or a stop."""

    state: JobState
    wait_seconds: float = 0.0


@dataclass(frozen=True)
class Result:
    """What came of a grading: the digest of its evidence, a summary for pages, and seconds by phase."""

    outcome: Mapping[str, JSONValue]
    phases: Mapping[str, float]
    bundle: str | None = None


@dataclass(frozen=True)
class PhaseFigures:
    """Seconds of one phase over recent gradings: the median and the 95th of a hundred."""

    median: float
    late: float


@dataclass(frozen=True)
class QueueFigures:
    """The queue at one moment, over all organisations.

    `waiting` and `running` count by kind; `oldest_seconds` is how long the first in line has been due; `workers` and
    `slots` count those that were heard of in the last seconds; `done` and `phases` are about gradings that ended in the
    last quarter of an hour; `faults` counts those of them that met a fault of ours before; `failures` counts the faults
    of that time by kind.
    """

    waiting: Mapping[JobKind, int]
    running: Mapping[JobKind, int]
    stopped: int
    oldest_seconds: float
    workers: int
    slots: int
    done: int
    faults: int
    failures: Mapping[str, int]
    phases: Mapping[str, PhaseFigures]
