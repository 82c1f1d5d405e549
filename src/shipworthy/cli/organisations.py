"""Commands that set up organisations and their people."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shipworthy.access.entities import Access, IdentityProvider, LinkPurpose, Organisation, Person
from shipworthy.access.operations import (
    add_person,
    found_organisation,
    make_link,
    organisation_of_slug,
    organisations,
    people,
    set_identity_provider,
    welcome,
)
from shipworthy.access.provider_client import is_safe_place
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import print_json, screen, table
from shipworthy.core.canonical import JSONValue
from shipworthy.core.errors import BadInputError
from shipworthy.core.settings import Settings, read_settings
from shipworthy.store.database import Database, open_database


def new_organisation(name: str, *, owner: str, owner_name: str = "", json: bool = False) -> int:
    """Set up an organisation and its owner, and print the link with which the owner chooses a password.

    Example: `shipworthy organisation new Northwind --owner ann@northwind.example`

    Parameters
    ----------
    name
        The name of the organisation.
    owner
        The owner's mail address.
    owner_name
        What the owner is called.
    json
        Print what was made as JSON.
    """
    settings = read_settings()
    with _opened(settings) as database, database.house_work() as work:
        made, person = found_organisation(work, name=name, owner_email=owner, owner_name=owner_name)
        link = welcome(work, person, web_url=settings.web_url)
    _tell(made, person, link, json=json)
    return ExitCode.DONE


def list_organisations(*, json: bool = False) -> int:
    """List the organisations, with how they are named in commands and addresses.

    Example: `shipworthy organisation list`

    Parameters
    ----------
    json
        Print the list as JSON.
    """
    with _opened(read_settings()) as database, database.house_work() as work:
        found = organisations(work)
    if json:
        print_json([_facts(each) for each in found])
        return ExitCode.DONE
    shown = table("Organisation", "Name in commands", "Identity provider")
    for each in found:
        shown.add_row(each.name, each.slug, each.provider.issuer if each.provider else "none")
    screen.print(shown if found else "There is no organisation yet: `shipworthy organisation new`.")
    return ExitCode.DONE


def set_provider(
    organisation: str,
    *,
    issuer: str = "",
    client_id: str = "",
    secret_file: Path | None = None,
    trust_addresses: bool = False,
    remove: bool = False,
) -> int:
    """Say where people of an organisation may sign in with OpenID Connect, besides with a password.

    Example: `shipworthy organisation provider northwind --issuer https://id.northwind.example --client-id shipworthy`

    Parameters
    ----------
    organisation
        The organisation's name in commands; see `shipworthy organisation list`.
    issuer
        The provider's address, as its discovery document spells it.
    client_id
        Under which name the provider knows Shipworthy.
    secret_file
        A file that holds the client's secret and nothing else.
    trust_addresses
        Believe addresses that the provider does not mark as confirmed. Only where nobody there can choose an address.
    remove
        Let people sign in with a password alone.
    """
    provider = None if remove else _provider(issuer, client_id, secret_file, trust_addresses=trust_addresses)
    settings = read_settings()
    with _opened(settings) as database:
        found = _found(database, organisation)
        with database.unit_of_work(found.id) as work:
            set_identity_provider(work, found.id, provider)
    if provider is None:
        screen.print(f"[green]✓[/] {found.slug}: people sign in with a password.", markup=True)
    else:
        screen.print(f"[green]✓[/] {found.slug}: people may sign in at {settings.web_url}/sign-in/{found.slug}")
        screen.print(f"  At the provider, allow this address: {settings.web_url}/sign-in/provider/back", soft_wrap=True)
    return ExitCode.DONE


def new_person(
    organisation: str, email: str, *, name: str = "", access: list[Access] | None = None, json: bool = False
) -> int:
    """Add a person to an organisation, and print the link with which they choose a password.

    Example: `shipworthy person add northwind bob@northwind.example --name Bob --access recruiter`

    Parameters
    ----------
    organisation
        The organisation's name in commands; see `shipworthy organisation list`.
    email
        The person's mail address.
    name
        What the person is called.
    access
        What the person may do. Can be given several times.
    json
        Print what was made as JSON.
    """
    if not access:
        known = ", ".join(each.value for each in Access)
        raise BadInputError("No access is named.", remedy=f"Say --access, once or more, with one of: {known}.")
    settings = read_settings()
    with _opened(settings) as database:
        found = _found(database, organisation)
        with database.unit_of_work(found.id) as work:
            called = name or email.split("@", maxsplit=1)[0]
            person = add_person(work, found.id, name=called, email=email, accesses=frozenset(access))
            link = welcome(work, person, web_url=settings.web_url)
    _tell(found, person, link, json=json)
    return ExitCode.DONE


def link_for_person(organisation: str, email: str) -> int:
    """Print a link with which a person chooses a new password, within an hour: for who gets no mail.

    Example: `shipworthy person link northwind bob@northwind.example`

    Parameters
    ----------
    organisation
        The organisation's name in commands; see `shipworthy organisation list`.
    email
        The person's mail address.
    """
    settings = read_settings()
    with _opened(settings) as database:
        found = _found(database, organisation)
        with database.unit_of_work(found.id) as work:
            person = next((each for each in people(work) if each.email == email.strip().lower()), None)
            if person is None:
                raise BadInputError(f"{found.name} has nobody with the address {email}.", remedy="Check the address.")
            token = make_link(work, person, LinkPurpose.RESET)
    screen.print(f"{settings.web_url}/reset/{token}", soft_wrap=True, markup=False)
    return ExitCode.DONE


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    database = open_database(url=settings.database_url, data_folder=settings.data_folder)
    try:
        yield database
    finally:
        database.close()


def _found(database: Database, slug: str) -> Organisation:
    with database.house_work() as work:
        found = organisation_of_slug(work, slug)
    if found is None:
        raise BadInputError(
            f"There is no organisation {slug!r}.", remedy="`shipworthy organisation list` shows how they are named."
        )
    return found


def _provider(issuer: str, client_id: str, secret_file: Path | None, *, trust_addresses: bool) -> IdentityProvider:
    if not client_id or not is_safe_place(issuer, issuer=issuer):
        raise BadInputError(
            "An identity provider needs an issuer that begins with https:// and a client id.",
            remedy="Say --issuer and --client-id, or --remove.",
        )
    secret = secret_file.read_text("utf-8").strip() if secret_file else ""
    return IdentityProvider(issuer, client_id, secret, trust_addresses)


def _facts(organisation: Organisation) -> dict[str, JSONValue]:
    provider = organisation.provider.issuer if organisation.provider else None
    return {
        "id": str(organisation.id),
        "name": organisation.name,
        "slug": organisation.slug,
        "identity_provider": provider,
    }


def _tell(organisation: Organisation, person: Person, link: str, *, json: bool) -> None:
    if json:
        accesses = sorted(access.value for access in person.accesses)
        told = {"id": str(person.id), "name": person.name, "email": person.email, "accesses": accesses}
        print_json({"organisation": _facts(organisation), "person": told, "welcome_link": link})
        return
    screen.print(f"{person.name} has access to {organisation.name} ({organisation.slug}).", markup=False)
    screen.print("This link works once, for seven days, to choose a password:")
    screen.print(link, soft_wrap=True, markup=False)
