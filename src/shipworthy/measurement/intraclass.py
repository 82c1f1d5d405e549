"""Intraclass correlations: how reliable ratings are, in the six forms of Shrout and Fleiss."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.measurement.errors import NotEnoughFiguresError


@dataclass(frozen=True)
class IntraclassCorrelations:
    """The six forms. `single` forms speak of one rating, `average` forms of the mean of all k raters.

    `oneway`: every unit has raters of its own. `random`: the raters are a sample of all possible ones (absolute
    agreement). `fixed`: these raters are the only ones of interest (consistency).
    """

    oneway_single: float
    random_single: float
    fixed_single: float
    oneway_average: float
    random_average: float
    fixed_average: float


@dataclass(frozen=True)
class _MeanSquares:
    units: int
    raters: int
    between_units: float
    within_units: float
    between_raters: float
    residual: float


def intraclass_correlations(ratings: Sequence[Sequence[float]]) -> IntraclassCorrelations:
    """Return the six intraclass correlations of `ratings[unit][rater]`, a full table without gaps.

    Needs at least two units and two raters, and units that differ. Source: Shrout and Fleiss (1979).
    """
    squares = _mean_squares(_full_table(ratings))
    n, k = squares.units, squares.raters
    between, within, raters, residual = (
        squares.between_units,
        squares.within_units,
        squares.between_raters,
        squares.residual,
    )
    if between == 0.0:
        raise NotEnoughFiguresError(
            "Every unit has the same mean rating, so reliability cannot be computed.",
            remedy="Have units of different quality rated.",
        )
    return IntraclassCorrelations(
        oneway_single=(between - within) / (between + (k - 1) * within),
        random_single=(between - residual) / (between + (k - 1) * residual + k * (raters - residual) / n),
        fixed_single=(between - residual) / (between + (k - 1) * residual),
        oneway_average=(between - within) / between,
        random_average=(between - residual) / (between + (raters - residual) / n),
        fixed_average=(between - residual) / between,
    )


def _full_table(ratings: Sequence[Sequence[float]]) -> npt.NDArray[np.float64]:
    lengths = {len(row) for row in ratings}
    if len(ratings) < 2 or len(lengths) != 1 or min(lengths) < 2:
        raise NotEnoughFiguresError(
            "Intraclass correlation needs two or more units, each rated by the same two or more raters.",
            remedy="Leave out units with gaps, or use Krippendorff's alpha, which allows them.",
        )
    table = np.asarray(ratings, dtype=np.float64)
    if not np.isfinite(table).all():
        raise NotEnoughFiguresError("A rating is not a finite number.", remedy="Leave out units with gaps.")
    return table


def _mean_squares(table: npt.NDArray[np.float64]) -> _MeanSquares:
    units, raters = table.shape
    unit_means, rater_means, mean = table.mean(axis=1), table.mean(axis=0), table.mean()
    within = float(((table - unit_means[:, None]) ** 2).sum())
    raters_sum = units * float(((rater_means - mean) ** 2).sum())
    return _MeanSquares(
        units=units,
        raters=raters,
        between_units=raters * float(((unit_means - mean) ** 2).sum()) / (units - 1),
        within_units=within / (units * (raters - 1)),
        between_raters=raters_sum / (raters - 1),
        residual=max(0.0, within - raters_sum) / ((units - 1) * (raters - 1)),
    )
