"""Walks a web page: the pieces that a reader of the page would see, and what each is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from selectolax.lexbor import LexborHTMLParser, LexborNode

from shipworthy.roles.errors import PostingError

DEEPEST = 2_000
"""Levels of nesting above which a page is no page: parsers take time with the square of the depth."""


class PieceKind(StrEnum):
    """What a stretch of a page is."""

    HEADING = "heading"
    ITEM = "item"
    TEXT = "text"


@dataclass(frozen=True)
class Piece:
    """A stretch of a page between two block tags; line breaks are kept, bold words stand between `**`."""

    kind: PieceKind
    text: str


_LEFT_OUT = frozenset({
    "script", "style", "nav", "footer", "aside", "noscript", "template", "svg", "button", "select", "head", "iframe",
    "textarea", "object", "math", "canvas", "audio", "video", "datalist",
})  # fmt: skip
_LEFT_OUT_ROLES = frozenset({
    "navigation", "contentinfo", "dialog", "alertdialog", "search", "menu", "menubar", "complementary", "tooltip",
})  # fmt: skip
_BLOCK_TAGS = frozenset({
    "p", "div", "section", "article", "main", "header", "ul", "ol", "table", "tbody", "thead", "tfoot", "tr", "td",
    "th", "dl", "dd", "dt", "form", "blockquote", "pre", "figure", "figcaption", "body", "li", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "fieldset", "details", "summary", "caption", "address", "legend", "hgroup",
})  # fmt: skip
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "summary", "caption", "legend"})
_BOLD_TAGS = frozenset({"b", "strong"})
_INVISIBLE = re.compile(
    r"(?:display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?|font-size:0(?:px|pt|em|rem|%)?)(?:!important)?(?:;|$)"
)
_LEVELS = frozenset({
    "required", "essential", "mandatory", "must", "must have", "must-have", "desirable", "desired", "preferred",
    "nice to have", "nice-to-have", "optional", "a plus", "bonus", "not required", "not needed",
})  # fmt: skip
_LETTERS = {"e": "essential", "d": "desirable"}
_LETTER_HEADS = re.compile(r"\be\W*(?:or|/)\W*d\b|essential.{0,9}desirable")
_NESTING = re.compile(r"<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)")
_CLOSE_THEMSELVES = frozenset({
    "p", "li", "td", "th", "tr", "dd", "dt", "option", "tbody", "thead", "tfoot", "br", "hr", "img", "input", "meta",
    "link", "wbr", "area", "base", "col", "embed", "source", "track", "path", "circle", "rect", "use",
})  # fmt: skip
_OPEN, _CLOSE = "open", "close"


def pieces_of(page: str) -> list[Piece]:
    """Return what stands on a page in order. Raises `PostingError` where tags are nested beyond all sense."""
    if _depth(page) > DEEPEST:
        raise PostingError(
            "The page nests its tags more than two thousand levels deep.",
            remedy="Copy the words of the job description from the page into a .txt file.",
        )
    body = LexborHTMLParser(page).body
    return [] if body is None else _Gatherer().gather(body)


def _depth(page: str) -> int:
    depth = deepest = 0
    for match in _NESTING.finditer(page):
        if match["tag"].lower() not in _CLOSE_THEMSELVES:
            depth = max(0, depth - 1) if match["close"] else depth + 1
            deepest = max(deepest, depth)
    return deepest


@dataclass
class _Gatherer:
    """Gathers the text of each block, without recursion: a page may be nested deeper than Python's stack."""

    _written: list[str] = field(default_factory=list)
    _pieces: list[Piece] = field(default_factory=list)

    def gather(self, body: LexborNode) -> list[Piece]:
        self._walk(body, PieceKind.TEXT)
        return self._pieces

    def _walk(self, root: LexborNode, kind: PieceKind) -> None:
        left: list[tuple[str, LexborNode, PieceKind]] = [(_CLOSE, root, kind)]
        left.extend((_OPEN, child, kind) for child in _backwards(root))
        while left:
            step, node, within = left.pop()
            if step == _CLOSE:
                self._close(node, within)
            elif (inner := self._open(node, within)) is not None:
                left.append((_CLOSE, node, inner))
                left.extend((_OPEN, child, inner) for child in _backwards(node))

    def _open(self, node: LexborNode, within: PieceKind) -> PieceKind | None:
        """Begin a node; return what its children stand in, or None where they are not to be visited."""
        tag = node.tag or ""
        if tag == "-text":
            self._write(node)
        elif tag == "br":
            self._written.append("\n")
        elif tag.startswith(("_", "!", "-")) or _is_left_out(node, tag):
            return None
        elif tag == "table" and (rows := _rows(node)):
            self._flush(within)
            self._table(rows)
        elif tag in _BLOCK_TAGS:
            self._flush(within)
            return PieceKind.HEADING if tag in _HEADING_TAGS else PieceKind.ITEM if tag == "li" else within
        else:
            if tag in _BOLD_TAGS and within is not PieceKind.HEADING:
                self._written.append("**")
            return within
        return None

    def _close(self, node: LexborNode, within: PieceKind) -> None:
        tag = node.tag or ""
        if tag in _BLOCK_TAGS:
            self._flush(within)
        elif tag in _BOLD_TAGS and within is not PieceKind.HEADING:
            self._written.append("** ")

    def _write(self, node: LexborNode) -> None:
        text = node.text_content or ""
        parent = node.parent
        as_written = parent is not None and parent.tag == "pre"
        self._written.append(text if as_written else re.sub(r"\s+", " ", text))

    def _flush(self, kind: PieceKind) -> None:
        text = re.sub(r"\*\* (?=[:,;.)])", "**", "".join(self._written)).strip()
        self._written.clear()
        if text:
            self._pieces.append(Piece(kind, text))

    def _table(self, rows: list[list[LexborNode]]) -> None:
        """Read a table as a person does: every cell under its heading, or after the label of its row."""
        heads = [_bare(_words(cell)) for cell in rows[0]] if _is_header(rows) else []
        for cells in rows[1:] if heads else rows:
            if any(_holds_blocks(cell) for cell in cells):
                for place, cell in enumerate(cells):
                    if place < len(heads) and heads[place]:
                        self._pieces.append(Piece(PieceKind.HEADING, heads[place]))
                    self._walk(cell, PieceKind.HEADING if cell.tag == "th" else PieceKind.TEXT)
                continue
            line = row_of([_words(cell) for cell in cells], heads)
            if line:
                self._pieces.append(Piece(PieceKind.ITEM, line))


def _backwards(node: LexborNode) -> Iterator[LexborNode]:
    child = node.last_child
    while child is not None:
        yield child
        child = child.prev


def _is_left_out(node: LexborNode, tag: str) -> bool:
    """Say whether a reader of the page would not see this, or not take it for the job description."""
    if tag in _LEFT_OUT:
        return True
    marks = node.attributes
    if not marks:
        return False
    style = re.sub(r"\s+", "", (marks.get("style") or "")[:2000]).lower()
    return (
        "hidden" in marks
        or (marks.get("aria-hidden") or "").lower() == "true"
        or (marks.get("role") or "").lower() in _LEFT_OUT_ROLES
        or (tag == "dialog" and "open" not in marks)
        or _INVISIBLE.search(style) is not None
    )


def _rows(table: LexborNode) -> list[list[LexborNode]]:
    """Return the cells of a plain table by row, or nothing where tables stand in it or every row has one cell."""
    if _is_nested(table):
        return []
    rows = [
        [cell for cell in row.iter() if cell.tag in {"td", "th"} and not _is_left_out(cell, cell.tag)]
        for row in table.css("tr")
        if not _is_left_out(row, "tr")
    ]
    rows = [row for row in rows if row]
    return rows if any(len(row) > 1 for row in rows) else []


def _is_nested(table: LexborNode) -> bool:
    return len(table.css("table")) > 1


def _is_header(rows: list[list[LexborNode]]) -> bool:
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    written = [_words(cell) for cell in rows[0]]
    return all(
        cell.tag == "th" or (text.startswith("**") and text.endswith("**") and text.count("**") == 2)
        for cell, text in zip(rows[0], written, strict=True)
    )


def _holds_blocks(cell: LexborNode) -> bool:
    return len(cell.css("ul, ol, h1, h2, h3, h4, h5, h6, dl, br")) > 0 or len(cell.css("p, div")) > 1


def _words(cell: LexborNode) -> str:
    return " ".join(" ".join(piece.text for piece in _Gatherer().gather(cell)).split())


def _bare(text: str) -> str:
    return text.replace("**", "").strip().rstrip(":").strip()


def row_of(cells: Sequence[str], heads: Sequence[str]) -> str:
    """Write a row of a table as one line: `Skill: Python; Years: 3`, or with how much it matters: `SQL (essential)`."""
    level = next((said for place, cell in enumerate(cells[1:], 1) if (said := _level(cell, heads, place))), "")
    named = [
        f"{heads[place]}: {cell}" if place < len(heads) and heads[place] and not (level and place == 0) else cell
        for place, cell in enumerate(cells)
        if _bare(cell) and not (place and _level(cell, heads, place))
    ]
    if level and named:
        named[0] = f"{named[0]} ({level})"
    elif not heads and len(named) == 2 and len(named[0].split()) <= 6 and not named[0].endswith((".", "!", "?")):
        return f"{_bare(named[0])}: {named[1]}"
    return ("; " if heads or level else " | ").join(named)


def _level(cell: str, heads: Sequence[str], place: int) -> str:
    """Return how much a row matters where a cell says nothing else."""
    said = _bare(cell).lower().rstrip(".*")
    head = heads[place].lower() if place < len(heads) else ""
    if said in _LETTERS and _LETTER_HEADS.search(head):
        return _LETTERS[said]
    return said if said in _LEVELS else ""
