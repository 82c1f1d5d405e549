"""Turns the text of a posting, plain or with marks, into blocks: headings, list items and paragraphs."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode


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


_TAG = re.compile(r"</?(?:li|p|br|ul|ol|div|h[1-6]|strong|b|em|i|span|table|tr|td|section)\b[^<>]*>", re.IGNORECASE)
_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
_LEFT_OUT = {
    "script",
    "style",
    "nav",
    "footer",
    "aside",
    "noscript",
    "template",
    "svg",
    "button",
    "select",
    "head",
    "iframe",
}
_BLOCK_TAGS = {
    "p", "div", "section", "article", "main", "header", "ul", "ol", "table", "tr", "td", "th", "dl", "dd", "dt", "form",
    "blockquote", "pre", "figure", "body", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "fieldset", "details",
    "summary",
}  # fmt: skip
_HEADING_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary", "th"}
_BOLD_TAGS = {"b", "strong"}

_BULLET = re.compile(
    r"^\s*(?:[-*+•·▪▫◦‣⁃●○■□✓✔✅➢➤►▶→»–—¤§]+|o(?=\s)|\(?\d{1,2}[.)]|\(?[a-hA-H][.)](?=\s)|\[[ xX]?\])\s+(?=\S)"
)
_INLINE_BULLET = re.compile(r"\s*[•▪◦●■‣]\s+|\s+·\s+(?=[A-Z])|\s+\*\s+(?=[A-Z])")
_MARKED_HEADING = re.compile(r"^\s{0,3}#{1,6}\s*(?P<text>.+?)\s*#*\s*$")
_BOLD_LINE = re.compile(r"^\s*(?:\*\*|__)(?P<text>[^*_]+?)(?:\*\*|__)\s*:?\s*$")
_BOLD_OPENING = re.compile(
    r"^\s*(?:\*\*|__)(?P<head>[^*_]{3,60}?)(?::\s*(?:\*\*|__)|(?:\*\*|__)\s*:)\s*(?P<rest>\S.*)$"
)
_UNDERLINE = re.compile(r"^\s*(?:={3,}|-{3,}|\*{3,}|_{3,}|~{3,})\s*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=[\w.,])[*_](?!\w)")
_ENDS_SENTENCE = re.compile(r"[.!?:;…]['\")\]]*$")
_ENDS_OPEN = re.compile(
    r"(?:,|\b(?:and|or|with|of|in|the|to|a|an|for|our|your|on|by|as|from|using|like))$", re.IGNORECASE
)


def blocks_of(text: str) -> tuple[Block, ...]:
    """Split a posting into blocks; HTML, whole or left over in plain text, is taken for what it says."""
    tags = len(_TAG.findall(text))
    if _WHOLE_PAGE.search(text):
        found = _blocks_of_markup(text)
    elif tags:
        found = _blocks_of_markup(text.replace("\n", "<br>"))
    else:
        found = _blocks_of_lines(unescape(text))
    return tuple(block for block in found if any(sign.isalnum() for sign in block.text))


def _blocks_of_markup(text: str) -> list[Block]:
    body = LexborHTMLParser(text).body
    if body is None:
        return []
    found: list[Block] = []
    for tag, piece in _Walk().pieces(body):
        if tag == "heading":
            found.append(Block(BlockKind.HEADING, _clean(piece)))
        elif tag == "item":
            lines = _blocks_of_lines(piece)
            found.extend(replace(block, kind=BlockKind.ITEM) for block in lines if block.kind is not BlockKind.HEADING)
        else:
            found.extend(_blocks_of_lines(piece))
    return found


class _Walk:
    """Walks a page and gathers the text of each block; line breaks stay, headings and items are told apart."""

    def __init__(self) -> None:
        self._gathered: list[str] = []
        self._found: list[tuple[str, str]] = []

    def pieces(self, body: LexborNode) -> list[tuple[str, str]]:
        self._visit_children(body, "text")
        self._flush("text")
        return self._found

    def _visit_children(self, node: LexborNode, within: str) -> None:
        for child in node.iter(include_text=True):
            self._visit(child, within)

    def _visit(self, node: LexborNode, within: str) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._gathered.append(re.sub(r"\s+", " ", node.text_content or ""))
        elif tag == "br":
            self._gathered.append("\n")
        elif tag in _LEFT_OUT or "hidden" in node.attributes:
            return
        elif tag in _BLOCK_TAGS:
            self._flush(within)
            inner = "heading" if tag in _HEADING_TAGS else "item" if tag == "li" else within
            self._visit_children(node, inner)
            self._flush(inner)
        elif tag in _BOLD_TAGS and within != "heading":
            self._gathered.append("**")
            self._visit_children(node, within)
            self._gathered.append("** ")
        elif not tag.startswith(("_", "!", "-")):
            self._visit_children(node, within)

    def _flush(self, within: str) -> None:
        text = "".join(self._gathered).strip()
        self._gathered.clear()
        if text:
            self._found.append((within, text))


def _blocks_of_lines(text: str) -> list[Block]:
    lines = [line for whole in text.replace("\u2028", "\n").splitlines() for line in _without_inline_bullets(whole)]
    width = _wrap_width(lines)
    found: list[Block] = []
    alone, last_length = True, 0
    for line in lines:
        if not line.strip():
            alone, last_length = True, 0
            continue
        if _UNDERLINE.match(line):
            _mark_heading(found, alone=alone)
            alone = True
            continue
        if found and not alone and _continues(found[-1], line, last_length, width):
            found[-1] = replace(found[-1], text=f"{found[-1].text} {_clean(line)}")
        else:
            found.extend(_read_line(line, alone=alone))
        alone, last_length = False, len(line)
    return found


def _without_inline_bullets(line: str) -> Iterator[str]:
    parts = _INLINE_BULLET.split(line)
    if len(parts) < 3:
        yield line
        return
    yield parts[0]
    yield from (f"• {part}" for part in parts[1:])


def _read_line(line: str, *, alone: bool) -> Iterable[Block]:
    marked = _MARKED_HEADING.match(line) or _BOLD_LINE.match(line)
    if marked:
        return (Block(BlockKind.HEADING, _clean(marked["text"]), alone),)
    bullet = _BULLET.match(line)
    content = line[bullet.end() :] if bullet else line
    opening = _BOLD_OPENING.match(content)
    if opening and not bullet:
        return (
            Block(BlockKind.HEADING, _clean(opening["head"]), alone),
            Block(BlockKind.TEXT, _clean(opening["rest"]), alone=False),
        )
    return (Block(BlockKind.ITEM if bullet else BlockKind.TEXT, _clean(content), alone),)


def _mark_heading(found: list[Block], *, alone: bool) -> None:
    if found and not alone and found[-1].kind is BlockKind.TEXT and len(found[-1].text) <= 80:
        found[-1] = replace(found[-1], kind=BlockKind.HEADING)


def _continues(block: Block, line: str, last_length: int, width: int) -> bool:
    """Say whether a line goes on with the sentence of the one before, as wrapped text does."""
    if block.kind is BlockKind.HEADING or _BULLET.match(line) or _MARKED_HEADING.match(line) or _BOLD_LINE.match(line):
        return False
    text = line.strip()
    if _ENDS_SENTENCE.search(block.text):
        return bool(width) and last_length >= width - 12 and not block.text.endswith(":") and len(text) > 40
    if text[0].islower() or _ENDS_OPEN.search(block.text):
        return True
    return bool(width) and last_length >= width - 12


def _wrap_width(lines: list[str]) -> int:
    """Return the column at which a text was wrapped, or 0 where it was not."""
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    if len(lengths) < 6:
        return 0
    longest, usual = lengths[-1], lengths[-max(2, len(lengths) // 4)]
    return longest if 50 <= longest <= 130 and longest - usual <= 12 else 0


def _clean(text: str) -> str:
    text = _MARKS.sub("", _LINK.sub(r"\1", unescape(text))).replace("\u00ad", "").replace("\u200b", "")
    text = re.sub(r"\s+", " ", text).strip().lstrip("#>|").rstrip("|").strip()
    return _without_pictures(text)


def _without_pictures(text: str) -> str:
    """Leave out emoji and the like at either end."""
    start, end = 0, len(text)
    while start < end and (unicodedata.category(text[start]) in {"So", "Sk", "Cf", "Mn"} or text[start] == " "):
        start += 1
    while end > start and (unicodedata.category(text[end - 1]) in {"So", "Cf", "Mn"} or text[end - 1] == " "):
        end -= 1
    return text[start:end]
