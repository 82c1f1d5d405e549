import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

import shipworthy.reports
from shipworthy.grading.entities import Outcome
from shipworthy.reports.pages import compare, comparison_html, scorecard_html
from tests.unit.reports.builders import FRAMEWORK, Page, card, check, task

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'\x00\x1b[31m\u202egnp.exe" + "A" * 50_000


def scorecard_page(context_id: str | None = "classical_ml") -> Page:
    return Page(scorecard_html(card(context_id), [task()], FRAMEWORK, subject="Candidate 0417", made_on="1 May 2026"))


def comparison_page() -> Page:
    entries = [
        task(label="expert", expected=(0.7, 1.0)),
        task(label="naive", score=0.3, expected=(0.4, 0.6)),
        task("other-task", label="expert"),
    ]
    return Page(comparison_html(entries, FRAMEWORK))


PAGES = [
    pytest.param(scorecard_page, id="scorecard"),
    pytest.param(lambda: scorecard_page(None), id="scorecard without a role"),
    pytest.param(comparison_page, id="comparison"),
]


@pytest.mark.parametrize("make", PAGES)
def test_pages_are_whole_and_well_nested(make: object) -> None:
    page = make()  # type: ignore[operator]
    assert page.open == []
    assert [tag for tag, _ in page.elements[:2]] == ["html", "head"]
    assert page.all("html")[0]["lang"] == "en"


@pytest.mark.parametrize("make", PAGES)
def test_pages_ask_the_network_for_nothing(make: object) -> None:
    page = make()  # type: ignore[operator]
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "img", "link", "iframe", "object", "embed", "base", "form"})
    addresses = [
        value
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in {"href", "src", "action", "xlink:href", "srcset"}
    ]
    assert addresses
    assert all(str(address).startswith("#") for address in addresses)
    assert "default-src 'none'" in str(page.all("meta")[2]["content"])


def test_styles_ask_the_network_for_nothing() -> None:
    folder = Path(shipworthy.reports.__file__).with_name("templates")
    assert not re.search(r"url\(|@import|https?:", (folder / "style.css").read_text("utf-8"))


@pytest.mark.parametrize("make", PAGES)
def test_every_link_and_label_leads_somewhere(make: object) -> None:
    page = make()  # type: ignore[operator]
    assert [name for name, number in Counter(page.ids).items() if number > 1] == []
    known = set(page.ids)
    links = {str(attributes["href"])[1:] for attributes in page.all("a") + page.all("use")}
    labels = {name for _, attributes in page.elements for name in str(attributes.get("aria-labelledby") or "").split()}
    assert links | labels <= known


@pytest.mark.parametrize("make", PAGES)
def test_pages_have_landmarks_headings_and_captions(make: object) -> None:
    page = make()  # type: ignore[operator]
    tags = [tag for tag, _ in page.elements]
    assert [tags.count(tag) for tag in ("h1", "main", "header", "footer", "nav")] == [1, 1, 1, 1, 1]
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert tags.count("table") == tags.count("caption") > 0
    assert all("scope" in attributes for attributes in page.all("th"))


@pytest.mark.parametrize("make", PAGES)
def test_drawings_have_words_or_are_decoration(make: object) -> None:
    page = make()  # type: ignore[operator]
    for attributes in page.all("svg"):
        assert attributes.get("aria-hidden") == "true" or attributes.get("aria-labelledby")


def test_a_scorecard_says_what_matters() -> None:
    text = scorecard_page().text
    for words in (
        "Candidate 0417",
        "Insufficient evidence",
        "2 independent tasks so far; a firm word needs 3.",
        "Most informative next task: A fresh look",
        "A named person decides",
        "Nothing was observed for this competency yet. That is not a zero.",
        "The two tables differ.",
        "disk quota missing",
        "no network held",
        "python-ml 2026.1",
        FRAMEWORK.version,
    ):
        assert words in text


def test_a_fault_of_ours_is_shown_as_ours_without_a_score() -> None:
    broken = check("load", Outcome.GRADER_ERROR, score=None, message="The load generator stopped.")
    text = Page(scorecard_html(card(), [task(checks=(broken,), score=None)], FRAMEWORK, subject="C")).text
    assert "1 our fault" in text
    assert "— of 100" in text


def test_what_people_rate_is_shown_with_its_task_as_awaiting_review() -> None:
    text = scorecard_page().text
    assert (
        "Awaiting review 1 criterion that a person rates. Nothing is counted for it until then. Risks are named" in text
    )
    assert "Somebody else can act on it" not in text, "that belongs to a task which is not on this page"
    assert "1 criterion awaits review by a person and counts nothing until then." in text


def test_a_task_with_a_live_model_is_marked_on_both_pages_and_no_other_is() -> None:
    live = task(live_models=("reader-1<b>",))
    for page in (
        Page(scorecard_html(card(), [live, task("other-task")], FRAMEWORK, subject="A")),
        Page(comparison_html([live, task("other-task")], FRAMEWORK)),
    ):
        assert page.text.count("Not replayable") == 1
        assert "live model ( reader-1<b> )" in page.text
        assert page.open == []


def test_a_few_numbers_are_in_view_and_longer_evidence_is_folded() -> None:
    brief = check("brief", evidence={"area": 0.75})
    long = check("long", evidence={"excerpt": "GET / 500"})
    page = Page(scorecard_html(card(), [task(checks=(brief, long))], FRAMEWORK, subject="C"))
    assert len(page.all("details")) == 1
    assert "area 0.75" in page.text
    assert "Evidence of long excerpt GET / 500" in page.text


def test_a_page_without_tasks_says_so() -> None:
    assert "No task was graded yet." in Page(scorecard_html(card(), [], FRAMEWORK, subject="C")).text
    assert "No grading was given to compare." in Page(comparison_html([], FRAMEWORK)).text


def test_the_same_evidence_gives_the_same_page() -> None:
    pages = {scorecard_html(card("classical_ml"), [task()], FRAMEWORK, subject="C") for _ in range(3)}
    assert len(pages) == 1


def test_hostile_words_stay_words() -> None:
    evil = check(HOSTILE, sentence=HOSTILE, message=HOSTILE, evidence={HOSTILE: HOSTILE}, measurements={"n": [HOSTILE]})
    graded = task(label=HOSTILE, checks=(evil,))
    pages = [
        scorecard_html(card(), [graded], FRAMEWORK, subject=HOSTILE),
        comparison_html([graded, task()], FRAMEWORK, title=HOSTILE),
    ]
    for html in pages:
        html.encode("utf-8")
        page = Page(html)
        assert {tag for tag, _ in page.elements}.isdisjoint({"script", "img"})
        assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
        assert "<script>alert(1)</script>" in page.text
        assert "[U+202E]" in page.text
        assert "\u202e" not in html
        assert "\x00" not in html
        assert "\x1b" not in html


def test_hostile_lengths_are_cut() -> None:
    long = check(message="A" * 5_000_000, evidence={f"k{number}": "v" * 10_000 for number in range(5_000)})
    html = scorecard_html(card(), [task(checks=(long,))], FRAMEWORK, subject="C")
    assert len(html) < 200_000
    assert "5,000,000 characters in all" in html
    assert "more in the evidence bundle" in html


def test_comparison_lines_checks_up_by_their_id() -> None:
    first = task(label="expert", checks=(check("a"), check("b")))
    second = task(label="naive", checks=(check("b", Outcome.FAILED, score=0.0), check("c")))
    (compared,) = compare([first, second])
    assert [row.check_id for row, _ in compared.rows] == ["a", "b", "c"]
    assert [[cell is not None for cell in cells] for _, cells in compared.rows] == [
        [True, False],
        [True, True],
        [False, True],
    ]
    assert "not part of this grading" in Page(comparison_html([first, second], FRAMEWORK)).text


def test_comparison_tells_which_references_left_their_band() -> None:
    text = comparison_page().text
    assert "80 in band" in text
    assert "30 out of band" in text


def themes() -> dict[str, dict[str, str]]:
    css = (Path(shipworthy.reports.__file__).with_name("templates") / "style.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    return {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for name, block in zip(("light", "dark"), blocks, strict=True)
    }


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


VERDICTS = ("demonstrated", "not_yet", "insufficient_evidence", "fault")
TEXT_PAIRS = [
    *((text, ground) for text in ("ink", "muted", "link") for ground in ("page", "panel", "sunken")),
    *((verdict, f"{verdict}-soft") for verdict in VERDICTS),
    *((verdict, "panel") for verdict in VERDICTS),
]
DRAWING_PAIRS = [("plain", "track"), ("ink", "track"), *((verdict, f"{verdict}-band") for verdict in VERDICTS[:3])]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_meets_wcag_aa(theme: str) -> None:
    colours = themes()[theme]
    weak = [pair for pair in TEXT_PAIRS if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    weak += [pair for pair in DRAWING_PAIRS if contrast(colours[pair[0]], colours[pair[1]]) < 3.0]
    assert weak == []
