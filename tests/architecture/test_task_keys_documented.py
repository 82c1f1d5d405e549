"""The page about task packages lists every key that the loader reads, with its default, and no other."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from shipworthy.framework import load_framework
from shipworthy.runtimes.definitions import load_definition
from shipworthy.tasks.entities import CheckDefinition, SubmissionRules, TaskLimits
from shipworthy.tasks.fields import Inspection
from shipworthy.tasks.manifest import read_manifest
from shipworthy.tasks.references import read_references
from shipworthy.tasks.rubric import read_rubric
from tests.architecture.pages import DOCS, ROOT, first_cells, sections, ticked
from tests.support.packages import sound_package

PAGE = DOCS / "reference" / "task-package.md"
TABLES_ONLY = {"competencies", "submission", "ai_use", "checks", "public_checks", "references", "attacks"}
TABLES_ONLY |= {"criteria", "texts"}
NAMED_BY_AUTHORS = (
    (r"competencies\.[a-z_]+$", "competencies.<id>"),
    (r"^(references|attacks)\.[a-z_]+", r"\1.<name>"),
    (r"anchors\.\d$", "anchors.<level>"),
    (r"^texts\.[a-z_]+", "texts.<name>"),
    (r"levels\.[a-z_]+$", "levels.<criterion>"),
)


def asked_keys(folder: Path) -> dict[str, set[str]]:
    package = sound_package(folder)
    inspection = Inspection()
    framework = load_framework()
    manifest = read_manifest(package, framework, inspection)
    read_references(package, manifest.submission, manifest.competencies, inspection)
    read_rubric(package, framework.competency_ids, inspection)
    keys: dict[str, set[str]] = {}
    for file, key in inspection.asked:
        keys.setdefault(file, set()).add(general(key))
    return keys


def general(key: str) -> str:
    for pattern, name in NAMED_BY_AUTHORS:
        key = re.sub(pattern, name, key)
    return key


def is_table(key: str) -> bool:
    return key in TABLES_ONLY or re.search(r"(\[\]|<name>)\.(competencies|anchors|levels)$|\.<name>$", key) is not None


@pytest.mark.parametrize("file", ["task.toml", "rubric.toml", "references/references.toml"])
def test_every_key_of_a_package_is_described_and_no_other(tmp_path: Path, file: str) -> None:
    described = ticked(first_cells(sections(PAGE)[f"`{file}`"]))
    asked = {key for key in asked_keys(tmp_path)[file] if not is_table(key)}
    assert sorted(described) == sorted(asked)


def test_the_defaults_on_the_page_are_those_of_the_code() -> None:
    told = {}
    for line in sections(PAGE)["`task.toml`"].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and re.fullmatch(r"[\d.]+", cells[2]):
            told[cells[0].strip("`").split(".")[-1]] = float(cells[2])
    usual = {
        entry.name: float(entry.default)
        for kind in (TaskLimits, SubmissionRules, CheckDefinition)
        for entry in fields(kind)
        if isinstance(entry.default, int | float) and not isinstance(entry.default, bool)
    }
    assert told == usual


def test_every_key_of_a_runtime_is_described_and_no_other() -> None:
    section = sections(DOCS / "how-to" / "build-a-runtime.md")["Define another one"]
    described = set(ticked(first_cells(section)))
    written = set(re.findall(r"^(\w+) = ", (ROOT / "runtimes/python-ml/runtime.toml").read_text(), re.MULTILINE))
    assert described == written
    assert load_definition("python-ml").id == "python-ml"
