import pytest

from shipworthy.roles.blueprint.wording import counted, listed, spell_minutes


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (140, "2 h 20 min"), (600, "10 h")]
)
def test_minutes_are_spelt_with_hours_where_long(minutes: int, words: str) -> None:
    assert spell_minutes(minutes) == words


def test_numbers_and_lists_read_as_people_write_them() -> None:
    assert [counted(number, "task") for number in (0, 1, 2)] == ["0 tasks", "1 task", "2 tasks"]
    assert [listed(names) for names in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
