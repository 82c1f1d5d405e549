"""Found an organisation, add people, change what they may do, remove them and take them back."""

from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import Connection

from shipworthy.access import repository
from shipworthy.access.entities import Access, IdentityProvider, Organisation, Person, Standing
from shipworthy.access.errors import BadPersonError, LastOwnerError, UnknownPersonError
from shipworthy.access.rules import slug_of, tidy_accesses, tidy_address, tidy_name, tidy_time_zone
from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.core import clock

HOUSE = "house"
FOUNDER = frozenset({Access.OWNER, Access.HIRING_MANAGER, Access.RECRUITER, Access.COMPLIANCE})
"""What the first person of an organisation may do; reviewing is left out, since it is blind."""


def found_organisation(
    work: Connection, *, name: str, owner_email: str, owner_name: str = ""
) -> tuple[Organisation, Person]:
    """Set up an organisation with its owner, who has no password yet. `work` is the house's.

    Raises `BadPersonError`.
    """
    tidy = tidy_name(name, "name of the organisation")
    email = tidy_address(owner_email)
    owner = tidy_name(owner_name or email.split("@", maxsplit=1)[0])
    made = Organisation(uuid4(), tidy, _free_slug(work, slug_of(tidy)), None, clock.now())
    repository.add_organisation(work, made)
    person = Person(uuid4(), made.id, owner, email, FOUNDER, "UTC")
    repository.add_person(work, person, made.created_at)
    subject = f"organisation:{made.id}"
    record(work, made.id, Tag.OWNER_ORGANISATION_CREATED, actor=HOUSE, subject=subject)
    _tell(work, Tag.OWNER_PERSON_ADDED, person, HOUSE)
    return made, person


def _free_slug(work: Connection, wanted: str) -> str:
    taken = repository.slugs_like(work, wanted)
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def organisation(work: Connection, wanted: UUID) -> Organisation:
    """Return an organisation. Raises `UnknownPersonError`."""
    found = repository.organisation(work, wanted)
    if found is None:
        raise UnknownPersonError("There is no such organisation.")
    return found


def organisations(work: Connection) -> list[Organisation]:
    """Return all organisations by name. `work` is the house's."""
    return repository.organisations(work)


def organisation_of_slug(work: Connection, slug: str) -> Organisation | None:
    """Return the organisation that is named so in addresses. `work` is the house's."""
    return repository.organisation_of_slug(work, slug)


def set_identity_provider(work: Connection, wanted: UUID, provider: IdentityProvider | None) -> None:
    """Say where people of an organisation may sign in, besides with a password.

    How a provider of another issuer named the people is forgotten.
    """
    before = organisation(work, wanted).provider
    if before and (provider is None or provider.issuer != before.issuer):
        repository.forget_subjects(work, wanted)
    repository.set_provider(work, wanted, provider)
    record(
        work,
        wanted,
        Tag.OWNER_PROVIDER_CHANGED,
        actor=HOUSE,
        subject=f"organisation:{wanted}",
        details={"issuer": provider.issuer if provider else ""},
    )


def people(work: Connection, *, with_left: bool = False) -> list[Person]:
    """Return the people of the organisation by name, with those who were removed if wanted."""
    return repository.people(work, with_left=with_left)


def standings(work: Connection) -> list[Standing]:
    """Return all people by name, also those who were removed, with how each stands."""
    return repository.standings(work)


def person(work: Connection, wanted: UUID) -> Person:
    """Return a person of the organisation, also one who was removed. Raises `UnknownPersonError`."""
    found = repository.person(work, wanted)
    if found is None:
        raise UnknownPersonError("There is no such person in the organisation.")
    return found


def add_person(
    work: Connection, of: UUID, *, name: str, email: str, accesses: frozenset[Access], by: str = HOUSE
) -> Person:
    """Add a person, or take back one who was removed. They cannot sign in before they used a welcome link.

    Raises `BadPersonError`, also where the address is there already.
    """
    wanted = Person(uuid4(), of, tidy_name(name), tidy_address(email), tidy_accesses(accesses), "UTC")
    known = repository.person_of_address(work, of, wanted.email)
    if known and known.left_at is None:
        raise BadPersonError(
            f"{wanted.email} is there already, as {known.name}.",
            remedy="Change their accesses in the list instead.",
            field="email",
        )
    made = replace(known, name=wanted.name, accesses=wanted.accesses, left_at=None) if known else wanted
    if known:
        repository.change_person(work, made)
    else:
        repository.add_person(work, made, clock.now())
    _tell(work, Tag.OWNER_PERSON_ADDED, made, by)
    return made


def change_accesses(work: Connection, wanted: UUID, accesses: frozenset[Access], *, by: str) -> Person:
    """Change what a person may do. Raises `UnknownPersonError`, `LastOwnerError` or `BadPersonError`."""
    chosen = tidy_accesses(accesses)
    before = _present(work, wanted)
    if Access.OWNER not in chosen:
        _expect_another_owner(work, wanted)
    after = replace(before, accesses=chosen)
    if after != before:
        repository.change_person(work, after)
        _tell(work, Tag.OWNER_ACCESS_CHANGED, after, by)
    return after


def remove_person(work: Connection, wanted: UUID, *, by: str) -> Person:
    """Take all accesses of a person away, at once; what they did stays. Can be undone with `bring_back`.

    Raises `UnknownPersonError` or `LastOwnerError`.
    """
    before = _present(work, wanted)
    _expect_another_owner(work, wanted)
    now = clock.now()
    gone = replace(before, left_at=now)
    repository.change_person(work, gone)
    repository.end_sign_ins(work, wanted, now)
    repository.use_up_links(work, wanted, now)
    _tell(work, Tag.OWNER_PERSON_REMOVED, gone, by)
    return gone


def bring_back(work: Connection, wanted: UUID, *, by: str) -> Person:
    """Take a removed person back, with the accesses and the password from before. Raises `UnknownPersonError`."""
    before = person(work, wanted)
    if before.left_at is None:
        return before
    back = replace(before, left_at=None)
    repository.change_person(work, back)
    _tell(work, Tag.OWNER_PERSON_ADDED, back, by)
    return back


def change_own(work: Connection, wanted: UUID, *, name: str, time_zone: str) -> Person:
    """Change how a person is called and in which zone times are shown. Raises `BadPersonError`."""
    after = replace(_present(work, wanted), name=tidy_name(name), time_zone=tidy_time_zone(time_zone))
    repository.change_person(work, after)
    return after


def _present(work: Connection, wanted: UUID) -> Person:
    found = person(work, wanted)
    if found.left_at is not None:
        raise UnknownPersonError(f"{found.name} was removed.", remedy="Take the person back first.")
    return found


def _expect_another_owner(work: Connection, wanted: UUID) -> None:
    owners = repository.lock_owners(work)
    if owners == {wanted}:
        raise LastOwnerError(
            "This is the only owner of the organisation.", remedy="Give somebody else the access of an owner first."
        )


def _tell(work: Connection, tag: Tag, about: Person, by: str) -> None:
    accesses = sorted(access.value for access in about.accesses)
    details = {"accesses": accesses}
    record(work, about.organisation, tag, actor=by, subject=f"person:{about.id}", details=details)
