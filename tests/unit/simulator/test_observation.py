import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.simulator.exercises import DRIFT
from shipworthy.simulator.noise import DEPTH, counted
from shipworthy.simulator.run import Run
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.scenarios import scenario


@pytest.mark.parametrize("expected", [0.0, 0.02, 0.5, 3.0, 4.9, 5.1, 30.0, 400.0])
def test_counts_have_the_mean_and_the_scatter_of_their_kind(expected: float) -> None:
    rng, draws = np.random.default_rng(1), 20_000
    rare = np.cumsum(rng.standard_exponential((draws, DEPTH)), axis=-1).tolist()
    noise = zip(rare, rng.standard_normal(draws).tolist(), rng.random(draws).tolist(), strict=True)
    counts = np.array([counted(expected, 0.0, *each) for each in noise])
    assert counts.min() >= 0.0
    assert counts.mean() == pytest.approx(expected, abs=5 * np.sqrt(expected / draws) + 1e-9)
    assert counts.var() == pytest.approx(expected, rel=0.06, abs=1e-9)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000))
def test_without_drift_the_stability_index_stays_below_the_customary_limit(seed: int) -> None:
    run, beyond = Run(scenario(seed, "drift", "quiet")), 0
    while run.step < 14 * 288:
        run.apply([], steps=7)
        beyond += any(reading.psi > 0.2 for reading in run.view().inputs.values())
    assert beyond <= 3


def test_the_index_is_the_squared_shift_where_traffic_is_large() -> None:
    run = Run(scenario(1, "drift", "input_shift"))
    incident = run.scenario.incidents[0]
    run.apply([], steps=incident.start + 144)
    place = int(np.argmax(incident.features))
    differences = []
    for _ in range(100):
        true = float(run.controls.production.effects.shift[run.step - 1, place]) ** 2
        differences.append(run.view().inputs[DRIFT.features[place]].psi - true)
        run.apply([])
    assert abs(float(np.mean(differences))) < 0.06


def test_few_requests_have_no_percentiles_and_none_have_no_rates() -> None:
    run = Run(Scenario("made", "made", "rollout", 1))
    run.apply([])
    fallback = run.view().fallback
    assert fallback is not None
    assert fallback.overall.error_rate is None
    assert fallback.overall.p95_ms is None
    assert run.view().stable.overall.p95_ms == pytest.approx(264.0, rel=0.05)
