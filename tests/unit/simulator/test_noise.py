import itertools

import numpy as np
import pytest

from shipworthy.simulator.exercises import ROLLOUT
from shipworthy.simulator.noise import BLOCK, DEPTH, counted, draw_noise


@pytest.mark.parametrize("expected", [0.0, 0.02, 0.5, 3.0, 4.9, 5.1, 30.0, 400.0])
def test_counts_have_the_mean_and_the_scatter_of_their_kind(expected: float) -> None:
    rng, draws = np.random.default_rng(1), 20_000
    rare = np.cumsum(rng.standard_exponential((draws, DEPTH)), axis=-1).tolist()
    noise = zip(rare, rng.standard_normal(draws).tolist(), rng.random(draws).tolist(), strict=True)
    counts = np.array([counted(expected, 0.0, *each) for each in noise])
    assert counts.min() >= 0.0
    assert counts.mean() == pytest.approx(expected, abs=5 * np.sqrt(expected / draws) + 1e-9)
    assert counts.var() == pytest.approx(expected, rel=0.06, abs=1e-9)


def test_draws_are_the_same_in_whatever_order_steps_are_looked_at() -> None:
    steps = [0, BLOCK - 1, BLOCK, 5 * BLOCK, ROLLOUT.steps - 1]
    first, second = draw_noise(3, 0, ROLLOUT), draw_noise(3, 0, ROLLOUT)
    forwards = [first.at(step) for step in steps]
    assert forwards == [second.at(step) for step in reversed(steps)][::-1]
    assert all(one != other for one, other in itertools.pairwise(forwards))


def test_versions_side_by_side_have_noise_of_their_own() -> None:
    assert draw_noise(3, 0, ROLLOUT).at(7) != draw_noise(3, 1, ROLLOUT).at(7)
