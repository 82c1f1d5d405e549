import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.measurement.consistency import decision_consistency
from shipworthy.measurement.errors import OutOfRangeError
from shipworthy.measurement.posterior import BetaPosterior


def test_known_consistency() -> None:
    found = decision_consistency(BetaPosterior(6.0, 4.0), checks=20, cut=14)
    assert (round(found.agreement, 4), round(found.kappa, 4), round(found.accuracy, 4)) == (0.7530, 0.4664, 0.8132)


def test_one_check_by_hand() -> None:
    # Uniform true scores and one check: two forms agree when both or neither passes, 1/3 each.
    found = decision_consistency(BetaPosterior(1.0, 1.0), checks=1, cut=1, true_cut=0.5)
    assert found.agreement == pytest.approx(2 / 3)
    assert found.kappa == pytest.approx(1 / 3)
    assert found.accuracy == pytest.approx(3 / 4)
    assert found.pass_rate == pytest.approx(1 / 2)


@given(st.floats(0.5, 20.0), st.floats(0.5, 20.0), st.integers(1, 40), st.data())
def test_agreement_is_at_least_chance(alpha: float, beta: float, checks: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, checks))
    found = decision_consistency(BetaPosterior(alpha, beta), checks, cut)
    assert -1e-6 <= found.kappa <= 1.0 + 1e-6
    assert 0.5 - 1e-6 <= found.agreement <= 1.0 + 1e-6
    assert -1e-6 <= found.accuracy <= 1.0 + 1e-6


def test_longer_forms_decide_more_consistently() -> None:
    short = decision_consistency(BetaPosterior(6.0, 4.0), checks=10, cut=7)
    long = decision_consistency(BetaPosterior(6.0, 4.0), checks=100, cut=70)
    assert long.agreement > short.agreement
    assert long.accuracy > short.accuracy


def test_impossible_forms_are_refused() -> None:
    with pytest.raises(OutOfRangeError):
        decision_consistency(BetaPosterior(1.0, 1.0), checks=0, cut=0)
    with pytest.raises(OutOfRangeError):
        decision_consistency(BetaPosterior(1.0, 1.0), checks=5, cut=6)
