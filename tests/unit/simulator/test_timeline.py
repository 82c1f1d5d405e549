import json

import pytest

from shipworthy.core.canonical import canonical_bytes
from shipworthy.simulator.actions import SetTraffic
from shipworthy.simulator.play import play
from shipworthy.simulator.policies.rollout import FixedCanary
from shipworthy.simulator.run import Run
from shipworthy.simulator.scenarios import scenario
from shipworthy.simulator.timeline import MOST_POINTS, Timeline, timeline_of


def drawn(kind: str) -> Timeline:
    found = play(FixedCanary(), scenario(2, "rollout", kind), timeline=True).timeline
    assert found is not None
    return found


def test_a_timeline_is_thin_and_its_traffic_adds_up() -> None:
    timeline = drawn("worse")
    assert len(timeline.at) <= MOST_POINTS
    assert list(timeline.at) == sorted(timeline.at)
    assert {len(series.values) for series in (*timeline.traffic, *timeline.figures)} == {len(timeline.at)}
    shares = [series.values for series in timeline.traffic if series.name == "traffic"]
    for point in zip(*shares, strict=True):
        assert sum(value or 0.0 for value in point) == pytest.approx(1.0, abs=1e-3)
    assert len(json.dumps(timeline.to_json())) < 60_000


def test_marks_and_bands_tell_what_happened() -> None:
    timeline = drawn("worse")
    kinds = [mark.kind for mark in timeline.marks]
    assert kinds[:2] == ["offered", "set_traffic"] or kinds[:2] == ["set_traffic", "offered"]
    assert "promoted" in kinds
    assert [(band.kind, band.harmful) for band in timeline.bands] == [("worse", True)]


def test_an_incident_is_a_band_that_ends_when_it_was_repaired_or_over() -> None:
    bands = {band.kind: band for band in drawn("good_and_outage").bands}
    assert bands["upstream_outage"].start < bands["upstream_outage"].stop


def test_a_run_of_one_step_can_be_drawn() -> None:
    run = Run(scenario(2, "rollout", "good"))
    run.apply([SetTraffic(2.0)])
    timeline = timeline_of(run)
    assert len(timeline.at) == 1
    assert [mark.kind for mark in timeline.marks] == ["refused"]
    assert canonical_bytes(timeline.to_json())
