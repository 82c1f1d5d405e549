"""Draws follow from what they are drawn from, and from nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.gateway.draws import Draws

ONE, OTHER = Draws(1), Draws(2)


@given(st.text(), st.integers(0, 1000))
def test_the_same_call_draws_the_same(digest: str, occurrence: int) -> None:
    assert ONE.hexadecimal("id", digest, occurrence, digits=24) == Draws(1).hexadecimal(
        "id", digest, occurrence, digits=24
    )


def test_seed_purpose_digest_and_occurrence_all_matter() -> None:
    drawn = {
        ONE.hexadecimal("id", "abc", 0, digits=24),
        OTHER.hexadecimal("id", "abc", 0, digits=24),
        ONE.hexadecimal("created", "abc", 0, digits=24),
        ONE.hexadecimal("id", "abd", 0, digits=24),
        ONE.hexadecimal("id", "abc", 1, digits=24),
    }
    assert len(drawn) == 5


def test_fractions_fill_the_space_between_0_and_1_evenly() -> None:
    drawn = [ONE.fraction("any", "abc", at) for at in range(2000)]
    assert all(0 < one < 1 for one in drawn)
    for low in (0.0, 0.25, 0.5, 0.75):
        assert 400 < sum(low <= one < low + 0.25 for one in drawn) < 600


def test_whole_numbers_stay_below_their_bound() -> None:
    assert {ONE.below(3, "any", "abc", at) for at in range(100)} == {0, 1, 2}
