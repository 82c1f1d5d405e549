"""Cues: which words of a sentence say how something is meant, and whose clause it is."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.roles.cues import Cue, cues_in, opens_clause
from shipworthy.roles.lexicon import load_lexicon
from shipworthy.roles.phrases import words_of

SUBJECTS = {"role", "company", "others"}


def cues(text: str) -> list[Cue]:
    return cues_in(words_of(text), (), load_lexicon())


def said(text: str) -> set[str]:
    return {cue.says for cue in cues(text)} - SUBJECTS


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Go is required", "required"),
        ("Ideally Go", "preferred"),
        ("Go is a plus", "preferred"),
        ("No Go needed", "not_needed"),
        ("Go is not required", "not_needed"),
        ("We will teach you Go", "taught"),
    ],
)
def test_a_cue_says_how_something_is_meant(text: str, says: str) -> None:
    assert said(text) == {says}


def test_the_longer_cue_counts_not_the_one_inside_it() -> None:
    [cue] = [cue for cue in cues("Go is not required") if cue.says not in SUBJECTS]
    assert (cue.says, cue.start, cue.end) == ("not_needed", 1, 4)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Our platform team runs the cluster", True),
        ("You write Go, and our platform team runs the cluster", True),
        ("You learn from our platform team runs of the cluster", False),
    ],
)
def test_others_act_only_where_a_clause_begins_with_them(text: str, found: bool) -> None:
    assert ("others" in {cue.says for cue in cues(text)}) is found


def test_a_clause_begins_at_the_start_after_a_sign_and_after_a_contrast() -> None:
    words = words_of("Here we bake, they eat but nobody knows why")
    assert [word.folded for place, word in enumerate(words) if opens_clause(place, words)] == [
        "here",
        "we",
        "they",
        "nobody",
    ]


PIECES = st.sampled_from(
    ("Go", "is", "a", "plus", "not", "required", "no", "needed", "ideally", "you", "we", "teach", "must", ",", "(", ")")
)


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_cues_come_in_order_and_those_of_a_kind_never_overlap(text: str) -> None:
    found = cues(text)
    assert [cue.start for cue in found] == sorted(cue.start for cue in found)
    for kind in (True, False):
        alike = [cue for cue in found if (cue.says in SUBJECTS) is kind]
        assert all(one.end <= other.start for one, other in pairwise(alike))
