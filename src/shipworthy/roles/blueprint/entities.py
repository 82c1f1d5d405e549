"""Tasks on offer, and the blueprint that is drawn from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shipworthy.framework import RequirementLevel
from shipworthy.measurement.firmness import FirmnessRule
from shipworthy.tasks.entities import Method

DEFAULT_LIMIT = 180
"""Minutes that a candidate is asked for unless the employer says otherwise."""


class EvidenceKind(StrEnum):
    """The kinds of evidence: a check that is run, or a criterion that a person rates."""

    EXECUTED = "executed"
    HUMAN = "human"


class Firmness(StrEnum):
    """Whether the tasks can carry a firm word about a competency: yes, not yet, or no task speaks of it."""

    FIRM = "firm"
    PARTIAL = "partial"
    NONE = "none"


class LeftOutReason(StrEnum):
    """Why a task of the catalogue cannot be chosen."""

    NOT_NEEDED = "not_needed_competency"
    OTHER_CONTEXT = "other_context"
    EXCLUDED = "excluded"
    UNSOUND = "unsound"


@dataclass(frozen=True)
class OfferedCheck:
    """One executed check: its weight in the task (above 0) and its loadings per competency."""

    weight: float
    loadings: Mapping[str, float]


@dataclass(frozen=True)
class TaskOffer:
    """A task that could be chosen: its minutes, its executed checks, and the loadings of its rubric criteria."""

    task_id: str
    title: str
    method: Method
    minutes: int
    role_contexts: tuple[str, ...]
    checks: tuple[OfferedCheck, ...]
    criteria: tuple[Mapping[str, float], ...] = ()

    @property
    def competencies(self) -> frozenset[str]:
        """Everything that a check or a criterion of this task speaks of."""
        loadings = (*(check.loadings for check in self.checks), *self.criteria)
        return frozenset(name for entry in loadings for name, loading in entry.items() if loading > 0.0)


@dataclass(frozen=True)
class LeftOutTask:
    """A task that cannot be chosen, and why, in words."""

    task_id: str
    title: str
    reason: LeftOutReason
    words: str


@dataclass(frozen=True)
class OffersOfCatalogue:
    """The sound tasks of a catalogue as offers, sorted by id, and the packages that are not sound."""

    offers: tuple[TaskOffer, ...]
    left_out: tuple[LeftOutTask, ...]


@dataclass(frozen=True)
class ChosenTask:
    """A task of the blueprint and why it is in.

    `needed_for` are the required competencies that it speaks of, `only_of_method` says that no other chosen task has
    its method. `lost_without` says in words what the rest of the blueprint would no longer show; `why` is one short
    text.
    """

    task_id: str
    title: str
    method: Method
    minutes: int
    pinned: bool
    needed_for: tuple[str, ...]
    only_of_method: bool
    lost_without: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class CompetencyCoverage:
    """What the chosen tasks can say about one competency.

    `effective_n` is in independent observations and counts executed checks. `kinds` are those the chosen tasks have,
    `kinds_on_offer` those that any task on offer has.
    """

    competency_id: str
    title: str
    need: RequirementLevel
    tasks: int
    effective_n: float
    kinds: tuple[EvidenceKind, ...]
    kinds_on_offer: tuple[EvidenceKind, ...]
    firmness: Firmness
    reason: str


@dataclass(frozen=True)
class LackingEvidence:
    """A required competency that the tasks on offer cannot make firm, however long the time.

    `tasks_missing` is how many more tasks it needs at least, each with as many checks as the `words` say.
    """

    competency_id: str
    title: str
    tasks_missing: int
    words: str


@dataclass(frozen=True)
class WithoutLimit:
    """What the catalogue could show with all the time in the world, at its shortest.

    `minutes` is the least limit at which every method on offer is used and every required competency that can be firm
    is firm; `firm` are those competencies, `task_ids` the tasks. `lacking` and `methods_missing` no limit would mend.
    """

    minutes: int
    task_ids: tuple[str, ...]
    firm: tuple[str, ...]
    lacking: tuple[LackingEvidence, ...]
    methods_missing: tuple[Method, ...]


@dataclass(frozen=True)
class Blueprint:
    """Which tasks a candidate for a role gets, within a time limit, and what they can and cannot show.

    `minutes` never exceed `limit_minutes`. `tasks` are in the order to take them: those that serve most required
    competencies first. `notes` say in words what stands out.
    """

    limit_minutes: int
    minutes: int
    context_ids: tuple[str, ...]
    rule: FirmnessRule
    tasks: tuple[ChosenTask, ...]
    methods_used: tuple[Method, ...]
    methods_missing: tuple[Method, ...]
    coverage: tuple[CompetencyCoverage, ...]
    without_limit: WithoutLimit
    left_out: tuple[LeftOutTask, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def task_ids(self) -> tuple[str, ...]:
        """The ids of the chosen tasks, in their order."""
        return tuple(task.task_id for task in self.tasks)

    @property
    def firm(self) -> tuple[str, ...]:
        """The required competencies about which a firm word will be possible."""
        return tuple(
            entry.competency_id
            for entry in self.coverage
            if entry.need is RequirementLevel.REQUIRED and entry.firmness is Firmness.FIRM
        )
