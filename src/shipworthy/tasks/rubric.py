"""Reads `rubric.toml`: what a person rates."""

from collections.abc import Sequence
from pathlib import Path

from shipworthy.tasks.entities import Criterion
from shipworthy.tasks.fields import Inspection, Table, read_toml

RUBRIC = "rubric.toml"
LEVELS = (1, 2, 3, 4, 5)
NEEDED_ANCHORS = (1, 3, 5)


def read_rubric(folder: Path, known_competencies: Sequence[str], inspection: Inspection) -> tuple[Criterion, ...]:
    """Read the criteria, each with anchors at levels 1, 3 and 5 at least."""
    table = read_toml(folder, RUBRIC, inspection)
    criteria: list[Criterion] = []
    for entry in table.tables("criteria"):
        criterion = _criterion(entry, known_competencies)
        if criterion.id and any(criterion.id == other.id for other in criteria):
            entry.fault("id", f"The id {criterion.id!r} is used twice.", "Give every criterion an id of its own.")
        criteria.append(criterion)
    table.close()
    return tuple(criteria)


def _criterion(table: Table, known: Sequence[str]) -> Criterion:
    criterion = Criterion(
        id=table.text("id", pattern=r"[a-z][a-z0-9_]*", meaning="an id of lower-case letters, digits and underscores"),
        title=table.text("title"),
        competencies=table.shares("competencies", known, what="competency"),
        anchors=_anchors(table.table("anchors")),
    )
    table.close()
    return criterion


def _anchors(table: Table) -> dict[int, str]:
    present = set(table.keys)
    levels = [level for level in LEVELS if str(level) in present or level in NEEDED_ANCHORS]
    anchors = {level: table.text(str(level)) for level in levels}
    for key in sorted(present - {str(level) for level in LEVELS}):
        table.fault(key, "A level is a number from 1 to 5.", "Correct the level.")
    return anchors
