"""Reads a job description from a file: plain text, Markdown, HTML, PDF or DOCX; refuses the rest in words."""

import io
import logging
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shipworthy.core.canonical import digest
from shipworthy.roles.blocks import blocks_of
from shipworthy.roles.errors import PostingError

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_BYTES = 20_000_000
MAX_CHARACTERS = 200_000
"""A long posting has ten thousand characters; more than this is something else."""
MAX_PAGE_CHARACTERS = 6_000_000
"""A saved web page may bring along megabytes of scripts; what a reader sees of it counts as characters."""
MAX_PAGES = 40
MAX_MARKUP_BYTES = 6_000_000
"""How much a Word document's text may unpack to: its parser needs fifty times that in memory."""
MAX_MEMBERS = 5_000
MAX_PDF_STREAM = 8_000_000
MAX_PDF_WORK = 300_000
"""How many operators of a PDF are followed: a page of text has a few thousand."""

_GIVE_TEXT = "Save it as text, Markdown, HTML, PDF or DOCX, or paste its words into a .txt file."
_SAVE_AS = "Open it in a word processor and save it as DOCX or PDF, or paste its words into a .txt file."
_PASTE = "Paste the words of the job description into a .txt file."
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old or a protected Office file", _SAVE_AS),
    (b"{\\rtf", "a rich-text (RTF) file", _SAVE_AS),
    (b"\x89PNG", "a picture", _PASTE),
    (b"\xff\xd8\xff", "a picture", _PASTE),
    (b"GIF8", "a picture", _PASTE),
    (b"BM", "a picture", _PASTE),
    (b"II*\0", "a picture", _PASTE),
    (b"MM\0*", "a picture", _PASTE),
    (b"RIFF", "a picture or a recording", _PASTE),
    (b"\x7fELF", "a program", _GIVE_TEXT),
    (b"MZ\x90", "a program", _GIVE_TEXT),
    (b"\x1f\x8b", "a compressed archive", _GIVE_TEXT),
    (b"7z\xbc\xaf", "a compressed archive", _GIVE_TEXT),
    (b"Rar!", "a compressed archive", _GIVE_TEXT),
    (b"BZh", "a compressed archive", _GIVE_TEXT),
    (b"\xfd7zXZ", "a compressed archive", _GIVE_TEXT),
)
_BINARY_ONLY = frozenset({b"BM", b"RIFF", b"BZh"})
"""Signatures that words may begin with too."""
_ARCHIVES = {
    "xl/workbook.xml": ("a spreadsheet", _PASTE),
    "ppt/presentation.xml": ("a presentation", _PASTE),
    "content.xml": ("an OpenDocument file", _SAVE_AS),
    "META-INF/container.xml": ("an e-book", _PASTE),
}
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)


@dataclass(frozen=True)
class Document:
    """The words of a job description: its text or HTML, the format that it came in, and the digest of its bytes."""

    name: str
    format: str
    text: str
    digest: str


def read_document(path: Path) -> Document:
    """Read the job description in a file. Raises `PostingError` with what is wrong and what to do."""
    name = _printable(path.name or str(path))
    try:
        if path.is_dir():
            raise PostingError(f"{name} is a folder.", remedy="Name the file that holds the job description.")
        if not path.is_file() and path.exists():
            raise PostingError(f"{name} is no file.", remedy="Name the file that holds the job description.")
        _require_small(name, path.stat().st_size)
        content = path.read_bytes()
    except OSError as error:
        raise PostingError(
            f"{name} cannot be read: {error.strerror}.", remedy="Name a file that exists and that you may read."
        ) from error
    except ValueError as error:
        raise PostingError("The name of the file holds a null byte.", remedy="Name a file that exists.") from error
    return read_bytes(content, name)


def read_bytes(content: bytes, name: str) -> Document:
    """Read the job description in some bytes; `name` is only used in words. Raises `PostingError`."""
    _require_small(name, len(content))
    form, text = _text_of(content, name)
    return _checked(Document(name, form, text, digest(content)))


def read_text(text: str, name: str = "pasted text") -> Document:
    """Take pasted text for a job description. Raises `PostingError`, as for a file."""
    content = text.encode(errors="replace")
    _require_small(name, len(content))
    return _checked(Document(name, "html" if _is_page(text, "") else "text", text, digest(content)))


def _checked(document: Document) -> Document:
    name = document.name
    if not any(sign.isalpha() for sign in document.text):
        raise PostingError(f"{name} holds no words.", remedy="Give the text of a job description.")
    if document.format not in {"html", "docx"}:
        _require_short(name, len(document.text), MAX_CHARACTERS)
        return document
    _require_short(name, len(document.text), MAX_PAGE_CHARACTERS)
    seen = sum(len(block.text) for block in blocks_of(document.text))
    _require_short(name, seen, MAX_CHARACTERS)
    if not seen:
        raise PostingError(
            f"{name} shows no words: whatever it holds is hidden, or is drawn by a script.",
            remedy="Copy the words of the job description from the page into a .txt file.",
        )
    return document


def _require_small(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise PostingError(
            f"{name} has {size / 1e6:,.0f} MB; a job description has less than {MAX_BYTES / 1e6:.0f} MB.",
            remedy="Give the text of one job description.",
        )


def _require_short(name: str, characters: int, limit: int) -> None:
    if characters > limit:
        raise PostingError(
            f"{name} holds {characters:,} characters; a job description has fewer than {limit:,}.",
            remedy="Give one job description, without the rest of the site or file.",
        )


def _text_of(content: bytes, name: str) -> tuple[str, str]:
    if b"%PDF-" in content[:1024]:
        return "pdf", _text_of_pdf(content, name)
    if content.startswith(b"PK\x03\x04"):
        return "docx", _markup_of_docx(content, name)
    for signature, kind, remedy in _SIGNATURES:
        if content.startswith(signature) and (signature not in _BINARY_ONLY or b"\0" in content[:200]):
            raise PostingError(f"{name} is {kind}, which is not read.", remedy=remedy)
    text = _decode(content, name)
    return ("html" if _is_page(text, name) else "text"), text


def _is_page(text: str, name: str) -> bool:
    start = text[:2000].lstrip().lower()
    return start.startswith(("<!doctype", "<html")) or "<body" in start or name.lower().endswith((".html", ".htm"))


def _decode(content: bytes, name: str) -> str:
    """Return the words in some bytes; raises `PostingError` where they are not those of a text."""
    if not any(sign not in b" \t\r\n\0" for sign in content[:100_000]):
        raise PostingError(f"{name} is empty.", remedy="Give the text of a job description.")
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None) or _wide(content)
    text = content.decode(encoding, errors="replace") if encoding else _narrow(content)
    start = text[:100_000]
    strange = sum(sign in "\0\ufffd" or (sign < " " and sign not in "\t\n\r\f\v") for sign in start)
    if strange > max(3, len(start) / 100) or strange == len(start.strip()):
        raise PostingError(f"{name} holds no text: its bytes are not those of words.", remedy=_GIVE_TEXT)
    return text.replace("\0", " ")


def _wide(content: bytes) -> str | None:
    """Return the encoding of two bytes a sign where the null bytes betray it: Windows writes it without a mark too."""
    start = content[:4000]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if len(start) < 8 or max(even, odd) < 0.4 * len(start) / 2 or min(even, odd) > 0.05 * len(start) / 2:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _narrow(content: bytes) -> str:
    """Decode UTF-8 with a few broken signs as such, and everything else as Windows text."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if not broken or broken < sum(sign > "\x7f" for sign in text) - broken:
        return text
    return content.decode("cp1252", errors="replace")


def _text_of_pdf(content: bytes, name: str) -> str:
    import pypdf  # noqa: PLC0415  # half a second that only a PDF is worth
    from pypdf.errors import LimitReachedError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends on the way is not for the user
    try:
        with pypdf.apply_configuration(
            zlib_maximum_output_length=MAX_PDF_STREAM,
            lzw_maximum_output_length=MAX_PDF_STREAM,
            run_length_maximum_output_length=MAX_PDF_STREAM,
            array_based_stream_maximum_output_length=MAX_PDF_STREAM,
            stream_decoding_work_maximum_length=5 * MAX_PDF_STREAM,
            stream_parsing_work_maximum_count=MAX_PDF_WORK,
            xform_maximum_invocations_per_extraction=200,
        ):
            text = _pages_of(pypdf.PdfReader(io.BytesIO(content)), name)
    except PostingError:
        raise
    except LimitReachedError as error:
        raise PostingError(f"{name} unpacks to more than a job description can hold.", remedy=_PASTE) from error
    except Exception as error:  # whatever a damaged file makes the library raise is a fault of the file
        raise PostingError(f"{name} is a PDF that cannot be read.", remedy=_GIVE_TEXT) from error
    if not any(sign.isalpha() for sign in text):
        raise PostingError(f"{name} holds no text: it is probably a scan.", remedy=_PASTE)
    return text


def _pages_of(reader: "PdfReader", name: str) -> str:
    if reader.is_encrypted and not reader.decrypt(""):
        raise PostingError(
            f"{name} is protected by a password.", remedy="Save it without a password, or paste its text."
        )
    if len(reader.pages) > MAX_PAGES:
        raise PostingError(f"{name} has more than {MAX_PAGES} pages.", remedy="Give one job description.")
    found: list[str] = []
    for page in reader.pages:
        found.append(page.extract_text() or "")
        _require_short(name, sum(map(len, found)), MAX_CHARACTERS)
    return "\n".join(found)


def _markup_of_docx(content: bytes, name: str) -> str:
    import mammoth  # noqa: PLC0415  # a tenth of a second that only a DOCX is worth

    try:
        _require_document(content, name)
        markup = mammoth.convert_to_html(
            io.BytesIO(content),
            convert_image=mammoth.images.img_element(_no_picture),
            style_map="p[style-name='Title'] => h1:fresh",
            include_embedded_style_map=False,
        ).value
    except PostingError:
        raise
    except Exception as error:  # whatever a damaged file makes the library raise is a fault of the file
        raise PostingError(f"{name} is a Word document that cannot be read.", remedy=_GIVE_TEXT) from error
    return f"<html><body>{markup}</body></html>"


def _require_document(content: bytes, name: str) -> None:
    """Refuse an archive that is no Word document, and one that is made to harm whoever unpacks it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {member.filename: member for member in archive.infolist()}
        if "word/document.xml" not in members:
            kind, remedy = next(
                (said for part, said in _ARCHIVES.items() if part in members), ("an archive", _GIVE_TEXT)
            )
            raise PostingError(f"{name} is {kind}, not a Word document.", remedy=remedy)
        parts = [member for member in members.values() if member.filename.endswith((".xml", ".rels"))]
        if any(member.flag_bits & 1 for member in parts):
            raise PostingError(
                f"{name} is protected by a password.", remedy="Save it without a password, or paste its text."
            )
        if len(members) > MAX_MEMBERS or sum(member.file_size for member in parts) > MAX_MARKUP_BYTES:
            raise PostingError(f"{name} unpacks to more than a job description can hold.", remedy=_PASTE)
        _require_plain(archive, parts, name)


def _require_plain(archive: zipfile.ZipFile, parts: Iterable[zipfile.ZipInfo], name: str) -> None:
    """Word declares no entities of its own: a file that does would have them expanded without end, or fetched."""
    for part in parts:
        written = archive.read(part).replace(b"\0", b"").upper()
        if b"<!DOCTYPE" in written or b"<!ENTITY" in written:
            raise PostingError(
                f"{name} declares entities, which no word processor writes; it is not read.", remedy=_PASTE
            )


def _no_picture(_image: object) -> dict[str, str]:
    return {}


def _printable(name: str) -> str:
    """Return the name of a file without signs that a terminal or a page could choke on."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name)
