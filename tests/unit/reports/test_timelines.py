import copy
import json
from typing import Any
from xml.etree import ElementTree

import pytest

from shipworthy.framework import load_framework
from shipworthy.grading.entities import Outcome
from shipworthy.reports.entities import CheckReport
from shipworthy.reports.pages import runs_html
from shipworthy.reports.timelines import TimelinePicture, picture_of, timelines_in
from shipworthy.simulator.timeline import Band, Mark, Series, Timeline

TIMELINE = Timeline(
    scenario="good_and_spike-0",
    kind="good_and_spike",
    at=(6.0, 18.0, 30.0, 42.0),
    traffic=(
        Series("traffic", "stable", "share", (1.0, 0.75, 0.5, 0.0)),
        Series("traffic", "candidate", "share", (0.0, 0.25, 0.5, 1.0)),
        Series("traffic", "fallback", "share", (0.0, 0.0, 0.0, 0.0)),
        Series("shadow", "candidate", "share", (0.1, 0.0, 0.0, 0.0)),
    ),
    figures=(
        Series("error_rate", "stable", "share", (0.004, 0.004, 0.02, None)),
        Series("error_rate", "candidate", "share", (None, 0.004, 0.4, 0.004)),
        Series("latency_ms", "stable", "ms", (120.0, 121.0, 125.0, None)),
    ),
    bands=(Band("traffic_spike", 28.0, 31.0, harmful=False), Band("leaking", 18.0, 48.0, harmful=True)),
    marks=(
        Mark(12.0, "offered", "v2"),
        Mark(12.1, "set_traffic", "25 %"),
        Mark(40.0, "roll_back", "errors <b>fail</b>"),
    ),
)


def drawn(timeline: Timeline = TIMELINE) -> tuple[TimelinePicture, dict[str, list[ElementTree.Element]]]:
    picture = picture_of(timeline, "run-1")
    parts: dict[str, list[ElementTree.Element]] = {}
    for element in ElementTree.fromstring(str(picture.drawing)).iter():
        parts.setdefault(element.tag, []).append(element)
    return picture, parts


def told() -> dict[str, Any]:
    form: dict[str, Any] = json.loads(json.dumps(TIMELINE.to_json()))
    return form


def test_shares_are_stacked_areas_figures_lines_stretches_bands_and_moments_badges() -> None:
    _, parts = drawn()
    kinds = [path.get("class") for path in parts["path"]]
    assert [kind for kind in kinds if kind and kind.startswith("area")] == ["area slot-candidate", "area slot-stable"]
    assert "line slot-candidate shadow" in kinds
    assert kinds.count("line slot-stable") == 2
    bands = {rect.get("class") for rect in parts["rect"]}
    assert {"stretch harmful", "stretch harmless"} <= bands
    badges = [text.text for text in parts["text"] if (text.get("class") or "").startswith("badge")]
    assert badges == ["A", "B", "1–2", "3"]


def test_a_line_breaks_where_nothing_was_measured() -> None:
    _, parts = drawn()
    lines = [path.get("d") or "" for path in parts["path"] if path.get("class") == "line slot-stable"]
    assert all(line.count("L") == 2 for line in lines)


def test_what_is_drawn_stays_within_its_frame() -> None:
    _, parts = drawn()
    for path in parts["path"]:
        numbers = [float(word) for word in (path.get("d") or "").replace("M", "").replace("L", "").rstrip("Z").split()]
        assert all(0 <= x <= 1000 for x in numbers[::2])
        assert all(0 <= y <= 100 for y in numbers[1::2])


def test_the_picture_can_be_read_aloud_and_as_a_list_and_a_table() -> None:
    picture, parts = drawn()
    spoken = parts["desc"][0].text or ""
    assert "2 days" in spoken
    assert "at most 100 % of the traffic" in spoken
    assert "Traffic spike from day 2, 04:00 to day 2, 07:00" in spoken
    assert "Rolled back on day 2, 16:00" in spoken
    assert [(event.badge, event.what, event.words) for event in picture.bands] == [
        ("A", "leaking", "harmful"),
        ("B", "traffic spike", ""),
    ]
    assert picture.marks[1].when == "day 1, 12:06"
    assert picture.columns[:3] == ("Time", "Traffic of stable", "Traffic of candidate")
    assert picture.table[2] == ("day 2, 06:00", "50 %", "50 %", "0 %", "2 %", "40 %", "125 ms")


def test_an_outlier_does_not_flatten_the_rest_and_is_told() -> None:
    _, parts = drawn()
    words = [text.text or "" for text in parts["text"]]
    assert any("went to 40 %" in word for word in words)


def test_a_timeline_of_one_point_is_drawn() -> None:
    one = Timeline("x", "x", (1.0,), (Series("traffic", "stable", "share", (1.0,)),), (), (), ())
    picture, _ = drawn(one)
    assert len(picture.table) == 1


def test_evidence_gives_its_timelines_back() -> None:
    assert timelines_in({"timelines": [told()], "hours": 3}) == (TIMELINE,)
    assert timelines_in({"hours": 3}) == ()


SPOILT: list[tuple[str, Any]] = [
    ("at", []),
    ("at", [3.0, 2.0, 1.0, 0.5]),
    ("at", [1.0, float("nan"), 2.0, 3.0]),
    ("at", [1.0, True, 2.0, 3.0]),
    ("at", list(range(100_000))),
    ("traffic", {}),
    ("traffic", [{"name": "traffic", "slot": "stable", "unit": "share", "values": [1.0]}]),
    ("traffic", [{"name": "traffic", "slot": 3, "unit": "share", "values": [1.0] * 4}]),
    ("figures", [{"name": "x", "slot": "", "unit": "", "values": [-1.0] * 4}]),
    ("figures", [{"name": "x", "slot": "", "unit": "", "values": [1e300] * 4}]),
    ("figures", ["x"] * 100),
    ("bands", [{"kind": "x", "start": 3, "stop": 1, "harmful": True}]),
    ("bands", [{"kind": "x", "start": 1, "stop": 3, "harmful": "yes"}]),
    ("marks", [{"hour": -1, "kind": "x", "words": ""}]),
    ("marks", None),
]


@pytest.mark.parametrize(("name", "value"), SPOILT)
def test_what_is_no_timeline_is_not_drawn(name: str, value: Any) -> None:
    spoilt = copy.deepcopy(told())
    spoilt[name] = value
    assert timelines_in({"timelines": [told(), spoilt]}) == ()


def test_a_page_holds_every_run_and_escapes_what_others_wrote() -> None:
    hostile = told()
    hostile["scenario"] = "<script>alert(1)</script>"
    timelines = timelines_in({"timelines": [told(), hostile]})
    check = CheckReport("harm", "Little <i>harm</i>.", Outcome.PASSED, 1.0, 1.0, {}, "Done.", timelines=timelines)
    page = runs_html([check], load_framework(), title="Safe rollout")
    assert page.count('<svg class="chart timeline"') == 2
    assert "<script>" not in page
    assert "errors &lt;b&gt;fail&lt;/b&gt;" in page
    assert "good and spike 0" in page
