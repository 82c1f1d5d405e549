from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st

from shipworthy.measurement.firmness import FirmnessRule
from shipworthy.roles.blueprint.cuts import clause_against
from shipworthy.roles.blueprint.evidence import pooled_n

RULE = FirmnessRule(min_effective_n=4.0)
WEIGHTS = st.lists(st.sampled_from([0.01, 0.1, 0.5, 2.0]), min_size=1, max_size=5).map(tuple)


@given(st.lists(WEIGHTS, min_size=1, max_size=7), st.sets(st.integers(0, 6), min_size=1))
def test_a_clause_forbids_the_failing_set_and_no_set_that_would_do(
    tasks: list[tuple[float, ...]], chosen: set[int]
) -> None:
    weights = dict(enumerate(tasks))
    failing = chosen & weights.keys()
    assume(failing and pooled_n([weights[place] for place in failing], RULE) < RULE.min_effective_n)
    clause = clause_against("evaluation", failing, weights, RULE)
    assert clause.inside <= failing
    assert not clause.outside & failing
    for size in range(len(weights) + 1):
        for entry in combinations(weights, size):
            forbidden = clause.inside <= set(entry) and not clause.outside & set(entry)
            assert not (forbidden and pooled_n([weights[place] for place in entry], RULE) >= RULE.min_effective_n)


def test_one_heavy_task_forbids_all_light_company_at_once() -> None:
    weights = {0: (5.0, 5.0), **dict.fromkeys(range(1, 30), (0.01,) * 8)}
    clause = clause_against("evaluation", {0, 1, 2}, weights, RULE)
    assert clause.inside == {0}
    assert clause.outside == frozenset()
