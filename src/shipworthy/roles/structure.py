"""Finds the order in a posting: its title, its sections under headings, and the sentences of each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shipworthy.roles.blocks import Block, BlockKind
from shipworthy.roles.cues import cues_in
from shipworthy.roles.lexicon import Lexicon, Surroundings
from shipworthy.roles.phrases import Word, longest, words_of

HEADING_WORDS = 12
TITLE_WORDS = 18
KNOWN_HEADING = 0.6
"""Share of its words by which a heading within a line must be a known one."""
TITLE_BLOCKS = 8
"""A title stands among the first few blocks: after a company's name or a line of navigation, not after the text."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])['\")\]]*\s+(?=[\"'(\[]*[A-Z0-9À-Þ])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|incl|approx|min|max|resp|Dr|Prof|Mr|Ms|Mrs|St|Ltd|Inc|Co|Corp|No|Nr|Ref|yrs|U\.S|B\.Sc"
    r"|M\.Sc|Ph\.D|a\.k\.a|c\.f|cf|ca|bzw|z\.B)\.|^\(?\w\.)$",
    re.IGNORECASE,
)
_TITLE_END = re.compile(r"(?<=\w)\.\s|\s[|\u2013\u2014-]\s|,\s|:\s|\n")
_BURIED_HEADING = re.compile(r"(?:(?<=[.!?;])\s+|^)(?P<head>[A-Z][^:.!?;,]{2,40}?):\s+")


@dataclass(frozen=True)
class Section:
    """A stretch of a posting under one heading; `kind` is None where the heading says nothing that is known."""

    kind: str | None
    heading: str
    words: tuple[Word, ...]


UNSETTLED = frozenset({None, "not_needed", "role", "required"})
"""Kinds of heading that give way to words such as `nice` and `a plus` in the heading."""

OPENING = Section(None, "", ())
"""What stands before any heading."""


@dataclass(frozen=True)
class Sentence:
    """One sentence, item or fragment of a posting.

    `block` is the place of its block; `after_list` says that a list of the same section came before it, so that the
    heading may no longer speak for it; `first` that it begins its block.
    """

    index: int
    block: int
    text: str
    words: tuple[Word, ...]
    section: Section
    is_item: bool
    after_list: bool
    first: bool


@dataclass(frozen=True)
class Posting:
    """A job description in order; `headings` are the places of the blocks that are headings."""

    blocks: tuple[Block, ...]
    title: str
    title_block: int
    headings: frozenset[int]
    sentences: tuple[Sentence, ...]
    words: tuple[Word, ...]


def texts_of(posting: Posting) -> tuple[str, ...]:
    """Return everything that stands in a posting: its sentences, and the headings and the title that are none."""
    spoken = {sentence.block for sentence in posting.sentences}
    silent = (block.text for place, block in enumerate(posting.blocks) if place not in spoken)
    return (*silent, *(sentence.text for sentence in posting.sentences))


def read_structure(blocks: Sequence[Block], lexicon: Lexicon) -> Posting:
    """Order the blocks of a posting into a title, sections and sentences."""
    blocks = tuple(blocks)
    everything = tuple(word for block in blocks for word in words_of(block.text))
    title = _title_block(blocks, lexicon, everything)
    headings: set[int] = set()
    sentences: list[Sentence] = []
    section, listed, asked = OPENING, False, False
    for place, block in enumerate(blocks):
        if place == title and _title(block.text) == block.text:
            continue
        if _is_heading(blocks, place, lexicon):
            asked = asked or section.kind == "required"
            section, listed = _guessed(_section(block.text, lexicon), blocks, place, asked=asked), False
            headings.add(place)
            continue
        after_list = listed and block.kind is BlockKind.TEXT
        for each, text in _sentences_by_section(block, section, lexicon):
            words = words_of(text)
            first = not sentences or sentences[-1].block != place
            is_item = block.kind is BlockKind.ITEM
            if words:
                sentences.append(
                    Sentence(len(sentences), place, text, words, each, is_item, after_list and each is section, first)
                )
        listed = listed or block.kind is BlockKind.ITEM
    words = tuple(word for block in blocks for word in words_of(block.text))
    return Posting(
        blocks, _title(blocks[title].text) if blocks else "", title, frozenset(headings), tuple(sentences), words
    )


def _title_block(blocks: Sequence[Block], lexicon: Lexicon, everything: Sequence[Word]) -> int:
    """Return the place of the block that names the job: the first that reads like a title, else a heading."""
    for place, block in enumerate(blocks[:TITLE_BLOCKS]):
        words = words_of(block.text)
        if len(words) <= TITLE_WORDS and block.kind is not BlockKind.ITEM and not block.text.endswith((".", ",")):
            kinds = {match.owner.word("kind") for match in lexicon.titles.find(Surroundings(words, (), everything))}
            if kinds & {"ai", "not_ai"}:
                return place
    marked = (place for place, block in enumerate(blocks[:TITLE_BLOCKS]) if block.kind is BlockKind.HEADING)
    return next((place for place in marked if not _names_section(words_of(blocks[place].text), lexicon)), 0)


def _title(text: str) -> str:
    """Return the part of the first line that is a title, where sentences or a whole posting stand in one line."""
    first = split_sentences(text)[0] if text.strip() else text
    if len(first.split()) <= TITLE_WORDS:
        return first if first == text else first.rstrip(".")
    opening = _TITLE_END.split(first, maxsplit=1)[0]
    return " ".join(opening.split()[:TITLE_WORDS])


def _is_heading(blocks: Sequence[Block], place: int, lexicon: Lexicon) -> bool:
    block = blocks[place]
    words = words_of(block.text)
    if block.kind is BlockKind.HEADING:
        return len(words) <= TITLE_WORDS
    if not words or len(words) > HEADING_WORDS or block.text.endswith((".", ";", ",", "!")):
        return False
    if block.kind is BlockKind.ITEM:
        return block.text.endswith(":") and place + 1 < len(blocks) and _names_section(words, lexicon) > 0.5
    if block.text.endswith(":") or (block.text.isupper() and len(block.text) > 3):
        return True
    before_list = place + 1 < len(blocks) and blocks[place + 1].kind is BlockKind.ITEM
    if _names_section(words, lexicon) >= 0.5:
        return before_list or not _opens_with_heading(block.text, lexicon)
    return len(words) <= 9 and before_list and block.alone


def _opens_with_heading(text: str, lexicon: Lexicon) -> bool:
    """Say whether a line has its own text after a heading: `Nice to have: LoRA`."""
    match = _BURIED_HEADING.match(text)
    return match is not None and _names_section(words_of(match["head"]), lexicon) >= KNOWN_HEADING


def _guessed(section: Section, blocks: Sequence[Block], place: int, *, asked: bool) -> Section:
    """A list under an unknown heading, after the requirements, is one of wishes: that is the order of postings."""
    listed = place + 1 < len(blocks) and blocks[place + 1].kind is BlockKind.ITEM
    return replace(section, kind="preferred") if section.kind is None and asked and listed else section


def _names_section(words: Sequence[Word], lexicon: Lexicon) -> float:
    """Return the share of a line's words that are a known heading."""
    match = lexicon.headings.best(Surroundings(words, (), words))
    return 0.0 if match is None else match.length / len(words)


def _section(heading: str, lexicon: Lexicon) -> Section:
    words = words_of(heading)
    found = list(lexicon.headings.find(Surroundings(words, (), words)))
    match = longest(found)
    kind = None if match is None else match.owner.word("kind")
    if kind in UNSETTLED:
        says = {cue.says for cue in cues_in(words, (), lexicon)}
        kinds = {each.owner.word("kind") for each in found}
        if "required" not in says and ("preferred" in says or "preferred" in kinds):
            kind = "preferred"
    return Section(kind, heading.rstrip(": "), words)


def _sentences_by_section(block: Block, section: Section, lexicon: Lexicon) -> Iterator[tuple[Section, str]]:
    """Yield the sentences of a block, each with its section: a heading may stand in the line itself."""
    for inner, text in _split_at_headings(block.text, section, lexicon):
        for sentence in split_sentences(text):
            yield inner, sentence


def _split_at_headings(text: str, section: Section, lexicon: Lexicon) -> Iterator[tuple[Section, str]]:
    last, inner = 0, section
    for match in _BURIED_HEADING.finditer(text):
        words = words_of(match["head"])
        if len(words) > 6 or _names_section(words, lexicon) < KNOWN_HEADING:
            continue
        if text[last : match.start()].strip():
            yield inner, text[last : match.start()].strip()
        inner, last = _section(match["head"], lexicon), match.end()
    if text[last:].strip():
        yield inner, text[last:].strip()


def split_sentences(text: str) -> list[str]:
    """Split a paragraph into sentences; common abbreviations do not end one."""
    found: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        piece = text[start : match.start()]
        last_word = piece.rsplit(None, 1)[-1] if piece.split() else ""
        if _ABBREVIATION.search(last_word) and len(piece) > len(last_word):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [piece for piece in found if piece]
