"""Reads a job description from a file: plain text, Markdown, HTML, PDF or DOCX; refuses the rest in words."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from shipworthy.core.canonical import digest
from shipworthy.roles.errors import PostingError

MAX_BYTES = 20_000_000
MAX_CHARACTERS = 200_000
"""A long posting has ten thousand characters; more than this is something else."""
MAX_PAGES = 40
MAX_UNPACKED_BYTES = 50_000_000

_GIVE_TEXT = "Save it as text, Markdown, HTML, PDF or DOCX, or paste its words into a .txt file."
_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "an old Word or Office file",
    b"{\\rtf": "a rich-text (RTF) file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"\x1f\x8b": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
}


@dataclass(frozen=True)
class Document:
    """The words of a job description: its text or HTML, the format that it came in, and the digest of its bytes."""

    name: str
    format: str
    text: str
    digest: str


def read_document(path: Path) -> Document:
    """Read the job description in a file. Raises `PostingError` with what is wrong and what to do."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise PostingError(f"{path.name} is a folder.", remedy="Name the file that holds the job description.")
        _require_small(path.name, size)
        content = path.read_bytes()
    except OSError as error:
        raise PostingError(
            f"{path.name} cannot be read: {error.strerror}.", remedy="Name a file that exists and that you may read."
        ) from error
    return read_bytes(content, path.name)


def read_bytes(content: bytes, name: str) -> Document:
    """Read the job description in some bytes; `name` is only used in words. Raises `PostingError`."""
    _require_small(name, len(content))
    form, text = _text_of(content, name)
    if not any(sign.isalpha() for sign in text):
        raise PostingError(f"{name} holds no words.", remedy="Give the text of a job description.")
    if len(text) > MAX_CHARACTERS:
        raise PostingError(
            f"{name} holds {len(text):,} characters; a job description has fewer than {MAX_CHARACTERS:,}.",
            remedy="Give one job description, without the rest of the site or file.",
        )
    return Document(name, form, text, digest(content))


def _require_small(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise PostingError(
            f"{name} has {size / 1e6:,.0f} MB; a job description has less than {MAX_BYTES / 1e6:.0f} MB.",
            remedy="Give the text of one job description.",
        )


def _text_of(content: bytes, name: str) -> tuple[str, str]:
    if content.startswith(b"%PDF-") or b"%PDF-" in content[:1024]:
        return "pdf", _text_of_pdf(content, name)
    if content.startswith(b"PK\x03\x04"):
        return "docx", _markup_of_docx(content, name)
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            raise PostingError(f"{name} is {kind}, which is not read.", remedy=_GIVE_TEXT)
    text = _decode(content, name)
    start = text[:2000].lstrip().lower()
    is_page = start.startswith(("<!doctype", "<html")) or "<body" in start
    form = "html" if is_page or name.lower().endswith((".html", ".htm")) else "text"
    return form, text


def _decode(content: bytes, name: str) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    strange = sum(sign in "\0\ufffd" or (sign < " " and sign not in "\t\n\r\f\v") for sign in text[:100_000])
    if strange > len(text[:100_000]) / 200:
        raise PostingError(f"{name} holds no text: its bytes are not those of words.", remedy=_GIVE_TEXT)
    return text.replace("\0", " ")


def _text_of_pdf(content: bytes, name: str) -> str:
    import pypdf  # noqa: PLC0415  # half a second that only a PDF is worth

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else reader.pages[: MAX_PAGES + 1]
        text = "" if len(pages) > MAX_PAGES else "\n".join(page.extract_text() or "" for page in pages)
    except Exception as error:  # whatever a damaged file makes the library raise is a fault of the file
        raise PostingError(f"{name} is a PDF that cannot be read.", remedy=_GIVE_TEXT) from error
    if locked:
        raise PostingError(
            f"{name} is protected by a password.", remedy="Save it without a password, or paste its text."
        )
    if len(pages) > MAX_PAGES:
        raise PostingError(f"{name} has more than {MAX_PAGES} pages.", remedy="Give one job description.")
    if not text.strip():
        raise PostingError(
            f"{name} holds no text: it is probably a scan.",
            remedy="Paste the words of the job description into a file.",
        )
    return text


def _markup_of_docx(content: bytes, name: str) -> str:
    import mammoth  # noqa: PLC0415  # a tenth of a second that only a DOCX is worth

    try:
        _require_document(content, name)
        pictureless = mammoth.images.img_element(_no_picture)
        markup = mammoth.convert_to_html(io.BytesIO(content), convert_image=pictureless).value
    except PostingError:
        raise
    except Exception as error:  # whatever a damaged file makes the library raise is a fault of the file
        raise PostingError(f"{name} is a Word document that cannot be read.", remedy=_GIVE_TEXT) from error
    return f"<html><body>{markup}</body></html>"


def _require_document(content: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
    if "word/document.xml" not in {member.filename for member in members}:
        raise PostingError(f"{name} is an archive, not a Word document.", remedy=_GIVE_TEXT)
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise PostingError(f"{name} unpacks to more than a job description can hold.", remedy=_GIVE_TEXT)


def _no_picture(_image: object) -> dict[str, str]:
    return {}
