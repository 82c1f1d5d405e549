import pytest

from shipworthy.framework import load_framework
from shipworthy.roles.blends import choices_of
from shipworthy.roles.errors import ProfileError
from shipworthy.roles.narrowing import narrowed
from shipworthy.roles.profile_file import parse_profile, profile_text
from tests.support.postings import BLENDED, scoped
from tests.support.profiles import WHEN

FRAMEWORK = load_framework()
WORDS = {"by": "Ada Byron", "reason": "Two people, two jobs.", "when": WHEN}


@pytest.mark.parametrize("choice", range(3))
def test_a_planned_role_becomes_a_profile_that_a_file_can_hold(choice: int) -> None:
    blended = scoped(BLENDED)
    for planned in choices_of(blended, FRAMEWORK)[choice].roles:
        made = narrowed(blended, planned, FRAMEWORK, **WORDS)
        assert (made.needs, made.primary_context, made.title) == (planned.needs, planned.context_ids[0], planned.title)
        assert not made.blended
        assert parse_profile(profile_text(made).encode(), "role.toml") == made
        assert {change.reason for change in made.changes} == {WORDS["reason"]}


def test_other_warnings_stay_and_those_about_the_blend_go() -> None:
    blended = scoped(BLENDED + "- You are a young native speaker\n")
    planned = choices_of(blended, FRAMEWORK)[0].roles[0]
    before, after = (
        {caution.code for caution in one.warnings} for one in (blended, narrowed(blended, planned, FRAMEWORK, **WORDS))
    )
    assert "blended_role" in before - after
    assert "protected_trait" in before & after


def test_it_needs_a_reason() -> None:
    blended = scoped(BLENDED)
    with pytest.raises(ProfileError):
        narrowed(blended, choices_of(blended, FRAMEWORK)[0].roles[0], FRAMEWORK, **(WORDS | {"reason": ""}))
