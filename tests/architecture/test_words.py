"""Names mean something, texts hold nothing of one machine, and links between pages lead somewhere."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.pages import DOCS, FENCED, ROOT, SOURCE, kept_files, text_of

EMPTY_WORDS = {
    "agent", "base", "common", "data", "helper", "helpers", "info", "job", "manager", "misc", "model", "service",
    "util", "utils",
}  # fmt: skip
OWN = ("tests/architecture/test_words.py",)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root/[\w.]|work/(?:main|shared)\b|home/\w|Users/\w)")
REGISTRIES = re.compile(
    r"(?:pypi\.(?:org|python)|pythonhosted|registry\.npmjs|index-url|extra-index|artifactory|nexus\.|devpi)",
    re.IGNORECASE,
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")


def texts() -> list[tuple[str, str]]:
    """Return every text of the checkout with its path."""
    found = [(str(path.relative_to(ROOT)), text_of(path)) for path in kept_files()]
    return [(name, text) for name, text in found if text is not None and name not in OWN]


def test_no_module_or_class_has_a_name_that_could_mean_anything() -> None:
    for path in SOURCE.rglob("*.py"):
        assert path.stem not in EMPTY_WORDS, path
        assert path.parent.name not in EMPTY_WORDS, path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                assert node.name.strip("_").lower() not in EMPTY_WORDS, f"{path}: class {node.name}"


def test_the_glossary_names_the_words_to_avoid() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    for word in ("model", "job", "agent", "data", "info", "manager", "service", "utils", "helpers", "common", "base"):
        assert re.search(rf"\b{word}\b", text)


def test_no_text_holds_a_path_of_one_machine() -> None:
    found = [(name, seen.group()) for name, text in texts() for seen in [MACHINE_PATHS.search(text)] if seen]
    found = [(name, path) for name, path in found if not name.startswith(("catalogue/", "tests/hostile/"))]
    assert not found


def test_no_text_names_a_package_index() -> None:
    allowed = {"Makefile"}  # it tells the tool not to write an index into the locked files
    found = [(name, seen.group()) for name, text in texts() for seen in [REGISTRIES.search(text)] if seen]
    assert not [pair for pair in found if pair[0] not in allowed]


def test_no_page_holds_a_sentence_that_was_left_open() -> None:
    pages = [(name, text) for name, text in texts() if name.endswith(".md")]
    found = [(name, word) for name, text in pages for word in ("TODO", "TBD", "FIXME", "XXX", "Lorem") if word in text]
    assert not found


def pages() -> list[Path]:
    """Return every page of the checkout."""
    return [path for path in kept_files() if path.suffix == ".md" and "catalogue" not in path.parts]


def links(page: Path) -> list[str]:
    """Return what a page links to within the checkout."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    targets = [next(part for part in found if part) for found in LINK.findall(text)]
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


@pytest.mark.parametrize("page", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in links(page):
        name, _, heading = target.partition("#")
        place = (page.parent / name).resolve() if name else page
        assert place.exists(), f"{page.relative_to(ROOT)} links to {target}"
        assert place.is_relative_to(ROOT)
        if heading:
            assert heading in anchors(place), f"{page.relative_to(ROOT)} links to {target}"


def anchors(page: Path) -> set[str]:
    """Return the anchors that headings of a page get."""
    headings = re.findall(r"^#+ +(.+)$", FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_of_the_docs_is_in_their_index() -> None:
    linked = {(DOCS / target.partition("#")[0]).resolve() for target in links(DOCS / "README.md")}
    missing = [page for page in DOCS.rglob("*.md") if page != DOCS / "README.md" and page.resolve() not in linked]
    assert not missing, "docs/README.md does not link to these"
