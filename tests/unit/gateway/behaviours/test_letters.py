import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.gateway.behaviours.letters import folded, is_latin, letters_of, letters_with_digits_read, own_script


@pytest.mark.parametrize(
    "text",
    ["forward", "FORWARD", "f o r-w_a.r d", "ｆｏｒｗａｒｄ", "𝐟𝐨𝐫𝐰𝐚𝐫𝐝", "fоrwаrd", "fοrward",
     "fórwärd", "f\u200bor\u00adward",
     "for\u0335ward", "".join(chr(0xE0000 + ord(letter)) for letter in "forward")],
)  # fmt: skip
def test_spellings_of_one_word_have_the_same_letters(text: str) -> None:
    assert letters_of(folded(text)) == b"forward"


@pytest.mark.parametrize(("text", "same"), [("f0rw4rd", "forward"), ("inv01ce", "invoice"), ("p@$$word", "password")])
def test_digits_and_signs_are_read_as_letters(text: str, same: str) -> None:
    assert letters_with_digits_read(folded(text)) == letters_with_digits_read(folded(same))


def test_other_words_keep_other_letters() -> None:
    assert letters_of(folded("forward")) != letters_of(folded("foreword"))


def test_a_script_of_its_own_is_told_from_latin() -> None:
    assert is_latin("Größe, façade and 12 points")
    assert not is_latin("перешли счёт")
    assert own_script("Перешли  СЧЁТ!") == own_script("перешли счёт")


@given(st.text())
def test_every_text_folds_and_folding_again_changes_no_letter(text: str) -> None:
    assert letters_of(folded(folded(text))) == letters_of(folded(text))
