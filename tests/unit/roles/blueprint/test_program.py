import random

from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.measurement.firmness import FirmnessRule
from shipworthy.roles.blueprint.choice import best_choice
from shipworthy.roles.blueprint.entities import OfferedCheck, TaskOffer
from shipworthy.roles.blueprint.evidence import ground_of
from shipworthy.roles.blueprint.program import value_of
from shipworthy.tasks.entities import Method
from tests.unit.roles.blueprint.builders import PREFERRED, REQUIRED, best_by_trying, offer

NAMES = ("evaluation", "governance", "ai_security", "api_development")
LOADINGS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([0.1, 0.5, 1.0]), min_size=1, max_size=2)
CHECKS = st.lists(st.builds(OfferedCheck, st.sampled_from([0.05, 0.1, 0.4]), LOADINGS), min_size=1, max_size=5)
NEEDS = st.fixed_dictionaries({name: st.sampled_from([REQUIRED, REQUIRED, PREFERRED]) for name in NAMES})
RULES = st.builds(
    FirmnessRule,
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from([1.0, 2.5, 4.0, 6.0]),
    st.sampled_from([0.0, 0.15, 0.4]),
)


@st.composite
def catalogues(draw: st.DrawFn) -> list[TaskOffer]:
    kinds = draw(
        st.lists(
            st.tuples(
                st.sampled_from(Method),
                st.sampled_from([10, 20, 25, 40]),
                CHECKS,
                st.lists(LOADINGS, max_size=1),
                st.integers(1, 3),
            ),
            min_size=1,
            max_size=5,
        )
    )
    # Some tasks are alike, which is where a solver has most to get wrong.
    alike = [kind for kind in kinds for _ in range(kind[4])][:8]
    ids = draw(st.permutations(range(len(alike))))
    return [
        TaskOffer(f"task-{number}", "T", kind[0], kind[1], (), tuple(kind[2]), tuple(kind[3]))
        for number, kind in zip(ids, alike, strict=True)
    ]


@given(catalogues(), NEEDS, RULES, st.one_of(st.none(), st.integers(5, 150)), st.integers(0, 10))
@settings(max_examples=120, deadline=None)
def test_the_program_chooses_what_trying_every_set_would(
    offers: list[TaskOffer], needs: dict[str, object], rule: FirmnessRule, limit: int | None, pin: int
) -> None:
    ground = ground_of(offers, needs, rule)  # type: ignore[arg-type]
    pinned = frozenset({pin} if pin < len(offers) and ground.offers[pin].minutes <= (limit or 1000) else ())
    expected = best_by_trying(ground, pinned, limit)
    found = best_choice(ground, pinned, limit)
    assert value_of(ground, found) == value_of(ground, expected)
    assert found == expected


@given(catalogues(), NEEDS, RULES, st.integers(20, 120), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_catalogue_makes_no_difference(
    offers: list[TaskOffer], needs: dict[str, object], rule: FirmnessRule, limit: int, chance: random.Random
) -> None:
    shuffled = list(offers)
    chance.shuffle(shuffled)
    grounds = [ground_of(entries, needs, rule) for entries in (offers, shuffled)]  # type: ignore[arg-type]
    assert best_choice(grounds[0], (), limit) == best_choice(grounds[1], (), limit)


def test_of_equal_sets_the_first_ids_are_chosen_even_where_their_ranks_add_up_to_the_same() -> None:
    # Two of these six suffice for the method, the competency needs a pair of lengths that only some pairs have.
    minutes = [10, 20, 20, 30, 30, 40]
    offers = [offer(f"task-{place}", "evaluation", minutes=length) for place, length in enumerate(minutes)]
    ground = ground_of(offers, {"evaluation": REQUIRED}, FirmnessRule(2, 1, 1.0))
    assert best_choice(ground, (), None) == frozenset({0, 1})


def test_many_equal_tasks_give_the_first_three() -> None:
    offers = [offer(f"task-{place:02d}", "evaluation", rated=["evaluation"]) for place in range(40)]
    ground = ground_of(offers, {"evaluation": REQUIRED}, FirmnessRule())
    assert best_choice(ground, (), 180) == frozenset({0, 1, 2})
    assert best_choice(ground, (39,), 180) == frozenset({0, 1, 39})
