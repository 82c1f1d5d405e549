from collections.abc import Sequence

import pytest

from shipworthy.core.canonical import JSONValue
from shipworthy.grading.entities import CheckOutcome, Outcome
from shipworthy.grading.jobs.errors import LostClaimError
from shipworthy.worker import live_lines
from shipworthy.worker.live_lines import LONGEST_TEXT, MOST_LINES, Listener


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(live_lines, "monotonic", lambda: now[0])
    return now


def listener(sent: list[Sequence[JSONValue]]) -> Listener:
    return Listener(lambda: True, sent.append)


def test_the_first_line_goes_out_at_once_and_the_others_a_few_times_a_second(clock: list[float]) -> None:
    sent: list[Sequence[JSONValue]] = []
    hears = listener(sent)
    for moment in (0.0, 0.05, 0.1, 0.25, 0.3):
        clock[0] = moment
        hears.runs(f"run at {moment}")
    assert [len(lines) for lines in sent] == [1, 3]
    hears.flush()
    hears.flush()
    assert [len(lines) for lines in sent] == [1, 3, 1]


def test_a_line_says_what_happened_and_when(clock: list[float]) -> None:
    sent: list[Sequence[JSONValue]] = []
    hears = listener(sent)
    clock[0] = 1.234
    hears.saw(CheckOutcome("runs", Outcome.FAILED, 0.0, "It says nothing."), "It runs.")
    assert sent == [
        [
            {
                "kind": "check",
                "check": "runs",
                "outcome": "failed",
                "text": "It runs.",
                "message": "It says nothing.",
                "seconds": 1.23,
            }
        ]
    ]


def test_neither_long_nor_many_lines_fill_the_database(clock: list[float]) -> None:
    sent: list[Sequence[JSONValue]] = []
    hears = listener(sent)
    for _ in range(MOST_LINES + 50):
        clock[0] += 1
        hears.runs("x" * 10_000)
    lines = [line for each in sent for line in each]
    assert len(lines) == MOST_LINES
    assert {len(line["text"]) for line in lines if isinstance(line, dict)} == {LONGEST_TEXT}


def test_whoever_lost_the_claim_is_stopped_even_when_nobody_listens() -> None:
    with pytest.raises(LostClaimError):
        Listener(lambda: False).runs("python solve.py")
    Listener(lambda: True).runs("python solve.py")
