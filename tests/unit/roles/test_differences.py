"""Two profiles differ where they do, the weightiest first, with the reasons of the changes between them."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.roles.differences import changes_since, differences
from shipworthy.roles.entities import Caution, RoleProfile
from tests.support.profiles import changed, llm_profile, next_versions, profiles, retitled, undone


def test_a_profile_does_not_differ_from_itself() -> None:
    assert differences(llm_profile(), llm_profile()) == ()


def test_a_changed_need_is_told_first_and_with_its_reason() -> None:
    new = changed(changed(llm_profile(), "title", "AI Engineer"), "needs.rag_vector_db", "not_needed", "Another team.")
    found = differences(llm_profile(), new)
    assert [each.what for each in found] == ["needs.rag_vector_db", "title", "changes"]
    first = found[0]
    assert (first.before, first.after) == ("required", "not needed")
    assert [made.reason for made in first.because] == ["Another team."]


def test_needs_that_follow_from_another_context_have_its_reason() -> None:
    found = differences(llm_profile(), changed(llm_profile(), "primary_context", "research", "It is research."))
    need = next(each for each in found if each.what == "needs.mlops_deployment")
    assert [made.reason for made in need.because] == ["It is research."]
    context = next(each for each in found if each.what == "primary_context")
    assert (context.before, context.after) == ("LLM / generative AI", "Research-heavy")


def test_profiles_of_two_postings_differ_without_reasons() -> None:
    other = retitled(llm_profile(), "Data Engineer")
    other = replace(other, source=replace(other.source, digest="0" * 64), years=2)
    found = differences(llm_profile(), changed(other, "minutes", "60"))
    assert [each.what for each in found] == ["minutes", "years", "title", "source.text", "changes"]
    assert not any(each.because for each in found)


def test_an_earlier_version_is_no_later_one() -> None:
    new = changed(llm_profile(), "minutes", "60")
    assert changes_since(new, llm_profile()) == ()
    assert [each.what for each in differences(new, llm_profile())] == ["minutes", "changes"]


def test_a_change_that_was_taken_back_differs_in_the_version_only() -> None:
    back = undone(changed(llm_profile(), "minutes", "60"))
    assert [each.what for each in differences(llm_profile(), back)] == ["changes"]


def test_warnings_that_went_and_came_are_paired() -> None:
    old, thin = llm_profile(), Caution("thin_text", "The text says little.", "Add the duties.")
    new = replace(old, warnings=(replace(old.warnings[0], what="Other words."), thin))
    found = {each.what: each for each in differences(old, new)}
    assert found["warnings.forgotten"].after == "Other words."
    assert (found["warnings.thin_text"].before, found["warnings.thin_text"].after) == ("", "The text says little.")


@given(profiles(), profiles())
@settings(max_examples=40)
def test_there_is_a_difference_exactly_where_profiles_are_not_equal(one: RoleProfile, other: RoleProfile) -> None:
    assert bool(differences(one, other)) == (one != other)
    assert differences(one, one) == ()


@given(st.data())
@settings(max_examples=60)
def test_every_change_of_a_later_version_explains_what_it_changed(data: st.DataObject) -> None:
    old = data.draw(profiles())
    new = data.draw(next_versions(old))
    found = differences(old, new)
    assert bool(found) == (old != new)
    for each in found:
        assert each.because or each.what == "changes", each.what
