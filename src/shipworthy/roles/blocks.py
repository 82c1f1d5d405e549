"""Turns the text of a posting, plain or with marks, into blocks: headings, list items and paragraphs."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from html import unescape
from itertools import pairwise

from shipworthy.roles.markup import PieceKind, pieces_of, row_of


class BlockKind(StrEnum):
    """What a block of a posting is, as far as its marks say."""

    HEADING = "heading"
    ITEM = "item"
    TEXT = "text"


@dataclass(frozen=True)
class Block:
    """One heading, list item or paragraph of a posting; `alone` says that an empty line stands before it."""

    kind: BlockKind
    text: str
    alone: bool = True


LONGEST_STRETCH = 2_000
"""Characters without the end of a sentence above which a block is cut: no sentence is that long."""
LONGEST_BLOCK = 20_000

_TAG = re.compile(
    r"</?(?:li|p|br|ul|ol|div|h[1-6]|strong|b|em|i|span|table|tr|td|section)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
    "|[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f]"
)
"""Signs that nobody sees: soft hyphens, zero-width signs, changes of direction, controls, halves of signs, tags."""
_BLANKS = re.compile(r"[^\S\n]+")

_SURE_BULLETS = "•▪▫◦‣⁃●○■□✓✔✅☐☑➢➤►▶→❖◆◇★☆➔➜✦✧∙‧\uf000-\uf0ff"
_BULLET = re.compile(
    rf"(?:[{_SURE_BULLETS}]\s?|[-*+·»–—−¤§]+\s|[-–*](?=[A-Za-z][^*]*$)|o\s|\(?\d{{1,2}}[.)]\s|\(?[a-hA-H][.)]\s"
    r"|\(?[ivx]{1,4}[.)]\s)(?:\[[ xX]?\]\s)?(?=\S)|\[[ xX]?\]\s(?=\S)"
)
_NUMBER = re.compile(r"\(?(?P<sign>\d{1,2}|[A-H])[.)]\s(?=\S)")
_INLINE_BULLET = re.compile(r" ?[•▪◦●■‣\uf0b7\uf0a7]\s?(?=\S)| · (?=[A-Z])| \* (?=[A-Z])")
_BOLD_LINE = re.compile(r"(?:\*\*|__)(?P<text>[^*_]{1,200})(?:\*\*|__) ?:?$")
_BOLD_OPENING = re.compile(r"(?:\*\*|__)(?P<head>[^*_]{3,60}?)(?:: ?(?:\*\*|__)|(?:\*\*|__) ?:) ?(?P<rest>\S.*)$")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,}|\*{3,}|_{3,}|~{3,}|(?:- ?){3,}|(?:\* ?){3,})$")
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\[\]]{0,2000}\)")
_MARKS = re.compile(r"\*\*|__|`|~~|(?<!\w)[*_](?=\w)|(?<=[\w.,])[*_](?!\w)")
_ENDS_SENTENCE = re.compile(r"[.!?:;…]['\")\]”’]{0,3}$")
_ENDS_OPEN = re.compile(
    r"\b(?:and|or|with|of|in|the|to|a|an|for|our|your|on|by|as|from|using|like|such|including)$",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(r"(?:page )?\d{1,3}(?: ?(?:/|of) ?\d{1,3})?$|page \d{1,3}.{0,20}$", re.IGNORECASE)
_SHORT_LINE = 40
"""A line shorter than this was not broken for want of room, unless its words say that more must follow."""


def blocks_of(text: str) -> tuple[Block, ...]:
    """Split a posting into blocks; HTML, whole or left over in plain text, is taken for what it says.

    Raises `PostingError` for a page that is nested beyond all sense.
    """
    if _WHOLE_PAGE.search(text):
        found = _blocks_of_markup(text)
    elif _TAG.search(text):
        found = _blocks_of_markup(_LINE_ENDS.sub("<br>", text))
    else:
        found = _blocks_of_lines(unescape(text))
    return tuple(
        replace(block, text=part)
        for block in found
        if any(sign.isalnum() for sign in block.text)
        for part in _in_bounds(block.text)
    )


def _blocks_of_markup(text: str) -> list[Block]:
    found: list[Block] = []
    for piece in pieces_of(text):
        if piece.kind is PieceKind.HEADING:
            found.append(Block(BlockKind.HEADING, _clean(_visible(piece.text))))
        elif piece.kind is PieceKind.ITEM:
            found.extend(_items_of(piece.text))
        else:
            found.extend(_blocks_of_lines(piece.text))
    return found


def _items_of(text: str) -> Iterator[Block]:
    """What stands in a list item is an item, however it is marked; each of its lines is one."""
    for whole in _LINE_ENDS.split(_visible(text)):
        for line in _without_inline_bullets(_BLANKS.sub(" ", whole).strip()):
            bullet = _BULLET.match(line)
            yield Block(BlockKind.ITEM, _clean(line[bullet.end() :] if bullet else line), alone=False)


def _visible(text: str) -> str:
    return _UNSEEN.sub("", text)


@dataclass(frozen=True)
class _Line:
    """One line of a text without the blanks around it: how far it is set in, and how long it was."""

    text: str
    indent: int
    length: int


@dataclass
class _Draft:
    """A block in the making: its lines so far, and how the last one of them was laid out."""

    kind: BlockKind
    parts: list[str]
    alone: bool
    last: _Line
    indent: int = 0
    rigid: bool = field(default=False)

    def block(self) -> Block:
        return Block(self.kind, _clean(_joined(self.parts)), self.alone)


def _joined(parts: Sequence[str]) -> str:
    """Join lines; a word that was broken at a hyphen goes on without a blank."""
    whole: list[str] = []
    for part in parts:
        broken = bool(whole) and whole[-1][-1:] == "-" and whole[-1][-2:-1].isalpha() and part[:1].islower()
        whole.append(part if broken or not whole else f" {part}")
    return "".join(whole)


def _blocks_of_lines(text: str) -> list[Block]:
    lines = [line for whole in _LINE_ENDS.split(_visible(text)) for line in _lines_of(whole)]
    width = _wrap_width(lines)
    pictures = _picture_bullets(lines)
    drafts: list[_Draft] = []
    alone = True
    for place, line in enumerate(lines):
        if not line.text:
            alone = True
        elif _UNDERLINE.match(line.text):
            _mark_heading(drafts, alone=alone)
            alone = True
        elif _is_table_rule(line.text):
            continue
        elif drafts and not alone and _continues(drafts[-1], line, width, pictures):
            drafts[-1].parts.append(line.text)
            drafts[-1].last = line
        else:
            drafts.extend(_read_line(lines, place, pictures, alone=alone))
            alone = False
    return [draft.block() for draft in drafts]


def _lines_of(whole: str) -> Iterator[_Line]:
    """Yield a line, or the items that were run together in it; quotation marks of Markdown are taken away."""
    expanded = whole.rstrip().expandtabs(4)
    text = _BLANKS.sub(" ", expanded).strip()
    indent = len(expanded) - len(expanded.lstrip())
    while text.startswith(">"):
        text = text[1:].lstrip()
    if _PAGE_NUMBER.match(text):
        return
    for part in _without_inline_bullets(text):
        yield _Line(part, indent, len(expanded))


def _without_inline_bullets(line: str) -> Iterator[str]:
    parts = _INLINE_BULLET.split(line)
    if len(parts) < 3:
        yield line
        return
    if parts[0].strip():
        yield parts[0]
    yield from (f"• {part}" for part in parts[1:])


def _picture_bullets(lines: Sequence[_Line]) -> frozenset[str]:
    """Return the pictures that open two lines in a row: there they stand for bullets, else they adorn headings."""
    signs = [line.text[:1] for line in lines]
    return frozenset(sign for sign, following in pairwise(signs) if sign and sign == following and _is_picture(sign))


def _is_picture(sign: str) -> bool:
    return sign > "\x7f" and unicodedata.category(sign) in {"So", "Sm"}


def _read_line(lines: Sequence[_Line], place: int, pictures: frozenset[str], *, alone: bool) -> Iterator[_Draft]:
    line = lines[place]
    text = line.text
    if text.startswith("#") and (head := text.lstrip("#").strip(" #")) and len(text) - len(text.lstrip("#")) <= 6:
        yield _Draft(BlockKind.HEADING, [head], alone, line, rigid=True)
    elif marked := _BOLD_LINE.match(text):
        yield _Draft(BlockKind.HEADING, [marked["text"]], alone, line, rigid=True)
    elif text.startswith("|") and text.endswith("|") and len(text) > 1:
        yield from _table_line(lines, place, alone=alone)
    elif bullet := _BULLET.match(text):
        kind = BlockKind.HEADING if _is_numbered_heading(lines, place) else BlockKind.ITEM
        yield _Draft(kind, [text[bullet.end() :]], alone, line, line.indent)
    elif text[0] in pictures:
        yield _Draft(BlockKind.ITEM, [text], alone, line, line.indent)
    elif opening := _BOLD_OPENING.match(text):
        yield _Draft(BlockKind.HEADING, [opening["head"]], alone, line, rigid=True)
        yield _Draft(BlockKind.TEXT, [opening["rest"]], alone=False, last=line)
    else:
        yield _Draft(BlockKind.TEXT, [text], alone, line)


def _table_line(lines: Sequence[_Line], place: int, *, alone: bool) -> Iterator[_Draft]:
    """Read a row of a Markdown table; every cell is named after its column, and the head itself is left out."""
    following = lines[place + 1].text if place + 1 < len(lines) else ""
    if _is_table_rule(following):
        return
    cells = _cells(lines[place].text)
    if text := row_of(cells, _table_head(lines, place)):
        yield _Draft(BlockKind.ITEM, [text], alone, lines[place], rigid=True)


def _is_table_rule(text: str) -> bool:
    return "|" in text and not text.strip(" :|-")


def _table_head(lines: Sequence[_Line], place: int) -> list[str]:
    for above in range(place - 1, max(place - 200, 0), -1):
        if not lines[above].text.startswith("|"):
            break
        if _is_table_rule(lines[above].text):
            return _cells(lines[above - 1].text)
    return []


def _cells(row: str) -> list[str]:
    return [_clean(cell) for cell in row.strip("|").split("|")]


def _is_numbered_heading(lines: Sequence[_Line], place: int) -> bool:
    """Say whether a numbered line stands alone over text, as `2. Requirements` does, instead of in a list."""
    text = lines[place].text
    if not _NUMBER.match(text) or len(text.split()) > 8 or _ENDS_SENTENCE.search(text):
        return False
    before = next((lines[i].text for i in range(place - 1, max(place - 4, -1), -1) if lines[i].text), "")
    after = next((lines[i].text for i in range(place + 1, min(place + 4, len(lines))) if lines[i].text), "")
    number = _number(text)
    return bool(after) and _number(before) not in {number - 1, number} and _number(after) not in {number, number + 1}


def _number(text: str) -> int:
    """Return the number or the place of the letter that a line begins with, or a number that has no neighbour."""
    match = _NUMBER.match(text)
    if match is None:
        return -9
    sign = match["sign"]
    return int(sign) if sign.isdigit() else ord(sign)


def _mark_heading(drafts: list[_Draft], *, alone: bool) -> None:
    if drafts and not alone and drafts[-1].kind is BlockKind.TEXT and sum(map(len, drafts[-1].parts)) <= 80:
        drafts[-1].kind, drafts[-1].rigid = BlockKind.HEADING, True


def _continues(draft: _Draft, line: _Line, width: int, pictures: frozenset[str]) -> bool:
    """Say whether a line goes on with the sentence of the one before, as wrapped text does."""
    text = line.text
    if draft.rigid or draft.kind is BlockKind.HEADING or _opens_block(text, pictures):
        return False
    before = draft.last.text
    full = bool(width) and draft.last.length >= width - 12
    if _ENDS_SENTENCE.search(before):
        return full and not before.endswith(":") and len(text) > _SHORT_LINE
    if full or _ENDS_OPEN.search(before):
        return True
    if draft.kind is BlockKind.ITEM and line.indent > draft.indent:
        return True
    return (text[0].islower() or before.endswith((",", "-"))) and draft.last.length >= _SHORT_LINE


def _opens_block(text: str, pictures: frozenset[str]) -> bool:
    return bool(text[0] in pictures or text[0] in "#|" or _BULLET.match(text) or _BOLD_LINE.match(text))


def _wrap_width(lines: Sequence[_Line]) -> int:
    """Return the column at which a text was wrapped, or 0 where it was not."""
    lengths = sorted(line.length for line in lines if line.text)
    if len(lengths) < 6:
        return 0
    longest, usual = lengths[-1], lengths[-max(2, len(lengths) // 4)]
    return longest if 50 <= longest <= 130 and longest - usual <= 12 else 0


def _in_bounds(text: str) -> Iterator[str]:
    """Cut what no person would write in one breath: the rules look at all words of a sentence at once."""
    start = 0
    while len(text) - start > LONGEST_STRETCH:
        end = _last_stop(text, start)
        yield text[start:end].strip()
        start = end
    if text[start:].strip():
        yield text[start:].strip()


def _last_stop(text: str, start: int) -> int:
    """Return where to cut: after the last sentence that fits, else after the last word, else anywhere."""
    furthest = start
    while furthest - start < LONGEST_BLOCK:
        stop = max(text.rfind(sign, furthest, furthest + LONGEST_STRETCH) for sign in (". ", "! ", "? ", "; "))
        if stop < 0:
            break
        furthest = stop + 1
        if len(text) - furthest <= LONGEST_STRETCH:
            return len(text)
    if furthest > start:
        return furthest
    blank = text.rfind(" ", start, start + LONGEST_STRETCH)
    return blank if blank > start else start + LONGEST_STRETCH


def _clean(text: str) -> str:
    text = _MARKS.sub("", _LINK.sub(r"\1", unescape(text)))
    text = _visible(_BLANKS.sub(" ", text)).strip(" #|").replace("\n", " ")
    return _without_pictures(text.removeprefix("> "))


def _without_pictures(text: str) -> str:
    """Leave out emoji and the like at either end."""
    start, end = 0, len(text)
    while start < end and (unicodedata.category(text[start]) in {"So", "Sk", "Cf", "Mn"} or text[start] == " "):
        start += 1
    while end > start and (unicodedata.category(text[end - 1]) in {"So", "Cf", "Mn"} or text[end - 1] == " "):
        end -= 1
    return text[start:end]
