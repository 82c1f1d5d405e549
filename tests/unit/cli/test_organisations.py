import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shipworthy.access.entities import IdentityProvider, SignedIn
from shipworthy.access.operations import organisation_of_slug, set_password, sign_in
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.main import run
from shipworthy.letters.operations import outbox
from shipworthy.store.database import Database, open_database
from tests.support.databases import fresh_url

PASSWORD = "four unusual words here"


@contextmanager
def configured(folder: Path) -> Iterator[Database]:
    """Let commands use a database of their own."""
    with fresh_url() as url, pytest.MonkeyPatch.context() as environment:
        environment.setenv("SHIPWORTHY_DATABASE_URL", url)
        environment.setenv("SHIPWORTHY_DATA", str(folder))
        environment.setenv("SHIPWORTHY_WEB_URL", "https://vetting.example/")
        database = open_database(url=url, data_folder=folder)
        yield database
        database.close()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with configured(tmp_path_factory.mktemp("data")) as opened:
        yield opened


def test_an_owner_gets_in_by_the_printed_link(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["organisation", "new", "Alpine Works", "--owner", "ann@alpine.example"]) == ExitCode.DONE
    (token,) = re.findall(r"^https://vetting.example/welcome/(\S+)$", capsys.readouterr().out, re.MULTILINE)
    set_password(database, token, PASSWORD)
    assert isinstance(sign_in(database, email="ann@alpine.example", password=PASSWORD), SignedIn)


def test_people_are_added_with_accesses_and_a_letter(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    run(["organisation", "new", "Brook", "--owner", "ann@brook.example"])
    capsys.readouterr()
    added = ["person", "add", "brook", "Bob@brook.example", "--access", "recruiter", "--access", "compliance", "--json"]
    assert run(added) == ExitCode.DONE
    told = json.loads(capsys.readouterr().out)
    assert told["person"]["accesses"] == ["compliance", "recruiter"]
    with database.house_work() as work:
        (letter,) = [each for each in outbox(work) if each.recipient == "bob@brook.example"]
    assert told["welcome_link"] in letter.body


def test_a_person_without_mail_gets_a_link(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    run(["organisation", "new", "Cliff", "--owner", "ann@cliff.example"])
    capsys.readouterr()
    assert run(["person", "link", "cliff", "Ann@cliff.example"]) == ExitCode.DONE
    token = capsys.readouterr().out.strip().removeprefix("https://vetting.example/reset/")
    set_password(database, token, PASSWORD)
    assert isinstance(sign_in(database, email="ann@cliff.example", password=PASSWORD), SignedIn)


def test_a_provider_is_set_and_removed(database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("of both\n")
    run(["organisation", "new", "Dune", "--owner", "ann@dune.example"])
    named = ["--issuer", "https://id.dune.example", "--client-id", "shipworthy", "--secret-file", str(secret)]
    assert run(["organisation", "provider", "dune", *named]) == ExitCode.DONE
    assert "https://vetting.example/sign-in/provider/back" in capsys.readouterr().out
    with database.house_work() as work:
        found = organisation_of_slug(work, "dune")
    assert found is not None
    assert found.provider == IdentityProvider("https://id.dune.example", "shipworthy", "of both")
    assert run(["organisation", "provider", "dune", "--remove"]) == ExitCode.DONE
    capsys.readouterr()
    run(["organisation", "list", "--json"])
    (dune,) = [each for each in json.loads(capsys.readouterr().out) if each["slug"] == "dune"]
    assert dune["identity_provider"] is None


def test_organisations_are_listed(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    run(["organisation", "new", "Evergreen", "--owner", "ann@evergreen.example"])
    capsys.readouterr()
    assert run(["organisation", "list"]) == ExitCode.DONE
    assert "evergreen" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["organisation", "new", " ", "--owner", "ann@x.example"], "The name of the organisation is missing."),
        (["organisation", "new", "X", "--owner", "ann"], "This is no mail address."),
        (["person", "add", "nowhere", "bob@x.example", "--access", "owner"], "There is no organisation 'nowhere'."),
        (["person", "add", "nowhere", "bob@x.example"], "No access is named."),
        (["person", "link", "nowhere", "bob@x.example"], "There is no organisation 'nowhere'."),
        (["organisation", "provider", "x", "--issuer", "http://id.example", "--client-id", "x"], "begins with https"),
        (["organisation", "provider", "x"], "needs an issuer"),
    ],
)
def test_what_cannot_be_done_is_said(
    database: Database, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(arguments) == ExitCode.BAD_INPUT
    assert told in " ".join(capsys.readouterr().err.split())
