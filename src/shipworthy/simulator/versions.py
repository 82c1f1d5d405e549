"""The versions of the model that serve requests."""

from dataclasses import dataclass, replace

Figures = tuple[float, ...]


@dataclass(frozen=True)
class Version:
    """One version of the model, as it truly is.

    `bad` and `errors` are the chances, per segment, that an answer is bad and that a request fails. `latency_ms` is
    the median service time and `spread` the SD of its log. `cost` is money for one request. `leak` is the share of
    memory lost in an hour of full load by people; copies of their requests lose none. `novelty` is how much users like
    or dislike the mere change, which biases their signals. `reliance` says how much the version suffers from broken
    features (0 not at all). `learned` is the concept, per segment, that it was trained on, and `reference` the input
    shift, per feature, of its training window.
    """

    name: str
    bad: Figures
    errors: Figures
    latency_ms: float = 120.0
    spread: float = 0.45
    cost: float = 0.0002
    leak: float = 0.0
    novelty: float = 0.0
    reliance: float = 1.0
    learned: Figures = ()
    reference: Figures = ()


def stable_version(segments: int, features: int) -> Version:
    """Return the version that serves when a scenario begins."""
    return Version(
        "v1", (0.05,) * segments, (0.004,) * segments, learned=(0.0,) * segments, reference=(0.0,) * features
    )


def fallback_version(segments: int, features: int) -> Version:
    """Return the fallback: rules and cached answers. Worse, quick, cheap, and indifferent to features and drift."""
    return Version(
        "fallback",
        (0.11,) * segments,
        (0.002,) * segments,
        latency_ms=30.0,
        cost=0.00002,
        reliance=0.0,
        learned=(0.0,) * segments,
        reference=(0.0,) * features,
    )


def improved(version: Version, name: str, by: float) -> Version:
    """Return a version whose answers are bad less often by a factor, such as 0.25 for a quarter."""
    return replace(version, name=name, bad=tuple(rate * (1.0 - by) for rate in version.bad))
