"""What a hiring manager is warned of, and what is left in peace."""

import pytest

from shipworthy.roles.entities import Caution
from tests.support.postings import BLENDED, FORECASTS, LLM, OFFICE, codes, scoped

WHOLE = (
    LLM
    + "- You deploy models with Docker on Kubernetes and build REST APIs with FastAPI\n- SQL and data pipelines\n"
    + "- Fine-tuning with LoRA\n- You defend our assistant against prompt injection\n"
    + "- You keep model cards and follow the EU AI Act\n"
)


def warning(text: str, code: str) -> Caution:
    [found] = [caution for caution in scoped(text).warnings if caution.code == code]
    return found


def test_a_posting_that_says_what_its_role_needs_has_no_warning() -> None:
    assert scoped(WHOLE).warnings == ()


def test_every_warning_says_what_to_do() -> None:
    for text in (BLENDED, OFFICE, LLM + "- Native English speaker", "ML Engineer\n\n- RAG"):
        assert all(caution.what and caution.advice for caution in scoped(text).warnings)


def test_a_blend_names_its_roles_and_sentences_before_anything_else() -> None:
    first = scoped(BLENDED).warnings[0]
    assert first.code == "blended_role"
    assert "Classical ML and LLM / generative AI" in first.what
    assert set(FORECASTS.replace("- ", "").splitlines()) < set(first.sentences)


def test_what_is_forgotten_is_named_and_nothing_else() -> None:
    found = warning(WHOLE.replace("- SQL and data pipelines\n", ""), "forgotten")
    assert "Data pipelines and SQL" in found.what
    assert "Governance" not in found.what


def test_what_goes_beyond_the_context_is_named_with_its_sentence() -> None:
    text = "Machine Learning Engineer\n\nRequirements\n" + FORECASTS + "\nNice to have\n- RAG with a vector database\n"
    found = warning(text, "beyond_the_context")
    assert "RAG and vector databases" in found.what
    assert found.sentences == ("RAG with a vector database",)


def test_no_role_of_ai_is_told_with_its_ground() -> None:
    assert "Office Manager" in warning(OFFICE, "not_an_ai_role").what
    assert "forgotten" not in codes(OFFICE)


@pytest.mark.parametrize(
    ("line", "words", "trait"),
    [
        ("Native English speaker", "Native English speaker", "language"),
        ("A young and energetic mind", "young and energetic", "age"),
        ("Must be a US citizen", "Must be a US citizen", "origin"),
        ("No tattoos", "No tattoos", "appearance"),
    ],
)
def test_words_that_may_ask_for_a_protected_trait_are_told(line: str, words: str, trait: str) -> None:
    found = warning(f"{LLM}- {line}\n", "protected_trait")
    assert found.what == f"“{words}” may ask for a protected trait ({trait})."
    assert found.sentences == (line,)


def test_the_same_words_are_told_once() -> None:
    assert codes(LLM + "- No tattoos\n- No tattoos\n").count("protected_trait") == 1


@pytest.mark.parametrize(
    "text",
    [
        "\nEqual opportunity\nWe welcome people of any age, gender and religion, native speakers or not.\n",
        "\nWe are an equal opportunity employer: native speakers and all others, young and old.\n",
        "\nWe hire without regard to age, gender or religion, and native speakers get no favour.\n",
        "- A cheerful mood\n",
    ],
)
def test_a_sentence_of_equal_opportunity_is_no_trait(text: str) -> None:
    assert "protected_trait" not in codes(LLM + text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LLM Engineer\n\nRequirements\n- PyTorch\n", "little"),
        ("LLM Engineer\n\nWe bake bread.", "nothing that can be assessed"),
        ("Baker of rye bread\n" + "You bake and bake and sell what you have baked. " * 10, "nothing"),
    ],
)
def test_a_thin_text_is_told(text: str, words: str) -> None:
    assert words in warning(text, "thin_text").what
