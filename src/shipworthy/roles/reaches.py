"""Which cue speaks for a mention: how far words such as `ideally`, `is a plus` and `no ... needed` reach."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from shipworthy.roles.clauses import Clause, Clauses
from shipworthy.roles.cues import CONTRASTS, Cue
from shipworthy.roles.phrases import COMMA, Word

NEGATION = "negated_before"
"""The cue of plain negation, which ends sooner than others."""

LIST_PART = 4
"""Words before the mention in a part of a list, such as `, or any other LoRA`."""

SHORT_CLAUSE = 7
"""A clause of at most so many words that holds only a cue speaks for its neighbour: `Nice to have: ...`, `(a plus)`."""

CONTRASTING_REMARK = 12
"""As many may a clause have that begins with `although` or the like."""

BACK_REFERENCES = frozenset(
    {"that", "this", "it", "these", "those", "they", "neither", "both", "such", "theirs", "its", "thats", "theyre"}
)
"""Words by which a clause or sentence speaks of what was said before it."""


class Reach:
    """Finds the cue that governs a mention in one sentence.

    `cues` are those that give a stance, `subjects` those that name whom a clause speaks of, and `mentions` the places
    of everything that the sentence speaks of: a clause that mentions nothing may speak for its neighbour.
    """

    def __init__(
        self,
        words: Sequence[Word],
        clauses: Clauses,
        *,
        cues: Sequence[Cue],
        subjects: Sequence[Cue],
        mentions: Collection[int],
    ) -> None:
        self._words = words
        self._clauses = clauses
        self._cues = cues
        self._subjects = subjects
        self._mentions = frozenset(mentions)

    def governing(self, start: int, end: int) -> Cue | None:
        """Return the cue that speaks for the words from `start` to `end`, or None."""
        index = self._clauses.place_of(start)
        own = self._own_cue(start, end, self._clauses.all[index])
        if own is None and self._clauses.in_brackets(start):
            own = self._own_cue(start, end, self._clauses.around_brackets(index))
        later = self._neighbour_after(start, index)
        if own is not None:
            lifted = later is not None and own.says == "not_needed" and later.says == "preferred"
            return later if lifted else own
        return later or self._neighbour_before(index)

    def _own_cue(self, start: int, end: int, clause: Clause) -> Cue | None:
        inside = [_settled(cue, clause, self._mentions) for cue in self._cues if clause.holds(cue.start)]
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

    def _neighbour_after(self, start: int, index: int) -> Cue | None:
        """Return the cue of the next clause, where it speaks of nothing of its own: `(a plus)`, `; it is not`."""
        following = self._clauses.all[index + 1 :]
        outside = [clause for clause in following if not self._clauses.in_brackets(clause.start)]
        if not following:
            return None
        opening = self._opening_cue(following[0])
        if opening is not None and self._looks_back(opening, following[0]):
            return opening if self._is_one_list(start, opening.start) else None
        if not outside:
            return None
        cue = self._only_cue(outside[0], self._longest_remark(outside[0]))
        return cue if cue is not None and self._looks_back(cue, outside[0]) else None

    def _looks_back(self, cue: Cue, clause: Clause) -> bool:
        """Say whether a cue speaks of what stands before its clause: `(nice to have)` has nothing else to speak of."""
        if cue.reaches != "forward" or cue.says == "not_needed":
            return cue.reaches != "forward"
        following = next((each for each in self._clauses.all if each.start == clause.end), None)
        alone = (cue.start, cue.end) == (clause.start, clause.end)
        closed = (
            self._clauses.in_brackets(clause.start)
            and following is not None
            and not self._clauses.in_brackets(following.start)
        )
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

    def _refers_back(self, clause: Clause) -> bool:
        return any(word.folded in BACK_REFERENCES for word in self._words[clause.start : clause.start + 2])

    def _opening_cue(self, clause: Clause) -> Cue | None:
        """Return the cue at the head of a bracket: `(nice, we use it now and then)`."""
        if not self._clauses.in_brackets(clause.start):
            return None
        return next((cue for cue in self._cues if cue.start == clause.start and cue.says != "stated"), None)

    def _neighbour_before(self, index: int) -> Cue | None:
        """Return the cue of a short clause before this one: `Nice to have: ...`."""
        for place in reversed(range(index)):
            clause = self._clauses.all[place]
            if (
                place > 0
                and self._clauses.in_brackets(clause.start)
                and not self._clauses.in_brackets(self._clauses.all[index].start)
            ):
                continue
            cue = self._only_cue(clause, SHORT_CLAUSE)
            if cue is not None and cue.reaches != "backward":
                return cue
        return None

    def _only_cue(self, clause: Clause, longest: int) -> Cue | None:
        if any(clause.holds(place) for place in self._mentions) or clause.end - clause.start > longest:
            return None
        inside = [cue for cue in self._cues if clause.holds(cue.start) and cue.says != "stated"]
        return inside[-1] if inside else None


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
