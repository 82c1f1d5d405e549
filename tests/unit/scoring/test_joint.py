import numpy as np
import pytest

from shipworthy.scoring.entities import ScoringPolicy
from shipworthy.scoring.joint import draw_levels, index_effective_n, shared_covariance
from shipworthy.scoring.pooling import pool
from tests.unit.scoring.builders import form, record

POLICY = ScoringPolicy()


def test_the_variance_of_one_score_is_one_over_its_observations() -> None:
    pooled = pool(form(3, 8, 0.5), "evaluation", POLICY)
    assert shared_covariance([pooled], POLICY.rho)[0, 0] == pytest.approx(1 / pooled.effective_n)
    assert index_effective_n([pooled], [1.0], POLICY.rho) == pytest.approx(pooled.effective_n)


def test_two_competencies_seen_by_the_same_checks_are_one_observation() -> None:
    both = {"evaluation": 0.5, "governance": 0.5}
    records = [record(f"task-{task}", f"c{check}", 1.0, both) for task in range(3) for check in range(4)]
    pooled = [pool(records, name, POLICY) for name in both]
    assert index_effective_n(pooled, [1.0, 1.0], POLICY.rho) == pytest.approx(pooled[0].effective_n)
    levels = draw_levels(pooled, [1.0, 1.0], POLICY.rho, np.random.default_rng(1).standard_normal((500, 2)))
    assert np.allclose(levels[:, 0], levels[:, 1])


def test_competencies_seen_on_other_tasks_are_independent() -> None:
    left = pool([record(f"left-{task}") for task in range(4)], "evaluation", POLICY)
    right = pool([record(f"right-{task}") for task in range(4)], "evaluation", POLICY)
    assert shared_covariance([left, right], POLICY.rho)[0, 1] == 0.0
    assert index_effective_n([left, right], [1.0, 1.0], POLICY.rho) == pytest.approx(8.0)


def test_draws_have_the_margins_of_the_posteriors() -> None:
    pooled = [pool(form(4, 6, 0.75), "evaluation", POLICY), pool([], "governance", POLICY)]
    levels = draw_levels(pooled, [1.0, 1.0], POLICY.rho, np.random.default_rng(3).standard_normal((20_000, 2)))
    assert levels[:, 0].mean() == pytest.approx(pooled[0].posterior().mean, abs=0.01)
    assert levels[:, 0].var() == pytest.approx(pooled[0].posterior().variance, rel=0.05)
    assert levels[:, 1].mean() == pytest.approx(0.5, abs=0.01)
    correlations = np.atleast_2d(np.corrcoef(levels.T))
    assert abs(correlations[0, 1]) < 0.03
