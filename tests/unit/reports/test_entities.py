import pytest

from shipworthy.grading.entities import Outcome
from tests.unit.reports.builders import check, task


def test_outcomes_are_counted_and_weights_are_shares() -> None:
    graded = task(checks=(check("a"), check("b"), check("c", Outcome.GRADER_ERROR, score=None)))
    assert graded.counted(Outcome.PASSED) == 2
    assert graded.counted(Outcome.GRADER_ERROR) == 1
    assert graded.share(graded.checks[0]) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("score", "expected", "in_band"),
    [
        (0.8, (0.7, 0.9), True),
        (0.7, (0.7, 0.9), True),
        (0.6, (0.7, 0.9), False),
        (None, (0.7, 0.9), None),
        (0.8, None, None),
    ],
)
def test_bands(score: float | None, expected: tuple[float, float] | None, in_band: bool | None) -> None:
    assert task(score=score, expected=expected).in_band is in_band
