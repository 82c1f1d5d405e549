import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.simulator.actions import SetCapacity
from shipworthy.simulator.exercises import DRIFT
from shipworthy.simulator.run import Run
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.scenarios import scenario


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


def test_requests_for_which_there_is_no_room_are_measured_as_errors() -> None:
    run = Run(Scenario("made", "made", "rollout", 1))
    run.apply([SetCapacity("stable", 1, 1)], steps=40)
    errors = expected = 0.0
    for _ in range(20):
        run.apply([])
        errors += run.view().stable.overall.errors
        expected += float(run.history.lost[run.step - 1, 0].sum())
    failed = float(run.history.failed[run.step - 20 : run.step, 0].sum())
    assert expected > 20 * failed
    assert errors == pytest.approx(expected, rel=0.01)
