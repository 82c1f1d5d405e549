import pytest

from shipworthy.core.remembering import Remembered


def test_a_thing_is_worked_out_once() -> None:
    asked: list[str] = []

    def work_out() -> int:
        asked.append("again")
        return len(asked)

    kept: Remembered[int] = Remembered(2)
    assert [kept.get("a", work_out), kept.get("a", work_out), kept.get("b", work_out)] == [1, 1, 2]


def test_what_was_not_asked_for_the_longest_is_forgotten_first() -> None:
    kept: Remembered[str] = Remembered(2)
    for name in ("a", "b", "a", "c"):
        kept.get(name, lambda name=name: name)  # type: ignore[misc]
    assert kept.get("a", lambda: "anew") == "a"
    assert kept.get("b", lambda: "anew") == "anew"


def test_a_fault_is_not_kept() -> None:
    kept: Remembered[int] = Remembered(2)

    def fail() -> int:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        kept.get("a", fail)
    assert kept.get("a", lambda: 1) == 1
