"""Lays a job description out as it was read: every sentence with what it says and the words that were recognised."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from shipworthy.framework import Framework
from shipworthy.reports.charts import tone_of
from shipworthy.reports.wording import anchor, clip, squeeze
from shipworthy.roles.blocks import Block, BlockKind
from shipworthy.roles.entities import TITLE, Mention, RoleProfile
from shipworthy.roles.operations import ScopedRole
from shipworthy.roles.stances import Stance
from shipworthy.roles.structure import Posting

LONGEST_SENTENCE = 3000
PROTECTED_TRAIT = "protected_trait"


@dataclass(frozen=True)
class StanceWords:
    """How a stance is shown: a letter, a short text, what it means in the legend, and the class of its colours."""

    letter: str
    says: str
    legend: str
    tone: str


STANCE_WORDS = {
    Stance.REQUIRED: StanceWords("R", "required", "asked of the person hired", "required"),
    Stance.PREFERRED: StanceWords("P", "preferred", "welcome, not a condition", "preferred"),
    Stance.TAUGHT: StanceWords("T", "taught on the job", "learnt on the job, so not asked for", "aside"),
    Stance.NOT_NEEDED: StanceWords("N", "not needed", "said not to be needed", "aside"),
    Stance.COMPANY: StanceWords("C", "about the company", "speaks of the company, not of the person hired", "aside"),
    Stance.BENEFITS: StanceWords("B", "among the benefits", "part of what is offered", "aside"),
    Stance.PROCESS: StanceWords("H", "about the hiring process", "part of how people are hired", "aside"),
    Stance.EQUAL_OPPORTUNITY: StanceWords("E", "about equal opportunity", "part of an equal opportunity text", "aside"),
}
"""Every stance, the one that decides a sentence's colour first."""

_RANKS = {stance: rank for rank, stance in enumerate(STANCE_WORDS)}


@dataclass(frozen=True)
class Run:
    """A stretch of a sentence: recognised words, or the words between."""

    text: str
    recognised: bool


@dataclass(frozen=True)
class Tag:
    """What a sentence speaks of, with the id of the place on the page that it leads to.

    `tone` and `letter` say how: those of a stance, the number of a role context, or `!` for a warning.
    """

    target: str
    title: str
    letter: str
    tone: str
    says: str


@dataclass(frozen=True)
class ShownSentence:
    """One sentence of a posting; `anchor_id` is empty and `stance` None for words that are only passed on."""

    anchor_id: str
    runs: tuple[Run, ...]
    stance: Stance | None = None
    cautioned: bool = False
    tags: tuple[Tag, ...] = ()

    @property
    def tone(self) -> str:
        """The class of its colours, or an empty text."""
        return "" if self.stance is None else STANCE_WORDS[self.stance].tone


@dataclass(frozen=True)
class ShownBlock:
    """A heading, item, paragraph or the title, with its sentences in order."""

    kind: str
    sentences: tuple[ShownSentence, ...]


@dataclass(frozen=True)
class BlockGroup:
    """Blocks of one kind that follow each other, such as the items of a list."""

    kind: str
    blocks: tuple[ShownBlock, ...]


class SentenceBook:
    """Finds the sentences of a posting by their words, so that quotes can lead to them."""

    def __init__(self, posting: Posting) -> None:
        self._places: dict[str, list[int]] = defaultdict(list)
        self._places[posting.title].append(TITLE)
        for sentence in posting.sentences:
            self._places[sentence.text].append(sentence.index)

    def places(self, text: str) -> Sequence[int]:
        """Return every place at which a sentence stands; empty where it is not in the text."""
        return self._places.get(text, [])

    def place(self, text: str) -> int | None:
        """Return the first place of a sentence, or None where it is not in the text."""
        return next(iter(self.places(text)), None)


def sentence_id(place: int) -> str:
    """Return the id that a sentence has on the page."""
    return "sentence-title" if place == TITLE else f"sentence-{place}"


def line_id(competency_id: str) -> str:
    """Return the id that a competency's line has on the page."""
    return anchor("line", competency_id)


def warning_id(number: int) -> str:
    """Return the id that a warning has on the page, counted from 1."""
    return f"warning-{number}"


def shown_posting(scoped: ScopedRole, framework: Framework) -> tuple[BlockGroup, ...]:
    """Return a posting in its order, ready to be shown."""
    blocks = _Layout(scoped, framework).blocks()
    return tuple(BlockGroup(kind, tuple(group)) for kind, group in groupby(blocks, key=lambda block: block.kind))


def stances_shown(groups: Iterable[BlockGroup]) -> tuple[Stance, ...]:
    """Return the stances that a shown posting has, in the order of the legend."""
    sentences = [sentence for group in groups for block in group.blocks for sentence in block.sentences]
    letters = {tag.letter for sentence in sentences for tag in sentence.tags}
    return tuple(stance for stance, words in STANCE_WORDS.items() if words.letter in letters)


def runs_of(text: str, words: Iterable[str]) -> tuple[Run, ...]:
    """Split a text into recognised words and the rest; every place where the words stand as words counts."""
    runs: list[Run] = []
    last = 0
    for start, end in _merged(_places(text, words)):
        runs += [Run(text[last:start], recognised=False), Run(text[start:end], recognised=True)]
        last = end
    return tuple(run for run in (*runs, Run(text[last:], recognised=False)) if run.text)


def _places(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    found = set()
    for each in {word for word in words if word}:
        found |= {match.span() for match in re.finditer(rf"(?<!\w){re.escape(each)}(?!\w)", text)}
    return sorted(found)


def _merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in places:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class _Layout:
    """What is known of every sentence, by its place."""

    def __init__(self, scoped: ScopedRole, framework: Framework) -> None:
        self._posting = scoped.posting
        self._titles = {entry.id: entry.title for entry in framework.competencies}
        lines = enumerate(scoped.profile.contexts, start=1)
        self._contexts = {line.context_id: (number, line.title) for number, line in lines}
        self._said = _by_place(scoped.reading.competencies)
        self._pulls = _by_place(pulls_of(scoped))
        self._warnings = _warnings_by_place(scoped.profile, SentenceBook(scoped.posting))

    def blocks(self) -> Iterator[ShownBlock]:
        inside: dict[int, list[int]] = defaultdict(list)
        for sentence in self._posting.sentences:
            inside[sentence.block].append(sentence.index)
        for place, block in enumerate(self._posting.blocks):
            if place == self._posting.title_block and self._posting.title:
                yield ShownBlock("title", (self._sentence(TITLE, self._posting.title),))
                if not inside[place]:
                    continue
            sentences = tuple(self._pieces(block.text, inside[place]))
            if sentences:
                yield ShownBlock(self._kind(place, block), sentences)

    def _kind(self, place: int, block: Block) -> str:
        if place in self._posting.headings:
            return "heading"
        return "item" if block.kind is BlockKind.ITEM else "text"

    def _pieces(self, text: str, places: Sequence[int]) -> Iterator[ShownSentence]:
        """Yield the sentences of a block, and what stands between them, such as a heading within the line."""
        last = 0
        for place in places:
            words = self._posting.sentences[place].text
            start = max(text.find(words, last), last)
            yield from _passed_on(text[last:start])
            yield self._sentence(place, words)
            last = start + len(words)
        yield from _passed_on(text[last:])

    def _sentence(self, place: int, text: str) -> ShownSentence:
        said, pulls = self._said.get(place, []), self._pulls.get(place, [])
        cautions = self._warnings.get(place, [])
        words = [mention.words for mention in (*said, *pulls)]
        return ShownSentence(
            anchor_id=sentence_id(place),
            runs=runs_of(_shown_text(text), words),
            stance=min((mention.stance for mention in said), key=_RANKS.__getitem__, default=None),
            cautioned=bool(cautions),
            tags=(*self._competency_tags(said), *self._context_tags(pulls), *map(_warning_tag, cautions[:1])),
        )

    def _competency_tags(self, mentions: Sequence[Mention]) -> Iterator[Tag]:
        for subject, stance in dict.fromkeys((mention.subject, mention.stance) for mention in mentions):
            words = STANCE_WORDS[stance]
            if subject in self._titles:
                yield Tag(line_id(subject), self._titles[subject], words.letter, words.tone, words.says)

    def _context_tags(self, mentions: Sequence[Mention]) -> Iterator[Tag]:
        for subject in dict.fromkeys(mention.subject for mention in mentions):
            number, title = self._contexts[subject]
            yield Tag("contexts", title, str(number), tone_of(number), "pulls to role context")


def pulls_of(scoped: ScopedRole) -> tuple[Mention, ...]:
    """Return what is required in a blended role that belongs to one of its contexts alone."""
    blended = scoped.profile.blended_contexts
    return tuple(
        mention
        for mention in scoped.reading.contexts
        if mention.subject in blended and mention.distinctive and mention.stance is Stance.REQUIRED
    )


def _by_place(mentions: Iterable[Mention]) -> Mapping[int, list[Mention]]:
    found: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        found[mention.sentence].append(mention)
    return found


def _warnings_by_place(profile: RoleProfile, book: SentenceBook) -> Mapping[int, list[int]]:
    """Return the numbers of the warnings about protected traits by the places of their sentences."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, caution in enumerate(profile.warnings, start=1):
        if caution.code == PROTECTED_TRAIT:
            for place in {place for sentence in caution.sentences for place in book.places(sentence)}:
                found[place].append(number)
    return found


def _warning_tag(number: int) -> Tag:
    return Tag(warning_id(number), "may ask for a protected trait", "!", "caution", "warning")


def _passed_on(text: str) -> Iterator[ShownSentence]:
    if text.strip():
        yield ShownSentence("", (Run(_shown_text(text.strip()), recognised=False),))


def _shown_text(text: str) -> str:
    return clip(squeeze(text), LONGEST_SENTENCE)
