"""Terms are found in running text however they are spelled, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.roles.phrases import COMMA, HARD, JOINED, Phrasebook, fold, longest, read_term, widest, words_of


def found(term: str, text: str) -> list[str]:
    words = words_of(text)
    matches = Phrasebook([(None, term)]).find(words)
    return [text[words[match.start].start : words[match.end - 1].end] for match in matches]


@pytest.mark.parametrize(
    ("term", "text", "spelled"),
    [
        ("python", "You know PYTHON.", "PYTHON"),
        ("fine-tun*", "We do fine-tuning.", "fine-tuning"),
        ("fine-tun*", "We do finetuning.", "finetuning"),
        ("fine-tun*", "We do fine tuning.", "fine tuning"),
        ("resume", "Send a résumé.", "résumé"),
        ("dont need", "You don’t need Java.", "don’t need"),
        ("C++", "C++ and C", "C++"),
        ("years .. python", "years of daily work in Python", "years of daily work in Python"),
        ("fine-tun*", "ﬁne-tuning", "ﬁne-tuning"),
        ("python", "𝗣𝘆𝘁𝗵𝗼𝗻", "𝗣𝘆𝘁𝗵𝗼𝗻"),
    ],
)
def test_a_term_is_found_in_its_spellings(term: str, text: str, spelled: str) -> None:
    assert found(term, text) == [spelled]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("python", "pythonic"),
        ("=RAG", "a rag doll"),
        ("machine learning", "machine. Learning is fun"),
        ("machine learning", "machine (learning)"),
        ("years .. python", "years of long and hard daily work in Python"),
        ("years .. python", "years; Python"),
        ("C", "C++"),
    ],
)
def test_a_term_is_not_found_elsewhere(term: str, text: str) -> None:
    assert found(term, text) == []


def test_words_know_what_separates_them() -> None:
    assert [word.gap for word in words_of("one two, three; four-five (six")] == [
        JOINED, JOINED, COMMA, HARD, JOINED, HARD,
    ]  # fmt: skip


@pytest.mark.parametrize("term", ["", "*", "..", "= "])
def test_a_term_without_a_word_is_refused(term: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the term is all that it says
        read_term(term)


def test_the_longest_and_the_widest_match() -> None:
    words = words_of("vector databases and databases")
    matches = list(Phrasebook([("one", "vector databases"), ("one", "databases")]).find(words))
    best = longest(matches)
    assert best is not None
    assert best.length == 2
    assert [(match.start, match.end) for match in widest(matches)] == [(0, 2), (3, 4)]


@given(st.text(max_size=200))
def test_words_lie_where_they_say(text: str) -> None:
    last = 0
    for word in words_of(text):
        assert last <= word.start < word.end <= len(text)
        last = word.end


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
