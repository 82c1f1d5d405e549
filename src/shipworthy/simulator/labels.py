"""When the truth about answers becomes known: labels come late, some are lost, some come much later.

They are for answers that people saw: nobody can say whether an answer to a copy would have been bad.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shipworthy.simulator.drift import Effects


@dataclass(frozen=True)
class LabelPlan:
    """Which share of the answers that reached people gets a label, and after how many steps."""

    rate: float = 0.02
    delay: int = 72


def origins(plan: LabelPlan, effects: Effects) -> NDArray[np.int64]:
    """Return, for every step and one more, the first step whose labels have not arrived before it.

    Labels that arrive during step t are of the answers given in steps `origins[t]` to before `origins[t + 1]`.
    Labels arrive in the order of their answers: those that had to wait arrive with what they held up.
    """
    steps = len(effects.label_delay)
    due = np.arange(steps) + np.rint(plan.delay * effects.label_delay).astype(np.int64)
    return np.searchsorted(np.maximum.accumulate(due), np.arange(steps + 1))
