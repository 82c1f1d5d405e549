import pytest

from shipworthy.simulator.comparison import REFERENCES, position_of, total_loss
from shipworthy.simulator.scenarios import scenario, scenarios


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("exercise", ["rollout", "drift"])
def test_the_references_stand_in_their_order(exercise: str) -> None:
    suite = scenarios(1, exercise, each=1)
    losses = [total_loss(make, suite) for make in REFERENCES[exercise].values()]
    assert losses == sorted(losses)


def test_the_scale_runs_from_doing_nothing_to_the_oracle() -> None:
    suite = [scenario(1, "rollout", "good"), scenario(1, "rollout", "failing")]
    ends = [position_of(total_loss(REFERENCES["rollout"][name], suite), suite) for name in ("oracle", "never_ship")]
    assert [end.standing for end in ends] == pytest.approx([1.0, 0.0])
    assert ends[0].above_oracle == 0.0
    assert ends[1].above_oracle > 0.0


def test_an_empty_suite_has_no_position() -> None:
    with pytest.raises(ValueError, match="needs a scenario"):
        position_of(1.0, [])
