"""Verify a task package: plan the trials, run them over the cores, decide the gates."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from shipworthy.core.clock import monotonic
from shipworthy.core.held_folder import held_folder
from shipworthy.grading.abreast import abreast
from shipworthy.grading.bundle import open_bundle
from shipworthy.grading.entities import Grading, GradingSetup
from shipworthy.grading.junk import KINDS
from shipworthy.grading.operations import grade, judge_junk, replay
from shipworthy.grading.rules import competency_scores, outcomes_document, task_score
from shipworthy.runtimes.definitions import known_runtimes
from shipworthy.tasks.entities import Submission, Task
from shipworthy.tasks.loading import examine
from shipworthy.tasks.reference_submissions import ReferenceSubmissions
from shipworthy.tasks.variants import generate_in_subprocess
from shipworthy.verification import rules
from shipworthy.verification.entities import (
    LADDER,
    Extent,
    Gate,
    GateReport,
    Purpose,
    Trial,
    Tried,
    Verification,
)
from shipworthy.verification.journal import Journal
from shipworthy.verification.sealing import leaks, open_passages, sealed_files, search_submission
from shipworthy.verification.searcher import FOUND

Progress = Callable[[int, int, str], None]
TRIED_AGAIN = LADDER[:2]


def silent(_done: int, _total: int, _trial: str) -> None:
    """Report no progress."""


def verify(
    folder: Path,
    extent: Extent,
    *,
    setup: Callable[[Task], GradingSetup],
    progress: Progress = silent,
    journal: Path | None = None,
) -> Verification:
    """Verify the task package in `folder`; `setup` gives what grading one of its submissions needs.

    A package that does not load fails gate 1, and the other gates are not tried. With a `journal`, gradings of
    references and attacks that were made before, of the same bytes, are not made again.
    """
    started = monotonic()
    task, findings = examine(folder, runtimes=known_runtimes())
    first = rules.well_formed(findings)
    if task is None:
        gates = [rules.not_tried(gate, "the package does not load") for gate in Gate if gate is not Gate.WELL_FORMED]
        return Verification(folder.name, extent.name, 0, 0, monotonic() - started, (first, *gates))
    ready = setup(task)
    with held_folder(ready.data_folder / "staging") as bundles:
        laboratory = Laboratory(task, ready, bundles)
        kept = Journal(journal, task, ready) if journal else None
        tried = run_trials(laboratory, plan(task, extent), progress, kept)
    return Verification(
        task_id=task.manifest.id,
        extent=extent.name,
        seeds=len(extent.reference_seeds),
        gradings=len(tried),
        seconds=monotonic() - started,
        gates=(first, *later_gates(task, tried)),
    )


def later_gates(task: Task, tried: Sequence[Tried]) -> list[GateReport]:
    """Decide the gates that rest on trials."""
    return [
        rules.ladder(tried, task.references),
        rules.attacks(tried, task.attacks),
        rules.junk(tried),
        rules.equal_variants(tried),
        rules.determinism(tried),
        rules.sealed(tried) if task.manifest.submission.runs else rules.sealed_unrun(tried),
    ]


def plan(task: Task, extent: Extent) -> list[Trial]:
    """List the trials, the longest first, so that the cores end together."""
    trials = [Trial(Purpose.AGAIN, name, seed) for seed in extent.probe_seeds for name in TRIED_AGAIN]
    trials += [Trial(Purpose.JUNK, kind, seed) for seed in extent.probe_seeds for kind in KINDS]
    trials += [Trial(Purpose.SEARCH, "search", seed) for seed in extent.probe_seeds]
    trials += [Trial(Purpose.REFERENCE, ref.id, seed) for seed in extent.reference_seeds for ref in task.references]
    trials += [Trial(Purpose.ATTACK, attack.id, seed) for seed in extent.attack_seeds for attack in task.attacks]
    return trials


def run_trials(
    laboratory: "Laboratory", trials: Sequence[Trial], progress: Progress, journal: Journal | None = None
) -> list[Tried]:
    """Run the trials over all cores and report each as it ends; junk comes last, for it needs an expert's bundle."""
    known = journal.remembered() if journal else {}
    tried = [known[trial] for trial in trials if trial in known]
    graded = [trial for trial in trials if trial.purpose is not Purpose.JUNK and trial not in known]
    spoilt = [trial for trial in trials if trial.purpose is Purpose.JUNK]
    for part in (graded, spoilt):
        for trial, one in abreast(laboratory.try_out, part):
            tried.append(one)
            if journal:
                journal.keep(one)
            progress(len(tried), len(trials), f"{trial.purpose.value} {trial.name}, seed {trial.seed}")
    return tried


@dataclass(frozen=True)
class Laboratory:
    """Where the trials of one task are run; `bundles` is a folder for evidence that is looked into."""

    task: Task
    setup: GradingSetup
    bundles: Path

    @cached_property
    def submissions(self) -> ReferenceSubmissions:
        """The submissions that ship with the task."""
        return ReferenceSubmissions(self.task)

    @property
    def variants(self) -> Path:
        """Where judges of the same variant keep it for each other."""
        folder = self.bundles / "variants"
        folder.mkdir(exist_ok=True)
        return folder

    def try_out(self, trial: Trial) -> Tried:
        """Run one trial."""
        ways = {Purpose.AGAIN: self._again, Purpose.JUNK: self._junk, Purpose.SEARCH: self._search}
        return ways.get(trial.purpose, self._graded)(trial)

    def _grade(self, submission: Submission, seed: int, label: str, bundle: Path | None = None) -> Grading:
        return grade(self.task, seed, submission, label=label, setup=self.setup, bundle=bundle)

    def _graded(self, trial: Trial) -> Tried:
        sharing = replace(self.setup, variants=self.variants)
        submission = self.submissions.of(trial.name, trial.seed)
        return tried_of(trial, grade(self.task, trial.seed, submission, label=trial.name, setup=sharing))

    def _again(self, trial: Trial) -> Tried:
        submission, bundle = self.submissions.of(trial.name, trial.seed), self._bundle(trial)
        first = self._grade(submission, trial.seed, trial.name, bundle)
        second = self._grade(submission, trial.seed, trial.name)
        same = outcomes_document(first.outcomes) == outcomes_document(second.outcomes)
        same = same and replay(bundle, self.task, data_folder=self.setup.data_folder).same
        return tried_of(trial, first, same=same)

    def _junk(self, trial: Trial) -> Tried:
        bundle = self._bundle(Trial(Purpose.AGAIN, LADDER[0], trial.seed))
        return tried_of(
            trial,
            judge_junk(bundle, self.task, kind=trial.name, data_folder=self.setup.data_folder, variants=self.variants),
        )

    def _search(self, trial: Trial) -> Tried:
        variant = generate_in_subprocess(self.task.folder, trial.seed)
        submission, bundle = search_submission(self.task), self._bundle(trial)
        grading = self._grade(submission, trial.seed, trial.name, bundle)
        found = files_left(bundle, FOUND)
        seen = leaks(sealed_files(self.task, variant), open_passages(self.task, variant), found)
        unproven = self.task.manifest.submission.runs and not found
        fault = grading.fault or ("the search left nothing behind, so nothing was proven" if unproven else "")
        return tried_of(trial, grading, leaks_found=seen, fault=fault)

    def _bundle(self, trial: Trial) -> Path:
        return self.bundles / f"{trial.purpose.value}-{trial.seed}-{trial.name}.zip"


def tried_of(
    trial: Trial, grading: Grading, *, same: bool = True, leaks_found: tuple[str, ...] = (), fault: str = ""
) -> Tried:
    """Sum up a grading for the gates."""
    return Tried(
        trial=trial,
        score=task_score(grading.rules, grading.outcomes),
        competencies=competency_scores(grading.rules, grading.outcomes),
        failed_checks=sum(outcome.outcome.value == "failed" for outcome in grading.outcomes),
        fault=fault or grading.fault,
        largest_share=max((cost.largest_share for cost in grading.runs), default=0.0),
        same=same,
        leaks=leaks_found,
        runs=len(grading.runs),
    )


def files_left(bundle: Path, name: str) -> list[bytes]:
    """Return what the submission left under one name, over all of its runs."""
    with open_bundle(bundle) as opened:
        entries = json.loads(opened.file("transcript.json"))
        digests = {entry["result"]["files"].get(name) for entry in entries if "result" in entry} - {None}
        return [opened.file(f"blobs/{digest}") for digest in sorted(digests)]
