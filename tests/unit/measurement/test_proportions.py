import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.measurement.errors import NotEnoughFiguresError, OutOfRangeError
from shipworthy.measurement.proportions import wilson_interval


def test_known_wilson_interval() -> None:
    # Newcombe (1998), table I: 81 of 263 and 0 of 20, at 95 %.
    interval = wilson_interval(81, 263, 0.95)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)
    none = wilson_interval(0, 20, 0.95)
    assert (round(none.low, 4), round(none.high, 4)) == (0.0, 0.1611)


@given(st.integers(1, 500), st.data(), st.floats(0.5, 0.999))
def test_the_observed_share_lies_within(trials: int, data: st.DataObject, level: float) -> None:
    successes = data.draw(st.integers(0, trials))
    interval = wilson_interval(successes, trials, level)
    assert 0.0 <= interval.low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= interval.high <= 1.0


def test_nothing_seen_has_no_interval() -> None:
    with pytest.raises(NotEnoughFiguresError):
        wilson_interval(0, 0)
    with pytest.raises(OutOfRangeError):
        wilson_interval(5, 4)
    with pytest.raises(OutOfRangeError):
        wilson_interval(1, 4, 1.0)
