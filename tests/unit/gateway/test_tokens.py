"""The tokenizer never loses a sign, and cuts where its tokens end."""

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.gateway.tokens import count_tokens, first_tokens, tokens


@given(st.text())
def test_tokens_put_together_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(st.text(), st.integers(-1, 50))
def test_a_cut_text_is_a_beginning_with_at_most_as_many_tokens(text: str, most: int) -> None:
    cut = first_tokens(text, most)
    assert text.startswith(cut)
    assert count_tokens(cut) <= max(most, 0)
    assert cut == text or count_tokens(cut) == max(most, 0)


@given(st.text(), st.text())
def test_a_longer_text_has_no_fewer_tokens(text: str, more: str) -> None:
    assert count_tokens(text) <= count_tokens(text + more)


def test_tokens_look_like_those_of_known_models() -> None:
    assert tokens("The invoice 20417 is overdue.") == ["The", " invoic", "e", " 204", "17", " is", " overdu", "e", "."]
