from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from shipworthy.core import clock
from shipworthy.letters.entities import Letter, LetterState
from shipworthy.letters.errors import BadLetterError, LetterNotSentError
from shipworthy.letters.operations import LEASE, letter, letter_counts, outbox, send_again, send_due, write
from shipworthy.letters.rules import WAITS
from shipworthy.store.database import Database, open_database
from tests.support.databases import fresh_url

TITLE = "Your code"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_url() as url:
        opened = open_database(url=url, data_folder=tmp_path_factory.mktemp("data"))
        yield opened
        opened.close()


@pytest.fixture
def organisation(database: Database) -> UUID:
    made = uuid4()
    with database.house_work() as work:
        work.execute(text("DELETE FROM letter"))
        statement = text("INSERT INTO organisation (id, name, created_at) VALUES (:id, 'Northwind', now())")
        work.execute(statement, {"id": made})
    return made


class Post:
    """A transport that takes letters, or refuses."""

    def __init__(self, fault: LetterNotSentError | None = None) -> None:
        self.taken: list[Letter] = []
        self.fault = fault

    def send(self, letter: Letter) -> None:
        if self.fault:
            raise self.fault
        self.taken.append(letter)


def written(database: Database, organisation: UUID, body: str = "Your code is 123456.", secret: str = "") -> UUID:
    with database.unit_of_work(organisation) as work:
        return write(
            work, organisation, recipient="ann@example.org", title=TITLE, body=body, about="person:1", secret=secret
        )


def read(database: Database, organisation: UUID, wanted: UUID) -> Letter:
    with database.unit_of_work(organisation) as work:
        found = letter(work, wanted)
    assert found is not None
    return found


def turned(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> datetime:
    at = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


def test_a_letter_goes_out_once(database: Database, organisation: UUID) -> None:
    made = written(database, organisation)
    post = Post()
    assert send_due(database, post) == 1
    assert send_due(database, post) == 0
    assert [sent.id for sent in post.taken] == [made]
    assert read(database, organisation, made).state is LetterState.SENT


def test_several_senders_at_once_send_every_letter_once(database: Database, organisation: UUID) -> None:
    made = {written(database, organisation) for _ in range(20)}
    post = Post()
    with ThreadPoolExecutor(4) as senders:
        assert sum(senders.map(lambda _: send_due(database, post), range(4))) == 20
    assert sorted(sent.id for sent in post.taken) == sorted(made)


def test_a_letter_of_a_change_that_failed_is_not_there(database: Database, organisation: UUID) -> None:
    with suppress(ZeroDivisionError), database.unit_of_work(organisation) as work:
        write(work, organisation, recipient="ann@example.org", title=TITLE, body="Hello", about="person:1")
        raise ZeroDivisionError
    assert send_due(database, Post()) == 0


def test_a_secret_is_sent_and_then_forgotten(database: Database, organisation: UUID) -> None:
    made = written(database, organisation, secret="123456")
    post = Post()
    send_due(database, post)
    assert post.taken[0].body == "Your code is 123456."
    kept = read(database, organisation, made)
    assert kept.body == "Your code is [removed after sending]."
    assert kept.secret == ""


def test_without_a_mail_server_letters_are_kept_whole_and_can_be_sent_later(
    database: Database, organisation: UUID
) -> None:
    made = written(database, organisation, secret="123456")
    send_due(database, None)
    kept = read(database, organisation, made)
    assert (kept.state, kept.body) == (LetterState.KEPT, "Your code is 123456.")
    with database.unit_of_work(organisation) as work:
        send_again(work, made)
    assert send_due(database, Post()) == 1
    assert read(database, organisation, made).state is LetterState.SENT


def test_a_failure_is_tried_again_with_growing_waits_and_given_up_in_the_end(
    database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = written(database, organisation)
    full = Post(LetterNotSentError("452 mailbox full", for_good=False))
    for wait in WAITS:
        assert send_due(database, full) == 1
        assert send_due(database, full) == 0
        assert read(database, organisation, made).state is LetterState.WAITING
        turned(monkeypatch, wait)
    send_due(database, full)
    given_up = read(database, organisation, made)
    assert (given_up.state, given_up.attempts, given_up.fault) == (LetterState.FAILED, 7, "452 mailbox full")


def test_what_is_refused_for_good_is_not_tried_again(database: Database, organisation: UUID) -> None:
    made = written(database, organisation)
    send_due(database, Post(LetterNotSentError("550 no such mailbox", for_good=True)))
    assert read(database, organisation, made).state is LetterState.FAILED


def test_a_letter_whose_sender_was_killed_is_tried_again(
    database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Post):
        def send(self, letter: Letter) -> None:
            raise KeyboardInterrupt

    written(database, organisation)
    with pytest.raises(KeyboardInterrupt):
        send_due(database, Killed())
    assert send_due(database, Post()) == 0
    turned(monkeypatch, LEASE + timedelta(seconds=1))
    assert send_due(database, Post()) == 1


def test_a_letter_that_was_sent_is_not_sent_again(database: Database, organisation: UUID) -> None:
    made = written(database, organisation)
    send_due(database, Post())
    with database.unit_of_work(organisation) as work, pytest.raises(BadLetterError):
        send_again(work, made)


def test_the_outbox_is_read_in_pieces_and_by_state(database: Database, organisation: UUID) -> None:
    made = [written(database, organisation) for _ in range(5)]
    send_due(database, Post(), limit=2)
    with database.unit_of_work(organisation) as work:
        first = outbox(work, limit=2)
        rest = outbox(work, before=(first[-1].created_at, first[-1].id))
        waiting = outbox(work, state=LetterState.WAITING)
        counts = letter_counts(work)
    assert [each.id for each in [*first, *rest]] == made[::-1]
    assert len(waiting) == 3
    assert counts == {
        LetterState.WAITING: 3,
        LetterState.SENT: 2,
        LetterState.KEPT: 0,
        LetterState.FAILED: 0,
    }


def test_another_organisation_sees_no_letter(database: Database, organisation: UUID) -> None:
    made = written(database, organisation)
    with database.unit_of_work(uuid4()) as work:
        assert letter(work, made) is None
        assert outbox(work) == []


@pytest.mark.parametrize(
    ("recipient", "title"),
    [
        ("ann", TITLE),
        ("ann@example.org\r\nBcc: eve@example.org", TITLE),
        ("ann@example.org, eve@example.org", TITLE),
        ("ann@example.org", "Hello\r\nBcc: eve@example.org"),
        ("ann@example.org", " "),
    ],
)
def test_no_second_header_gets_in(database: Database, organisation: UUID, recipient: str, title: str) -> None:
    with database.unit_of_work(organisation) as work, pytest.raises(BadLetterError):
        write(work, organisation, recipient=recipient, title=title, body="Hello", about="person:1")
