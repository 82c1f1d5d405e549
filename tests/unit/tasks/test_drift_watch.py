"""What the task drift-watch promises: the same kinds in every variant, limits that hold, nothing for doing nothing."""

import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pytest

from tests.architecture.pages import ROOT

FOLDER = ROOT / "catalogue" / "system_design" / "drift-watch"
NAMES = ("desk", "measuring", "suite", "oracle", "scoring")


@pytest.fixture(scope="module")
def parts() -> Iterator[dict[str, ModuleType]]:
    """Import the task's own modules as its judge does, and forget them again."""
    sys.path[:0] = [str(FOLDER / "public"), str(FOLDER / "sources")]
    try:
        yield {name: import_module(name) for name in NAMES}
    finally:
        del sys.path[:2]
        for name in NAMES:
            sys.modules.pop(name, None)


def test_every_variant_has_the_same_kinds_and_nothing_but_seasons_in_the_first_week(
    parts: dict[str, ModuleType],
) -> None:
    for seed in (1, 2, 3):
        drawn = parts["suite"].hidden_stretches(seed)
        assert Counter(each.kind for each in drawn) == Counter(parts["suite"].HIDDEN)
        starts = [one.start for each in drawn for one in each.incidents if one.kind.value != "seasonal_shift"]
        assert min(starts) >= 7.5 * 288
        assert max(starts) <= 13 * 288


def test_knowing_the_truth_leaves_less_harm_than_doing_nothing_wherever_something_does_harm(
    parts: dict[str, ModuleType],
) -> None:
    for kind in ("sudden_drift", "gradual_drift", "drift_and_label_loss", "schema_break", "stale_features"):
        known = parts["oracle"].anchors(parts["suite"].stretch(4, kind))
        assert known["oracle"] < 0.9 * known["never"]


def test_doing_nothing_scores_nothing(parts: dict[str, ModuleType]) -> None:
    stretches = []
    for scenario in parts["suite"].hidden_stretches(6):
        desk = parts["desk"].Desk(scenario)
        desk.rest()
        stretches.append(parts["measuring"].measure(desk, parts["oracle"].anchors(scenario)))
    assert {look(stretches).score for look in parts["scoring"].CHECKS.values()} == {0.0}


def test_pages_for_nothing_mute_a_policy_and_what_is_no_action_is_refused(parts: dict[str, ModuleType]) -> None:
    desk = parts["desk"].Desk(parts["suite"].stretch(1, "season"))
    desk.first_week()
    page = {"action": "page", "cause": "drift", "reason": "inputs moved by 0.3"}
    while not desk.muted:
        desk.act([page])
    desk.act([page, 7, {"action": "retrain", "days": 1e308}, {"action": "restart"}])
    assert desk.false_pages == parts["desk"].FALSE_PAGES_UNTIL_MUTED
    assert len(desk.view()["refused"]) == 4
    assert "muted" in desk.view()["refused"][0]


def test_trainings_and_hours_of_reviewers_run_out(parts: dict[str, ModuleType]) -> None:
    desk = parts["desk"].Desk(parts["suite"].stretch(1, "quiet"))
    while not desk.over:
        desk.act([{"action": "retrain", "days": 1.0}, {"action": "set_review", "share": 1.0}])
    assert len(desk.trainings) == parts["desk"].TRAININGS
    assert len(desk.reviewed) == parts["desk"].REVIEW_HOURS
