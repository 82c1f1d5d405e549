"""What a task package holds, once it has been found sound."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from shipworthy.core.canonical import JSONValue

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One fault of a task package: in which file, at which key or line, what is wrong, and what to do about it."""

    file: str
    key: str
    fault: str
    remedy: str


class Method(StrEnum):
    """How a task assesses."""

    CODING = "coding"
    SYSTEM_DESIGN = "system_design"
    EVALUATION = "evaluation"
    SECURITY = "security"


class AiUseRule(StrEnum):
    """Whether a candidate may use AI tools on a task."""

    ALLOWED = "allowed"
    ALLOWED_WITH_DISCLOSURE = "allowed_with_disclosure"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True)
class AiUse:
    """The AI-use rule of a task and, in words for the candidate, what is recorded."""

    rule: AiUseRule
    recorded: str


@dataclass(frozen=True)
class TaskLimits:
    """What one run of the submission may use; seconds, mebibytes and counts. One run, not one grading."""

    cpu_seconds: float = 60.0
    wall_seconds: float = 120.0
    memory_mb: int = 1024
    processes: int = 64
    output_mb: int = 1
    disk_mb: int = 256
    disk_files: int = 2000


@dataclass(frozen=True)
class SubmissionRules:
    """Which files of a folder count as the submission.

    `paths` are glob patterns (`*.py`, `src/**`); `required` are exact paths that must be there; `max_mb` and
    `max_files` bound what is taken. `runs` says whether the judge runs any of it, or only reads it.
    """

    paths: tuple[str, ...]
    required: tuple[str, ...]
    max_mb: int = 5
    max_files: int = 100
    runs: bool = True


@dataclass(frozen=True)
class CheckDefinition:
    """One look at a submission, as declared in the manifest.

    `sentence` tells the candidate what is looked at; `stated` is the phrase of the brief that announces it; `weight`
    is its share of the task; `competencies` are loadings that sum to 1; a score of `pass_mark` or more is a pass.
    """

    id: str
    sentence: str
    stated: str
    weight: float
    competencies: Mapping[str, float]
    pass_mark: float = 0.5


@dataclass(frozen=True)
class PublicCheckDefinition:
    """One check that candidates can run themselves, before they hand in; a score of `pass_mark` or more is a pass."""

    id: str
    sentence: str
    pass_mark: float = 0.5


@dataclass(frozen=True)
class Manifest:
    """`task.toml`, validated. `live_models` names the lent models that an operator's endpoint answers for."""

    id: str
    uuid: str
    version: str
    title: str
    summary: str
    method: Method
    role_contexts: tuple[str, ...]
    competencies: Mapping[str, float]
    minutes: int
    runtime: str
    limits: TaskLimits
    submission: SubmissionRules
    ai_use: AiUse
    authors: tuple[str, ...]
    licence: str
    data_licences: tuple[str, ...]
    embargo_until: str
    ai_baseline: str
    checks: tuple[CheckDefinition, ...]
    public_checks: tuple[PublicCheckDefinition, ...]
    live_models: tuple[str, ...] = ()


@dataclass(frozen=True)
class Band:
    """The closed range of scores that a reference is expected to land in, each in [0, 1]."""

    low: float
    high: float

    def holds(self, score: float) -> bool:
        """Say whether `score` lies in the band."""
        return self.low <= score <= self.high


@dataclass(frozen=True)
class Reference:
    """A submission of known quality: its folder, its expected bands, and why.

    `overall` bands the weighted score of the whole task, `competencies` those that are worth saying per competency.
    One that is `made` has no folder: `references/make.py` makes it for every variant.
    """

    id: str
    folder: Path
    why: str
    overall: Band
    competencies: Mapping[str, Band]
    made: bool = False


@dataclass(frozen=True)
class Attack:
    """A submission that tries to cheat; it may not score above `baseline`, the reference it is honest without."""

    id: str
    folder: Path
    kind: str
    why: str
    baseline: str
    made: bool = False


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric with its anchors: the described behaviour at a level from 1 to 5."""

    id: str
    title: str
    competencies: Mapping[str, float]
    anchors: Mapping[int, str]


class TextKind(StrEnum):
    """What a reference text is there to show.

    A reviewer who falls for the last two rates words instead of thought: all the right terms and no decision, or a
    text that asks its reader for a high rating.
    """

    STRONG = "strong"
    MIDDLING = "middling"
    WEAK = "weak"
    KEYWORD_STUFFED = "keyword_stuffed"
    ADDRESSED_TO_GRADER = "addressed_to_grader"


@dataclass(frozen=True)
class ReferenceText:
    """A written part of known quality: its file, and the lowest and highest level to expect per criterion."""

    id: str
    kind: TextKind
    file: Path
    why: str
    levels: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Rubric:
    """What a person rates: the criteria, the written files of a submission they are for, and texts to rate by."""

    criteria: tuple[Criterion, ...] = ()
    written: tuple[str, ...] = ()
    texts: tuple[ReferenceText, ...] = ()


@dataclass(frozen=True)
class Task:
    """A work sample: its manifest and everything authored around it.

    `references` run from best to empty (expert, solid, naive, nothing). `digest` identifies every byte of the package.
    """

    folder: Path
    manifest: Manifest
    brief: str
    rubric: Rubric
    references: tuple[Reference, ...]
    attacks: tuple[Attack, ...]
    digest: str


@dataclass(frozen=True)
class Variant:
    """One seeded instance of a task, as `variant.py`'s `generate(seed)` returns it.

    `parameters` fill the brief's `{{ name }}` places and are known to judge and candidate; `starter` and `public` are
    files of the candidate's workspace, by relative path; `hidden` never leaves the judge's process.
    """

    parameters: Mapping[str, JSONValue] = field(default_factory=dict)
    starter: Mapping[str, bytes] = field(default_factory=dict)
    public: Mapping[str, bytes] = field(default_factory=dict)
    hidden: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """What was handed in: the files that count by relative path, and the paths that were left aside.

    A left-aside folder is named once, with a slash at its end. `digest` identifies the files that count.
    """

    files: Mapping[str, bytes]
    ignored: tuple[str, ...]
    digest: str
