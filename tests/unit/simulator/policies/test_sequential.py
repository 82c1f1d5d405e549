import numpy as np
import pytest

from shipworthy.simulator.policies.sequential import Cusum, MixtureTest


def fires(rng: np.random.Generator, rates: tuple[float, float], alpha: float, steps: int = 150) -> bool:
    test = MixtureTest(mixture=0.03**2)
    for _ in range(steps):
        first, second = int(rng.integers(20, 80)), int(rng.integers(200, 400))
        test.add(rng.binomial(first, rates[0]), first, rng.binomial(second, rates[1]), second)
        if test.above(alpha):
            return True
    return False


@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_looking_after_every_step_keeps_the_stated_rate_of_false_alarms(alpha: float) -> None:
    rng = np.random.default_rng(4)
    false = sum(fires(rng, (0.05, 0.05), alpha) for _ in range(400))
    assert false / 400 <= alpha + 2 * np.sqrt(alpha / 400)


def test_a_real_difference_is_found() -> None:
    rng = np.random.default_rng(4)
    assert all(fires(rng, (0.10, 0.05), 0.001) for _ in range(20))


def test_a_fault_that_hits_both_when_the_first_has_more_traffic_is_no_difference() -> None:
    test = MixtureTest(mixture=0.03**2)
    for _ in range(100):
        test.add(5, 100, 500, 10_000)
    for _ in range(100):
        test.add(250, 1000, 2250, 9000)
    assert test.difference == pytest.approx(0.0)
    assert not test.above(0.05)


def test_nothing_measured_says_nothing() -> None:
    test = MixtureTest(mixture=0.03**2)
    test.add(0, 0, 5, 100)
    assert test.evidence() == 0.0
    assert not test.below(0.5, 2.0)


def test_a_cumulative_sum_forgets_chance_and_keeps_a_shift() -> None:
    rng = np.random.default_rng(4)
    calm, shifted = Cusum(slack=1.5, limit=10.0), Cusum(slack=1.5, limit=10.0)
    assert not any(calm.add(float(each)) for each in rng.standard_normal(30 * 24 * 20))
    assert any(shifted.add(3.0 + float(each)) for each in rng.standard_normal(30))
