"""Every kind of file ends in its words or in a clear refusal."""

import os
import zlib
from pathlib import Path

import pytest

from shipworthy.roles.blocks import BlockKind, blocks_of
from shipworthy.roles.documents import MAX_BYTES, read_bytes, read_document, read_text
from shipworthy.roles.errors import PostingError
from tests.support.made_files import (
    WORD,
    archive_of,
    assembled,
    docx,
    docx_of,
    locked,
    paragraph,
    pdf,
    table,
)

WORDS = "AI Engineer\nYou know Python and SQL.\n"


def marked(content: bytes, name: str) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in blocks_of(read_bytes(content, name).text)]


def refusal(content: bytes, name: str = "posting") -> str:
    with pytest.raises(PostingError) as error:
        read_bytes(content, name)
    assert error.value.exit_code == 2
    assert error.value.remedy
    assert error.value.what.startswith(name)
    return error.value.what


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "ascii"]
)
def test_the_same_words_are_read_in_every_encoding(encoding: str) -> None:
    document = read_bytes(WORDS.encode(encoding), "posting.txt")
    assert document.text == WORDS
    assert document.format == "text"


def test_windows_quotes_and_accents_survive() -> None:
    assert read_bytes("You’ll know “Python” – naïve café".encode("cp1252"), "a.txt").text == (
        "You’ll know “Python” – naïve café"
    )


def test_one_broken_byte_does_not_spoil_the_rest() -> None:
    text = read_bytes("Größe und Übung für Zürich".encode() + b"\xff", "a.txt").text
    assert text.startswith("Größe und Übung für Zürich")


def test_a_null_byte_is_a_blank() -> None:
    assert read_bytes(b"AI Engineer\0Python", "a.txt").text == "AI Engineer Python"


def test_pasted_text_may_hold_half_a_sign() -> None:
    assert read_text("AI Engineer \ud800 Python").digest


def test_pasted_markup_is_a_page() -> None:
    assert read_text("<html><body><p>AI Engineer").format == "html"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \r\n\t ", "is empty"),
        (b"12 34 -- 55 %", "holds no words"),
        (b"\x7fELF\x02\x01", "is a program"),
        (b"MZ\x90\0\x03", "is a program"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"GIF89a\x01", "is a picture"),
        (b"\xff\xd8\xff\xe0", "is a picture"),
        (b"BM\x36\0\0\0", "is a picture"),
        (b"RIFF\x10\0\0\0WEBP", "is a picture or a recording"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an old or a protected Office file"),
        (b"{\\rtf1\\ansi AI Engineer}", "is a rich-text (RTF) file"),
        (b"\x1f\x8b\x08", "is a compressed archive"),
        (bytes(range(256)) * 40, "holds no text"),
        (b"\x00\x01\x02\xff" * 50, "holds no text"),
        (b"PK\x03\x04 and no more", "is a Word document that cannot be read"),
        (b"%PDF-1.7 and no more", "is a PDF that cannot be read"),
        (archive_of(readme_txt=b"AI Engineer"), "is an archive"),
        (archive_of(xl__workbook_xml=b"<x/>"), "is a spreadsheet"),
        (archive_of(ppt__presentation_xml=b"<x/>"), "is a presentation"),
        (archive_of(mimetype=b"odt", content_xml=b"<x/>"), "is an OpenDocument file"),
    ],
)
def test_what_is_no_job_description_is_refused_by_name(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_words_that_begin_like_a_picture_are_words() -> None:
    assert read_bytes(b"BMW seeks an AI Engineer", "a.txt").format == "text"


@pytest.mark.parametrize("content", [b"{\\rtf1 x}", b"\xd0\xcf\x11\xe0", archive_of(content_xml=b"<x/>")])
def test_what_a_word_processor_opens_can_be_saved_as_something_that_is_read(content: bytes) -> None:
    with pytest.raises(PostingError) as error:
        read_bytes(content, "posting")
    assert "save it as DOCX or PDF" in error.value.remedy


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PostingError, match="is a folder"):
        read_document(tmp_path)
    with pytest.raises(PostingError, match="cannot be read"):
        read_document(tmp_path / "missing.txt")
    with pytest.raises(PostingError, match=r"null byte|cannot be read"):
        read_document(tmp_path / "odd\0name.txt")


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PostingError, match="is no file"):
        read_document(tmp_path / "pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "closed.txt"
    path.write_text(WORDS)
    path.chmod(0)
    with pytest.raises(PostingError, match="cannot be read"):
        read_document(path)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(PostingError, match="has 20 MB"):
        read_document(path)


def test_ten_megabytes_of_text_are_refused() -> None:
    assert "10,260,000 characters" in refusal(b"AI engineer builds models. " * 380_000)


def test_a_page_may_bring_along_megabytes_that_nobody_sees() -> None:
    page = f"<html><body><script>{'x = 1; ' * 100_000}</script><p title='{'y' * 1_000_000}'>AI Engineer</p>"
    assert marked(page.encode(), "a.html") == [("text", "AI Engineer")]


def test_a_page_that_shows_too_much_is_refused() -> None:
    assert "characters" in refusal(b"<html><body>" + b"<p>You know Python.</p>" * 20_000)


def test_a_page_that_shows_nothing_is_refused() -> None:
    assert "shows no words" in refusal(b"<html><body><script>draw('AI Engineer')</script><p hidden>AI Engineer</p>")


def test_a_pdf_is_read_in_order() -> None:
    content = pdf(["AI Engineer", "Requirements", "- Python (five years)", "- SQL"], ["Benefits", "- Cake"])
    assert [text for _, text in marked(content, "a.pdf")] == [
        "AI Engineer", "Requirements", "Python (five years)", "SQL", "Benefits", "Cake",
    ]  # fmt: skip


def test_page_numbers_of_a_pdf_are_left_out() -> None:
    texts = [text for _, text in marked(pdf(["AI Engineer", "Page 1 of 2"], ["You know Python.", "2/2"]), "a.pdf")]
    assert texts == ["AI Engineer", "You know Python."]


def test_lines_of_a_pdf_that_were_wrapped_are_joined() -> None:
    wrapped = [
        "You build the retrieval that our assistants rest on, and you measure",
        "whether an answer is right before anybody outside the company sees it,",
        "together with two engineers and a designer who have done this before. You",
        "watch what you have shipped in production, and when it degrades you find",
        "out why, roll it back and write down what has been learned, so that others",
        "do not have to learn it again.",
    ]
    assert len(marked(pdf(wrapped), "a.pdf")) == 1


def test_a_locked_pdf_is_refused_and_one_without_a_password_is_read() -> None:
    plain = pdf(["AI Engineer"])
    assert "protected by a password" in refusal(locked(plain, "secret"))
    assert marked(locked(plain, ""), "a.pdf") == [("text", "AI Engineer")]


def test_a_scan_and_a_damaged_pdf_are_refused() -> None:
    assert "probably a scan" in refusal(pdf([]))
    assert "cannot be read" in refusal(pdf(["AI Engineer"])[:60])


def test_a_pdf_of_many_pages_is_refused() -> None:
    assert "more than 40 pages" in refusal(pdf(*[["AI Engineer"]] * 41))


def _packed(length: int) -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(b"(A) Tj " * 150_000) for _ in range(length // 1_050_000)]
    return b"".join([*parts, packer.flush()])


def test_a_pdf_that_unpacks_without_end_is_refused() -> None:
    stream = _packed(100_000_000)
    content = assembled([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ])  # fmt: skip
    assert "unpacks to more" in refusal(content)


def test_a_word_document_keeps_headings_lists_and_tables() -> None:
    body = (
        paragraph("AI Engineer", "Title")
        + paragraph("Requirements", "Heading1")
        + paragraph("Python &amp; SQL", item=True)
        + paragraph("Docker", item=True)
        + paragraph("Nice to have", bold=True)
        + table(("Skill", "Level"), ("Go", "optional"))
        + paragraph("Talk to us.")
    )
    assert marked(docx(body, {"word/media/logo.png": b"\x89PNG\r\n"}), "a.docx") == [
        ("heading", "AI Engineer"),
        ("heading", "Requirements"),
        ("item", "Python & SQL"),
        ("item", "Docker"),
        ("heading", "Nice to have"),
        ("item", "Skill: Level"),
        ("item", "Go (optional)"),
        ("text", "Talk to us."),
    ]


def test_macros_and_pictures_of_a_word_document_are_not_even_opened() -> None:
    more = {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0", "word/media/logo.png": b"\0" * 60_000_000}
    assert marked(docx(paragraph("AI Engineer"), more), "a.docx") == [("text", "AI Engineer")]


def test_a_picture_that_links_to_a_file_of_this_machine_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("topsecret")
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        '<a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="rId9"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    links = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        f'Target="file://{tmp_path}/secret.txt" TargetMode="External"/></Relationships>'
    )
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = docx(paragraph("AI Engineer") + drawing, {"word/_rels/document.xml.rels": links.encode()})
    document = read_bytes(content, "a.docx")
    assert "AI Engineer" in document.text
    assert "dG9wc2VjcmV0" not in document.text
    assert "topsecret" not in document.text


def test_a_word_document_that_unpacks_without_end_is_refused() -> None:
    huge = docx_of(f"<w:document {WORD}><w:body>".encode() + b"<w:p/>" * 2_000_000)
    assert "unpacks to more" in refusal(huge)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_a_word_document_are_neither_expanded_nor_fetched(encoding: str) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [<!ENTITY l0 "lol">'
        '<!ENTITY x SYSTEM "file:///etc/passwd">'
        f"{laughs}]><w:document {WORD}><w:body><w:p><w:r><w:t>AI Engineer &l9; &x;</w:t></w:r></w:p>"
        "</w:body></w:document>"
    )
    assert "declares entities" in refusal(docx_of(bomb.encode(encoding)))


def test_a_word_document_nested_beyond_sense_is_refused() -> None:
    deep = "<w:sdt><w:sdtContent>" * 20_000 + "</w:sdtContent></w:sdt>" * 20_000
    assert "cannot be read" in refusal(docx(deep))


def test_a_word_document_whose_sizes_lie_is_refused() -> None:
    content = bytearray(docx(paragraph("AI Engineer " * 5_000)))
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(b"word/document.xml"))
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    assert "cannot be read" in refusal(bytes(content))


def test_a_name_cannot_carry_signs_that_steer_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\u202e.txt"
    path.write_text(WORDS)
    assert "\x1b" not in read_document(path).name
    assert "\u202e" not in read_document(path).name


def test_a_heading_of_word_is_a_heading() -> None:
    assert blocks_of(read_bytes(docx(paragraph("Benefits", "Heading1")), "a.docx").text)[0].kind is BlockKind.HEADING
