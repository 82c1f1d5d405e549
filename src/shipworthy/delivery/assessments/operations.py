"""What people do with assessments: make one for a role, close it, open it again."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import NoReturn
from uuid import UUID, uuid4

from sqlalchemy import Connection

from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.delivery.assessments import candidate_list, repository
from shipworthy.delivery.assessments.candidate_list import CandidateLine, CandidatesWanted, Progress
from shipworthy.delivery.assessments.entities import (
    LONGEST_CONTACT,
    LONGEST_TITLE,
    MOST_VALID_DAYS,
    Assessment,
    Counts,
    Wish,
)
from shipworthy.delivery.assessments.errors import AssessmentUnknownError, NoTasksError, WishError
from shipworthy.delivery.assessments.repository import AssessmentsWanted
from shipworthy.delivery.entities import AssessmentTask
from shipworthy.delivery.errors import NoSuchInvitationError
from shipworthy.roles.kept import operations as kept_roles
from shipworthy.roles.kept.entities import Author, Place
from shipworthy.roles.kept.errors import ArchivedRoleError
from shipworthy.roles.shelf import Shelf
from shipworthy.tasks.catalogue import Catalogue

PAGE = 50
"""Assessments on one page of the list."""


def make_assessment(work: Connection, wish: Wish, shelf: Shelf, *, by: Author) -> Assessment:
    """Draw the blueprint of a version of a role, and pin its tasks to the bytes that their packages have now.

    Raises `UnknownRoleError`, `ArchivedRoleError`, `WishError`, `ProfileError` and `BlueprintError` for what cannot be
    met, and `NoTasksError` where no task fits.
    """
    _require_sound(wish)
    role = kept_roles.role(work, wish.role)
    if role.archived_at is not None:
        raise ArchivedRoleError(f"{role.title} is archived.", remedy="Bring the role back first.")
    version = kept_roles.version(work, wish.role, wish.version, shelf.framework)
    blueprint = shelf.blueprint(version.profile, minutes=wish.minutes, pinned=wish.pinned, excluded=wish.excluded)
    if not blueprint.tasks:
        raise NoTasksError("No task of the catalogue fits.", remedy=" ".join(blueprint.notes) or "Allow more minutes.")
    made = Assessment(
        id=uuid4(),
        organisation=role.organisation,
        role=role.id,
        role_version=version.number,
        title=wish.title.strip() or version.profile.title or role.title,
        tasks=pinned_tasks(shelf.catalogue, blueprint.task_ids),
        limit_minutes=blueprint.limit_minutes,
        contact=wish.contact.strip(),
        decider=wish.decider,
        valid_days=wish.valid_days,
        created_by=by.id,
        created_at=clock.now(),
    )
    repository.add(work, made)
    details = {
        "role": str(role.id),
        "version": str(version.number),
        "profile": version.digest,
        "tasks": ", ".join(f"{task.task_id} {task.version}" for task in made.tasks),
    }
    _record(work, made, Tag.MANAGER_ASSESSMENT_CONFIGURED, by, details)
    return made


def pinned_tasks(catalogue: Catalogue, task_ids: Collection[str]) -> tuple[AssessmentTask, ...]:
    """Return tasks with the version and the digest that their packages have now. Raises `UnsoundPackageError`."""
    tasks = [catalogue.load(task_id) for task_id in task_ids]
    return tuple(
        AssessmentTask(one.manifest.id, one.manifest.version, one.digest, one.manifest.minutes) for one in tasks
    )


def close_assessment(work: Connection, assessment_id: UUID, *, by: Author) -> Assessment:
    """Take in no new candidates; those who were invited go on."""
    return _set_closed(work, assessment_id, by, closed=True)


def reopen_assessment(work: Connection, assessment_id: UUID, *, by: Author) -> Assessment:
    """Take in new candidates again."""
    return _set_closed(work, assessment_id, by, closed=False)


def assessment(work: Connection, assessment_id: UUID) -> Assessment:
    """Return an assessment. Raises `AssessmentUnknownError`."""
    return repository.find(work, assessment_id) or _unknown()


def assessments(
    work: Connection, *, role: UUID | None = None, after: Place | None = None, limit: int = PAGE
) -> list[Assessment]:
    """Return a page of assessments, the newest first, of one role or of all."""
    return repository.find_some(work, AssessmentsWanted(role, after), limit=limit)


def assessments_per_role(work: Connection, role_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many assessments each of these roles has."""
    found = repository.numbers_of_roles(work, role_ids)
    return {role_id: found.get(role_id, 0) for role_id in role_ids}


def counts_of(work: Connection, assessment_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Return how many candidates of each of these assessments are in which state."""
    return {one: Counts(found) for one, found in repository.counts(work, assessment_ids).items()}


def candidates_per_role(work: Connection, role_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many candidates were invited for each of these roles."""
    found = repository.candidates_of_roles(work, role_ids)
    return {role_id: found.get(role_id, 0) for role_id in role_ids}


def candidates(
    work: Connection, wanted: CandidatesWanted, *, limit: int = PAGE
) -> tuple[list[CandidateLine], dict[UUID, Progress]]:
    """Return a page of an assessment's candidates, and how far those are who have begun."""
    found = candidate_list.find(work, wanted, limit=limit)
    return found, candidate_list.progress_of(work, [line.invitation for line in found])


def line_of(work: Connection, invitation: UUID) -> CandidateLine:
    """Return one candidate's line. Raises `NoSuchInvitationError`."""
    found = candidate_list.lines_of(work, [invitation]).get(invitation)
    if found is None:
        raise NoSuchInvitationError(remedy="Go back to the list.")
    return found


def finished_lately(work: Connection, limit: int = 8) -> list[tuple[CandidateLine, Assessment]]:
    """Return who finished last, with their assessments."""
    return _lines(work, repository.finished_lately(work, limit))


def ending_soon(work: Connection, days: int = 3, limit: int = 8) -> list[tuple[CandidateLine, Assessment]]:
    """Return whose open invitations end within so many days, the next to end first."""
    now = clock.now()
    return _lines(work, repository.ending_soon(work, now, now + timedelta(days=days), limit))


def _lines(work: Connection, found: Sequence[tuple[UUID, UUID]]) -> list[tuple[CandidateLine, Assessment]]:
    lines = candidate_list.lines_of(work, [invitation for invitation, _ in found])
    made = {one: assessment(work, one) for one in {one for _, one in found}}
    return [(lines[invitation], made[one]) for invitation, one in found]


def _set_closed(work: Connection, assessment_id: UUID, by: Author, *, closed: bool) -> Assessment:
    found = repository.find(work, assessment_id, hold=True) or _unknown()
    if (found.closed_at is not None) != closed:
        repository.change(work, assessment_id, closed_at=clock.now() if closed else None)
        _record(work, found, Tag.MANAGER_ASSESSMENT_CLOSED if closed else Tag.MANAGER_ASSESSMENT_REOPENED, by, {})
    return assessment(work, assessment_id)


def _require_sound(wish: Wish) -> None:
    if not 1 <= wish.valid_days <= MOST_VALID_DAYS:
        raise WishError(
            f"An invitation cannot hold {wish.valid_days} days.", remedy=f"Give 1 to {MOST_VALID_DAYS} days."
        )
    for name, text, most in (("title", wish.title, LONGEST_TITLE), ("contact", wish.contact, LONGEST_CONTACT)):
        if len(text) > most:
            raise WishError(f"The {name} has {len(text)} characters.", remedy=f"Write at most {most}.")


def _record(work: Connection, found: Assessment, tag: Tag, by: Author, details: dict[str, str]) -> None:
    subject = f"assessment:{found.id}"
    record(work, found.organisation, tag, actor=by.actor, subject=subject, details=dict(details))


def _unknown() -> NoReturn:
    raise AssessmentUnknownError("There is no such assessment.", remedy="Open it from the list of assessments.")
