"""Changes keep their reason, are refused in words, and can be taken back without anything being erased."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from shipworthy.framework import RequirementLevel
from shipworthy.roles.changes import change, require_minutes, scoped_values
from shipworthy.roles.entities import Caution, RoleProfile
from shipworthy.roles.errors import ProfileError
from tests.support.profiles import FRAMEWORK, WHEN, changed, llm_profile, profiles, scoped_profiles, undone


def test_a_change_of_a_need_is_noted_with_its_reason_and_raises_the_version() -> None:
    old = llm_profile()
    new = change(
        old, "needs.rag_vector_db", "not_needed", by=" Ada  Byron ", reason="Search is\nanother team's.", when=WHEN
    )
    assert new.needs["rag_vector_db"] is RequirementLevel.NOT_NEEDED
    assert new.version == old.version + 1
    made = new.changes[-1]
    assert (made.before, made.after, made.by, made.reason, made.when) == (
        "required", "not_needed", "Ada Byron", "Search is another team's.", WHEN,
    )  # fmt: skip
    others = {name: need for name, need in new.needs.items() if name != "rag_vector_db"}
    assert others == {name: need for name, need in old.needs.items() if name != "rag_vector_db"}


@pytest.mark.parametrize(
    ("what", "after", "words"),
    [
        ("needs.rag", "required", "needs.rag_vector_db"),
        ("colour", "red", "primary_context"),
        ("needs.rag_vector_db", "maybe", "required, preferred, not_needed"),
        ("primary_context", "robotics", "classical_ml, llm_genai, research"),
        ("seniority", "principal", "junior, mid, senior"),
        ("minutes", "0", "from 1 to 1440"),
        ("minutes", "1441", "from 1 to 1440"),
        ("minutes", "1.5", "from 1 to 1440"),
        ("minutes", "-5", "from 1 to 1440"),
        ("minutes", "²", "from 1 to 1440"),
        ("years", "51", "from 0 to 50"),
        ("years", "many", "from 0 to 50"),
        ("title", "  ", "title of the role"),
        ("title", "a\x1b[31mb", "plain letters"),
        ("title", "x" * 301, "300"),
        ("minutes", "180", "another value"),
        ("needs.rag_vector_db", "required", "another value"),
    ],
)
def test_what_cannot_be_changed_is_refused_with_a_remedy(what: str, after: str, words: str) -> None:
    with pytest.raises(ProfileError) as refused:
        changed(llm_profile(), what, after)
    assert words in refused.value.remedy


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("by", "  ", "name"),
        ("reason", "\n", "reason"),
        ("reason", "a\x07b", "printed"),
        ("when", "yesterday", "UTC"),
        ("when", "2026-05-03T09:30:00", "UTC"),
        ("when", "2026-05-03T09:30:00+02:00", "UTC"),
    ],
)
def test_a_change_needs_a_name_a_reason_and_a_time(field: str, text: str, told: str) -> None:
    words = {"by": "Ada Byron", "reason": "The work asks for it.", "when": WHEN, field: text}
    with pytest.raises(ProfileError) as refused:
        change(llm_profile(), "minutes", "90", by=words["by"], reason=words["reason"], when=words["when"])
    assert told in refused.value.what
    assert refused.value.remedy


def test_values_may_be_written_as_people_write_them() -> None:
    assert changed(llm_profile(), "needs.rag_vector_db", "Not needed").needs["rag_vector_db"] == "not_needed"
    assert changed(llm_profile(), "primary_context", "Classical-ML").primary_context == "classical_ml"
    assert changed(llm_profile(), "minutes", " 090 ").changes[-1].after == "90"


def test_another_context_sets_anew_what_it_asks_and_keeps_what_a_person_set() -> None:
    set_by_hand = changed(llm_profile(), "needs.mlops_deployment", "not_needed")
    new = changed(set_by_hand, "primary_context", "research")
    for line in new.competencies:
        assert line.framework is FRAMEWORK.requirement("research", line.competency_id)
    assert new.needs["mlops_deployment"] is RequirementLevel.NOT_NEEDED
    assert new.needs["statistical_modeling"] is RequirementLevel.REQUIRED, "research requires it"
    assert new.needs["rag_vector_db"] is RequirementLevel.REQUIRED, "the text requires it"
    assert new.needs["data_pipelines_sql"] is RequirementLevel.PREFERRED, "research and the text prefer it"


def test_the_warnings_speak_of_the_context_that_the_profile_has() -> None:
    new = changed(llm_profile(), "primary_context", "research")
    told = " ".join(warning.what for warning in new.warnings)
    assert "Research-heavy" in told
    assert "LLM / generative AI role" not in told
    assert "RAG and vector databases" in next(each.what for each in new.warnings if each.code == "beyond_the_context")


def test_warnings_keep_their_order_when_the_context_goes_and_comes_back() -> None:
    codes = ("protected_trait", "thin_text", "instructions_in_text")
    first, *last = (Caution(code, "Look at this.", "Mend it.") for code in codes)
    profile = replace(llm_profile(), warnings=(first, *llm_profile().warnings, *last))
    there = changed(profile, "primary_context", "research")
    assert [each.code for each in there.warnings] == [
        "protected_trait", "forgotten", "beyond_the_context", "thin_text", "instructions_in_text",
    ]  # fmt: skip
    assert undone(there).warnings == profile.warnings


def test_a_need_that_was_set_and_taken_back_follows_the_context_again() -> None:
    back = undone(changed(llm_profile(), "needs.mlops_deployment", "not_needed"))
    assert changed(back, "primary_context", "research").needs["mlops_deployment"] is RequirementLevel.PREFERRED


def test_taking_back_is_a_change_of_its_own_and_a_second_time_brings_it_back() -> None:
    new = changed(llm_profile(), "minutes", "90")
    back = undone(new)
    assert (back.minutes, back.version) == (180, 3)
    assert back.changes[:1] == new.changes
    assert undone(back).minutes == 90


def test_nothing_to_take_back_is_refused() -> None:
    with pytest.raises(ProfileError, match="no change to take back"):
        undone(llm_profile())


@given(profiles())
@settings(max_examples=60)
def test_taking_back_restores_every_value_and_erases_nothing(profile: RoleProfile) -> None:
    if not profile.changes:
        return
    back = undone(profile)
    assert back.changes[:-1] == profile.changes
    assert undone(back).needs == profile.needs
    assert undone(back).primary_context == profile.primary_context
    assert scoped_values(back) == scoped_values(profile)


@given(scoped_profiles())
@settings(max_examples=40)
def test_there_and_back_leaves_what_is_assessed_as_it_was(profile: RoleProfile) -> None:
    for context in FRAMEWORK.role_context_ids:
        if context != profile.primary_context:
            back = undone(changed(profile, "primary_context", context))
            assert back.needs == profile.needs
            assert back.primary_context == profile.primary_context
            assert [line.framework for line in back.competencies] == [line.framework for line in profile.competencies]


@pytest.mark.parametrize("minutes", [0, -1, 1441])
def test_a_limit_that_no_candidate_can_have_is_refused(minutes: int) -> None:
    with pytest.raises(ProfileError):
        require_minutes(minutes)
    require_minutes(1)
    require_minutes(1440)
