"""What the task safe-rollout promises: equally many weeks of every kind, nothing for doing nothing or everything."""

import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from shipworthy.kit.rollouts import Phase
from shipworthy.kit.simulation import scenario
from tests.architecture.pages import ROOT

SOURCES = ROOT / "catalogue" / "system_design" / "safe-rollout" / "sources"
NAMES = ("suite", "measuring", "scoring")


@pytest.fixture(scope="module")
def sources() -> Iterator[dict[str, ModuleType]]:
    """Import the task's own modules as its judge does, and forget them again."""
    sys.path.insert(0, str(SOURCES))
    try:
        yield {name: import_module(name) for name in NAMES}
    finally:
        sys.path.remove(str(SOURCES))
        for name in NAMES:
            sys.modules.pop(name, None)


def weeks(sources: dict[str, ModuleType], *, ships_good: bool, stops_bad: bool) -> list[Any]:
    """Make up what came of every week for a policy that is always right or always wrong on one side."""
    made = []
    for kind, count in sources["suite"].HIDDEN.items():
        good = kind.startswith("good")
        shipped = ships_good if good else not stops_bad
        week = sources["measuring"].Week(
            kind=kind,
            good=good,
            harm=0.0 if good or stops_bad else 1.0,
            phase=Phase.PROMOTED if shipped else Phase.ROLLED_BACK,
            held_hours=(10.0 if shipped else 140.0) if good else 0.0,
            exposed_hours=0.0 if good or stops_bad else 140.0,
            recovery_hours=2.0 if kind == "good_and_outage" else None,
            false_pages=0,
            budget_lost=0.0 if good or stops_bad else 1.0,
            extra_cost=100.0,
            above_oracle=0.0,
        )
        made += [week] * count
    return made


def scores(sources: dict[str, ModuleType], **kind: bool) -> dict[str, float]:
    made = weeks(sources, **kind)
    return {check: look(made).score for check, look in sources["scoring"].CHECKS.items()}


def test_who_ships_the_good_and_stops_the_bad_gets_everything(sources: dict[str, ModuleType]) -> None:
    assert set(scores(sources, ships_good=True, stops_bad=True).values()) == {1.0}


@pytest.mark.parametrize(("ships_good", "stops_bad"), [(False, True), (True, False), (False, False)])
def test_one_side_alone_is_worth_nothing(sources: dict[str, ModuleType], ships_good: bool, stops_bad: bool) -> None:
    assert set(scores(sources, ships_good=ships_good, stops_bad=stops_bad).values()) == {0.0}


def test_every_variant_has_the_same_weeks_and_only_small_segments_are_hurt_alone(
    sources: dict[str, ModuleType],
) -> None:
    for seed in (1, 2, 3):
        drawn = sources["suite"].hidden_weeks(seed)
        assert Counter(week.kind for week in drawn) == Counter(sources["suite"].HIDDEN)
        assert all(week.releases[0].good == week.kind.startswith("good") for week in drawn)
        hurt = {week.releases[0].segment for week in drawn if week.kind == "worse_for_segment"}
        assert hurt <= {4, 5}


def test_combined_weeks_lose_what_would_have_told_soon_after_the_release(sources: dict[str, ModuleType]) -> None:
    for week in sources["suite"].hidden_weeks(5):
        if week.kind in sources["suite"].COMBINED:
            (incident,) = week.incidents
            soon = sources["suite"].SOON[incident.kind]
            assert 0 < incident.start - week.releases[0].arrives <= soon
            assert incident.stop - incident.start >= 4 * 12


def test_what_fails_for_one_segment_answers_as_well_there_as_anywhere(sources: dict[str, ModuleType]) -> None:
    for number in range(3):
        (release,) = sources["suite"].week(5, "failing_for_segment", number).releases
        usual, *_, worst = sorted(release.version.errors)
        assert len(set(release.version.bad)) == 1
        assert worst > usual + 0.03
        assert release.version.errors.index(worst) == release.segment


def test_the_public_weeks_are_milder_than_the_hidden_ones(sources: dict[str, ModuleType]) -> None:
    suite = sources["suite"]
    for seed in (1, 2, 3):
        chosen = {each["kind"]: each for each in suite.public_weeks(seed)}
        assert tuple(chosen) == (*suite.PUBLIC, "good_and_drift")
        (hurt,) = scenario(seed, "rollout", "worse_for_segment", chosen["worse_for_segment"]["number"]).releases
        (leaking,) = scenario(seed, "rollout", "leaking", chosen["leaking"]["number"]).releases
        (drift,) = chosen["good_and_drift"]["incidents"]
        assert drift["size"] < min(each.incidents[0].size for each in suite.hidden_weeks(seed) if "drift" in each.kind)
        assert hurt.segment not in suite.SMALL
        assert leaking.version.leak > 1 / 24


def test_a_bad_release_that_is_promoted_counts_as_all_of_its_harm(sources: dict[str, ModuleType]) -> None:
    week = sources["suite"].week(1, "leaking", 0)
    known = {"never": 0.0, "ship": 1e9, "spend": 0.0, "oracle": 0.0, "never_budget": 0.0}
    late = b"format: 1\nsteps:\n  - {shadow: 0.1%, pause: 5d}\n"
    measured = sources["measuring"].measure(late, week, known)
    assert measured.shipped
    assert measured.harm == 1.0
