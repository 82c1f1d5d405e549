"""The changelog is in the form that it says, and knows the product's version."""

import re

import shipworthy
from tests.architecture.pages import ROOT, sections

KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
CHANGELOG = ROOT / "CHANGELOG.md"


def test_the_newest_entry_is_the_product_s_version() -> None:
    newest = next(iter(sections(CHANGELOG)))
    assert re.match(rf"\[{re.escape(shipworthy.__version__)}\] - (unreleased|\d{{4}}-\d\d-\d\d)$", newest)


def test_changes_stand_under_the_known_headings_and_each_has_words() -> None:
    text = CHANGELOG.read_text(encoding="utf-8")
    kinds = re.findall(r"^### (.+)$", text, re.MULTILINE)
    assert kinds
    assert set(kinds) <= KINDS
    assert all(len(line) > len("- x") for line in text.splitlines() if line.startswith("- "))


def test_only_the_newest_entry_may_be_unreleased() -> None:
    assert not [heading for heading in list(sections(CHANGELOG))[1:] if "unreleased" in heading]
