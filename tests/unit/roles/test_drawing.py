"""Blueprints of profiles: within the limit, for AI roles only, and for every choice about a blend."""

import pytest

from shipworthy.framework import RequirementLevel, load_framework
from shipworthy.roles.blueprint.entities import OffersOfCatalogue
from shipworthy.roles.blueprint.errors import BlueprintError
from shipworthy.roles.drawing import can_be_drawn, draw_choices, draw_for, limit_of
from shipworthy.roles.entities import RoleProfile
from shipworthy.roles.errors import ProfileError
from tests.support.postings import BLENDED, LLM, OFFICE, scoped
from tests.support.profiles import changed
from tests.unit.roles.blueprint.builders import offer

FRAMEWORK = load_framework()
OFFERS = OffersOfCatalogue(
    (
        offer("answers", "rag_vector_db", "evaluation", minutes=60),
        offer("forecasts", "statistical_modeling", minutes=40, contexts=("classical_ml",)),
        offer("prompts", "prompt_engineering", minutes=50),
    ),
    (),
)


def test_a_blueprint_keeps_the_limit_of_the_profile() -> None:
    profile = changed(scoped(LLM), "minutes", "70")
    drawn = draw_for(profile, OFFERS, FRAMEWORK)
    assert drawn.limit_minutes == 70
    assert 0 < drawn.minutes <= 70


def test_tasks_of_other_contexts_are_no_part_of_it() -> None:
    assert draw_for(scoped(LLM), OFFERS, FRAMEWORK).task_ids == ("answers", "prompts")
    assert draw_for(scoped(BLENDED), OFFERS, FRAMEWORK).task_ids == ("answers", "forecasts", "prompts")


def test_a_shorter_limit_may_be_wished_but_no_longer_one() -> None:
    profile = scoped(LLM)
    assert (limit_of(profile, None), limit_of(profile, 180), limit_of(profile, 60)) == (180, 180, 60)
    assert draw_for(profile, OFFERS, FRAMEWORK, limit_minutes=60).minutes <= 60
    with pytest.raises(ProfileError, match="allows 180 minutes, not 181") as refused:
        draw_for(profile, OFFERS, FRAMEWORK, limit_minutes=181)
    assert "role change PROFILE minutes 181" in refused.value.remedy


@pytest.mark.parametrize("minutes", [0, -5])
def test_no_time_at_all_is_refused(minutes: int) -> None:
    with pytest.raises(BlueprintError, match="minutes"):
        draw_for(scoped(LLM), OFFERS, FRAMEWORK, limit_minutes=minutes)


def test_what_is_wanted_is_in_and_what_is_unwanted_is_out() -> None:
    drawn = draw_for(scoped(LLM), OFFERS, FRAMEWORK, limit_minutes=60, pinned=["prompts"], excluded=["answers"])
    assert drawn.task_ids == ("prompts",)


def test_a_task_that_nobody_offers_is_refused() -> None:
    with pytest.raises(BlueprintError, match="no task 'promtps'") as refused:
        draw_for(scoped(LLM), OFFERS, FRAMEWORK, pinned=["promtps"])
    assert "prompts" in refused.value.remedy


def test_a_role_that_is_none_of_ai_has_no_blueprint_until_a_person_says_so() -> None:
    profile = scoped(OFFICE)
    assert not can_be_drawn(profile)
    with pytest.raises(ProfileError, match="does not read like an AI engineering role"):
        draw_for(profile, OFFERS, FRAMEWORK)
    said = changed(profile, "primary_context", "llm_genai")
    assert can_be_drawn(said)
    assert draw_for(said, OFFERS, FRAMEWORK).task_ids == ("answers", "prompts")


def test_every_choice_about_a_blend_is_drawn_and_says_its_minutes() -> None:
    profile = scoped(BLENDED)
    drawn = {choice.choice.id: choice for choice in draw_choices(profile, OFFERS, FRAMEWORK)}
    assert {name: choice.minutes for name, choice in drawn.items()} == {
        "split": 110,
        "drop": 110,
        "soften": 110,
        "keep": 150,
    }
    assert [role.blueprint.minutes for role in drawn["split"].roles] == [110, 40]


def test_choices_keep_the_limit_too() -> None:
    drawn = draw_choices(scoped(BLENDED), OFFERS, FRAMEWORK, limit_minutes=60)
    assert drawn
    assert all(choice.minutes <= 60 for choice in drawn)
    assert draw_choices(scoped(LLM), OFFERS, FRAMEWORK) == ()


def test_what_a_person_took_out_is_not_drawn() -> None:
    profile: RoleProfile = changed(scoped(LLM), "needs.prompt_engineering", RequirementLevel.NOT_NEEDED.value)
    assert draw_for(profile, OFFERS, FRAMEWORK).task_ids == ("answers",)
