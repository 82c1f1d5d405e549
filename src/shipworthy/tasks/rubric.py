"""Reads `rubric.toml`: what a person rates, and texts of known quality to rate by."""

from collections.abc import Sequence
from pathlib import Path

from shipworthy.tasks.entities import Criterion, ReferenceText, Rubric, SubmissionRules, TextKind
from shipworthy.tasks.fields import Inspection, Table, read_toml
from shipworthy.tasks.paths import matches_any

RUBRIC = "rubric.toml"
TEXTS = "references/texts"
LEVELS = (1, 2, 3, 4, 5)
NEEDED_ANCHORS = (1, 3, 5)
NO_BAND = (LEVELS[0], LEVELS[-1])


def read_rubric(folder: Path, known_competencies: Sequence[str], inspection: Inspection) -> Rubric:
    """Read the criteria, each with anchors at levels 1, 3 and 5 at least, and the texts that show them.

    A rubric that names written files has a text of every kind, the strong one above all others on every criterion.
    """
    table = read_toml(folder, RUBRIC, inspection)
    written = table.texts("written", default=True)
    criteria: list[Criterion] = []
    for entry in table.tables("criteria"):
        criterion = _criterion(entry, known_competencies)
        if criterion.id and any(criterion.id == other.id for other in criteria):
            entry.fault("id", f"The id {criterion.id!r} is used twice.", "Give every criterion an id of its own.")
        criteria.append(criterion)
    described = table.table("texts", default=True)
    texts = tuple(_text(described.table(name), name, folder, criteria) for name in described.keys)
    table.close()
    if written:
        _expect_every_kind(described, texts)
    _expect_strong_on_top(described, texts)
    _expect_described(folder, described.keys, inspection)
    return Rubric(tuple(criteria), written, texts)


def expect_countable(rubric: Rubric, rules: SubmissionRules, inspection: Inspection) -> None:
    """Note every written file that would not count as part of a submission."""
    for path in rubric.written:
        if rules.paths and not matches_any(rules.paths, path):
            fault = f"{path!r} does not count as part of a submission."
            inspection.add(RUBRIC, "written", fault, "Add a pattern to submission.paths in task.toml.")


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


def _text(table: Table, name: str, folder: Path, criteria: Sequence[Criterion]) -> ReferenceText:
    path = folder / TEXTS / f"{name}.md"
    if not path.is_file() or not path.read_text(encoding="utf-8", errors="replace").strip():
        table.fault("", f"The text {TEXTS}/{name}.md is missing or empty.", "Write it.")
    kinds = [kind.value for kind in TextKind]
    kind = table.choice("kind", kinds, what="kind of text")
    levels = table.table("levels")
    for criterion_id in levels.keys:
        levels.expect_known(criterion_id, criterion_id, [one.id for one in criteria], what="criterion")
    bands = {criterion_id: _levels(levels, criterion_id) for criterion_id in levels.keys}
    if not bands:
        levels.fault("", "The text has no levels.", "Give the lowest and highest level of at least one criterion.")
    text = ReferenceText(name, TextKind(kind) if kind in kinds else TextKind.WEAK, path, table.text("why"), bands)
    table.close()
    return text


def _levels(table: Table, criterion_id: str) -> tuple[int, int]:
    band = table.wholes(criterion_id, low=LEVELS[0], high=LEVELS[-1])
    if len(band) == 2 and band[0] <= band[1]:
        return band[0], band[1]
    if band:
        table.fault(criterion_id, "A band is two levels, the lower one first.", "Write for example [4, 5].")
    return NO_BAND


def _expect_every_kind(table: Table, texts: Sequence[ReferenceText]) -> None:
    for kind in (kind for kind in TextKind if kind is not TextKind.MIDDLING):
        if not any(text.kind is kind for text in texts):
            table.fault("", f"No text is {kind.value}.", f"Add one below [texts], with its file in {TEXTS}/.")


def _expect_strong_on_top(table: Table, texts: Sequence[ReferenceText]) -> None:
    for strong in (text for text in texts if text.kind is TextKind.STRONG):
        for other in (text for text in texts if text.kind is not TextKind.STRONG):
            unclear = [name for name, (low, _) in strong.levels.items() if other.levels.get(name, NO_BAND)[1] >= low]
            if unclear:
                fault = f"It has no band below that of {strong.id!r} on: {', '.join(unclear)}."
                table.fault(f"{other.id}.levels", fault, "Part the bands, or write texts that can be told apart.")


def _expect_described(folder: Path, named: Sequence[str], inspection: Inspection) -> None:
    for path in sorted((folder / TEXTS).glob("*")):
        if path.suffix != ".md" or path.stem not in named:
            place = path.relative_to(folder).as_posix()
            inspection.add(place, "", "The text is not described.", f"Describe it below [texts] in {RUBRIC}.")
