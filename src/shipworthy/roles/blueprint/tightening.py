"""Rules that follow from whole tasks, and that fractions of tasks break.

A competency is firm only if shares of its tasks sum to 1: a knapsack. Such a rule is divided by some figure and rounded
(mixed integer rounding, Nemhauser and Wolsey 1990): from sum a x >= b with whole x >= 0 follows
sum (floor(a) + min(1, frac(a) / frac(b))) x >= ceil(b). Tasks that are in anyway count from their upper end.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Row = npt.NDArray[np.float64]

LEAST_VIOLATION = 0.03
LEAST_FRACTION = 0.01
LEAST_DIVISOR = 0.05
NEAR = 1e-9
FROM_THEIR_END = (2.0, 0.999, 0.5)


@dataclass(frozen=True)
class Worths:
    """The rule of one competency: if it is firm, the `shares` of what is chosen of `columns` sum to 1 at least.

    `most` is how many of each column there are, `firm` the column that says whether the competency is firm.
    """

    columns: npt.NDArray[np.int64]
    shares: Row
    most: Row
    firm: int


def violated_rule(worths: Worths, columns: Row) -> tuple[Mapping[int, float], float] | None:
    """Return the rule that these fractions break most, as coefficients by column and a floor, or None.

    Not being firm counts as one more task that is worth everything, so that fractions then break no rule.
    """
    if columns[worths.firm] <= NEAR:
        return None
    shares = np.append(worths.shares, 1.0)
    most = np.append(worths.most, 1.0)
    values = np.append(columns[worths.columns], 1.0 - columns[worths.firm])
    best = LEAST_VIOLATION
    found: tuple[Row, float] | None = None
    for threshold in FROM_THEIR_END:
        turned = values >= threshold * most
        candidate = _rounded(shares, most, values, turned)
        if candidate is not None and candidate[0] > best:
            best, *_ = candidate
            found = candidate[1:]
    return None if found is None else _entries(worths, *found)


def _entries(worths: Worths, row: Row, floor: float) -> tuple[Mapping[int, float], float]:
    entries = dict(zip(worths.columns.tolist(), row[:-1].tolist(), strict=True))
    entries[worths.firm] = -float(row[-1])
    return entries, floor - float(row[-1])


def _rounded(shares: Row, most: Row, values: Row, turned: npt.NDArray[np.bool_]) -> tuple[float, Row, float] | None:
    """Return violation, coefficients and floor of the most violated rounding, with `turned` counted from their end."""
    rest = 1.0 - float(shares[turned] @ most[turned])
    if rest <= NEAR:
        return None
    divisors = _divisors(shares, values, rest)
    floors = rest / divisors
    fractions = floors - np.floor(floors)
    sound = fractions > LEAST_FRACTION
    if not sound.any():
        return None
    floors, fractions = floors[sound], fractions[sound]
    scaled = np.where(turned, -shares, shares) / divisors[sound][:, None]
    whole = np.floor(scaled + NEAR)
    rows = whole + np.clip((scaled - whole) / fractions[:, None], 0.0, 1.0)
    seen = np.where(turned, most - values, values)
    lengths = np.sqrt((rows**2 * (seen > NEAR)).sum(axis=1) + NEAR)
    violations = (np.ceil(floors) - rows @ seen) / lengths
    worst = int(np.argmax(violations))
    row = np.where(turned, -rows[worst], rows[worst])
    return float(violations[worst]), row, float(np.ceil(floors[worst]) - rows[worst][turned] @ most[turned])


def _divisors(shares: Row, values: Row, rest: float) -> Row:
    partly = shares[np.abs(values - np.round(values)) > NEAR]
    parts = rest / np.arange(1.0, 5.0)
    divisors = np.unique(np.concatenate((partly, partly / 2.0, parts * (1.0 + NEAR), parts * 0.999)))
    return divisors[divisors > LEAST_DIVISOR]
