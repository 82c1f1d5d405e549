import threading

import pytest

from shipworthy.grading.abreast import abreast


class Judges:
    """Stands for the judges' nursery, which other tests of the same process still need."""

    stopped = False

    def stop(self) -> None:
        self.stopped = True


def test_every_order_is_given_back_with_what_was_done() -> None:
    done = dict(abreast(lambda number: number * number, range(20)))
    assert done == {number: number * number for number in range(20)}


def test_orders_run_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    both = threading.Barrier(2)
    assert len(list(abreast(lambda _: both.wait(timeout=10), (1, 2)))) == 2


def test_a_failure_cancels_what_has_not_begun_and_ends_the_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    judges = Judges()
    monkeypatch.setattr("shipworthy.grading.abreast.NURSERY", judges)
    begun = []

    def work(number: int) -> None:
        begun.append(number)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(abreast(work, range(50)))
    assert len(begun) < 50
    assert judges.stopped
