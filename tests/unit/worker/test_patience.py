import threading

import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError

from shipworthy.worker.patience import patiently

AWAY = OperationalError("", {}, Exception("the server closed the connection"))


def test_what_fails_while_the_database_is_away_is_done_when_it_is_back() -> None:
    faults = [AWAY, AWAY]

    def act() -> str:
        if faults:
            raise faults.pop()
        return "done"

    assert patiently(act, pause=0.001) == "done"


def test_patience_ends_with_its_time_and_with_the_worker() -> None:
    def act() -> None:
        raise AWAY

    with pytest.raises(OperationalError):
        patiently(act, seconds=0.01, pause=0.002)
    ending = threading.Event()
    ending.set()
    with pytest.raises(OperationalError):
        patiently(act, seconds=60, pause=0.001, stop=ending)


def test_another_fault_is_told_at_once() -> None:
    tries = []

    def act() -> None:
        tries.append(1)
        raise ProgrammingError("", {}, Exception("no such table"))

    with pytest.raises(ProgrammingError):
        patiently(act, pause=0.001)
    assert len(tries) == 1
