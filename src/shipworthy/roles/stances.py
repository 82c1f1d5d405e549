"""What a sentence says of the things that it speaks of: required, preferred, taught, not needed, or only mentioned.

The section decides first, then the subject of the clause (the person hired, or the company), then the words around the
mention: modal words, negation, and how far they reach.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from shipworthy.roles.cues import CONTRASTS, SUBJECTS, Cue
from shipworthy.roles.phrases import COMMA, HARD, Word
from shipworthy.roles.structure import Sentence

LATEST_AFTERWORD = 6
"""A sentence that takes back the one before it does so within its first words."""

LONG_SENTENCE = 30
"""Words above which one clause about pay or the interview does not silence a whole sentence."""

CONTRASTING_REMARK = 12
"""The same for a clause that begins with `although` or the like."""

NEGATION = "negated_before"
"""The cue of plain negation, which ends sooner than others."""

LIST_PART = 4
"""Words before the mention in a part of a list, such as `, or any other LoRA`."""

SHORT_CLAUSE = 7
"""A clause of at most so many words that holds only a cue speaks for its neighbour: `Nice to have: ...`, `(a plus)`."""


BACK_REFERENCES = frozenset(
    {"that", "this", "it", "these", "those", "they", "neither", "both", "such", "theirs", "its", "thats", "theyre"}
)
"""Words by which a clause or sentence speaks of what was said before it."""


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


@dataclass(frozen=True)
class Clause:
    """Words from `start` up to `end` between strong stops; `stop` is the sign before it."""

    start: int
    end: int

    def holds(self, place: int) -> bool:
        """Say whether a word lies in the clause."""
        return self.start <= place < self.end


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
        self._clauses = list(_clauses(self._words))
        self._carried = carried

    def judge(self, start: int, end: int, mentions: Iterable[int]) -> Judged:
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
        cue = self._governing(start, end, frozenset(mentions))
        if cue is None or not _overrides(Stance(cue.says), ground.stance):
            return ground
        return Judged(Stance(cue.says), self._quote(cue))

    def _silencing(self, place: int) -> Cue | None:
        """Return the cue that takes a whole sentence out, or only its clause where the sentence is long."""
        if len(self._words) <= LONG_SENTENCE:
            return self._whole[0] if self._whole else None
        clause = next(clause for clause in self._clauses if clause.holds(place))
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
        outside = [cue for cue in before if not self._in_brackets(cue.start)]
        if outside or before:
            return (outside or before)[-1].says
        after = [cue for cue in self._subjects if cue.start > place]
        return after[0].says if after and not self._sentence.is_item else None

    def _others_act(self, place: int) -> bool:
        """Say whether other people are the subject of the clause that a word stands in."""
        clause = next(clause for clause in self._clauses if clause.holds(place))
        return any(cue.says == "others" and clause.holds(cue.start) and cue.start <= place for cue in self._subjects)

    def _in_brackets(self, place: int) -> bool:
        before = self._sentence.text[: self._words[place].start]
        return before.count("(") > before.count(")")

    def _governing(self, start: int, end: int, mentions: frozenset[int]) -> Cue | None:
        index = next(i for i, clause in enumerate(self._clauses) if clause.holds(start))
        own = self._own_cue(start, end, self._clauses[index], mentions)
        if own is None and self._in_brackets(start):
            own = self._own_cue(start, end, self._around_brackets(index), mentions)
        later = self._neighbour_after(start, index, mentions)
        if own is not None:
            lifted = later is not None and own.says == "not_needed" and later.says == "preferred"
            return later if lifted else own
        return later or self._neighbour_before(index, mentions)

    def _own_cue(self, start: int, end: int, clause: Clause, mentions: frozenset[int]) -> Cue | None:
        inside = [_settled(cue, clause, mentions) for cue in self._cues if clause.holds(cue.start)]
        spanning = [cue for cue in inside if cue.start <= start and cue.end >= end]
        forward = self._forward(start, inside, clause)
        backward = self._backward(start, end, inside, clause)
        if spanning:
            return spanning[0]
        if forward is None or backward is None:
            return forward or backward
        return self._nearer(forward, backward, start, end)

    def _forward(self, start: int, inside: Sequence[Cue], clause: Clause) -> Cue | None:
        before = [cue for cue in inside if cue.end <= start]
        if not before or not _leads(before[-1], clause):
            return None
        cue = before[-1]
        for subject in self._subjects:
            if cue.end + 1 <= subject.start <= start and self._begins_anew(subject.start):
                return None
        if cue.entry == NEGATION and self._is_out_of_list(cue.end, start):
            return None
        return cue if cue.says != "stated" else None

    def _is_out_of_list(self, cue_end: int, place: int) -> bool:
        """Say whether a negation ended before a word: after a comma it goes on only over the short parts of a list."""
        commas = [each for each in range(cue_end, place + 1) if self._words[each].gap == COMMA]
        return bool(commas) and place - commas[-1] > LIST_PART

    def _backward(self, start: int, end: int, inside: Sequence[Cue], clause: Clause) -> Cue | None:
        after = [cue for cue in inside if cue.start >= end]
        if not after or (_leads(after[0], clause) and after[0].reaches != "around"):
            return None
        cue = after[0]
        return cue if self._reaches_back(cue, start, end, inside, clause) else None

    def _reaches_back(self, cue: Cue, start: int, end: int, inside: Sequence[Cue], clause: Clause) -> bool:
        """A trailing cue speaks for the whole clause, unless something else was said of its beginning."""
        commas = [place for place in range(end, cue.start + 1) if self._words[place].gap == COMMA]
        if not commas:
            return True
        said_before = any(other.end <= cue.start and other.start <= start and other is not cue for other in inside)
        spoken = any(clause.holds(subject.start) and subject.start <= start for subject in self._subjects)
        return not (said_before or spoken)

    def _nearer(self, forward: Cue, backward: Cue, start: int, end: int) -> Cue:
        if "not_needed" in (forward.says, backward.says) and "required" in (forward.says, backward.says):
            return forward if forward.says == "not_needed" else backward
        commas_before = sum(self._words[place].gap == COMMA for place in range(forward.end, start + 1))
        commas_after = sum(self._words[place].gap == COMMA for place in range(end, backward.start + 1))
        return backward if commas_after <= commas_before else forward

    def _begins_anew(self, place: int) -> bool:
        if place == 0:
            return True
        return self._words[place].gap == COMMA or self._words[place - 1].folded in {"and", "so", "as"}

    def _neighbour_after(self, start: int, index: int, mentions: frozenset[int]) -> Cue | None:
        """Return the cue of the next clause, where it speaks of nothing of its own: `(a plus)`, `; it is not`."""
        following = self._clauses[index + 1 :]
        outside = [clause for clause in following if not self._in_brackets(clause.start)]
        if not following:
            return None
        opening = self._opening_cue(following[0])
        if opening is not None and self._looks_back(opening, following[0]):
            return opening if self._is_one_list(start, opening.start) else None
        if not outside:
            return None
        cue = self._only_cue(outside[0], mentions, self._longest_remark(outside[0]))
        return cue if cue is not None and self._looks_back(cue, outside[0]) else None

    def _looks_back(self, cue: Cue, clause: Clause) -> bool:
        """Say whether a cue speaks of what stands before its clause: `(nice to have)` has nothing else to speak of."""
        if cue.reaches != "forward" or cue.says == "not_needed":
            return cue.reaches != "forward"
        following = next((each for each in self._clauses if each.start == clause.end), None)
        alone = (cue.start, cue.end) == (clause.start, clause.end)
        closed = self._in_brackets(clause.start) and following is not None and not self._in_brackets(following.start)
        return alone and (following is None or closed)

    def _is_one_list(self, start: int, end: int) -> bool:
        """Say whether a bracket at `end` speaks for a word before a comma too.

        It does in `A, B and C (nice)` and after a longer part; in `A, B (nice)` it speaks for B alone.
        """
        commas = [place for place in range(start + 1, end) if self._words[place].gap == COMMA]
        joined = any(word.folded in {"and", "or"} for word in self._words[start + 1 : end])
        return not commas or joined or end - commas[-1] > LIST_PART

    def _longest_remark(self, clause: Clause) -> int:
        """Return how many words a clause may have to be a remark on the one before it."""
        if self._refers_back(clause):
            return clause.end - clause.start
        return CONTRASTING_REMARK if self._words[clause.start].folded in CONTRASTS else SHORT_CLAUSE

    def _around_brackets(self, index: int) -> Clause:
        """Return the clause that a bracket interrupts, with the bracket in it."""
        before, after = self._clauses[max(0, index - 1)], self._clauses[min(len(self._clauses) - 1, index + 1)]
        gap = self._sentence.text[self._words[after.start - 1].end : self._words[after.start].start]
        goes_on = after.start > before.start and not set(gap) & set(";.:")
        return Clause(before.start, after.end if goes_on else self._clauses[index].end)

    def _refers_back(self, clause: Clause) -> bool:
        return any(word.folded in BACK_REFERENCES for word in self._words[clause.start : clause.start + 2])

    def _opening_cue(self, clause: Clause) -> Cue | None:
        """Return the cue at the head of a bracket: `(nice, we use it now and then)`."""
        if not self._in_brackets(clause.start):
            return None
        return next((cue for cue in self._cues if cue.start == clause.start and cue.says != "stated"), None)

    def _neighbour_before(self, index: int, mentions: frozenset[int]) -> Cue | None:
        """Return the cue of a short clause before this one: `Nice to have: ...`."""
        for place in reversed(range(index)):
            clause = self._clauses[place]
            if place > 0 and self._in_brackets(clause.start) and not self._in_brackets(self._clauses[index].start):
                continue
            cue = self._only_cue(clause, mentions, SHORT_CLAUSE)
            if cue is not None and cue.reaches != "backward":
                return cue
        return None

    def _only_cue(self, clause: Clause, mentions: frozenset[int], longest: int) -> Cue | None:
        if any(clause.holds(place) for place in mentions) or clause.end - clause.start > longest:
            return None
        inside = [cue for cue in self._cues if clause.holds(cue.start) and cue.says != "stated"]
        return inside[-1] if inside else None

    def _quote(self, cue: Cue) -> str:
        return self._sentence.text[self._words[cue.start].start : self._words[cue.end - 1].end]


def _overrides(says: Stance, ground: Stance) -> bool:
    """Say whether a cue may change what section and subject say."""
    if ground is Stance.PREFERRED:
        return says in {Stance.REQUIRED, Stance.NOT_NEEDED, Stance.TAUGHT}
    return ground is Stance.REQUIRED


def _settled(cue: Cue, clause: Clause, mentions: frozenset[int]) -> Cue:
    """Return a cue that may stand before or after what it speaks of with the direction that it has here."""
    if cue.reaches == "either" and any(clause.start <= place < cue.start for place in mentions):
        return replace(cue, reaches="backward")
    if cue.reaches != "trailing":
        return cue
    leads = any(cue.end <= place < clause.end for place in mentions)
    return replace(cue, reaches="forward" if leads else "backward")


def _leads(cue: Cue, clause: Clause) -> bool:
    """Say whether a cue speaks for what follows it: by its nature, or since it opens the clause."""
    if cue.reaches == "either":
        return cue.start - clause.start <= 1
    return cue.reaches in {"forward", "around"}


def _clauses(words: Sequence[Word]) -> Iterable[Clause]:
    start = 0
    for place, word in enumerate(words):
        if place > start and (word.gap == HARD or word.folded in CONTRASTS):
            yield Clause(start, place)
            start = place
    if start < len(words):
        yield Clause(start, len(words))


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
