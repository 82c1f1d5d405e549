"""What stored evidence says about a candidate of an assessment, for one version of a role's profile."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from shipworthy.core.canonical import canonical_bytes, digest
from shipworthy.core.remembering import Remembered
from shipworthy.delivery import session_repository as sessions
from shipworthy.delivery.entities import Session, SessionTask, TaskState
from shipworthy.framework import Framework
from shipworthy.grading.bundle import open_content
from shipworthy.grading.entities import Grading
from shipworthy.grading.jobs.entities import GradingJob, JobState
from shipworthy.grading.jobs.operations import gradings_of
from shipworthy.roles.kept.entities import RoleVersion
from shipworthy.scoring.cards import card_of
from shipworthy.scoring.entities import AskedRole, Scorecard
from shipworthy.store.blobs import Blobs
from shipworthy.tasks.catalogue import Catalogue
from shipworthy.tasks.entities import Manifest

MOST_GRADINGS = 128
MOST_CARDS = 512


@dataclass(frozen=True)
class TaskStanding:
    """One task of a candidate that counts, and its grading if something was handed in."""

    task: SessionTask
    job: GradingJob | None

    @property
    def bundle(self) -> str | None:
        """The digest of the evidence, once it is graded."""
        return self.job.bundle if self.job and self.job.state is JobState.DONE else None

    @property
    def is_stopped(self) -> bool:
        """Whether the grading failed through our fault and waits for an operator."""
        return self.job is not None and self.job.state is JobState.STOPPED

    @property
    def is_open(self) -> bool:
        """Whether a scorecard may still change: the task is not over, or its grading has not ended."""
        if self.task.state in {TaskState.WAITING, TaskState.RUNNING}:
            return True
        return self.job is not None and self.job.state in {JobState.WAITING, JobState.RUNNING, JobState.STOPPED}


@dataclass(frozen=True)
class CandidateStanding:
    """How far a candidate is: the session, if it was begun, and every task that counts."""

    invitation: UUID
    session: Session | None
    tasks: tuple[TaskStanding, ...]

    @property
    def bundles(self) -> tuple[str, ...]:
        """The digests of all evidence that there is."""
        return tuple(one.bundle for one in self.tasks if one.bundle)

    @property
    def is_final(self) -> bool:
        """Whether every task is over and graded."""
        return bool(self.tasks) and not any(one.is_open for one in self.tasks)


def standing_of(work: Connection, invitation: UUID) -> CandidateStanding:
    """Return how far the candidate of an invitation is; practice does not count."""
    session = sessions.session_of(work, invitation)
    tasks = [] if session is None else [task for task in sessions.tasks_of(work, session.id) if not task.practice]
    jobs = gradings_of(work, [task.id for task in tasks]) if tasks else {}
    return CandidateStanding(invitation, session, tuple(TaskStanding(task, jobs.get(task.id)) for task in tasks))


def invitations_of(work: Connection, session_tasks: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the invitations that tasks of sessions belong to, by the task's id."""
    query = select(sessions.TASKS.c.id, sessions.SESSIONS.c.invitation_id).join_from(
        sessions.TASKS, sessions.SESSIONS, sessions.SESSIONS.c.id == sessions.TASKS.c.session_id
    )
    return {row[0]: row[1] for row in work.execute(query.where(sessions.TASKS.c.id.in_(session_tasks)))}


def asked_by(version: RoleVersion) -> AskedRole:
    """Return the role that evidence is held against, bound to one version of its profile."""
    return AskedRole(
        f"profile:{version.digest}", version.profile.title or "Role without a title", version.profile.needs
    )


class Scorer:
    """Makes scorecards from stored evidence, and keeps the last ones: the same evidence always gives the same card."""

    def __init__(self, blobs: Blobs, catalogue: Catalogue, framework: Framework) -> None:
        self._blobs = blobs
        self._catalogue = catalogue
        self._framework = framework
        self._gradings: Remembered[Grading] = Remembered(MOST_GRADINGS)
        self._cards: Remembered[Scorecard] = Remembered(MOST_CARDS)
        self._manifests: Remembered[dict[str, Manifest]] = Remembered(2)

    def grading(self, bundle: str) -> Grading:
        """Read a grading from its stored evidence. Raises `MissingBlobError`, `DamagedBlobError` or `BundleError`."""
        return self._gradings.get(bundle, lambda: self._read(bundle))

    def _read(self, bundle: str) -> Grading:
        with open_content(self._blobs.get(bundle), f"The evidence {bundle[:12]}") as opened:
            return opened.grading

    def manifests(self) -> Mapping[str, Manifest]:
        """Return what the catalogue says today of its sound tasks, by their ids."""
        return self._manifests.get(self._catalogue.edition(), self._read_manifests)

    def _read_manifests(self) -> dict[str, Manifest]:
        return {entry.manifest.id: entry.manifest for entry in self._catalogue.entries() if entry.manifest}

    def card(self, standing: CandidateStanding, version: RoleVersion) -> Scorecard | None:
        """Score what is graded of a candidate for a version of a role, None while nothing is.

        Raises as `grading` does, and as `rules.score_evidence`.
        """
        if not standing.bundles:
            return None
        return self._cards.get(self._name(standing.bundles, version), lambda: self._scored(standing.bundles, version))

    def _scored(self, bundles: Sequence[str], version: RoleVersion) -> Scorecard:
        gradings = [self.grading(bundle) for bundle in bundles]
        return card_of(gradings, self._framework, self._catalogue, role=asked_by(version))

    def _name(self, bundles: Sequence[str], version: RoleVersion) -> str:
        made_with = [version.digest, self._framework.digest, self._catalogue.edition()]
        return digest(canonical_bytes([*sorted(bundles), *made_with]))
