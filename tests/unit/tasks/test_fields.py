from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.tasks.fields import Inspection, Table

ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


def read_everything(values: dict[str, Any]) -> tuple[Any, Inspection]:
    inspection = Inspection()
    table = Table(values, "a.toml", "", inspection)
    read = (
        table.text("a", pattern="[a-z]+", meaning="lower case"),
        table.number("b", low=0, high=1),
        table.whole("c", low=1, high=5, default=2),
        table.texts("d", least=1),
        table.band("e"),
        table.shares("f", ("x", "y"), what="competency"),
        [entry.text("id") for entry in table.tables("g")],
        table.choice("h", ("one", "two"), what="word"),
    )
    table.close()
    return read, inspection


@given(st.dictionaries(st.sampled_from("abcdefgh"), ANYTHING))
def test_reading_never_fails_and_gives_usable_values(values: dict[str, Any]) -> None:
    (text, number, whole, texts, band, shares, ids, choice), _ = read_everything(values)
    assert isinstance(text, str)
    assert isinstance(choice, str)
    assert 0 <= number <= 1
    assert 1 <= whole <= 5
    assert all(isinstance(entry, str) for entry in texts)
    assert 0 <= band.low <= band.high <= 1
    assert all(0 <= share <= 1 for share in shares.values())
    assert all(isinstance(entry, str) for entry in ids)


def test_sound_values_make_no_findings() -> None:
    values = {
        "a": "abc", "b": 0.5, "d": ["x"], "e": [0, 1], "f": {"x": 0.25, "y": 0.75}, "g": [{"id": "i"}], "h": "one",
    }  # fmt: skip
    read, inspection = read_everything(values)
    assert inspection.findings == []
    assert read[2] == 2


def test_a_missing_table_is_one_finding_not_one_per_key() -> None:
    inspection = Inspection()
    Table({}, "a.toml", "", inspection).table("submission").text("paths")
    assert [finding.key for finding in inspection.findings] == ["submission"]
