"""What is said of a role: mentions, levels, contexts, warnings, and the profile that holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shipworthy.framework import RequirementLevel
from shipworthy.roles.stances import Stance

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
    """Everything that a reader found in a posting: competencies and role contexts apart."""

    reader: str
    competencies: tuple[Mention, ...]
    contexts: tuple[Mention, ...]


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
    `framework` is what the primary context asks; `need` is what will be assessed.
    """

    competency_id: str
    title: str
    said: MentionLevel
    framework: RequirementLevel | None
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
class Caution:
    """Something that a hiring manager should look at: a code, what it is, what to do, and the sentences."""

    code: str
    what: str
    advice: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoleProfile:
    """What a job description asks, with the sentence behind every line."""

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
    source: Mapping[str, str]

    @property
    def blended(self) -> bool:
        """Whether one person is required to cover what is distinctive of several contexts."""
        return len(self.blended_contexts) > 1

    @property
    def needs(self) -> dict[str, RequirementLevel]:
        """What will be assessed, per competency."""
        return {line.competency_id: line.need for line in self.competencies}
