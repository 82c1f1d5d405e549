from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.core.canonical import canonical_bytes
from shipworthy.simulator.errors import UnknownExerciseError
from shipworthy.simulator.exercises import exercise_of
from shipworthy.simulator.scenarios import kinds, scenario, scenarios

EXERCISES = st.sampled_from(["rollout", "drift"])


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), exercise=EXERCISES, each=st.integers(1, 3))
def test_a_suite_has_the_same_number_of_every_kind(seed: int, exercise: str, each: int) -> None:
    suite = scenarios(seed, exercise, each)
    assert Counter(one.kind for one in suite) == dict.fromkeys(kinds(exercise), each)
    assert len({one.name for one in suite}) == len(suite)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), exercise=EXERCISES)
def test_everything_happens_within_the_horizon_with_time_left_to_act(seed: int, exercise: str) -> None:
    steps = exercise_of(exercise).steps
    for one in scenarios(seed, exercise, 1):
        assert all(release.arrives < steps / 2 for release in one.releases)
        assert all(0 <= incident.start < incident.stop <= steps for incident in one.incidents)


@given(seed=st.integers(0, 10**6), exercise=EXERCISES)
def test_the_same_seed_draws_the_same_suite_and_another_does_not(seed: int, exercise: str) -> None:
    kind = kinds(exercise)[1]
    told = [canonical_bytes(scenario(each, exercise, kind).to_json()) for each in (seed, seed, seed + 1)]
    assert told[0] == told[1] != told[2]


def test_an_unknown_exercise_is_said() -> None:
    with pytest.raises(UnknownExerciseError, match="no exercise 'moon'"):
        scenarios(1, "moon")
