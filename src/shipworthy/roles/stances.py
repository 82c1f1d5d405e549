"""What a sentence says of the things that it speaks of: required, preferred, taught, not needed, or only mentioned.

The section decides first, then the subject of the clause (the person hired, or the company), then the words around the
mention: modal words, negation, and how far they reach.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shipworthy.roles.clauses import Clauses
from shipworthy.roles.cues import SUBJECTS, Cue
from shipworthy.roles.reaches import BACK_REFERENCES, Reach
from shipworthy.roles.structure import Sentence

LATEST_AFTERWORD = 6
"""A sentence that takes back the one before it does so within its first words."""

LONG_SENTENCE = 30
"""Words above which one clause about pay or the interview does not silence a whole sentence."""


class Stance(StrEnum):
    """What a sentence says of something."""

    REQUIRED = "required"
    PREFERRED = "preferred"
    TAUGHT = "taught"
    NOT_NEEDED = "not_needed"
    COMPANY = "company"
    BENEFITS = "benefits"
    EQUAL_OPPORTUNITY = "equal_opportunity"
    PROCESS = "process"


@dataclass(frozen=True)
class Judged:
    """A stance, and the words of the posting or the kind of section that it rests on."""

    stance: Stance
    because: str


SECTION_STANCES = {
    "required": Stance.REQUIRED,
    "duties": Stance.REQUIRED,
    "stack": Stance.REQUIRED,
    "preferred": Stance.PREFERRED,
    "taught": Stance.TAUGHT,
    "not_needed": Stance.NOT_NEEDED,
    "company": Stance.COMPANY,
    "benefits": Stance.BENEFITS,
    "equal_opportunity": Stance.EQUAL_OPPORTUNITY,
    "process": Stance.PROCESS,
}
SILENT_SECTIONS = frozenset({"benefits", "equal_opportunity", "process"})
"""Nothing under these headings says what the job asks."""
PROSE_SECTIONS = frozenset({None, "role", "company"})
"""Under these, who is spoken of decides: the person hired or the company."""


class StanceReader:
    """Judges the mentions of one sentence.

    `carried` is whom the sentence before it in the same block spoke of, `afterword` what the next one says of it.
    """

    def __init__(
        self, sentence: Sentence, cues: Sequence[Cue], carried: Stance | None = None, afterword: Judged | None = None
    ) -> None:
        self._sentence = sentence
        self._afterword = afterword
        self._words = sentence.words
        self._subjects = [cue for cue in cues if cue.says in SUBJECTS]
        self._whole = [cue for cue in cues if cue.reaches == "sentence" and cue.says not in SUBJECTS]
        self._cues = [cue for cue in cues if cue.reaches != "sentence" and cue.says not in SUBJECTS]
        self._clauses = Clauses(sentence)
        self._carried = carried

    def judge(self, start: int, end: int, mentions: Collection[int]) -> Judged:
        """Return the stance towards the words from `start` to `end`; `mentions` are the places of all mentions."""
        section = SECTION_STANCES.get(self._sentence.section.kind or "")
        if self._sentence.section.kind in SILENT_SECTIONS and section is not None:
            return Judged(section, self._sentence.section.heading)
        silencing = self._silencing(start)
        if silencing is not None:
            return Judged(Stance(silencing.says), self._quote(silencing))
        ground = self.ground(start)
        if self._afterword is not None and _overrides(self._afterword.stance, ground.stance):
            return self._afterword
        reach = Reach(self._words, self._clauses, cues=self._cues, subjects=self._subjects, mentions=mentions)
        cue = reach.governing(start, end)
        if cue is None or not _overrides(Stance(cue.says), ground.stance):
            return ground
        return Judged(Stance(cue.says), self._quote(cue))

    def _silencing(self, place: int) -> Cue | None:
        """Return the cue that takes a whole sentence out, or only its clause where the sentence is long."""
        if len(self._words) <= LONG_SENTENCE:
            return self._whole[0] if self._whole else None
        clause = self._clauses.of(place)
        return next((cue for cue in self._whole if clause.holds(cue.start)), None)

    def ground(self, place: int) -> Judged:
        """Return what section and subject say of a word, before any cue is heard."""
        kind = self._sentence.section.kind
        in_prose = kind in PROSE_SECTIONS or self._sentence.after_list
        subject = self._subject_at(place)
        if subject == "others" and self._others_act(place):
            return Judged(Stance.NOT_NEEDED, "speaks of other people's work")
        if not in_prose:
            stance = SECTION_STANCES[kind or ""]
            if subject in {"company", "others"} and stance is Stance.REQUIRED and not self._sentence.is_item:
                return Judged(Stance.COMPANY, "speaks of the company")
            return Judged(stance, self._sentence.section.heading)
        if subject is not None:
            says = Stance.REQUIRED if subject == "role" else Stance.COMPANY
            return Judged(says, "speaks of the person hired" if subject == "role" else "speaks of the company")
        return self._without_subject(kind)

    def _without_subject(self, kind: str | None) -> Judged:
        if self._carried is not None and not self._sentence.is_item:
            return Judged(self._carried, "goes on with the sentence before")
        if kind == "company":
            return Judged(Stance.COMPANY, self._sentence.section.heading)
        if self._sentence.is_item:
            return Judged(Stance.REQUIRED, self._sentence.section.heading or "stands in a list")
        return Judged(Stance.COMPANY, "speaks of nobody")

    def _subject_at(self, place: int) -> str | None:
        """Return who is spoken of at a word: the last subject before it, else the first after it."""
        before = [cue for cue in self._subjects if cue.start <= place]
        outside = [cue for cue in before if not self._clauses.in_brackets(cue.start)]
        if outside or before:
            return (outside or before)[-1].says
        after = [cue for cue in self._subjects if cue.start > place]
        return after[0].says if after and not self._sentence.is_item else None

    def _others_act(self, place: int) -> bool:
        """Say whether other people are the subject of the clause that a word stands in."""
        clause = self._clauses.of(place)
        return any(cue.says == "others" and clause.holds(cue.start) and cue.start <= place for cue in self._subjects)

    def _quote(self, cue: Cue) -> str:
        return self._sentence.text[self._words[cue.start].start : self._words[cue.end - 1].end]


def _overrides(says: Stance, ground: Stance) -> bool:
    """Say whether a cue may change what section and subject say."""
    if ground is Stance.PREFERRED:
        return says in {Stance.REQUIRED, Stance.NOT_NEEDED, Stance.TAUGHT}
    return ground is Stance.REQUIRED


def afterword_of(sentence: Sentence, cues: Sequence[Cue]) -> Judged | None:
    """Return what a sentence says of the one before it: `That work belongs to another team.`"""
    if not any(word.folded in BACK_REFERENCES for word in sentence.words[:2]):
        return None
    for cue in cues:
        if cue.says == "not_needed" and cue.reaches in {"backward", "around"} and cue.start <= LATEST_AFTERWORD:
            return Judged(Stance.NOT_NEEDED, sentence.text)
    return None


def spoken_of(cues: Sequence[Cue], carried: Stance | None) -> Stance | None:
    """Return whom a sentence spoke of last, which the next one in the same block goes on with."""
    subjects = [cue for cue in cues if cue.says in SUBJECTS]
    if subjects:
        return Stance.REQUIRED if subjects[-1].says == "role" else Stance.COMPANY
    return carried
