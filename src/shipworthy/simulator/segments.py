"""The parts that traffic is told apart by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Segment:
    """One part of the traffic: customers of one region on one device.

    `share` is its mean share of all requests, `harm` what one bad answer to it weighs, `peak_hour` the hour of day
    (UTC)
    with most traffic, `latency` the factor on every version's latency.
    """

    name: str
    region: str
    device: str
    share: float
    harm: float
    peak_hour: float
    latency: float


SEGMENTS = (
    Segment("eu-web", "eu", "web", 0.28, 1.0, 13.0, 1.0),
    Segment("eu-mobile", "eu", "mobile", 0.22, 1.0, 18.0, 1.1),
    Segment("us-web", "us", "web", 0.20, 1.0, 19.0, 1.0),
    Segment("us-mobile", "us", "mobile", 0.16, 1.0, 23.0, 1.1),
    Segment("apac-web", "apac", "web", 0.08, 3.0, 5.0, 1.2),
    Segment("apac-mobile", "apac", "mobile", 0.06, 3.0, 10.0, 1.3),
)
FEATURES = ("amount", "recency", "category", "text_length")
"""The input features whose distribution is watched."""
