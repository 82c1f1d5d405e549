"""Grade a submission, run the public checks, replay a bundle."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from shipworthy.core.canonical import digest
from shipworthy.core.clock import monotonic
from shipworthy.core.held_folder import held_folder
from shipworthy.grading.bundle import OpenBundle, open_bundle, pack_files, write_bundle
from shipworthy.grading.entities import (
    CheckOutcome,
    CheckRule,
    Grading,
    GradingSetup,
    Observation,
    Phases,
    Provenance,
    Replay,
)
from shipworthy.grading.errors import BundleError
from shipworthy.grading.judging import Judgement, judge_in_process
from shipworthy.grading.junk import KINDS
from shipworthy.grading.orders import JUDGE, PUBLIC_CHECK, SUBMISSION, grading_order, replay_order
from shipworthy.grading.rules import measurements_document, outcome_of, outcomes_document, outcomes_of
from shipworthy.tasks.entities import Submission, Task

ATTEMPTS = 2

Announce = Callable[[str], None]
Observed = Callable[[CheckOutcome], None]


def silent(_: object) -> None:
    """Announce nothing."""


@dataclass(frozen=True)
class _Case:
    """One submission before one judge: the hidden one, or the public check."""

    task: Task
    seed: int
    submission: Submission
    label: str
    setup: GradingSetup
    judge: str
    rules: tuple[CheckRule, ...]
    bundle: Path | None
    announce: Announce
    observed: Observed = silent


def grade(
    task: Task,
    seed: int,
    submission: Submission,
    *,
    label: str,
    setup: GradingSetup,
    bundle: Path | None = None,
    announce: Announce = silent,
) -> Grading:
    """Judge a submission to one variant of a task; write the evidence to `bundle` where one is named.

    A grading with a fault of ours is tried a second time; what is still missing then is `grader_error`.
    """
    return _judged(_Case(task, seed, submission, label, setup, JUDGE, check_rules(task), bundle, announce))


def check_publicly(
    task: Task,
    seed: int,
    submission: Submission,
    *,
    setup: GradingSetup,
    announce: Announce = silent,
    observed: Observed = silent,
) -> Grading:
    """Run the checks that candidates may run themselves, on the public data of their variant; no score follows.

    `observed` is called with the outcome of every check as soon as it is known.
    """
    checks = task.manifest.public_checks
    rules = tuple(CheckRule(check.id, check.sentence, 1.0, {}, check.pass_mark) for check in checks)
    return _judged(_Case(task, seed, submission, "public checks", setup, PUBLIC_CHECK, rules, None, announce, observed))


def _judged(case: _Case) -> Grading:
    for attempt in range(ATTEMPTS):
        grading = _judged_once(case)
        if not grading.fault or attempt == ATTEMPTS - 1:
            break
        case.announce("a fault of ours; trying once more")
    return grading


def _judged_once(case: _Case) -> Grading:
    started = monotonic()
    with held_folder(case.setup.data_folder / "staging") as folder:
        pack_files(folder / SUBMISSION, case.submission.files)
        ids = [rule.id for rule in case.rules]
        order = grading_order(case.task, case.seed, setup=case.setup, folder=folder, check_ids=ids, judge=case.judge)
        judgement = judge_in_process(
            order, log=folder / "judge.log", announce=case.announce, observed=partial(_tell_outcome, case)
        )
        grading = Grading(
            label=case.label,
            provenance=_provenance(case, judgement),
            rules=case.rules,
            outcomes=outcomes_of(case.rules, judgement.observations),
            ignored=case.submission.ignored,
            fault=judgement.fault or _unobserved(case.rules, judgement),
            bundle=case.bundle,
        )
        if case.bundle is not None:
            write_bundle(grading, folder, case.bundle)
    phases = Phases(monotonic() - started, judgement.submission_seconds, judgement.judge_seconds)
    return replace(grading, phases=phases, runs=judgement.runs)


def _tell_outcome(case: _Case, observation: Observation) -> None:
    for rule in case.rules:
        if rule.id == observation.check_id:
            case.observed(outcome_of(rule, observation))


def _unobserved(rules: tuple[CheckRule, ...], judgement: Judgement) -> str:
    missing = {rule.id for rule in rules} - {observation.check_id for observation in judgement.observations}
    return f"The judge observed nothing for: {', '.join(sorted(missing))}." if missing else ""


def check_rules(task: Task) -> tuple[CheckRule, ...]:
    """Return what judging needs of the checks that a task declares."""
    return tuple(
        CheckRule(check.id, check.sentence, check.weight, dict(check.competencies), check.pass_mark)
        for check in task.manifest.checks
    )


def replay(path: Path, task: Task, *, data_folder: Path, announce: Announce = silent) -> Replay:
    """Judge the recorded observations of a bundle again, without running the submission, and compare the bytes.

    Raises `BundleError` when the task package is not the one that the bundle was judged with, or when the bundle
    holds no transcript because our fault ended that grading.
    """
    with open_bundle(path) as bundle:
        again = _judged_again(bundle, task, data_folder=data_folder, junk="", announce=announce)
        same = bundle.outcomes == outcomes_document(again.outcomes)
        same = same and bundle.measurements == measurements_document(again.outcomes)
        same = same and again.fault == bundle.grading.fault
        return Replay(same, _differing(bundle.grading, again), again)


def judge_junk(path: Path, task: Task, *, kind: str, data_folder: Path, variants: Path | None = None) -> Grading:
    """Judge a bundle's recorded run again with one kind of junk in place of what the submission said.

    Where a task runs nothing of a submission, what it said is its files. `variants` is as in a `GradingSetup`.
    """
    with open_bundle(path) as bundle:
        return _judged_again(bundle, task, data_folder=data_folder, junk=kind, announce=silent, variants=variants)


def _judged_again(
    bundle: OpenBundle,
    task: Task,
    *,
    data_folder: Path,
    junk: str,
    announce: Announce,
    variants: Path | None = None,
) -> Grading:
    recorded = bundle.grading
    _require_same_package(recorded, task)
    with held_folder(data_folder / "staging") as folder:
        _unpack(bundle.packed, folder)
        if junk and not task.manifest.submission.runs:
            _spoil_submission(folder / SUBMISSION, junk)
        order = replay_order(recorded, task, folder=folder)
        order = replace(order, junk=junk, variants=str(variants) if variants else "")
        judgement = judge_in_process(order, log=folder / "replay.log", announce=announce)
    outcomes = outcomes_of(recorded.rules, judgement.observations)
    return replace(recorded, outcomes=outcomes, fault=judgement.fault or _unobserved(recorded.rules, judgement))


def _differing(recorded: Grading, again: Grading) -> tuple[str, ...]:
    pairs = zip(recorded.outcomes, again.outcomes, strict=True)
    return tuple(first.check_id for first, second in pairs if outcomes_document([first]) != outcomes_document([second]))


def _require_same_package(recorded: Grading, task: Task) -> None:
    if recorded.provenance.package_digest != task.digest:
        raise BundleError(
            f"The bundle was judged with version {recorded.provenance.task_version} of `{task.manifest.id}` "
            f"(package {recorded.provenance.package_digest[:12]}); the catalogue holds another "
            f"({task.manifest.version}, package {task.digest[:12]}).",
            remedy="Check out the catalogue as it was when the submission was graded, then replay again.",
        )


def _unpack(packed: zipfile.ZipFile, folder: Path) -> None:
    if "transcript.json" not in packed.namelist():
        raise BundleError(
            "The bundle holds no transcript: a fault of ours ended this grading.", remedy="Grade the submission again."
        )
    (folder / "blobs").mkdir()
    for name in packed.namelist():
        if name in {"transcript.json", SUBMISSION}:
            (folder / name).write_bytes(packed.read(name))
        elif name.startswith("blobs/"):
            content = packed.read(name)
            (folder / "blobs" / digest(content)).write_bytes(content)


def _spoil_submission(packed: Path, junk: str) -> None:
    with zipfile.ZipFile(packed) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    packed.unlink()
    pack_files(packed, {name: KINDS[junk].content(content) for name, content in files.items()})


def _provenance(case: _Case, judgement: Judgement) -> Provenance:
    task, setup = case.task, case.setup
    return Provenance(
        task_id=task.manifest.id,
        task_version=task.manifest.version,
        package_digest=task.digest,
        seed=case.seed,
        submission_digest=case.submission.digest,
        runtime_id=setup.runtime_id,
        runtime_digest=setup.runtime_digest,
        product_version=setup.product_version,
        product_digest=setup.product_digest,
        mechanism=setup.mechanism,
        layers=setup.layers,
        allowed_missing=setup.allowed_missing,
        live_models=tuple(sorted(judgement.live_models)),
    )
