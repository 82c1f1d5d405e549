from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine

from shipworthy.grading.jobs import operations
from shipworthy.store.database import Database
from shipworthy.worker import contact
from shipworthy.worker.contact import LET_GO_SECONDS, Contact


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class HeldSlots:
    """Slots that hold one grading and note what they are told."""

    def __init__(self) -> None:
        self.worker = uuid4()
        self.job = uuid4()
        self.let: list[object] = []

    def held(self) -> set[UUID]:
        return {self.job}

    def let_go(self, lost: set[UUID]) -> None:
        if lost:
            self.let.append(lost)

    def let_all_go(self) -> None:
        self.let.append("everything")


class Away:
    """A database that may be away."""

    def __init__(self) -> None:
        self.away = False
        self.engine = create_engine("postgresql+psycopg://nobody@/none?host=/nowhere")

    @contextmanager
    def house_work(self) -> Iterator[object]:
        if self.away:
            self.engine.connect()
        yield None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(contact, "monotonic", made)
    return made


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reached the database, which here answers that everything is in order."""
    done: list[str] = []

    def noted(name: str, answer: object) -> Callable[..., object]:
        def note(*_: object, **__: object) -> object:
            done.append(name)
            return answer

        return note

    monkeypatch.setattr(operations, "heartbeat", noted("beat", set()))
    monkeypatch.setattr(operations, "take_over_lost", noted("take over", []))
    monkeypatch.setattr(operations, "mend_permits", noted("mend", 0))
    return done


def made(database: Away, slots: HeldSlots) -> Contact:
    return Contact(database, slots)  # type: ignore[arg-type] # both answer to what a contact asks of them


def test_a_worker_without_contact_lets_go_before_another_may_begin(clock: Clock, swept: list[str]) -> None:
    database, slots = Away(), HeldSlots()
    keeper = made(database, slots)
    keeper.beat()
    database.away = True
    for _ in range(4):
        clock.now += 3
        keeper.beat()
    assert slots.let == []
    clock.now += LET_GO_SECONDS - 12 + 0.1
    keeper.beat()
    assert slots.let == ["everything"]


def test_a_machine_that_slept_lets_go_when_it_wakes(clock: Clock, swept: list[str]) -> None:
    slots = HeldSlots()
    keeper = made(Away(), slots)
    keeper.beat()
    clock.now += 3600
    keeper.beat()
    assert slots.let == ["everything"]


def test_claims_that_others_took_over_are_let_go(
    clock: Clock, swept: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = HeldSlots()
    monkeypatch.setattr(operations, "heartbeat", lambda *_: {slots.job})
    made(Away(), slots).beat()
    assert slots.let == [{slots.job}]


def test_nobody_is_taken_over_while_or_just_after_the_database_was_away(clock: Clock, swept: list[str]) -> None:
    database, slots = Away(), HeldSlots()
    keeper = made(database, slots)
    clock.now += 20
    keeper.beat()
    keeper.sweep()
    assert swept == ["beat"], "it has slept for 20 seconds, so others may have, too"
    clock.now += 3
    database.away = True
    keeper.beat()
    keeper.sweep()
    database.away = False
    keeper.beat()
    keeper.sweep()
    assert "take over" not in swept
    for _ in range(5):
        clock.now += 3
        keeper.beat()
    keeper.sweep()
    assert swept[-2:] == ["take over", "mend"]


def test_the_database_of_these_tests_is_like_a_real_one() -> None:
    assert set(dir(Away)) - set(dir(object)) <= set(dir(Database)) | {"__weakref__", "__dict__", "__module__"}
