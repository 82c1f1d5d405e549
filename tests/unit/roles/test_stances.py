"""What a sentence says of a skill, in lists and in prose, and how far its words reach."""

import pytest

from tests.support.postings import stances_in


def listed(line: str, heading: str = "Requirements") -> dict[str, str]:
    return stances_in(f"{heading}\n- {line}")


@pytest.mark.parametrize(
    "text",
    [
        "You must know LoRA.",
        "You will bring LoRA to our models.",
        "We are looking for somebody who knows LoRA.",
        "We need somebody who knows LoRA.",
        "The successful candidate trains adapters with LoRA.",
        "Requirements\n- LoRA",
        "What you will do\n- Train adapters with LoRA",
        "Our stack\n- LoRA",
        "Nice to have\n- LoRA (must have)",
        "Nice to have\n- LoRA is essential",
        "Requirements: LoRA. Benefits: cake.",
    ],
)
def test_what_the_person_hired_must_know_or_do_is_required(text: str) -> None:
    assert stances_in(text) == {"LoRA": "required"}


@pytest.mark.parametrize(
    "text",
    [
        "Ideally you know LoRA.",
        "It would be nice if you know LoRA.",
        "Bonus points if you know LoRA.",
        "LoRA is a plus.",
        "You may know LoRA, but it is not essential.",
        "Nice to have\n- LoRA",
        "Requirements\n- Ideally LoRA",
        "Requirements\n- Nice to have: LoRA",
        "Requirements\n- LoRA would be lovely",
        "Requirements\n- LoRA is optional",
        "Requirements\n- LoRA is desirable",
        "Requirements\n- LoRA preferred",
        "Requirements\n- LoRA (nice)",
        "Requirements\n- LoRA (a plus)",
        "Requirements\n- LoRA (nice to have)",
        "Requirements\n- LoRA (bonus)",
        "Requirements\n- LoRA (ideally)",
        "Requirements\n- LoRA (preferred)",
        "Requirements\n- LoRA - a plus",
        "Requirements\n- LoRA – nice to have",
        "Requirements\n- LoRA — bonus points",
        "Requirements\n- LoRA: nice to have",
    ],
)
def test_a_wish_is_a_wish_wherever_its_words_stand(text: str) -> None:
    assert stances_in(text) == {"LoRA": "preferred"}


@pytest.mark.parametrize(
    "text",
    [
        "You do not need LoRA.",
        "You need not know LoRA.",
        "Requirements\n- No LoRA needed",
        "Requirements\n- LoRA is not required",
        "Requirements\n- LoRA (not needed)",
        "Not needed\n- LoRA",
        "What you will not do\n- LoRA",
    ],
)
def test_what_is_negated_is_not_needed(text: str) -> None:
    assert stances_in(text) == {"LoRA": "not_needed"}


@pytest.mark.parametrize("text", ["You need neither LoRA nor JAX.", "Requirements\n- Neither LoRA nor JAX is needed"])
def test_neither_negates_both(text: str) -> None:
    assert stances_in(text) == {"LoRA": "not_needed", "JAX": "not_needed"}


@pytest.mark.parametrize(
    "text",
    [
        "We will teach you LoRA.",
        "You will learn LoRA here.",
        "LoRA is learned on the job.",
        "What you will learn\n- LoRA",
        "Requirements\n- LoRA, which we teach you",
        "Requirements\n- LoRA (we teach it)",
    ],
)
def test_what_is_taught_is_no_requirement(text: str) -> None:
    assert stances_in(text) == {"LoRA": "taught"}


@pytest.mark.parametrize(
    "text",
    [
        "You write Rust. LoRA is owned by our research group.",
        "You write Rust, and our research team trains adapters with LoRA.",
        "Requirements\n- LoRA is handled by another team",
    ],
)
def test_the_work_of_others_is_not_needed(text: str) -> None:
    assert stances_in(text) == {"LoRA": "not_needed"}


@pytest.mark.parametrize(
    "text",
    [
        "We built our product with LoRA.",
        "At Acme, we train adapters with LoRA.",
        "Our customers use LoRA.",
        "About us\nWe train adapters with LoRA for banks.",
    ],
)
def test_what_is_told_of_the_company_asks_nothing(text: str) -> None:
    assert stances_in(text) == {"LoRA": "company"}


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Benefits\n- A meetup on LoRA", "benefits"),
        ("What we offer\n- You get a course on LoRA", "benefits"),
        ("Equal opportunity\nWe hire people who know LoRA and people who do not.", "equal_opportunity"),
        ("How to apply\nSend us your code for LoRA.", "process"),
    ],
)
def test_benefits_fairness_and_the_way_to_apply_ask_nothing(text: str, stance: str) -> None:
    assert stances_in(text) == {"LoRA": stance}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Strong PyTorch, LoRA a plus", {"PyTorch": "required", "LoRA": "preferred"}),
        ("PyTorch is required and JAX is a plus", {"PyTorch": "required", "JAX": "preferred"}),
        ("RAG, LoRA and DPO are a plus", {"RAG": "preferred", "LoRA": "preferred", "DPO": "preferred"}),
        ("No LoRA needed, though it is a plus", {"LoRA": "preferred"}),
        ("PyTorch (must), JAX (nice)", {"PyTorch": "required", "JAX": "preferred"}),
        ("PyTorch, LoRA (nice to have)", {"PyTorch": "required", "LoRA": "preferred"}),
        ("LoRA (nice to have), PyTorch", {"LoRA": "preferred", "PyTorch": "required"}),
        ("LoRA preferred, PyTorch required", {"LoRA": "preferred", "PyTorch": "required"}),
        ("PyTorch; nice to have: LoRA", {"PyTorch": "required", "LoRA": "preferred"}),
        ("JAX, RAG and LoRA (a plus)", {"JAX": "preferred", "RAG": "preferred", "LoRA": "preferred"}),
        ("PyTorch, but no LoRA", {"PyTorch": "required", "LoRA": "not_needed"}),
        ("PyTorch (no CUDA needed)", {"PyTorch": "required"}),
        ("PyTorch or JAX", {"PyTorch": "required", "JAX": "required"}),
    ],
)
def test_words_reach_as_far_as_a_reader_would_take_them(line: str, expected: dict[str, str]) -> None:
    assert listed(line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You know PyTorch, LoRA (nice to have) and RAG.", ["required", "preferred", "required"]),
        ("You bring PyTorch, ideally with LoRA.", ["required", "preferred"]),
        ("We use PyTorch, but you need not know LoRA.", ["company", "not_needed"]),
        ("At Acme, we train adapters with LoRA. You will write PyTorch.", ["company", "required"]),
    ],
)
def test_one_sentence_may_say_several_things(text: str, expected: list[str]) -> None:
    assert list(stances_in(text).values()) == expected


@pytest.mark.parametrize("remark", ["That work belongs to another team.", "It is not part of this role."])
def test_the_sentence_after_may_take_back_what_was_said(remark: str) -> None:
    assert stances_in(f"You train adapters with LoRA. {remark}") == {"LoRA": "not_needed"}


def test_a_remark_in_another_paragraph_takes_nothing_back() -> None:
    text = "You train adapters with LoRA.\n\nThat work belongs to another team."
    assert stances_in(text) == {"LoRA": "required"}


@pytest.mark.parametrize(
    ("heading", "stance"),
    [
        ("Requirements", "required"),
        ("You tick these boxes", "required"),
        ("Your superpowers", "required"),
        ("Things that make us smile", "preferred"),
        ("If you have it, lovely", "preferred"),
        ("What we offer", "benefits"),
        ("What you will learn", "taught"),
    ],
)
def test_a_heading_decides_for_its_list(heading: str, stance: str) -> None:
    assert listed("LoRA", heading) == {"LoRA": stance}


def test_a_list_under_an_unknown_heading_after_the_requirements_holds_wishes() -> None:
    assert stances_in("Requirements\n- PyTorch\n\nPlums and pears\n- LoRA")["LoRA"] == "preferred"
