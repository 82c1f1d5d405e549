from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.roles.blueprint.tightening import Worths, violated_rule

PARTS = st.tuples(st.floats(0.05, 1.0), st.integers(1, 3), st.floats(0.0, 1.0))


@given(st.lists(PARTS, min_size=1, max_size=5), st.floats(0.0, 1.0))
def test_a_rule_is_broken_by_the_fractions_and_by_no_whole_tasks_that_suffice(
    parts: list[tuple[float, int, float]], firm: float
) -> None:
    shares, most, taken = (np.array(figures, dtype=float) for figures in zip(*parts, strict=True))
    columns = np.arange(len(parts))
    found = violated_rule(Worths(columns, shares, most, len(parts)), np.append(taken * most, firm))
    if found is None:
        return
    entries, floor = found
    row = np.array([entries[column] for column in range(len(parts) + 1)])
    assert row @ np.append(taken * most, firm) < floor
    for counts in product(*(range(int(number) + 1) for number in most)):
        if shares @ np.array(counts) >= 1.0:
            assert row @ np.append(counts, 1.0) >= floor - 1e-6
        assert row @ np.append(counts, 0.0) >= floor - 1e-6


def test_three_small_tasks_that_do_not_suffice_are_seen_through() -> None:
    # Each is worth 0.3, so four are needed; 3.34 of them would do as fractions.
    worths = Worths(np.arange(6), np.full(6, 0.3), np.ones(6), 6)
    found = violated_rule(worths, np.append(np.full(6, 1.0 / 1.8), 1.0))
    assert found is not None
    entries, floor = found
    assert sum(entries[column] for column in range(3)) + entries[6] < floor
