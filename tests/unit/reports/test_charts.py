from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.measurement.posterior import Interval
from shipworthy.reports.charts import bar_chart_svg, interval_chart_svg, minutes_chart_svg, percent_of, shares_chart_svg

WIDE = Interval(0.4, 0.9, 0.90)


def parts(svg: str) -> dict[str, list[ElementTree.Element]]:
    found: dict[str, list[ElementTree.Element]] = {}
    for element in ElementTree.fromstring(svg).iter():
        for name in (element.tag, *(element.get("class") or "").split()):
            found.setdefault(name, []).append(element)
    return found


def test_score_interval_and_cut_stand_where_they_belong() -> None:
    found = parts(interval_chart_svg("c", "Evaluation", 0.75, interval=WIDE, cut=0.70, tone="demonstrated"))
    assert found["mark"][0].get("cx") == "75.00%"
    assert (found["band"][0].get("x"), found["band"][0].get("width")) == ("40.00%", "50.00%")
    assert found["cut"][0].get("x1") == "70.00%"


def test_the_drawing_can_be_read_aloud() -> None:
    found = parts(interval_chart_svg("c", "Evaluation", 0.75, interval=WIDE, cut=0.70, tone="demonstrated"))
    assert found["title"][0].text == "Evaluation"
    words = found["desc"][0].text or ""
    assert words == ("Score 75 of 100; with 90 % probability the true level lies between 40 and 90; the cut is 70.")
    assert found["svg"][0].get("aria-labelledby") == "c-title c-desc"


def test_nothing_seen_draws_no_mark_at_zero() -> None:
    found = parts(interval_chart_svg("c", "Evaluation", None, interval=WIDE, cut=0.70, tone="not_yet"))
    assert "mark" not in found
    assert "band" not in found
    assert found["desc"][0].text == "No evidence yet; the cut is 70."


def test_labels_cannot_break_out_of_the_drawing() -> None:
    hostile = '</title><script>alert("x")</script>\u202e'
    found = parts(bar_chart_svg("c", hostile, 0.5))
    assert "script" not in found
    assert found["title"][0].text == '</title><script>alert("x")</script>[U+202E]'


@given(st.floats(0.0, 1.0), st.one_of(st.none(), st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0))))
def test_bars_stay_within_their_track(score: float, expected: tuple[float, float] | None) -> None:
    band = None if expected is None else (min(expected), max(expected))
    found = parts(bar_chart_svg("c", "expert", score, band))
    assert 0.0 <= float((found["bar"][0].get("width") or "").rstrip("%")) <= 100.0
    assert ("expected" in found) == (expected is not None)


@pytest.mark.parametrize(("score", "words"), [(None, "No score."), (0.5, "Score 50 of 100.")])
def test_bars_say_their_score(score: float | None, words: str) -> None:
    assert parts(bar_chart_svg("c", "expert", score))["desc"][0].text == words
    banded = parts(bar_chart_svg("c", "expert", score, (0.4, 0.6)))["desc"][0].text
    assert banded == f"{words} Expected 40 to 60."


def test_shares_stand_side_by_side_and_can_be_read_aloud() -> None:
    found = parts(shares_chart_svg("c", "Contexts", [("Classical ML", 0.75), ("Research", 0.0), ("LLM", 0.25)]))
    places = [(each.get("x"), each.get("width")) for each in found["segment"]]
    assert places == [("0.00%", "75.00%"), ("75.00%", "25.00%")]
    assert [each.text for each in found["segment-number"]] == ["1", "3"]
    assert found["desc"][0].text == "1 Classical ML: 75 %, 2 Research: 0 %, 3 LLM: 25 %."


def test_shares_of_nothing_say_so() -> None:
    found = parts(shares_chart_svg("c", "Contexts", [("Classical ML", 0.0)]))
    assert "segment" not in found
    assert found["desc"][0].text == "Nothing pulls."


def test_minutes_are_drawn_against_their_limit() -> None:
    found = parts(minutes_chart_svg("c", "Minutes", [("<b>One</b>", 30), ("Two", 60)], 180))
    assert [each.get("width") for each in found["segment"]] == ["16.67%", "33.33%"]
    assert found["cut"][0].get("x1") == "100.00%"
    assert found["desc"][0].text == "90 of at most 180 minutes. 1 <b>One</b>: 30 min, 2 Two: 60 min."


@given(st.lists(st.integers(1, 400), max_size=30), st.integers(1, 600))
def test_minutes_stay_within_the_drawing(minutes: list[int], limit: int) -> None:
    found = parts(minutes_chart_svg("c", "Minutes", [("Task", each) for each in minutes], limit))
    widths = [float((each.get("width") or "").rstrip("%")) for each in found.get("segment", [])]
    assert len(widths) == len(minutes)
    assert sum(widths) <= 100.0 + 0.01 * len(widths)
    assert float((found["cut"][0].get("x1") or "").rstrip("%")) <= 100.0


@pytest.mark.parametrize(("share", "words"), [(0.0, "0 %"), (1.0, "100 %"), (0.001, "under 1 %"), (0.999, "over 99 %")])
def test_only_a_whole_share_is_called_whole(share: float, words: str) -> None:
    assert percent_of(share) == words
