"""Reads `task.toml`."""

import math
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from shipworthy.framework import Framework
from shipworthy.tasks.entities import (
    AiUse,
    AiUseRule,
    CheckDefinition,
    Manifest,
    Method,
    PublicCheckDefinition,
    SubmissionRules,
    TaskLimits,
)
from shipworthy.tasks.fields import Inspection, Table, read_toml
from shipworthy.tasks.paths import matches_any, path_fault

MANIFEST = "task.toml"
FORMAT = 1
WEIGHT_TOLERANCE = 0.01
_TASK_ID = (r"[a-z][a-z0-9]*(-[a-z0-9]+)*", "an id of lower-case words joined by hyphens")
_CHECK_ID = (r"[a-z][a-z0-9_]*", "an id of lower-case letters, digits and underscores")
_VERSION = (r"\d+\.\d+\.\d+", "a version of three numbers such as 1.0.0")


def read_manifest(
    folder: Path, framework: Framework, inspection: Inspection, *, runtimes: Collection[str] | None = None
) -> Manifest:
    """Read the manifest in `folder`. It means something only when the inspection made no findings.

    `runtimes`, where given, are the ids that the key `runtime` may name.
    """
    table = read_toml(folder, MANIFEST, inspection)
    table.whole("format", low=FORMAT, high=FORMAT)
    manifest = Manifest(
        id=_named_as_folder(table, folder),
        uuid=_uuid(table),
        version=table.text("version", pattern=_VERSION[0], meaning=_VERSION[1]),
        title=table.text("title"),
        summary=table.text("summary"),
        method=_method(table, folder, framework),
        role_contexts=_known_texts(table, "role_contexts", framework.role_context_ids, what="role context"),
        competencies=table.shares("competencies", framework.competency_ids, what="competency"),
        minutes=table.whole("minutes", low=1, high=480),
        runtime=_runtime(table, runtimes),
        limits=_limits(table.table("limits", default=True)),
        submission=_submission_rules(table.table("submission")),
        ai_use=_ai_use(table.table("ai_use")),
        authors=table.texts("authors", least=1),
        licence=table.text("licence"),
        data_licences=table.texts("data_licences"),
        embargo_until=_day(table, "embargo_until"),
        ai_baseline=table.text("ai_baseline"),
        checks=_checks(table, framework.competency_ids),
        public_checks=_public_checks(table),
        live_models=table.texts("live_models", default=True),
    )
    _compare_weights(table, manifest)
    table.close()
    return manifest


def _named_as_folder(table: Table, folder: Path) -> str:
    name = table.text("id", pattern=_TASK_ID[0], meaning=_TASK_ID[1])
    if name and name != folder.resolve().name:
        table.fault("id", f"{name!r} differs from the folder's name.", "Give both the same name.")
    return name


def _uuid(table: Table) -> str:
    value = table.text("uuid")
    try:
        return str(UUID(value)) if value else ""
    except ValueError:
        table.fault("uuid", f"{value!r} is no UUID.", "Write a new one: python3 -c 'import uuid; print(uuid.uuid4())'")
        return ""


def _method(table: Table, folder: Path, framework: Framework) -> Method:
    known = [method.value for method in Method if method.value in framework.method_ids]
    value = table.choice("method", known, what="method")
    shelf = folder.resolve().parent.name
    if value in known and shelf in known and shelf != value:
        table.fault("method", f"The task lies in the folder {shelf!r}.", f"Move it to {value}/, or change the method.")
    return Method(value) if value in known else Method.CODING


def _runtime(table: Table, runtimes: Collection[str] | None) -> str:
    value = table.text("runtime")
    if value and runtimes is not None:
        table.expect_known("runtime", value, runtimes, what="runtime")
    return value


def _known_texts(table: Table, key: str, known: Sequence[str], *, what: str) -> tuple[str, ...]:
    values = table.texts(key, least=1)
    for value in values:
        table.expect_known(key, value, known, what=what)
    return values


def _limits(table: Table) -> TaskLimits:
    usual = TaskLimits()
    limits = TaskLimits(
        cpu_seconds=table.number("cpu_seconds", low=0.1, high=3600, default=usual.cpu_seconds),
        wall_seconds=table.number("wall_seconds", low=0.1, high=7200, default=usual.wall_seconds),
        memory_mb=table.whole("memory_mb", low=16, high=65536, default=usual.memory_mb),
        processes=table.whole("processes", low=1, high=4096, default=usual.processes),
        output_mb=table.whole("output_mb", low=1, high=256, default=usual.output_mb),
        disk_mb=table.whole("disk_mb", low=1, high=16384, default=usual.disk_mb),
        disk_files=table.whole("disk_files", low=1, high=1_000_000, default=usual.disk_files),
    )
    table.close()
    return limits


def _submission_rules(table: Table) -> SubmissionRules:
    rules = SubmissionRules(
        paths=table.texts("paths", least=1),
        required=table.texts("required"),
        max_mb=table.whole("max_mb", low=1, high=1024, default=5),
        max_files=table.whole("max_files", low=1, high=10_000, default=100),
        runs=table.flag("runs", default=True),
    )
    for key, paths in (("paths", rules.paths), ("required", rules.required)):
        for path in paths:
            fault = path_fault(path)
            if fault:
                table.fault(key, f"{path!r} {fault}.", "Write a path relative to the workspace.")
    for path in rules.required:
        if rules.paths and not matches_any(rules.paths, path):
            table.fault("required", f"No pattern of paths means {path!r}.", "Add a pattern, or correct the path.")
    table.close()
    return rules


def _ai_use(table: Table) -> AiUse:
    known = [rule.value for rule in AiUseRule]
    rule = table.choice("rule", known, what="AI-use rule")
    recorded = table.text("recorded")
    table.close()
    return AiUse(rule=AiUseRule(rule) if rule in known else AiUseRule.NOT_ALLOWED, recorded=recorded)


def _day(table: Table, key: str) -> str:
    value = table.text(key, empty=True)
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        table.fault(key, f"{value!r} is no day.", "Write a day such as 2026-01-31, or an empty text.")
        return ""


def _checks(table: Table, known: Sequence[str]) -> tuple[CheckDefinition, ...]:
    entries = table.tables("checks")
    checks = tuple(_check(entry, known) for entry in entries)
    _expect_unique(entries, [check.id for check in checks])
    return checks


def _check(table: Table, known: Sequence[str]) -> CheckDefinition:
    check = CheckDefinition(
        id=table.text("id", pattern=_CHECK_ID[0], meaning=_CHECK_ID[1]),
        sentence=table.text("sentence"),
        stated=table.text("stated"),
        weight=table.number("weight", low=0.001, high=1000.0),
        competencies=table.shares("competencies", known, what="competency"),
        pass_mark=table.number("pass_mark", low=0.0, high=1.0, default=0.5),
    )
    table.close()
    return check


def _public_checks(table: Table) -> tuple[PublicCheckDefinition, ...]:
    entries = table.tables("public_checks")
    checks = []
    for entry in entries:
        check_id = entry.text("id", pattern=_CHECK_ID[0], meaning=_CHECK_ID[1])
        mark = entry.number("pass_mark", low=0.0, high=1.0, default=PublicCheckDefinition.pass_mark)
        checks.append(PublicCheckDefinition(id=check_id, sentence=entry.text("sentence"), pass_mark=mark))
        entry.close()
    _expect_unique(entries, [check.id for check in checks])
    return tuple(checks)


def _expect_unique(entries: Sequence[Table], ids: Sequence[str]) -> None:
    for number, (entry, name) in enumerate(zip(entries, ids, strict=True)):
        if name and name in ids[:number]:
            entry.fault("id", f"The id {name!r} is used twice.", "Give every entry an id of its own.")


def _compare_weights(table: Table, manifest: Manifest) -> None:
    total = math.fsum(check.weight for check in manifest.checks)
    if not total or not manifest.competencies:
        return
    names = {*manifest.competencies, *(name for check in manifest.checks for name in check.competencies)}
    for name in sorted(names):
        loaded = math.fsum(check.weight * check.competencies.get(name, 0.0) for check in manifest.checks) / total
        declared = manifest.competencies.get(name, 0.0)
        if abs(loaded - declared) > WEIGHT_TOLERANCE:
            table.fault(
                f"competencies.{name}",
                f"Declared as {declared:g}, but the checks give it {loaded:.3f} of their weight.",
                "Correct the share, or the weights and competencies of the checks.",
            )
