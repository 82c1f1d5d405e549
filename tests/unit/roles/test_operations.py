"""Scoping from a document: the whole way, and what is refused."""

import pytest

from shipworthy.framework import load_framework
from shipworthy.roles.documents import read_bytes, read_text
from shipworthy.roles.entities import DEFAULT_MINUTES, Reading
from shipworthy.roles.errors import PostingError, ProfileError
from shipworthy.roles.lexicon import load_lexicon
from shipworthy.roles.operations import draw_profile, scope_role, scope_text
from shipworthy.roles.rules import ScopingPolicy
from tests.support.made_files import docx, paragraph, pdf
from tests.support.postings import BLENDED, LLM


def test_a_role_is_scoped_with_everything_that_was_found() -> None:
    scoped = scope_text(LLM, "posting.txt")
    profile = scoped.profile
    assert (profile.title, profile.seniority.value, profile.minutes) == (
        "Senior LLM Engineer",
        "senior",
        DEFAULT_MINUTES,
    )
    assert (profile.version, profile.source.name) == (1, "posting.txt")
    assert scoped.posting.title == profile.title
    assert scoped.reading.reader == profile.source.reader == "lexicon"


def test_the_same_posting_reads_the_same_in_every_format() -> None:
    lines = ["Machine Learning Engineer", "", "Requirements", "- PyTorch and scikit-learn", "- SQL"]
    word = docx(
        paragraph(lines[0], "Title")
        + paragraph(lines[2], "Heading1")
        + "".join(paragraph(line.removeprefix("- "), item=True) for line in lines[3:])
    )
    page = (
        "<html><body><h1>Machine Learning Engineer</h1><h2>Requirements</h2><ul><li>PyTorch and scikit-learn</li>"
        "<li>SQL</li></ul></body></html>"
    )
    files = ("\n".join(lines).encode(), word, page.encode(), pdf(lines))
    profiles = [scope_role(read_bytes(content, "posting")).profile for content in files]
    assert [profile.source.format for profile in profiles] == ["text", "docx", "html", "pdf"]
    assert len({(profile.title, profile.primary_context, str(profile.needs)) for profile in profiles}) == 1


@pytest.mark.parametrize("minutes", [0, -1, 100_000])
def test_an_absurd_limit_is_refused(minutes: int) -> None:
    with pytest.raises(ProfileError, match=f"cannot be asked for {minutes} minutes"):
        scope_role(read_text(LLM, "posting"), minutes=minutes)


def test_a_limit_of_ones_own_is_kept() -> None:
    assert scope_role(read_text(LLM, "posting"), minutes=90).profile.minutes == 90


def test_a_text_in_another_language_is_refused_in_words() -> None:
    german = (
        "KI-Entwickler\n\nWir suchen eine Person, die unsere Modelle baut und betreibt. Sie haben mehrere Jahre mit "
        "Python gearbeitet und wissen, wie man Modelle prüft. Wir bieten Ihnen eine ruhige Werkstatt und gutes Brot."
    )
    with pytest.raises(PostingError, match="German"):
        scope_text(german)


class Silent:
    """A reader that finds nothing."""

    def read(self, posting: object) -> Reading:
        """Return an empty reading, whatever the posting."""
        assert posting is not None
        return Reading("silent", (), ())


def test_a_reader_of_ones_own_takes_the_place_of_the_lexicon() -> None:
    profile = scope_role(read_text(LLM, "posting"), reader=Silent()).profile
    assert profile.source.reader == "silent"
    assert all(not line.quotes for line in profile.competencies)
    assert profile.ai_role, "the title still says it"


def test_the_figures_of_the_rules_can_be_others() -> None:
    scoped = scope_text(BLENDED)
    strict = draw_profile(
        scoped.posting,
        scoped.reading,
        load_lexicon(),
        load_framework(),
        source=scoped.profile.source,
        policy=ScopingPolicy(demanded_weight=100.0),
    )
    assert scoped.profile.blended
    assert not strict.blended
