"""An interval for a plain proportion."""

from math import sqrt

from scipy import special

from shipworthy.measurement.errors import NotEnoughFiguresError, OutOfRangeError
from shipworthy.measurement.posterior import Interval


def wilson_interval(successes: float, trials: float, level: float = 0.90) -> Interval:
    """Return the Wilson score interval for `successes` out of `trials`, at a confidence level between 0 and 1.

    It stays within [0, 1] and is useful for few trials and for proportions near 0 and 1. Source: Wilson (1927).
    """
    if not trials > 0:
        raise NotEnoughFiguresError("A proportion of no trials has no interval.", remedy="Report it as not enough.")
    if not 0 <= successes <= trials:
        raise OutOfRangeError("The number of successes", successes, f"a number from 0 to {trials}")
    if not 0.0 < level < 1.0:
        raise OutOfRangeError("The level of an interval", level, "a level between 0 and 1, such as 0.90")
    z = float(special.ndtri(0.5 + level / 2.0))
    share = successes / trials
    shrink = 1.0 + z * z / trials
    centre = (share + z * z / (2.0 * trials)) / shrink
    half = z / shrink * sqrt(share * (1.0 - share) / trials + z * z / (4.0 * trials * trials))
    return Interval(max(0.0, centre - half), min(1.0, centre + half), level)
