"""What is said of a role: mentions, levels, contexts, warnings, and the profile that holds them."""

from dataclasses import dataclass
from enum import StrEnum

from shipworthy.framework import RequirementLevel
from shipworthy.roles.stances import Stance

DEFAULT_MINUTES = 180
"""Minutes that a candidate is asked for unless the employer says otherwise."""

TITLE = -1
"""The place of a mention that stands in the title."""


class MentionLevel(StrEnum):
    """What a job description says of a competency."""

    REQUIRED = "required"
    PREFERRED = "preferred"
    NOT_MENTIONED = "not_mentioned"


class Seniority(StrEnum):
    """The level of experience that a job description asks for, in its own words."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True)
class Mention:
    """One place where a job description speaks of something.

    `subject` is the id of a competency or of a role context; `weight` is how strongly it pulls to that context and
    `distinctive` whether it belongs to that context alone (both only for contexts). `words` are the posting's own;
    `because` is what the stance rests on.
    """

    sentence: int
    entry: str
    subject: str
    stance: Stance
    words: str
    because: str
    weight: int = 0
    distinctive: bool = False


@dataclass(frozen=True)
class Reading:
    """Everything that a reader found in a posting, competencies and role contexts apart.

    `refused` says which of its claims the text does not bear out.
    """

    reader: str
    competencies: tuple[Mention, ...]
    contexts: tuple[Mention, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quote:
    """A sentence of the job description that speaks for a line of the profile: which words, and what they rest on."""

    sentence: str
    words: tuple[str, ...]
    stance: Stance
    because: str


@dataclass(frozen=True)
class CompetencyLine:
    """One competency in a profile.

    `said` is what the text says, with `quotes` (and `aside`: sentences that name it without asking for it);
    `framework` is what the primary context asks; `scoped_need` is the higher of the two, and `need`, which a person may
    have changed, is what will be assessed.
    """

    competency_id: str
    title: str
    said: MentionLevel
    framework: RequirementLevel | None
    scoped_need: RequirementLevel
    need: RequirementLevel
    quotes: tuple[Quote, ...]
    aside: tuple[Quote, ...]


@dataclass(frozen=True)
class ContextLine:
    """One role context in a profile: its share of the pulls in [0, 1] and the sentences that pull."""

    context_id: str
    title: str
    share: float
    demanded: float
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Change:
    """One change that a person made to a profile; `when` is a UTC time in ISO 8601, `what` a name such as
    `needs.rag_vector_db`, `primary_context`, `seniority`, `years` or `minutes`, its values written as texts.
    """

    what: str
    before: str
    after: str
    by: str
    when: str
    reason: str


@dataclass(frozen=True)
class ProfileSource:
    """What a profile was made from and with: names, versions and SHA-256 digests."""

    name: str
    format: str
    digest: str
    framework_version: str
    framework_digest: str
    lexicon_digest: str
    reader: str
    product_version: str


@dataclass(frozen=True)
class Caution:
    """Something that a hiring manager should look at: a code, what it is, what to do, and the sentences."""

    code: str
    what: str
    advice: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoleProfile:
    """What a job description asks, with the sentence behind every line, and what a person changed of it.

    `years` is the smallest number asked for, 0 for none; `minutes` is the most time that a candidate may be asked for.
    `version` grows with every change; a scorecard is bound to one version.
    """

    title: str
    ai_role: bool
    ai_because: str
    contexts: tuple[ContextLine, ...]
    primary_context: str | None
    blended_contexts: tuple[str, ...]
    seniority: Seniority
    years: int
    competencies: tuple[CompetencyLine, ...]
    warnings: tuple[Caution, ...]
    source: ProfileSource
    minutes: int = DEFAULT_MINUTES
    changes: tuple[Change, ...] = ()

    @property
    def blended(self) -> bool:
        """Whether one person is required to cover what is distinctive of several contexts."""
        return len(self.blended_contexts) > 1

    @property
    def version(self) -> int:
        """1 as scoped, and one more for every change."""
        return 1 + len(self.changes)

    @property
    def needs(self) -> dict[str, RequirementLevel]:
        """What will be assessed, per competency."""
        return {line.competency_id: line.need for line in self.competencies}
