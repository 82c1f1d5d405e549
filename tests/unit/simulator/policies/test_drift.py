import pytest

from shipworthy.simulator.play import play
from shipworthy.simulator.policies.drift import NeverRetrain, PageOnAnyChange, RetrainWeekly, SeasonalCusum
from shipworthy.simulator.scenarios import scenario


@pytest.mark.parametrize("kind", ["quiet", "seasonal_shift"])
def test_the_seasonal_cusum_leaves_seasons_alone(kind: str) -> None:
    told = play(SeasonalCusum(), scenario(2, "drift", kind)).outcomes
    assert (told.retrainings, told.pages) == (0, 0)


def test_paging_on_any_change_pages_for_seasons() -> None:
    assert play(PageOnAnyChange(), scenario(2, "drift", "seasonal_shift")).outcomes.false_pages > 20


def test_retraining_helps_with_drift() -> None:
    what = scenario(2, "drift", "sudden_drift")
    helped, left = (play(policy, what).outcomes for policy in (SeasonalCusum(), NeverRetrain()))
    assert helped.harm < 0.9 * left.harm
    assert helped.mttr_hours is not None
    assert left.mttr_hours is not None
    assert helped.mttr_hours < 0.4 * left.mttr_hours


def test_retraining_on_broken_features_harms() -> None:
    what = scenario(2, "drift", "schema_break")
    spoilt, left = (play(policy, what).outcomes for policy in (RetrainWeekly(), NeverRetrain()))
    assert spoilt.harm > left.harm
