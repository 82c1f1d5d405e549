"""What a score and its evidence say about a competency: a Beta posterior."""

from dataclasses import dataclass

from scipy import special

from shipworthy.measurement.errors import OutOfRangeError


@dataclass(frozen=True)
class Interval:
    """A range on the scale from 0 to 1 that holds the true value with probability `level`."""

    low: float
    high: float
    level: float

    @property
    def width(self) -> float:
        """The distance from low to high."""
        return self.high - self.low


@dataclass(frozen=True)
class BetaPosterior:
    """A Beta(alpha, beta) distribution over the true proportion theta."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """The expected value of theta."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def variance(self) -> float:
        """The variance of theta."""
        strength = self.alpha + self.beta
        return self.alpha * self.beta / (strength**2 * (strength + 1.0))

    def probability_at_least(self, cut: float) -> float:
        """Return Pr(theta >= cut) for a cut in [0, 1]."""
        _require_proportion("The cut", cut)
        return float(special.betaincc(self.alpha, self.beta, cut))

    def quantile(self, probability: float) -> float:
        """Return the value that theta stays below with this probability."""
        _require_proportion("The probability", probability)
        return float(special.betaincinv(self.alpha, self.beta, probability))

    def interval(self, level: float = 0.90) -> Interval:
        """Return the equal-tailed credible interval at `level`, above 0 and below 1."""
        if not 0.0 < level < 1.0:
            raise OutOfRangeError("The level of an interval", level, "a level between 0 and 1, such as 0.90")
        tail = (1.0 - level) / 2.0
        return Interval(self.quantile(tail), self.quantile(1.0 - tail), level)

    def expected_variance_after(self, observations: float) -> float:
        """Return the variance of theta that is expected once `observations` more independent ones have been seen.

        For a Beta-binomial, E[Var(theta | x)] = Var(theta) (alpha + beta) / (alpha + beta + n), by the law of total
        variance; it does not depend on what will be seen.
        """
        if not observations >= 0.0:
            raise OutOfRangeError("The number of observations", observations, "zero or more")
        strength = self.alpha + self.beta
        return self.variance * strength / (strength + observations)


def beta_posterior(score: float | None, observations: float, prior_strength: float = 1.0) -> BetaPosterior:
    """Return Beta(p + s n, p + (1 - s) n) for a score s that is worth n independent observations.

    `prior_strength` p is 1 for the uniform prior. Without a score (`None`) the prior is returned as it is.
    """
    if not prior_strength > 0.0:
        raise OutOfRangeError("The strength of the prior", prior_strength, "a number above 0")
    if score is None:
        return BetaPosterior(prior_strength, prior_strength)
    _require_proportion("A score", score)
    if not observations >= 0.0:
        raise OutOfRangeError("The number of observations", observations, "zero or more")
    return BetaPosterior(prior_strength + score * observations, prior_strength + (1.0 - score) * observations)


def threshold_from_losses(false_pass: float, false_fail: float = 1.0) -> float:
    """Return the probability of competence from which a pass costs less than a fail is expected to.

    With losses for a false pass and a false fail, passing is right once P >= L_pass / (L_pass + L_fail): three to one
    gives 0.75, nine to one 0.90. Source: Bayes decision rule for two actions (Berger 1985).
    """
    for name, loss in (("The loss of a false pass", false_pass), ("The loss of a false fail", false_fail)):
        if not loss > 0.0:
            raise OutOfRangeError(name, loss, "a loss above 0")
    return false_pass / (false_pass + false_fail)


def _require_proportion(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise OutOfRangeError(name, value, "a number from 0 to 1")
