"""Candidates whose tasks are graded already: evidence bundles as a worker writes them, for tasks of the catalogue."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text

from shipworthy import __version__
from shipworthy.bootstrap import House
from shipworthy.core import clock
from shipworthy.delivery import operations as delivery
from shipworthy.delivery import session_repository as sessions
from shipworthy.delivery.assessments.entities import Assessment
from shipworthy.delivery.entities import Guest, Session, SessionEvent, SessionEventKind, SessionTask, TaskState
from shipworthy.grading.bundle import write_bundle
from shipworthy.grading.entities import CheckOutcome, CheckRule, Grading, LayerState, Outcome, Provenance
from shipworthy.grading.jobs.operations import enqueue_grading
from shipworthy.tasks.entities import Manifest


@dataclass(frozen=True)
class Finisher:
    """Brings candidates of an assessment to their end, without a sandbox: outcomes are said, not found out."""

    house: House
    assessment: Assessment
    actor: str

    def invite(self, *names: str) -> list[UUID]:
        """Invite people by their names; return their invitations in the same order."""
        guests = [Guest(line, name, f"{_letters()}@example.org") for line, name in enumerate(names, 1)]
        with self.house.database.unit_of_work(self.assessment.organisation) as work:
            invited = delivery.invite(
                work,
                self.assessment.organisation,
                assessment=self.assessment.id,
                guests=guests,
                actor=self.actor,
                web_url=self.house.settings.web_url,
            )
        return list(invited.invitations)

    def finish(self, invitation: UUID, shares: Sequence[float], *, stopped: bool = False) -> list[UUID]:
        """Hand in and grade as many tasks as there are shares of checks passed; return the gradings' ids.

        With `stopped` the last of them failed through our fault in place of being graded.
        """
        tasks = self._hand_in(invitation, len(shares))
        return [
            self._grade(task, share, stopped=stopped and task is tasks[-1])
            for task, share in zip(tasks, shares, strict=True)
        ]

    def _hand_in(self, invitation: UUID, count: int) -> list[SessionTask]:
        now = clock.now()
        of = self.assessment.organisation
        with self.house.database.unit_of_work(of) as work:
            found = delivery.invitation(work, invitation)
            session = Session(uuid4(), of, invitation, found.candidate, now, "What is recorded.", "", "UTC", now, None)
            sessions.add_session(work, session)
            tasks = [
                SessionTask(
                    id=uuid4(),
                    organisation=of,
                    session=session.id,
                    position=place,
                    task_id=task.task_id,
                    task_version=task.version,
                    package_digest=task.package_digest,
                    seed=place,
                    minutes=task.minutes,
                    practice=False,
                    state=TaskState.HANDED_IN,
                    started_at=now - timedelta(minutes=task.minutes),
                    deadline_at=now,
                    ended_at=now,
                    workspace=None,
                )
                for place, task in enumerate(self.assessment.tasks[:count], 1)
            ]
            sessions.add_tasks(work, tasks)
            for task in tasks:
                sessions.change_task(
                    work, task.id, state="handed_in", started_at=task.started_at, deadline_at=now, ended_at=now
                )
                for minutes in reversed(range(5)):
                    at = now - timedelta(minutes=100 - 10 * task.position - minutes)
                    sessions.add_event(work, of, session.id, SessionEvent(at, SessionEventKind.SAVED, task.id, {}))
                sessions.add_event(
                    work,
                    of,
                    session.id,
                    SessionEvent(
                        now - timedelta(minutes=90 - 10 * task.position), SessionEventKind.HANDED_IN, task.id, {}
                    ),
                )
            statement = "UPDATE invitation SET state = 'finished', opened_at = now() WHERE id = :id"
            work.execute(text(statement), {"id": invitation})
        return tasks

    def _grade(self, task: SessionTask, share: float, *, stopped: bool) -> UUID:
        manifest = self.house.catalogue.load(task.task_id).manifest
        bundle = None if stopped else self.house.blobs.put(bundle_of(manifest, task, share))
        with self.house.database.unit_of_work(task.organisation) as work:
            session = sessions.session(work, task.session)
            job = enqueue_grading(
                work,
                task.organisation,
                candidate=session.candidate,
                session_task=task.id,
                task_id=task.task_id,
                package_digest=task.package_digest,
                seed=task.seed,
                blob="b" * 64,
            )
            changes = "state = :state, bundle = :bundle, fault = :fault, faults = :faults"
            statement = f"UPDATE grading_job SET {changes} WHERE id = :id"
            fault = "The sandbox did not start." if stopped else ""
            values = {"state": "stopped" if stopped else "done", "bundle": bundle, "fault": fault, "id": job}
            work.execute(text(statement), values | {"faults": 3 if stopped else 0})
        return job


def _letters() -> str:
    return "".join(chr(ord("a") + int(sign, 16)) for sign in uuid4().hex[:12])


def bundle_of(manifest: Manifest, task: SessionTask, share: float) -> bytes:
    """Return the bundle of a grading in which this share of the checks was passed."""
    rules = tuple(
        CheckRule(one.id, one.sentence, one.weight, one.competencies, one.pass_mark) for one in manifest.checks
    )
    passed = round(share * len(rules))
    outcomes = tuple(
        CheckOutcome(
            rule.id,
            Outcome.PASSED if place < passed else Outcome.FAILED,
            1.0 if place < passed else 0.0,
            "<script>alert(1)</script>" if place >= passed else "",
        )
        for place, rule in enumerate(rules)
    )
    provenance = Provenance(
        task_id=manifest.id,
        task_version=manifest.version,
        package_digest=task.package_digest,
        seed=task.seed,
        submission_digest=task.id.hex * 2,
        runtime_id=manifest.runtime,
        runtime_digest="c" * 64,
        product_version=__version__,
        product_digest="d" * 64,
        mechanism="bubblewrap",
        layers=(LayerState("seccomp", holds=True),),
        allowed_missing=(),
    )
    grading = Grading("submission", provenance, rules, outcomes, (), "")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "work"
        place.mkdir()
        write_bundle(grading, place, Path(folder) / "bundle.zip")
        return (Path(folder) / "bundle.zip").read_bytes()
