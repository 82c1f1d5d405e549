"""Krippendorff's alpha: do reviewers agree beyond chance, with any number of them and with gaps?"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from shipworthy.measurement.errors import NotEnoughFiguresError

Floats = npt.NDArray[np.float64]

FIRM_ALPHA = 0.800
TENTATIVE_ALPHA = 0.667


class Scale(StrEnum):
    """How the values of ratings relate to each other, which decides how far apart two of them are."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


class AgreementBand(StrEnum):
    """What an alpha allows: firm conclusions, tentative ones, or none."""

    FIRM = "firm"
    TENTATIVE = "tentative"
    NOT_USABLE = "not_usable"


def agreement_band(alpha: float) -> AgreementBand:
    """Return what ratings with this alpha may be used for: firm from 0.800, tentative from 0.667."""
    if alpha >= FIRM_ALPHA:
        return AgreementBand.FIRM
    return AgreementBand.TENTATIVE if alpha >= TENTATIVE_ALPHA else AgreementBand.NOT_USABLE


def krippendorff_alpha(ratings: Sequence[Sequence[float | None]], scale: Scale = Scale.ORDINAL) -> float:
    """Return alpha = 1 - D_observed / D_expected for `ratings[rater][unit]`, with None where a rater gave none.

    1 is perfect agreement, 0 is chance, below 0 is systematic disagreement. Units that fewer than two raters rated
    say nothing about agreement and are left out. Raises `NotEnoughFiguresError` where no two values can be compared,
    or where every value is the same, so that chance agreement cannot be told from real.
    Source: Krippendorff (2011), Computing Krippendorff's alpha-reliability.
    """
    units = _pairable_units(ratings)
    values = sorted({value for unit in units for value in unit})
    if len(values) < 2:
        raise NotEnoughFiguresError(
            "Agreement cannot be computed: there are not two different values to compare.",
            remedy="Have more units rated by at least two raters.",
        )
    coincidences = _coincidences(units, values)
    totals = coincidences.sum(axis=1)
    distances = _squared_distances(np.asarray(values), totals, scale)
    observed = float((coincidences * distances).sum())
    expected = float((np.outer(totals, totals) * distances).sum()) / (float(totals.sum()) - 1.0)
    return 1.0 - observed / expected


def _pairable_units(ratings: Sequence[Sequence[float | None]]) -> list[list[float]]:
    if len({len(row) for row in ratings}) > 1:
        raise NotEnoughFiguresError(
            "The raters' rows have different lengths.", remedy="Give one value or None per unit and rater."
        )
    units = [[float(value) for value in unit if value is not None] for unit in zip(*ratings, strict=True)]
    return [unit for unit in units if len(unit) >= 2]


def _coincidences(units: list[list[float]], values: list[float]) -> Floats:
    place = {value: position for position, value in enumerate(values)}
    matrix = np.zeros((len(values), len(values)))
    for unit in units:
        counts = np.bincount([place[value] for value in unit], minlength=len(values)).astype(np.float64)
        matrix += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    return matrix


def _squared_distances(values: Floats, totals: Floats, scale: Scale) -> Floats:
    if scale is Scale.NOMINAL:
        return 1.0 - np.eye(len(values))
    if scale is Scale.ORDINAL:
        # Ranks: the distance between two values is the number of ratings between them, half of each end included.
        values = np.cumsum(totals) - totals / 2.0
    differences = np.subtract.outer(values, values)
    if scale is Scale.RATIO:
        sums = np.add.outer(values, values)
        differences = np.divide(differences, sums, out=np.zeros_like(differences), where=sums != 0)
    squared: Floats = differences**2
    return squared
