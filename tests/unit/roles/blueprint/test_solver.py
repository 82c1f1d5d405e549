import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.measurement.firmness import FirmnessRule
from shipworthy.roles.blueprint.choice import best_choice
from shipworthy.roles.blueprint.evidence import ground_of
from shipworthy.roles.blueprint.solver import Columns, LinearProgram, whole_optimum
from tests.unit.roles.blueprint.builders import REQUIRED, offer

FIGURES = st.lists(st.integers(1, 9), min_size=4, max_size=4)


def knapsack(worths: list[int], costs: list[int]) -> LinearProgram:
    return LinearProgram(np.array(costs, dtype=float), np.array([worths], dtype=float), np.array([0.0]))


def test_fractions_are_cheaper_than_whole_figures() -> None:
    goal, rows, floors = np.array([3.0, 4.0]), np.array([[2.0, 3.0]]), np.array([4.0])
    program = LinearProgram(goal, rows, floors)
    best = program.optimum(np.zeros(2), np.ones(2))
    assert best is not None
    assert best.columns == pytest.approx([0.5, 1.0])
    assert best.prices == pytest.approx([1.5])
    whole = whole_optimum(Columns(goal, np.zeros(2), np.ones(2), np.ones(2, dtype=np.bool_)), rows, floors)
    assert whole is not None
    assert whole.tolist() == [1.0, 1.0]


def test_where_nothing_fits_there_is_no_answer_and_the_next_question_gets_one() -> None:
    program = knapsack([2, 3], [3, 4])
    program.change_floor(0, 6.0)
    assert program.optimum(np.zeros(2), np.ones(2)) is None
    rows = np.array([[2.0, 3.0]])
    assert (
        whole_optimum(Columns(np.ones(2), np.zeros(2), np.ones(2), np.ones(2, dtype=np.bool_)), rows, np.array([6.0]))
        is None
    )
    assert program.optimum(np.zeros(2), np.full(2, 2.0)) is not None


@given(FIGURES, FIGURES, st.lists(st.tuples(st.integers(1, 20), FIGURES), min_size=1, max_size=4))
@settings(max_examples=50, deadline=None)
def test_an_answer_does_not_depend_on_the_questions_before(
    worths: list[int], costs: list[int], questions: list[tuple[int, list[int]]]
) -> None:
    used = knapsack(worths, costs)
    for floor, most in questions:
        fresh = knapsack(worths, costs)
        answers = []
        for program in (used, fresh):
            program.change_floor(0, float(floor))
            best = program.optimum(np.zeros(4), np.array(most, dtype=float))
            answers.append(None if best is None else float(best.columns @ np.array(costs)))
        assert answers[0] == pytest.approx(answers[1])


def test_rules_can_be_added_and_forgotten() -> None:
    program = knapsack([1, 1], [1, 2])
    program.change_floor(0, 1.0)
    program.add(np.array([[-1.0, 0.0]]), np.array([0.0]))
    without_first = program.optimum(np.zeros(2), np.ones(2))
    program.remove(np.array([1], dtype=np.int32))
    with_first = program.optimum(np.zeros(2), np.ones(2))
    assert without_first is not None
    assert with_first is not None
    assert (without_first.columns.tolist(), with_first.columns.tolist()) == ([0.0, 1.0], [1.0, 0.0])


def test_the_solver_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    offers = [offer(f"task-{place}", "evaluation", minutes=20 + place, checks=place % 5 + 2) for place in range(40)]
    ground = ground_of(offers, {"evaluation": REQUIRED}, FirmnessRule())
    assert best_choice(ground, (), 180)
    assert capfd.readouterr() == ("", "")


def test_a_blueprint_does_without_the_slow_part_of_scipy() -> None:
    program = "import sys, shipworthy.roles.blueprint.operations; sys.exit('scipy.optimize' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
