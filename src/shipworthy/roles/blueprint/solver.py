"""HiGHS, quiet and repeatable.

A program asks for the columns with the smallest goal, within their bounds, under rules: `row @ columns >= floor`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from shipworthy.core.errors import ShipworthyError

Row = npt.NDArray[np.float64]
Places = npt.NDArray[np.int32]

# What the solver says goes nowhere, and the same question gets the same answer. Decision 12 has the figures.
ALWAYS: Mapping[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "presolve": "off",
}
FRACTIONS: Mapping[str, bool | int | float | str] = {"solver": "simplex"}
WHOLE: Mapping[str, bool | int | float | str] = {
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_feasibility_jump": False,
}
WHOLE_FIGURES = int(highspy.HighsVarType.kInteger)


class UnsolvedError(ShipworthyError):
    """The solver gave no answer to a program that has one."""


@dataclass(frozen=True)
class Columns:
    """The columns of a program: what each adds to the goal, its least and its most, and whether it must be whole."""

    goal: Row
    lower: Row
    upper: Row
    whole: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Fractions:
    """The best fractional columns, and by how much each rule's floor raises the goal (its price)."""

    columns: Row
    prices: Row


class LinearProgram:
    """A program that allows fractions, kept in memory: each answer starts from the one before."""

    def __init__(self, goal: Row, rows: Row, floors: Row) -> None:
        self._solver = _solver(FRACTIONS)
        self._columns = np.arange(len(goal), dtype=np.int32)
        _add_columns(self._solver, goal, np.zeros_like(goal), np.zeros_like(goal))
        self.add(rows, floors)

    def add(self, rows: Row, floors: Row) -> None:
        """Add rules after those there are."""
        _add_rows(self._solver, rows, floors)

    def remove(self, places: Places) -> None:
        """Forget the rules at these places; those after them move up."""
        self._solver.deleteRows(len(places), places)

    def change_floor(self, place: int, floor: float) -> None:
        """Give the rule at a place another floor."""
        self._solver.changeRowBounds(place, floor, highspy.kHighsInf)

    def optimum(self, lower: Row, upper: Row) -> Fractions | None:
        """Return the best columns within these bounds, or None where no columns satisfy every rule."""
        self._solver.changeColsBounds(len(self._columns), self._columns, lower, upper)
        if not _solved(self._solver):
            return None
        solution = self._solver.getSolution()
        return Fractions(np.array(solution.col_value), np.array(solution.row_dual))


def whole_optimum(columns: Columns, rows: Row, floors: Row) -> Row | None:
    """Return the best columns in whole figures, or None where none satisfy every rule.

    Columns that need not be whole must be so by themselves once the others are.
    """
    solver = _solver(WHOLE)
    _add_columns(solver, columns.goal, columns.lower, columns.upper)
    places = np.flatnonzero(columns.whole).astype(np.int32)
    solver.changeColsIntegrality(len(places), places, np.full(len(places), WHOLE_FIGURES, dtype=np.uint8))
    _add_rows(solver, rows, floors)
    return np.round(solver.getSolution().col_value) if _solved(solver) else None


def _solver(options: Mapping[str, bool | int | float | str]) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # its initialiser has no annotation
    for name, value in {**ALWAYS, **options}.items():
        solver.setOptionValue(name, value)
    return solver


def _add_columns(solver: highspy.Highs, goal: Row, lower: Row, upper: Row) -> None:
    nothing = np.zeros(0, dtype=np.int32)
    solver.addCols(len(goal), goal, lower, upper, 0, nothing, nothing, np.zeros(0))


def _add_rows(solver: highspy.Highs, rows: Row, floors: Row) -> None:
    at, columns = np.nonzero(rows)
    starts = np.searchsorted(at, np.arange(len(rows))).astype(np.int32)
    endless = np.full(len(rows), highspy.kHighsInf)
    solver.addRows(len(rows), floors, endless, len(at), starts, columns.astype(np.int32), rows[at, columns])


def _solved(solver: highspy.Highs) -> bool:
    """Say whether there is a best answer (True) or none at all; where the last one misleads, start afresh."""
    for _ in range(2):
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return True
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        solver.clearSolver()
    raise UnsolvedError(f"The solver gave up: {status}", remedy="This is our fault. Please report it.")
