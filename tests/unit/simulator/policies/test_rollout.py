from dataclasses import replace

import pytest

from shipworthy.simulator.incidents import Incident, IncidentKind
from shipworthy.simulator.play import play
from shipworthy.simulator.policies.rollout import FixedCanary, RolloutOracle, SequentialCanary, ShipAll
from shipworthy.simulator.scenarios import scenario

BAD = ["failing", "worse", "worse_for_segment", "slow", "leaking"]


@pytest.mark.parametrize("kind", BAD)
def test_the_sequential_canary_takes_back_every_kind_of_bad_release(kind: str) -> None:
    careful, careless = (play(each, scenario(3, "rollout", kind)).outcomes for each in (SequentialCanary(), ShipAll()))
    assert careful.mttr_hours is not None
    assert careful.mttr_hours < 24.0
    assert careful.harm < careless.harm


@pytest.mark.parametrize("kind", ["good", "good_and_outage", "good_and_spike"])
def test_the_sequential_canary_ships_what_is_good_whatever_else_happens(kind: str) -> None:
    told = play(SequentialCanary(), scenario(3, "rollout", kind)).outcomes
    assert told.false_rollbacks == 0
    assert told.full_rollout_hours is not None
    assert told.full_rollout_hours < 24.0


def test_a_fixed_canary_overlooks_worse_answers_and_blames_the_release_for_an_outage() -> None:
    overlooked = play(FixedCanary(), scenario(3, "rollout", "worse")).outcomes
    assert overlooked.exposed_hours > 100.0
    assert play(FixedCanary(), scenario(3, "rollout", "good_and_outage")).outcomes.false_rollbacks == 1


def test_a_fixed_canary_waits_out_a_short_crowd_and_then_ships() -> None:
    spike = Incident(IncidentKind.TRAFFIC_SPIKE, 205, 230, 2.5)
    what = replace(scenario(3, "rollout", "good"), incidents=(spike,))
    release = replace(what.releases[0], arrives=200)
    told = play(FixedCanary(), replace(what, releases=(release,))).outcomes
    assert told.late + told.unanswered > 10_000
    assert told.false_rollbacks == 0
    assert told.full_rollout_hours is not None
    assert told.full_rollout_hours > 3.3


def test_the_oracle_exposes_nobody() -> None:
    what = scenario(3, "rollout", "worse")
    assert play(RolloutOracle(what), what).outcomes.exposed_hours == 0.0
