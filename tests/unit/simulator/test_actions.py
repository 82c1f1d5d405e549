import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.core.canonical import JSONValue
from shipworthy.simulator.actions import (
    KINDS,
    MEASURES,
    MOST_ACTIONS,
    SLOTS,
    Action,
    Page,
    Promote,
    Restart,
    Retrain,
    RollBack,
    SetAlert,
    SetCapacity,
    SetFallback,
    SetReview,
    SetShadow,
    SetTraffic,
    action_to_json,
    actions_from_json,
    fault_of,
)

EXAMPLES: list[Action] = [
    SetTraffic(0.25),
    SetTraffic(0.25, ("eu-web",)),
    SetShadow(1.0),
    Promote(),
    RollBack("errors"),
    Restart("candidate"),
    SetCapacity("stable", 4, 9),
    SetFallback(0.5),
    SetReview(0.01),
    Retrain(7.0),
    Page("help"),
    SetAlert("slow", "p95_ms", above=400.0, steps=3),
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_every_kind_has_an_example() -> None:
    assert {type(action) for action in EXAMPLES} == set(KINDS)


@pytest.mark.parametrize("action", EXAMPLES, ids=lambda action: action.kind.value)
def test_json_says_all_of_an_action(action: Action) -> None:
    told = json.loads(json.dumps(action_to_json(action)))
    assert actions_from_json([told], 0) == ([action], [])
    assert fault_of(action) is None


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("promote", "an action has to be an object"),
        ({}, "`action` has to be one of"),
        ({"action": "explode"}, "`action` has to be one of"),
        ({"action": "set_traffic"}, "set_traffic needs: candidate"),
        ({"action": "set_traffic", "candidate": "all"}, "`candidate` has to be a number"),
        ({"action": "set_traffic", "candidate": True}, "`candidate` has to be a number"),
        ({"action": "set_traffic", "candidate": math.nan}, "`candidate` has to be a number"),
        ({"action": "set_traffic", "candidate": 1.5}, "`candidate` has to be from 0 to 1"),
        ({"action": "set_traffic", "candidate": 0.5, "wait": 3}, "`wait` is not known for set_traffic"),
        ({"action": "set_capacity", "version": "stable", "floor": 2.5}, "`floor` has to be a whole number"),
        ({"action": "set_capacity", "version": "stable", "floor": 9, "ceiling": 3}, "`ceiling` is less than `floor`"),
        ({"action": "restart", "version": "old"}, "`version` has to be one of"),
        ({"action": "set_alert", "name": "x", "measure": "p95_ms"}, "exactly one of `above` and `below`"),
        ({"action": "retrain", "days": 0}, "`days` has to be from 0.1 to 60"),
    ],
)
def test_a_bad_action_is_refused_in_words(value: JSONValue, why: str) -> None:
    actions, refusals = actions_from_json([value, {"action": "promote"}], 7)
    assert actions == [Promote()]
    assert [refusal.step for refusal in refusals] == [7]
    assert why in refusals[0].why


def test_too_many_actions_are_cut_and_told() -> None:
    actions, refusals = actions_from_json([{"action": "promote"}] * (MOST_ACTIONS + 5), 0)
    assert len(actions) == MOST_ACTIONS
    assert "at most" in refusals[0].why


@given(ANYTHING)
def test_nothing_that_json_can_say_raises(value: JSONValue) -> None:
    actions, refusals = actions_from_json(value, 0)
    assert isinstance(actions, list)
    assert isinstance(refusals, list)


NUMBERS = st.floats() | st.integers(-1, 2000) | st.floats(0.0, 1.0)
FIELDS = {
    **dict.fromkeys(["candidate", "share", "days", "floor", "ceiling", "above", "below", "steps"], NUMBERS),
    **dict.fromkeys(["reason", "name", "segment", "segments"], ANYTHING),
    "version": st.sampled_from(SLOTS),
    "measure": st.sampled_from(MEASURES),
}


@settings(max_examples=60)
@given(data=st.data(), example=st.sampled_from(EXAMPLES))
def test_what_is_taken_in_is_well_formed(data: st.DataObject, example: Action) -> None:
    told = action_to_json(example)
    changed = data.draw(st.lists(st.sampled_from(sorted(told.keys() - {"action"}) or ["reason"]), max_size=2))
    for action in actions_from_json([{**told, **{name: data.draw(FIELDS[name]) for name in changed}}], 0)[0]:
        assert fault_of(action) is None
        assert actions_from_json([json.loads(json.dumps(action_to_json(action)))], 0)[0] == [action]


def test_objects_that_are_no_actions_are_found() -> None:
    assert fault_of("promote") == "this is no action"
    assert fault_of(SetTraffic(7.0)) == "`candidate` has to be from 0 to 1"
