"""Sequential tests, which may be looked at after every step without losing their error rate."""

from dataclasses import dataclass
from math import log, sqrt


@dataclass
class MixtureTest:
    """Whether one rate is above another: a mixture sequential probability ratio test for a difference.

    The ratio after a difference d with variance v is sqrt(v / (v + t)) exp(d^2 t / (2 v (v + t))), t being the variance
    of the normal mixture: Johari, R., Pekelis, L. and Walsh, D. J.: Always valid inference, arXiv:1512.04922 (2015).
    Each step is a stratum of its own, weighted as by Mantel and Haenszel (Journal of the National Cancer Institute 22,
    1959). Without strata a fault that hits both versions alike looks like one of the version that had more of its
    traffic just then.
    """

    mixture: float
    excess: float = 0.0
    weight: float = 0.0
    scatter: float = 0.0

    def add(self, first_bad: float, first: float, second_bad: float, second: float) -> None:
        """Take in bad ones and all of the first (candidate) and of the second (stable) of one step."""
        if first and second:
            weight = first * second / (first + second)
            pooled = (first_bad + second_bad) / (first + second)
            self.excess += weight * (first_bad / first - second_bad / second)
            self.weight += weight
            self.scatter += weight * pooled * (1.0 - pooled)

    @property
    def difference(self) -> float:
        """Return how much higher the first rate is."""
        return self.excess / self.weight if self.weight else 0.0

    @property
    def variance(self) -> float:
        """Return the variance of the difference, with one bad one in a hundred added so that it is never 0."""
        return (self.scatter + 0.01) / self.weight**2 if self.weight else float("inf")

    def evidence(self) -> float:
        """Return the logarithm of the ratio in favour of a difference; 0 while nothing is known."""
        variance = self.variance
        if variance == float("inf"):
            return 0.0
        total = variance + self.mixture
        return 0.5 * log(variance / total) + self.difference**2 * self.mixture / (2.0 * variance * total)

    def above(self, alpha: float) -> bool:
        """Say whether the first rate is above the second, wrongly so with a chance of at most `alpha`."""
        return self.difference > 0.0 and self.evidence() > log(1.0 / alpha)

    def below(self, margin: float, deviates: float) -> bool:
        """Say whether the first rate is at most `margin` above, with `deviates` standard errors to spare."""
        return self.difference + deviates * sqrt(self.variance) < margin


@dataclass
class Cusum:
    """A one-sided cumulative sum: fires when standardised figures stay above their mean.

    Page, E. S.: Continuous inspection schemes, Biometrika 41 (1954). `slack` is half of the shift that matters and
    `limit` the height at which it fires, both in standard deviations.
    """

    slack: float
    limit: float
    height: float = 0.0

    def add(self, deviate: float) -> bool:
        """Take in a standardised figure, and say whether the sum is above its limit."""
        self.height = max(0.0, self.height + deviate - self.slack)
        return self.height > self.limit
