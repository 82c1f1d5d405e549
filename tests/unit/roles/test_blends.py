"""What can be done about a role that is several, and what each choice does to the requirements."""

import pytest
from hypothesis import given, settings

from shipworthy.framework import RequirementLevel, load_framework
from shipworthy.roles.blends import Choice, choices_of
from shipworthy.roles.entities import RoleProfile
from tests.support.postings import BLENDED, LLM, scoped
from tests.support.profiles import changed, scoped_profiles

FRAMEWORK = load_framework()
REQUIRED, PREFERRED, NOT_NEEDED = RequirementLevel.REQUIRED, RequirementLevel.PREFERRED, RequirementLevel.NOT_NEEDED
FORECASTER = """Machine Learning Engineer

Requirements
- You own demand forecasting with time series
- You predict churn with gradient boosting
- You price loans with a scorecard for credit risk
- You build retrieval-augmented generation on a vector database
- PyTorch
"""


def choices(text: str) -> dict[str, Choice]:
    return {choice.id: choice for choice in choices_of(scoped(text), FRAMEWORK)}


def test_without_a_blend_there_is_nothing_to_choose() -> None:
    assert choices_of(scoped(LLM), FRAMEWORK) == ()


def test_the_advised_way_comes_first_and_leaving_it_last() -> None:
    assert list(choices(BLENDED)) == ["split", "drop", "soften", "keep"]


def test_split_roles_need_what_their_own_context_asks() -> None:
    assistant, forecaster = choices(BLENDED)["split"].roles
    assert (assistant.context_ids, forecaster.context_ids) == (("llm_genai",), ("classical_ml",))
    assert (assistant.needs["rag_vector_db"], assistant.needs["statistical_modeling"]) == (REQUIRED, PREFERRED)
    assert (forecaster.needs["rag_vector_db"], forecaster.needs["statistical_modeling"]) == (NOT_NEEDED, REQUIRED)
    assert assistant.title == "Senior LLM Engineer (LLM / generative AI)"


def test_what_the_text_requires_apart_from_other_contexts_is_required_of_a_split_role() -> None:
    shared = BLENDED.replace("- Python and PyTorch", "- Python and PyTorch\n- Solid statistics and hypothesis tests")
    assistant, _ = choices(shared)["split"].roles
    assert assistant.needs["statistical_modeling"] is REQUIRED


def test_dropping_keeps_the_main_role_and_names_the_lines_to_drop() -> None:
    dropped = choices(BLENDED)["drop"]
    assert dropped.sentences == (
        "You own demand forecasting with time series",
        "You predict churn with gradient boosting",
    )
    assert [role.context_ids for role in dropped.roles] == [("llm_genai",)]
    assert "Classical ML" in dropped.what


def test_softening_makes_the_other_roles_part_a_wish() -> None:
    found = choices(FORECASTER)
    assert found["drop"].roles[0].needs["rag_vector_db"] is NOT_NEEDED
    assert found["soften"].roles[0].needs["rag_vector_db"] is PREFERRED
    assert found["soften"].sentences == ("You build retrieval-augmented generation on a vector database",)


def test_leaving_it_asks_for_all_of_every_context() -> None:
    [both] = choices(BLENDED)["keep"].roles
    assert both.context_ids == ("llm_genai", "classical_ml")
    assert set(both.needs.values()) == {REQUIRED}


def test_a_blend_of_three_becomes_three_roles() -> None:
    research = "- You develop new methods and publish papers at NeurIPS\n- A publication record of your own\n"
    assert len(choices(BLENDED + research)["split"].roles) == 3


@pytest.mark.parametrize("choice", ["split", "drop", "soften", "keep"])
def test_what_a_person_took_out_stays_out_of_every_choice(choice: str) -> None:
    profile = changed(scoped(BLENDED), "needs.governance", "not_needed")
    [found] = [each for each in choices_of(profile, FRAMEWORK) if each.id == choice]
    assert {role.needs["governance"] for role in found.roles} == {NOT_NEEDED}


@settings(max_examples=40)
@given(scoped_profiles())
def test_every_choice_says_a_need_for_every_competency_and_keeping_asks_the_most(profile: RoleProfile) -> None:
    found = {choice.id: choice for choice in choices_of(profile, FRAMEWORK)}
    assert bool(found) == (profile.blended and profile.primary_context is not None)
    for choice in found.values():
        assert all(tuple(role.needs) == FRAMEWORK.competency_ids for role in choice.roles)
    if found:
        most = set(found["keep"].roles[0].required())
        assert all(set(role.required()) <= most for choice in found.values() for role in choice.roles)


def test_a_role_requires_at_least_what_its_context_does() -> None:
    [role] = choices(BLENDED)["drop"].roles
    asked = {name for name in FRAMEWORK.competency_ids if FRAMEWORK.requirement("llm_genai", name) is REQUIRED}
    assert asked <= set(role.required())
