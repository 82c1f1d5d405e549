"""From what was read to a profile: levels, contexts, blend, AI role or not, and seniority."""

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.framework import RequirementLevel, load_framework
from shipworthy.roles.entities import MentionLevel, Quote, RoleProfile
from shipworthy.roles.rules import need_of, share_of
from tests.support.postings import BLENDED, FORECASTS, LLM, OFFICE, levels, scoped

ORDER = (RequirementLevel.NOT_NEEDED, RequirementLevel.PREFERRED, RequirementLevel.REQUIRED)


@pytest.mark.parametrize("lines", list(permutations(("You must know LoRA.", "LoRA is a plus.", "No LoRA needed."))))
def test_required_wins_whatever_the_order(lines: tuple[str, ...]) -> None:
    text = "LLM Engineer\n\n" + "\n\n".join(lines)
    assert levels(text)["fine_tuning_lora"] is MentionLevel.REQUIRED


REQUIREMENTS = (
    "LoRA",
    "LoRA is a plus",
    "No LoRA needed",
    "SQL",
    "RAG (nice)",
    "A cheerful mood",
    "PyTorch, JAX a plus",
)


@given(st.lists(st.sampled_from(REQUIREMENTS), min_size=1, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_a_list_moves_no_level_and_no_need(lines: list[str], by_chance: random.Random) -> None:
    shuffled = by_chance.sample(lines, len(lines))
    one, other = (scoped("LLM Engineer\n\nRequirements\n- " + "\n- ".join(each)) for each in (lines, shuffled))
    assert one.needs == other.needs
    assert [line.said for line in one.competencies] == [line.said for line in other.competencies]
    assert share_of(one.contexts) == pytest.approx(share_of(other.contexts))


def test_a_wish_wins_over_nothing_and_a_negation_over_nothing_asks_nothing() -> None:
    assert levels("LLM Engineer\n\nLoRA is a plus.\n\nNo LoRA needed.")["fine_tuning_lora"] is MentionLevel.PREFERRED
    assert levels("LLM Engineer\n\nNo LoRA needed.")["fine_tuning_lora"] is MentionLevel.NOT_MENTIONED


@given(st.sampled_from(MentionLevel), st.one_of(st.none(), st.sampled_from(RequirementLevel)))
def test_a_need_is_never_below_the_text_or_the_framework(said: MentionLevel, asked: RequirementLevel | None) -> None:
    need = need_of(said, asked)
    told = RequirementLevel(said.value) if said is not MentionLevel.NOT_MENTIONED else RequirementLevel.NOT_NEEDED
    assert ORDER.index(need) == max(ORDER.index(told), ORDER.index(asked or RequirementLevel.NOT_NEEDED))


def test_a_line_shows_the_sentences_that_ask_and_puts_the_others_aside() -> None:
    text = "LLM Engineer\n\nRequirements\n- Adapters with LoRA\n- No DPO needed\n\nBenefits\n- A course on QLoRA"
    line = next(line for line in scoped(text).competencies if line.competency_id == "fine_tuning_lora")
    assert [quote.sentence for quote in line.quotes] == ["Adapters with LoRA"]
    assert {quote.sentence for quote in line.aside} == {"No DPO needed", "A course on QLoRA"}


def test_several_words_of_a_sentence_are_one_quote() -> None:
    line = next(line for line in scoped("ML Engineer\n\nRequirements\n- PyTorch and JAX\n").competencies)
    assert line.quotes == (Quote("PyTorch and JAX", ("PyTorch", "JAX"), line.quotes[0].stance, "Requirements"),)


def test_a_role_of_one_kind_has_its_context_and_no_blend() -> None:
    profile = scoped(LLM)
    assert (profile.ai_role, profile.primary_context, profile.blended) == (True, "llm_genai", False)
    assert share_of(profile.contexts)["llm_genai"] > 0.8


def test_the_work_of_two_roles_required_of_one_person_is_a_blend() -> None:
    profile = scoped(BLENDED)
    assert profile.blended
    assert set(profile.blended_contexts) == {"classical_ml", "llm_genai"}
    assert profile.primary_context == "llm_genai"


@pytest.mark.parametrize(
    "more",
    [
        f"\nNice to have\n{FORECASTS}",
        f"\nNot needed\n{FORECASTS}",
        "\nAbout our company\nOur data science team owns demand forecasting with time series and predicts churn.\n",
        "- Solid statistics: confidence intervals, hypothesis tests and regression\n",
        "- You fine-tune models with LoRA and deploy them on Kubernetes\n",
    ],
)
def test_what_is_wished_told_or_common_to_all_roles_makes_no_blend(more: str) -> None:
    profile = scoped(LLM + more)
    assert (profile.primary_context, profile.blended_contexts) == ("llm_genai", ())


def test_fine_tuning_in_research_makes_no_blend() -> None:
    profile = scoped(
        "Research Scientist, Machine Learning\n\nRequirements\n- You publish papers at conferences such as NeurIPS\n"
        "- You develop new training methods and fine-tune language models with LoRA\n- PyTorch\n"
    )
    assert (profile.primary_context, profile.blended_contexts) == ("research", ())


@given(st.lists(st.sampled_from((*BLENDED.splitlines(), "Nice to have", "- You publish papers", "")), max_size=14))
def test_shares_of_contexts_sum_to_one_or_nothing_pulls(lines: list[str]) -> None:
    profile = scoped("\n".join(("AI Engineer", *lines)))
    total = sum(share_of(profile.contexts).values())
    assert total == pytest.approx(1.0) or total == 0.0
    assert (profile.primary_context is None) == (total == 0.0)


def test_contexts_stand_in_the_order_of_the_framework_with_their_sentences() -> None:
    lines = scoped(BLENDED).contexts
    assert tuple(line.context_id for line in lines) == load_framework().role_context_ids
    assert [quote.sentence for quote in lines[0].quotes] == [
        "You own demand forecasting with time series",
        "You predict churn with gradient boosting",
    ]
    assert not lines[2].quotes


@pytest.mark.parametrize(
    ("title", "ai_role"),
    [
        ("Machine Learning Engineer", True),
        ("Prompt Engineer", True),
        ("Research Scientist, Machine Learning", True),
        ("Research Scientist, Plant Biology", False),
        ("Office Manager", False),
        ("Sales Manager", False),
    ],
)
def test_a_title_tells_an_ai_role(title: str, ai_role: bool) -> None:
    profile = scoped(f"{title}\n\nYou will do good work.")
    assert profile.ai_role is ai_role
    assert profile.ai_because


def test_a_title_that_is_no_ai_role_wins_over_the_product_that_is_sold() -> None:
    profile = scoped("Sales Manager\n\nYour tasks\n- You sell our chatbot with RAG to banks\n- You keep the numbers\n")
    assert (profile.ai_role, profile.primary_context, profile.blended_contexts) == (False, None, ())


def test_duties_tell_an_ai_role_where_the_title_does_not() -> None:
    duties = LLM.partition("\n")[2]
    assert scoped(f"Join us in Leeds\n{duties}").ai_role
    assert "title does not say it" in scoped(f"Join us in Leeds\n{duties}").ai_because
    assert not scoped(OFFICE.replace("Office Manager", "Join us in Leeds")).ai_role


def test_a_role_that_is_none_of_ai_asks_only_what_its_text_asks() -> None:
    profile = scoped(OFFICE + "- SQL\n")
    required = [name for name, need in profile.needs.items() if need is not RequirementLevel.NOT_NEEDED]
    assert required == ["data_pipelines_sql"]
    assert all(line.framework is None for line in profile.competencies)


def seniority(text: str) -> str:
    return scoped(f"{text}\n\nRequirements\n- PyTorch").seniority.value


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Junior ML Engineer", "junior"),
        ("ML Engineer Intern", "junior"),
        ("Mid-level ML Engineer", "mid"),
        ("Senior ML Engineer", "senior"),
        ("Principal ML Engineer", "staff"),
        ("Senior Staff ML Engineer", "staff"),
        ("ML Engineer", "unspecified"),
        ("ML Engineer\n\nThis is a senior role.", "senior"),
        ("ML Engineer\n\nThis is an entry-level position.", "junior"),
        ("Senior ML Engineer\n\nThis is an entry-level position.", "senior"),
        ("ML Engineer\n\nYou report to a senior engineer.", "unspecified"),
        ("ML Engineer\n\nYou mentor junior engineers.", "unspecified"),
    ],
)
def test_seniority_is_what_the_title_says_else_the_text(text: str, level: str) -> None:
    assert seniority(text) == level


def test_what_the_context_asks_is_needed_though_the_text_forgets_it() -> None:
    profile: RoleProfile = scoped(LLM)
    line = next(line for line in profile.competencies if line.competency_id == "ai_security")
    assert (line.said, line.framework, line.need) == (
        MentionLevel.NOT_MENTIONED,
        RequirementLevel.REQUIRED,
        RequirementLevel.REQUIRED,
    )
