"""The behaviour that is no policy of ours: whatever the operator has put behind the name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Live:
    """Stands for a model that an operator chooses, where a task's manifest says that it may be one.

    It holds nothing: a judge says only that the model is live, and which endpoint answers is the operator's setting. So
    a judge can be replayed from what was recorded where nothing is set. It keeps no promise of the other behaviours:
    the same request may be answered otherwise, and the answer cannot be had again.
    """

    name: str = "live"
