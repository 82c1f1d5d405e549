"""The SQL of organisations, people, sign-ins, links, tokens and tries."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    Connection,
    Integer,
    Row,
    Select,
    Table,
    Text,
    Uuid,
    any_,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_or

from shipworthy.access.entities import (
    Access,
    ApiToken,
    IdentityProvider,
    LinkPurpose,
    Organisation,
    Person,
    PersonLink,
    ProviderTrip,
    Scope,
    SignIn,
    Standing,
)
from shipworthy.access.rules import Lock
from shipworthy.store.tables import TABLES, belongs_to_organisation, document, key, moment

ORGANISATION = Table(
    "organisation",
    TABLES,
    key(),
    Column("name", Text, nullable=False),
    moment("created_at"),
    Column("slug", Text, unique=True),
    document("identity_provider", optional=True),
)
PERSON = Table(
    "person",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("accesses", ARRAY(Text), nullable=False),
    moment("created_at"),
    moment("left_at", optional=True),
    Column("password_hash", Text),
    Column("provider_subject", Text),
    Column("time_zone", Text, nullable=False),
    Column("wrong_passwords", Integer, nullable=False),
    moment("password_tried_at", optional=True),
    moment("locked_until", optional=True),
)
SIGN_IN = Table(
    "sign_in",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("person_id", Uuid, nullable=False),
    Column("token_hash", Text, nullable=False),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    moment("ended_at", optional=True),
)
PERSON_LINK = Table(
    "person_link",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("person_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("token_hash", Text, nullable=False),
    moment("expires_at"),
    moment("used_at", optional=True),
)
API_TOKEN = Table(
    "api_token",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("name", Text, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("created_by", Uuid, nullable=False),
    moment("created_at"),
    moment("expires_at", optional=True),
    moment("used_at", optional=True),
    moment("revoked_at", optional=True),
)
PROVIDER_TRIP = Table(
    "provider_trip",
    TABLES,
    Column("state_hash", Text, primary_key=True),
    belongs_to_organisation(),
    Column("browser_hash", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    moment("expires_at"),
)
THROTTLE = Table(
    "throttle",
    TABLES,
    Column("key", Text, primary_key=True),
    Column("since", moment("since").type, primary_key=True),
    Column("count", Integer, nullable=False),
)
_PERSON = [PERSON.c[name] for name in ("id", "organisation_id", "name", "email", "accesses", "time_zone", "left_at")]


def add_organisation(work: Connection, organisation: Organisation) -> None:
    """Write an organisation."""
    values = asdict(organisation)
    values["identity_provider"] = values.pop("provider")
    work.execute(insert(ORGANISATION).values(values))


def organisation(work: Connection, wanted: UUID) -> Organisation | None:
    """Return an organisation."""
    return _organisation(work.execute(select(ORGANISATION).where(ORGANISATION.c.id == wanted)).first())


def organisation_of_slug(work: Connection, slug: str) -> Organisation | None:
    """Return the organisation that is named so in addresses."""
    return _organisation(work.execute(select(ORGANISATION).where(ORGANISATION.c.slug == slug)).first())


def organisations(work: Connection) -> list[Organisation]:
    """Return all organisations by name."""
    rows = work.execute(select(ORGANISATION).order_by(ORGANISATION.c.name, ORGANISATION.c.created_at))
    return [made for made in map(_organisation, rows) if made]


def slugs_like(work: Connection, slug: str) -> set[str]:
    """Return the slugs in use that begin with this one."""
    query = select(ORGANISATION.c.slug).where(ORGANISATION.c.slug.startswith(slug, autoescape=True))
    return {found for found in work.scalars(query) if found}


def set_provider(work: Connection, wanted: UUID, provider: IdentityProvider | None) -> None:
    """Write where people of an organisation may sign in."""
    values = {"identity_provider": asdict(provider) if provider else None}
    work.execute(update(ORGANISATION).where(ORGANISATION.c.id == wanted).values(values))


def add_person(work: Connection, person: Person, created_at: datetime) -> None:
    """Write a person."""
    values = _person_values(person) | {"created_at": created_at, "wrong_passwords": 0}
    work.execute(insert(PERSON).values(values))


def change_person(work: Connection, person: Person) -> None:
    """Write what changed about a person."""
    values = _person_values(person)
    work.execute(update(PERSON).where(PERSON.c.id == values.pop("id")).values(values))


def person(work: Connection, wanted: UUID) -> Person | None:
    """Return a person, also one who was removed."""
    row = work.execute(select(*_PERSON).where(PERSON.c.id == wanted)).first()
    return _person(row) if row else None


def person_of_address(work: Connection, organisation: UUID, email: str) -> Person | None:
    """Return the person of an organisation with an address, also one who was removed."""
    query = select(*_PERSON).where(PERSON.c.organisation_id == organisation, PERSON.c.email == email)
    row = work.execute(query).first()
    return _person(row) if row else None


def people(work: Connection, *, with_left: bool) -> list[Person]:
    """Return the people by name."""
    query = select(*_PERSON).order_by(func.lower(PERSON.c.name), PERSON.c.email)
    query = query if with_left else query.where(PERSON.c.left_at.is_(None))
    return [_person(row) for row in work.execute(query)]


def standings(work: Connection) -> list[Standing]:
    """Return all people by name, with how each stands."""
    seen = select(SIGN_IN.c.person_id, func.max(SIGN_IN.c.seen_at).label("seen_at")).group_by(SIGN_IN.c.person_id)
    last = seen.subquery()
    query: Select[Any] = (
        select(*_PERSON, PERSON.c.password_hash, PERSON.c.provider_subject, PERSON.c.locked_until, last.c.seen_at)
        .outerjoin(last, last.c.person_id == PERSON.c.id)
        .order_by(func.lower(PERSON.c.name), PERSON.c.email)
    )
    return [
        Standing(
            _person(row),
            has_password=row.password_hash is not None,
            has_account=row.provider_subject is not None,
            locked_until=row.locked_until,
            seen_at=row.seen_at,
        )
        for row in work.execute(query)
    ]


def people_with_address(work: Connection, email: str) -> list[tuple[Person, str]]:
    """Return who has an address in any organisation, with the organisation's name; the earliest first."""
    query: Select[Any] = (
        select(*_PERSON, ORGANISATION.c.name.label("of"))
        .join(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id)
        .where(PERSON.c.email == email, PERSON.c.left_at.is_(None))
        .order_by(PERSON.c.created_at)
    )
    return [(_person(row), row.of) for row in work.execute(query)]


def lock_owners(work: Connection) -> set[UUID]:
    """Return who owns the organisation, and keep others from changing that until the transaction ends."""
    query = select(PERSON.c.id).where(
        PERSON.c.left_at.is_(None), literal(Access.OWNER.value) == any_(PERSON.c.accesses)
    )
    return set(work.scalars(query.with_for_update()))


def password_of(work: Connection, wanted: UUID) -> str | None:
    """Return what is kept of a person's password."""
    return work.scalar(select(PERSON.c.password_hash).where(PERSON.c.id == wanted))


def set_password(work: Connection, wanted: UUID, kept: str) -> None:
    """Write what is kept of a password."""
    work.execute(update(PERSON).where(PERSON.c.id == wanted).values(password_hash=kept))


def lock_of(work: Connection, wanted: UUID) -> Lock:
    """Return how often a person's password was tried, and keep others from counting until the transaction ends."""
    columns = (PERSON.c.wrong_passwords, PERSON.c.password_tried_at, PERSON.c.locked_until)
    tries, tried_at, until = work.execute(select(*columns).where(PERSON.c.id == wanted).with_for_update()).one()
    return Lock(tries, tried_at, until)


def set_lock(work: Connection, wanted: UUID, lock: Lock) -> None:
    """Write how often a person's password was tried."""
    values = {"wrong_passwords": lock.tries, "password_tried_at": lock.tried_at, "locked_until": lock.until}
    work.execute(update(PERSON).where(PERSON.c.id == wanted).values(values))


def subject_of(work: Connection, wanted: UUID) -> str | None:
    """Return how the identity provider names a person, once it has."""
    return work.scalar(select(PERSON.c.provider_subject).where(PERSON.c.id == wanted))


def person_of_subject(work: Connection, organisation: UUID, subject: str) -> Person | None:
    """Return the person whom the organisation's identity provider names so."""
    query = select(*_PERSON).where(PERSON.c.organisation_id == organisation, PERSON.c.provider_subject == subject)
    row = work.execute(query).first()
    return _person(row) if row else None


def set_subject(work: Connection, wanted: UUID, subject: str | None) -> None:
    """Write how the identity provider names a person."""
    work.execute(update(PERSON).where(PERSON.c.id == wanted).values(provider_subject=subject))


def forget_subjects(work: Connection, organisation: UUID) -> None:
    """Forget how an identity provider named the people: another one is in its place."""
    work.execute(update(PERSON).where(PERSON.c.organisation_id == organisation).values(provider_subject=None))


def add_sign_in(work: Connection, person: Person, sign_in: SignIn, token_hash: str) -> None:
    """Write a sign-in."""
    values = asdict(sign_in) | {"organisation_id": person.organisation, "person_id": person.id}
    del values["current"]
    work.execute(insert(SIGN_IN).values(values | {"token_hash": token_hash}))


def sign_in_of(work: Connection, token_hash: str) -> tuple[SignIn, datetime | None, Person] | None:
    """Return a sign-in, when it was ended, and whose it is."""
    query: Select[Any] = (
        select(*_PERSON, SIGN_IN.c.id.label("sign_in_id"), SIGN_IN.c.created_at, SIGN_IN.c.seen_at)
        .add_columns(SIGN_IN.c.expires_at, SIGN_IN.c.ended_at)
        .join(SIGN_IN, SIGN_IN.c.person_id == PERSON.c.id)
        .where(SIGN_IN.c.token_hash == token_hash, PERSON.c.left_at.is_(None))
    )
    row = work.execute(query).first()
    if row is None:
        return None
    sign_in = SignIn(row.sign_in_id, row.created_at, row.seen_at, row.expires_at, current=True)
    return sign_in, row.ended_at, _person(row)


def sign_ins(work: Connection, person: UUID, *, alive_at: datetime, idle_since: datetime) -> list[tuple[SignIn, str]]:
    """Return a person's sign-ins that count, the one seen last first, each with its token's hash."""
    query = select(SIGN_IN).where(
        SIGN_IN.c.person_id == person,
        SIGN_IN.c.ended_at.is_(None),
        SIGN_IN.c.expires_at > alive_at,
        SIGN_IN.c.seen_at > idle_since,
    )
    return [
        (SignIn(row.id, row.created_at, row.seen_at, row.expires_at), row.token_hash)
        for row in work.execute(query.order_by(SIGN_IN.c.seen_at.desc()))
    ]


def see(work: Connection, sign_in: UUID, at: datetime) -> None:
    """Write when a sign-in was seen last."""
    work.execute(update(SIGN_IN).where(SIGN_IN.c.id == sign_in).values(seen_at=at))


def end_sign_ins(work: Connection, person: UUID, at: datetime, *, but: str = "") -> int:
    """End a person's sign-ins, all but the one with this token's hash, and return how many."""
    query = update(SIGN_IN).where(SIGN_IN.c.person_id == person, SIGN_IN.c.ended_at.is_(None))
    return work.execute(query.where(SIGN_IN.c.token_hash != but).values(ended_at=at)).rowcount


def end_sign_in(work: Connection, token_hash: str, at: datetime) -> None:
    """End one sign-in."""
    query = update(SIGN_IN).where(SIGN_IN.c.token_hash == token_hash, SIGN_IN.c.ended_at.is_(None))
    work.execute(query.values(ended_at=at))


def add_link(work: Connection, link: PersonLink, token_hash: str) -> None:
    """Write a link."""
    values = {
        "id": link.id,
        "organisation_id": link.organisation,
        "person_id": link.person,
        "purpose": link.purpose.value,
        "token_hash": token_hash,
        "expires_at": link.expires_at,
    }
    work.execute(insert(PERSON_LINK).values(values))


def open_link(work: Connection, token_hash: str, purposes: Iterable[LinkPurpose], now: datetime) -> PersonLink | None:
    """Return a link that can be used now by somebody who is still there."""
    query = (
        select(PERSON_LINK)
        .join(PERSON, PERSON.c.id == PERSON_LINK.c.person_id)
        .where(PERSON_LINK.c.token_hash == token_hash, PERSON_LINK.c.purpose.in_([each.value for each in purposes]))
        .where(PERSON_LINK.c.used_at.is_(None), PERSON_LINK.c.expires_at > now, PERSON.c.left_at.is_(None))
    )
    row = work.execute(query).first()
    if row is None:
        return None
    return PersonLink(row.id, row.organisation_id, row.person_id, LinkPurpose(row.purpose), row.expires_at)


def use_link(work: Connection, link: UUID, at: datetime) -> bool:
    """Use a link up; says whether this was the first time."""
    query = update(PERSON_LINK).where(PERSON_LINK.c.id == link, PERSON_LINK.c.used_at.is_(None)).values(used_at=at)
    return work.execute(query).rowcount == 1


def use_up_links(work: Connection, person: UUID, at: datetime) -> None:
    """Use up whatever links a person has."""
    query = update(PERSON_LINK).where(PERSON_LINK.c.person_id == person, PERSON_LINK.c.used_at.is_(None))
    work.execute(query.values(used_at=at))


def add_trip(work: Connection, trip: ProviderTrip, state_hash: str, browser_hash: str) -> None:
    """Write what is needed when a browser comes back from an identity provider."""
    values = asdict(trip) | {"state_hash": state_hash, "browser_hash": browser_hash}
    values["organisation_id"] = values.pop("organisation")
    work.execute(insert(PROVIDER_TRIP).values(values))


def take_trip(work: Connection, state_hash: str, browser_hash: str, now: datetime) -> ProviderTrip | None:
    """Return a trip that this browser began, and remove it, with all that took too long."""
    query = delete(PROVIDER_TRIP).where(
        PROVIDER_TRIP.c.state_hash == state_hash, PROVIDER_TRIP.c.browser_hash == browser_hash
    )
    row = work.execute(query.returning(PROVIDER_TRIP)).first()
    work.execute(delete(PROVIDER_TRIP).where(PROVIDER_TRIP.c.expires_at < now))
    if row is None or row.expires_at < now:
        return None
    return ProviderTrip(row.organisation_id, row.nonce, row.verifier, row.expires_at)


def add_api_token(work: Connection, token: ApiToken, token_hash: str) -> None:
    """Write a token."""
    values = asdict(token) | {"token_hash": token_hash, "scopes": sorted(scope.value for scope in token.scopes)}
    values["organisation_id"] = values.pop("organisation")
    work.execute(insert(API_TOKEN).values(values))


def api_token_of(work: Connection, token_hash: str) -> ApiToken | None:
    """Return a token by what is kept of it."""
    row = work.execute(select(API_TOKEN).where(API_TOKEN.c.token_hash == token_hash)).first()
    return _api_token(row) if row else None


def api_tokens(work: Connection) -> list[ApiToken]:
    """Return the tokens, the newest first."""
    return [_api_token(row) for row in work.execute(select(API_TOKEN).order_by(API_TOKEN.c.created_at.desc()))]


def see_api_token(work: Connection, token: UUID, at: datetime) -> None:
    """Write when a token was used last."""
    work.execute(update(API_TOKEN).where(API_TOKEN.c.id == token).values(used_at=at))


def revoke_api_token(work: Connection, token: UUID, at: datetime) -> bool:
    """Revoke a token; says whether there was one to revoke."""
    query = update(API_TOKEN).where(API_TOKEN.c.id == token, API_TOKEN.c.revoked_at.is_(None)).values(revoked_at=at)
    return work.execute(query).rowcount == 1


def count_up(work: Connection, key_: str, since: datetime) -> int:
    """Count one more in a window of time and return how many there are."""
    made = insert_or(THROTTLE).values(key=key_, since=since, count=1)
    counted = made.on_conflict_do_update(
        index_elements=[THROTTLE.c.key, THROTTLE.c.since], set_={"count": THROTTLE.c.count + 1}
    )
    return int(work.execute(counted.returning(THROTTLE.c.count)).scalar_one())


def count_in(work: Connection, key_: str, since: datetime) -> int:
    """Return how many were counted in a window of time."""
    query = select(THROTTLE.c.count).where(THROTTLE.c.key == key_, THROTTLE.c.since == since)
    return int(work.scalar(query) or 0)


def forget_counts(work: Connection, before: datetime) -> None:
    """Remove windows that nobody looks at any more."""
    work.execute(delete(THROTTLE).where(THROTTLE.c.since < before))


def forget_links_and_sign_ins(work: Connection, before: datetime) -> None:
    """Remove links and sign-ins that ended long ago."""
    work.execute(delete(PERSON_LINK).where(PERSON_LINK.c.expires_at < before))
    work.execute(delete(SIGN_IN).where(SIGN_IN.c.expires_at < before))


def _person_values(person: Person) -> dict[str, Any]:
    values = asdict(replace(person, accesses=frozenset()))
    values["organisation_id"] = values.pop("organisation")
    values["accesses"] = sorted(access.value for access in person.accesses)
    return values


def _person(row: Row[Any]) -> Person:
    accesses = frozenset(Access(access) for access in row.accesses)
    return Person(row.id, row.organisation_id, row.name, row.email, accesses, row.time_zone, row.left_at)


def _organisation(row: Row[Any] | None) -> Organisation | None:
    if row is None:
        return None
    provider = IdentityProvider(**row.identity_provider) if row.identity_provider else None
    return Organisation(row.id, row.name, row.slug or str(row.id), provider, row.created_at)


def _api_token(row: Row[Any]) -> ApiToken:
    values = dict(row._mapping)
    del values["token_hash"]
    values["organisation"] = values.pop("organisation_id")
    values["scopes"] = frozenset(Scope(scope) for scope in row.scopes)
    return ApiToken(**values)
