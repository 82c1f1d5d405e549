"""Reads `references/`: submissions of known quality, and attacks."""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from shipworthy.tasks.entities import Attack, Reference, SubmissionRules
from shipworthy.tasks.fields import Inspection, Table, read_toml
from shipworthy.tasks.paths import matches_any

REFERENCES = "references/references.toml"
MAKER = "references/make.py"
LADDER = ("expert", "solid", "naive", "nothing")
LEAST_ATTACKS = 8


def read_references(
    folder: Path, rules: SubmissionRules, competencies: Collection[str], inspection: Inspection
) -> tuple[tuple[Reference, ...], tuple[Attack, ...]]:
    """Read the ladder of references, best first, and the attacks.

    Their folders must exist (an empty `nothing` may be left out) and hold what a submission must hold.
    """
    table = read_toml(folder, REFERENCES, inspection)
    home = folder / "references"
    ladder = table.table("references")
    references = tuple(_reference(ladder.table(name), name, home / name, competencies) for name in LADDER)
    ladder.close()
    _expect_order(ladder, references)
    described = table.table("attacks")
    attacks = tuple(_attack(described.table(name), name, home / "attacks" / name) for name in described.keys)
    if len(attacks) < LEAST_ATTACKS:
        described.fault("", f"{len(attacks)} of at least {LEAST_ATTACKS} attacks.", "Add attacks of other kinds.")
    table.close()
    entries: list[Reference | Attack] = [*references, *attacks]
    written = [entry for entry in entries if not entry.made]
    _expect_maker(folder, entries, inspection)
    held = [reference.id for reference in references if not reference.made]
    _expect_described(home, (*held, "attacks", "texts", "references.toml", "make.py"), "references", inspection)
    _expect_described(home / "attacks", [attack.id for attack in attacks if not attack.made], "attacks", inspection)
    for entry in written:
        if entry.id != LADDER[-1] or isinstance(entry, Attack):
            _expect_submission(folder, entry.folder, rules, inspection)
    return references, attacks


def _expect_maker(folder: Path, entries: Sequence[Reference | Attack], inspection: Inspection) -> None:
    wanted = any(entry.made for entry in entries)
    there = (folder / MAKER).is_file()
    if wanted and not there:
        inspection.add(MAKER, "", "Submissions are declared as made, and nothing makes them.", "Add make(variant).")
    if there and not wanted:
        inspection.add(MAKER, "", "No submission is declared as made.", f"Write made = true in {REFERENCES}.")
    names = [entry.id for entry in entries]
    for name in sorted({name for name in names if names.count(name) > 1}):
        inspection.add(REFERENCES, f"attacks.{name}", "Two submissions have this name.", "Rename one of them.")


def files_below(folder: Path) -> tuple[str, ...]:
    """Return the relative paths of all files below a folder, sorted; none when there is no such folder."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return tuple(sorted(path.as_posix() for path in found if "__pycache__" not in path.parts))


def _reference(table: Table, name: str, folder: Path, competencies: Collection[str]) -> Reference:
    bands = table.table("competencies", default=True)
    for competency in bands.keys:
        bands.expect_known(competency, competency, competencies, what="competency of this task")
    reference = Reference(
        id=name,
        folder=folder,
        why=table.text("why"),
        overall=table.band("overall"),
        competencies={competency: bands.band(competency) for competency in bands.keys},
        made=table.flag("made", default=False),
    )
    table.close()
    return reference


def _expect_order(table: Table, references: Sequence[Reference]) -> None:
    for better, worse in pairwise(references):
        if better.overall == worse.overall and better.overall.low == 0 and better.overall.high == 1:
            continue
        if better.overall.low <= worse.overall.low or better.overall.high < worse.overall.high:
            table.fault(
                f"{worse.id}.overall",
                f"The band is not below that of {better.id!r}.",
                "Put the bands in the order expert, solid, naive, nothing.",
            )


def _attack(table: Table, name: str, folder: Path) -> Attack:
    attack = Attack(
        id=name,
        folder=folder,
        kind=table.text("kind"),
        why=table.text("why"),
        baseline=table.choice("baseline", LADDER, what="reference"),
        made=table.flag("made", default=False),
    )
    table.close()
    return attack


def _expect_described(folder: Path, known: Iterable[str], key: str, inspection: Inspection) -> None:
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    for name in names:
        if name not in set(known) and name != "__pycache__":
            inspection.add(REFERENCES, f"{key}.{name}", f"{name!r} is not described.", "Describe it, or remove it.")


def _expect_submission(package: Path, folder: Path, rules: SubmissionRules, inspection: Inspection) -> None:
    place = folder.relative_to(package).as_posix()
    files = files_below(folder)
    for path in rules.required:
        if path not in files:
            inspection.add(f"{place}/{path}", "", "A required file is missing.", "Add it.")
    for path in files:
        if rules.paths and not matches_any(rules.paths, path):
            inspection.add(
                f"{place}/{path}",
                "",
                "The file does not count as part of a submission.",
                "Remove it, or add a pattern.",
            )
