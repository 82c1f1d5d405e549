"""The reader of the lexicon: what is found in a posting, where, and in whose words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.roles.entities import TITLE
from shipworthy.roles.operations import scope_text
from tests.support.postings import BLENDED, LLM, stances_in


def test_every_finding_stands_in_its_sentence_as_it_is_quoted() -> None:
    scoped = scope_text(BLENDED)
    found = (*scoped.reading.competencies, *scoped.reading.contexts)
    assert len(found) > 8
    for mention in found:
        spoken = scoped.posting.title if mention.sentence == TITLE else scoped.posting.sentences[mention.sentence].text
        assert mention.words in spoken


def test_a_title_asks_for_what_it_names_and_leans_to_a_context() -> None:
    reading = scope_text("LLM Engineer, RAG and Prompt Engineering\n\nWe bake bread.").reading
    named = {mention.subject for mention in reading.competencies if mention.sentence == TITLE}
    assert {"rag_vector_db", "prompt_engineering"} <= named
    assert {mention.subject for mention in reading.contexts} == {"llm_genai"}
    assert {mention.stance.value for mention in (*reading.competencies, *reading.contexts)} == {"required"}


def test_without_words_of_the_trade_nothing_is_found() -> None:
    reading = scope_text("Baker\n\nYou knead dough and bake rye bread.\n").reading
    assert (reading.competencies, reading.contexts, reading.refused) == ((), (), ())


@pytest.mark.parametrize(
    "text",
    [
        "You report a RAG status of red, amber or green.",
        "You mount LoRa gateways and radios.",
        "You join an embedded team.",
    ],
)
def test_words_in_another_sense_are_not_found(text: str) -> None:
    assert stances_in(text, "Engineer") == {}


def test_a_sentence_without_a_subject_goes_on_with_the_one_before() -> None:
    assert stances_in("You write training code. In PyTorch, with care.") == {"PyTorch": "required"}
    assert stances_in("We write training code. In PyTorch, with care.") == {"PyTorch": "company"}


def test_whom_a_sentence_speaks_of_is_forgotten_at_the_end_of_a_paragraph() -> None:
    assert stances_in("You write training code.\n\nIn PyTorch, with care.") == {"PyTorch": "company"}


LINES = st.lists(
    st.sampled_from((*LLM.splitlines(), "Nice to have", "- LoRA", "You must know SQL.", "No JAX needed.", "")),
    max_size=12,
)


@given(LINES.map("\n".join))
def test_the_same_text_gives_the_same_profile(text: str) -> None:
    one, other = scope_text(f"LLM Engineer\n{text}"), scope_text(f"LLM Engineer\n{text}")
    assert one.reading == other.reading
    assert one.profile == other.profile
