"""How long a call would have taken, on a virtual clock: drawn from the call, never measured."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import FaultKind

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Latency:
    """A model's speed, in milliseconds: to its first token, per prompt token and per completion token.

    `spread` is the standard deviation of the logarithm: 0.25 means that two calls in three are within 22 % below and
    28 % above the middle. `timeout` is what a call takes that never answers, `slow` how many times slower a slow
    stream is.
    """

    first: float = 250.0
    per_prompt_token: float = 0.05
    per_completion_token: float = 12.0
    spread: float = 0.25
    timeout: float = 600_000.0
    slow: float = 20.0

    def drawn(
        self, draws: Draws, drawn: tuple[str, int], tokens: tuple[int, int], fault: FaultKind | None = None
    ) -> float:
        """Return the milliseconds of a call with this (digest, occurrence) and (prompt, completion) tokens."""
        if fault is FaultKind.TIMEOUT:
            return self.timeout
        middle = self.first + self.per_prompt_token * tokens[0] + self.per_completion_token * tokens[1]
        factor = math.exp(self.spread * _NORMAL.inv_cdf(draws.fraction("latency", *drawn)))
        return round(middle * factor * (self.slow if fault is FaultKind.SLOW_STREAM else 1), 3)
