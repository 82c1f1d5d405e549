import re
from datetime import UTC, datetime

import pytest

from shipworthy.web.pages import environment, exact, zone_named

MOMENT = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)


def shown(template: str, **values: object) -> str:
    return environment().from_string(template).render({"zone": "UTC"} | values)


def test_a_moment_is_told_in_the_zone_of_the_reader_and_kept_in_utc_for_programs() -> None:
    told = shown("{{ at | when }}", at=MOMENT, zone="Europe/Berlin")
    assert ">23 Nov 2026, 00:05 CET<" in told
    assert 'datetime="2026-11-22T23:05:00+00:00"' in told


def test_a_day_is_the_reader_s_day() -> None:
    assert ">23 Nov 2026<" in shown("{{ at | day }}", at=MOMENT, zone="Asia/Tokyo")
    assert ">22 Nov 2026<" in shown("{{ at | day }}", at=MOMENT, zone="America/Lima")


def test_a_zone_without_a_name_is_told_by_its_distance() -> None:
    assert "UTC-05" in shown("{{ at | when }}", at=MOMENT, zone="America/Lima")


def test_a_moment_that_is_not_there_is_a_dash() -> None:
    assert shown("{{ at | when }}", at=None) == "—"


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "\0", "Europe/"])
def test_a_zone_that_there_is_not_becomes_utc(name: str) -> None:
    assert zone_named(name).key == "UTC"


def test_texts_are_escaped_and_what_hides_is_spelled_out() -> None:
    assert shown("{{ text }}", text="<b>\u202e</b>") == "&lt;b&gt;[U+202E]&lt;/b&gt;"


def test_what_a_person_edits_comes_back_as_it_was() -> None:
    text = "soft\u00adhyphen <b> 5 %"
    assert exact(text) == "soft\u00adhyphen &lt;b&gt; 5 %"
    assert shown("{{ text | exact }}", text=text) == "soft\u00adhyphen &lt;b&gt; 5 %"


def test_a_name_that_a_template_misspells_is_a_fault() -> None:
    with pytest.raises(Exception, match=re.escape("'missing' is undefined")):
        shown("{{ missing }}")
