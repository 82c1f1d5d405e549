"""Latency is drawn from the call: the same again, longer for more tokens, and far longer where a fault says so."""

import statistics

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import FaultKind
from shipworthy.gateway.latency import Latency

DRAWS, LATENCY = Draws(1), Latency()


@given(st.integers(0, 100), st.integers(0, 5000), st.integers(0, 5000))
def test_more_tokens_take_longer(occurrence: int, prompt: int, completion: int) -> None:
    drawn = ("digest", occurrence)
    short = LATENCY.drawn(DRAWS, drawn, (prompt, completion))
    assert 0 < short == LATENCY.drawn(DRAWS, drawn, (prompt, completion))
    assert short < LATENCY.drawn(DRAWS, drawn, (prompt, completion + 1))
    assert short < LATENCY.drawn(DRAWS, drawn, (prompt, completion), FaultKind.SLOW_STREAM)


def test_calls_spread_around_the_middle_as_stated() -> None:
    drawn = [LATENCY.drawn(DRAWS, ("digest", at), (0, 0)) for at in range(2000)]
    assert 240 < statistics.median(drawn) < 260
    within = sum(0.78 * 250 < one < 1.28 * 250 for one in drawn)
    assert 0.64 < within / 2000 < 0.72


def test_a_call_that_never_answers_takes_the_whole_time_out() -> None:
    assert LATENCY.drawn(DRAWS, ("digest", 0), (5, 5), FaultKind.TIMEOUT) == 600_000
