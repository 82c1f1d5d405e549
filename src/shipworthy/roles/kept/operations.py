"""What people do with the roles of their organisation: keep, change, take back, split, put away."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn
from uuid import UUID, uuid4

from sqlalchemy import Connection

from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.framework import Framework, load_framework
from shipworthy.roles.blends import choices_of
from shipworthy.roles.changes import change, take_back
from shipworthy.roles.documents import Document
from shipworthy.roles.entities import DEFAULT_MINUTES, RoleProfile
from shipworthy.roles.errors import ProfileError
from shipworthy.roles.kept import repository
from shipworthy.roles.kept.entities import Author, KeptRole, Place, ReadVersion, RoleVersion, Stamp
from shipworthy.roles.kept.errors import ArchivedRoleError, OutdatedProfileError, UnknownRoleError
from shipworthy.roles.kept.repository import RolesWanted
from shipworthy.roles.narrowing import narrowed
from shipworthy.roles.operations import scope_role
from shipworthy.roles.profile_file import profile_digest

PAGE = 50
"""Roles on one page of the list."""


def keep_role(
    work: Connection,
    organisation: UUID,
    document: Document,
    *,
    by: Author,
    minutes: int = DEFAULT_MINUTES,
    framework: Framework | None = None,
) -> KeptRole:
    """Scope a job description and keep the role as its first version.

    `minutes` is the most time that a candidate may be asked for. Raises `PostingError` and `ProfileError`.
    """
    profile = scope_role(document, framework, minutes=minutes).profile
    return _keep(work, organisation, profile, document, by, details={"digest": document.digest})


def change_profile(
    work: Connection,
    role_id: UUID,
    edits: Sequence[tuple[str, str]],
    *,
    by: Author,
    reason: str,
    expected: int | None = None,
    framework: Framework | None = None,
) -> RoleVersion:
    """Change values of a role's profile, each with the same reason; each change makes one new version.

    An edit is a name and a value as `changes.change` takes them. `expected` is the version that the person saw. Raises
    `ProfileError`, `UnknownRoleError`, `ArchivedRoleError`, and `OutdatedProfileError` where another version is there.
    """
    framework = framework or load_framework()
    if not edits:
        raise ProfileError("Nothing was changed.", remedy="Change a value first; the profile stands as it was.")
    role = _held(work, role_id, expected)
    latest = version(work, role_id, role.version, framework)
    for what, after in edits:
        when = clock.now()
        profile = change(
            latest.profile,
            what,
            after,
            by=by.name,
            reason=reason,
            when=when.isoformat(timespec="seconds"),
            framework=framework,
        )
        latest = _next(work, role, latest, profile, by)
    _tell(work, role, latest, by, what=[what for what, _ in edits], reason=reason)
    return latest


def take_change_back(
    work: Connection,
    role_id: UUID,
    *,
    by: Author,
    reason: str,
    expected: int | None = None,
    framework: Framework | None = None,
) -> RoleVersion:
    """Make a new version that stands as the role did before its last change. Raises as `change_profile` does."""
    framework = framework or load_framework()
    role = _held(work, role_id, expected)
    latest = version(work, role_id, role.version, framework)
    when = clock.now().isoformat(timespec="seconds")
    profile = take_back(latest.profile, by=by.name, reason=reason, when=when, framework=framework)
    made = _next(work, role, latest, profile, by)
    _tell(work, role, made, by, what=[profile.changes[-1].what], reason=reason)
    return made


def settle_blend(
    work: Connection, role_id: UUID, choice_id: str, *, by: Author, framework: Framework | None = None
) -> list[KeptRole]:
    """Do what one of `blends.choices_of` says: keep the roles that it leads to, and put the blended one away.

    Raises `ProfileError` for a choice that there is not, or that changes nothing.
    """
    framework = framework or load_framework()
    role = _held(work, role_id, None)
    blended = version(work, role_id, role.version, framework)
    choice = next((each for each in choices_of(blended.profile, framework) if each.id == choice_id), None)
    if choice is None or choice.id == "keep":
        raise ProfileError("There is nothing to do for that choice.", remedy="Choose another one, or leave the role.")
    reason = f"{choice.title}: {choice.what}"
    when = clock.now().isoformat(timespec="seconds")
    made = []
    for planned in choice.roles:
        profile = narrowed(blended.profile, planned, framework, by=by.name, reason=reason, when=when)
        made.append(_keep(work, role.organisation, profile, blended.posting, by, details={"from": str(role.id)}))
    _archive(work, role, by, put_away=True)
    return made


def archive_role(work: Connection, role_id: UUID, *, by: Author) -> None:
    """Put a role away: it leaves the list, and its assessments and scorecards stay."""
    role = repository.find_role(work, role_id, hold=True) or _unknown()
    if role.archived_at is None:
        _archive(work, role, by, put_away=True)


def restore_role(work: Connection, role_id: UUID, *, by: Author) -> None:
    """Bring an archived role back."""
    role = repository.find_role(work, role_id, hold=True) or _unknown()
    if role.archived_at is not None:
        _archive(work, role, by, put_away=False)


def role(work: Connection, role_id: UUID) -> KeptRole:
    """Return a role. Raises `UnknownRoleError`."""
    return repository.find_role(work, role_id) or _unknown()


def roles(work: Connection, *, archived: bool = False, after: Place | None = None, limit: int = PAGE) -> list[KeptRole]:
    """Return a page of the organisation's roles, the newest first."""
    return repository.find_roles(work, RolesWanted(archived, after), limit=limit)


def titles(work: Connection, role_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the titles of roles by their ids."""
    return repository.titles_of(work, role_ids)


def version(
    work: Connection, role_id: UUID, number: int | None = None, framework: Framework | None = None
) -> RoleVersion:
    """Return a version of a role, the newest unless a number is given. Raises `UnknownRoleError`."""
    wanted = role(work, role_id).version if number is None else number
    return repository.find_version(work, role_id, wanted, framework or load_framework()) or _unknown()


def stamps(work: Connection, role_id: UUID) -> list[Stamp]:
    """Return who made each version and when, the newest first."""
    return repository.stamps_of(work, role_id)


def read_again(found: RoleVersion, framework: Framework | None = None) -> ReadVersion:
    """Read the job description of a version again, so that its sentences can be shown beside the kept profile."""
    scoped = scope_role(found.posting, framework)
    return ReadVersion(found, replace(scoped, profile=found.profile))


def _keep(
    work: Connection,
    organisation: UUID,
    profile: RoleProfile,
    posting: Document,
    by: Author,
    *,
    details: dict[str, str],
) -> KeptRole:
    now = clock.now()
    title = profile.title or "Role without a title"
    kept = KeptRole(uuid4(), organisation, title, profile.version, by.id, now)
    repository.add_role(work, kept)
    stamp = Stamp(profile.version, by.id, now)
    repository.add_version(work, organisation, RoleVersion(kept.id, stamp, profile, profile_digest(profile), posting))
    _record(work, kept, Tag.MANAGER_ROLE_SCOPED, by, {**details, "profile": profile_digest(profile)})
    return kept


def _next(work: Connection, role: KeptRole, latest: RoleVersion, profile: RoleProfile, by: Author) -> RoleVersion:
    stamp = Stamp(profile.version, by.id, clock.now())
    made = replace(latest, stamp=stamp, profile=profile, digest=profile_digest(profile))
    repository.add_version(work, role.organisation, made)
    title = profile.title or role.title
    repository.change_role(work, role.id, version=made.number, title=title)
    return made


def _tell(work: Connection, role: KeptRole, made: RoleVersion, by: Author, *, what: Sequence[str], reason: str) -> None:
    details = {"version": str(made.number), "profile": made.digest, "what": ", ".join(what), "reason": reason}
    _record(work, role, Tag.MANAGER_PROFILE_CHANGED, by, details)


def _archive(work: Connection, role: KeptRole, by: Author, *, put_away: bool) -> None:
    repository.change_role(work, role.id, archived_at=clock.now() if put_away else None)
    _record(work, role, Tag.MANAGER_ROLE_ARCHIVED if put_away else Tag.MANAGER_ROLE_RESTORED, by, {})


def _record(work: Connection, role: KeptRole, tag: Tag, by: Author, details: dict[str, str]) -> None:
    record(work, role.organisation, tag, actor=by.actor, subject=f"role:{role.id}", details=dict(details))


def _held(work: Connection, role_id: UUID, expected: int | None) -> KeptRole:
    found = repository.find_role(work, role_id, hold=True) or _unknown()
    if found.archived_at is not None:
        raise ArchivedRoleError(f"{found.title} is archived.", remedy="Bring it back before you change it.")
    if expected is not None and expected != found.version:
        raise OutdatedProfileError(
            f"You saw version {expected}, and there is version {found.version} by now.",
            remedy="Look at what was changed, then make your change again if it is still wanted.",
        )
    return found


def _unknown() -> NoReturn:
    raise UnknownRoleError("There is no such role.", remedy="Open it from the list of roles.")
