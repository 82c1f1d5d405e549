"""A posting is put in order: title, sections, sentences."""

import pytest

from shipworthy.roles.blocks import blocks_of
from shipworthy.roles.lexicon import load_lexicon
from shipworthy.roles.structure import Posting, read_structure, split_sentences, texts_of


def posting(text: str) -> Posting:
    return read_structure(blocks_of(text), load_lexicon())


def test_a_sentence_stands_under_its_heading() -> None:
    found = posting("ML Engineer\n\nRequirements\n- Python\n\nNice to have\n- Go\n\nBenefits\nCake on Fridays.")
    assert [(sentence.section.kind, sentence.text) for sentence in found.sentences] == [
        ("required", "Python"),
        ("preferred", "Go"),
        ("benefits", "Cake on Fridays."),
    ]
    assert found.title == "ML Engineer"


def test_a_heading_in_the_middle_of_a_line_opens_a_section() -> None:
    found = posting("ML Engineer\n\nRequirements: Python and SQL. Nice to have: Go.")
    assert [sentence.section.kind for sentence in found.sentences] == ["required", "preferred"]


def test_a_short_line_with_a_heading_of_its_own_is_read() -> None:
    found = posting("ML Engineer\n\nMust have: PyTorch\nNice to have: LoRA\n\nWe bake.")
    assert [(sentence.section.kind, sentence.text) for sentence in found.sentences] == [
        ("required", "PyTorch"),
        ("preferred", "LoRA"),
        (None, "We bake."),
    ]


def test_a_heading_with_a_colon_in_it_still_opens_the_list_below() -> None:
    found = posting("ML Engineer\n\nWhat you bring: the essentials\n- PyTorch\n- SQL")
    assert [sentence.section.kind for sentence in found.sentences] == ["required", "required"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("You know Python. You know SQL.", 2),
        ("You know tools, e.g. Airflow. You know SQL.", 2),
        ("A Ph.D. in physics is welcome.", 1),
        ("Version 3.11 of Python", 1),
        ("Really?! Yes.", 2),
        ("", 0),
    ],
)
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


def test_no_word_of_a_posting_is_lost() -> None:
    text = "ML Engineer\nAcme, Leeds\n\nRequirements:\n- Python\n- SQL. Also Go.\n\nWe bake."
    assert sorted(" ".join(texts_of(posting(text))).split()) == sorted(text.replace("- ", "").split())


def test_a_title_may_stand_after_the_name_of_a_company() -> None:
    assert posting("Acme Ltd\nSenior Machine Learning Engineer\nLeeds\n\nWe bake.").title == (
        "Senior Machine Learning Engineer"
    )


def test_a_text_without_blocks_has_no_title() -> None:
    assert posting("---").title == ""
