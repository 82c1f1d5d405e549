"""Windows over measurements say what the measurements said."""

import pytest

from shipworthy.simulator.actions import SetTraffic
from shipworthy.simulator.readings import Reading
from shipworthy.simulator.rollout.conditions import Version
from shipworthy.simulator.rollout.figures import WHOLE, Measurements, lookup
from shipworthy.simulator.run import Run
from shipworthy.simulator.scenarios import scenario

STEPS = 24


@pytest.fixture(scope="module")
def seen() -> tuple[Measurements, list[Reading], list[Reading]]:
    """Measure a failing release with half of the traffic for two hours; return its readings, whole and of a part."""
    week = scenario(1, "rollout", "failing")
    run = Run(week)
    run.apply((), week.releases[0].arrives + 1)
    run.apply([SetTraffic(0.5)], 6)
    measurements = Measurements(STEPS, tuple(run.view().stable.segments))
    whole, mobile = [], []
    for _ in range(STEPS):
        run.apply(())
        view = run.view()
        assert view.candidate
        measurements.add(view)
        whole.append(view.candidate.overall)
        mobile.append(view.candidate.segments["us-mobile"])
    return measurements, whole, mobile


def test_a_rate_is_that_of_the_whole_window(seen: tuple[Measurements, list[Reading], list[Reading]]) -> None:
    measurements, whole, mobile = seen
    place = 1 + measurements.segments.index("us-mobile")
    for readings, scope in ((whole, WHOLE), (mobile, place)):
        look = lookup(measurements.window(12), scope, 1)
        expected = sum(each.errors for each in readings[-12:]) / sum(each.requests for each in readings[-12:])
        assert look(Version.CANDIDATE, "error_rate") == pytest.approx(expected)
    stable = lookup(measurements.window(12), WHOLE, 1)(Version.STABLE, "error_rate")
    assert stable is not None
    assert stable < 0.01


def test_a_latency_is_the_mean_of_its_figures_by_their_requests(
    seen: tuple[Measurements, list[Reading], list[Reading]],
) -> None:
    measurements, _, mobile = seen
    look = lookup(measurements.window(6), 1 + measurements.segments.index("us-mobile"), 1)
    weights = [each.requests for each in mobile[-6:]]
    values = [each.p95_ms or 0.0 for each in mobile[-6:]]
    expected = sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
    assert look(Version.CANDIDATE, "p95_ms") == pytest.approx(expected)


def test_counts_are_known_however_few_they_are_unless_nothing_was_measured(
    seen: tuple[Measurements, list[Reading], list[Reading]],
) -> None:
    measurements, whole, _ = seen
    look = lookup(measurements.window(3), WHOLE, 10**9)
    assert look(Version.CANDIDATE, "requests") == sum(each.requests for each in whole[-3:])
    assert look(Version.CANDIDATE, "labels") == 0.0
    assert (look(Version.STABLE, "labels") or 0.0) > 100.0
    nothing = lookup(Measurements(STEPS, measurements.segments).window(1), WHOLE, 1)
    assert nothing(Version.CANDIDATE, "requests") is None


def test_a_figure_with_too_few_samples_is_not_known(seen: tuple[Measurements, list[Reading], list[Reading]]) -> None:
    measurements, whole, _ = seen
    requests = sum(each.requests for each in whole[-1:])
    table = measurements.window(1)
    assert lookup(table, WHOLE, requests)(Version.CANDIDATE, "error_rate") is not None
    assert lookup(table, WHOLE, requests + 1)(Version.CANDIDATE, "error_rate") is None
    assert lookup(table, WHOLE, 1)(Version.CANDIDATE, "bad_rate") is None, "labels come after hours"


def test_a_window_longer_than_the_rollout_is_all_of_it(seen: tuple[Measurements, list[Reading], list[Reading]]) -> None:
    measurements, _, _ = seen
    assert measurements.window(1000) == measurements.window(STEPS)


def test_failures_are_counted_of_the_candidate_or_of_everybody(
    seen: tuple[Measurements, list[Reading], list[Reading]],
) -> None:
    measurements, whole, _ = seen
    requests, failed = measurements.failures(STEPS, everybody=False)
    assert (requests, failed) == (sum(each.requests for each in whole), sum(each.errors for each in whole))
    all_requests, all_failed = measurements.failures(STEPS, everybody=True)
    assert all_requests > 1.5 * requests
    assert failed < all_failed < 1.5 * failed
