import pytest

from shipworthy.measurement.errors import NotEnoughFiguresError
from shipworthy.measurement.intraclass import intraclass_correlations

# Shrout and Fleiss (1979), table 2: six targets rated by four judges.
SHROUT_FLEISS_1979 = [
    [9.0, 2.0, 5.0, 8.0],
    [6.0, 1.0, 3.0, 2.0],
    [8.0, 4.0, 6.0, 8.0],
    [7.0, 1.0, 2.0, 6.0],
    [10.0, 5.0, 6.0, 9.0],
    [6.0, 2.0, 4.0, 7.0],
]


def test_published_example() -> None:
    found = intraclass_correlations(SHROUT_FLEISS_1979)
    singles = (found.oneway_single, found.random_single, found.fixed_single)
    averages = (found.oneway_average, found.random_average, found.fixed_average)
    assert tuple(round(value, 2) for value in (*singles, *averages)) == (0.17, 0.29, 0.71, 0.44, 0.62, 0.91)


def test_a_lenient_rater_harms_agreement_but_not_consistency() -> None:
    found = intraclass_correlations([[1.0, 3.0], [2.0, 4.0], [3.0, 5.0]])
    assert found.fixed_single == pytest.approx(1.0)
    assert found.random_single < 0.5


@pytest.mark.parametrize(
    "ratings",
    [
        [],
        [[1.0, 2.0]],
        [[1.0], [2.0]],
        [[1.0, 2.0], [1.0]],
        [[2.0, 2.0], [2.0, 2.0]],
        [[1.0, float("nan")], [2.0, 1.0]],
    ],
)
def test_reliability_is_not_invented(ratings: list[list[float]]) -> None:
    with pytest.raises(NotEnoughFiguresError):
        intraclass_correlations(ratings)
