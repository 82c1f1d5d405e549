import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

import shipworthy.reports
from shipworthy.framework import RequirementLevel
from shipworthy.reports.postings import STANCE_WORDS
from shipworthy.reports.roles import role_html, verdict_of
from shipworthy.roles.blueprint.entities import LeftOutReason, LeftOutTask, OfferedCheck, OffersOfCatalogue, TaskOffer
from shipworthy.roles.drawing import draw_choices, draw_for
from shipworthy.roles.entities import Change, Seniority
from shipworthy.roles.operations import ScopedRole, scope_text
from shipworthy.roles.stances import Stance
from shipworthy.tasks.entities import Method
from tests.unit.reports.builders import FRAMEWORK, Page
from tests.unit.reports.test_pages import contrast, themes

PLAIN = """Senior LLM Engineer

About us
Our data science team forecasts churn with XGBoost.

What you will do
- Build retrieval-augmented generation with pgvector, rerankers and chunking
- Version and regression-test the prompts

Requirements
- 5+ years of Python, PyTorch
- Deploy models with Kubernetes and MLflow

Nice to have
- LoRA fine-tuning
- Young and energetic digital natives

Benefits
We pay for your Airflow course.
"""
BLENDED = """Machine Learning Engineer

Requirements
- Build fraud scoring models and churn propensity models with XGBoost
- Own demand forecasting with time series and survival modelling
- Build retrieval-augmented generation with pgvector, rerankers and chunking
- Design and version the prompts of our LLM chatbot
- Develop new methods, publish peer-reviewed papers at NeurIPS
- A publication record and your own research agenda
"""
OTHER = """Office Manager

Your tasks
- Order paper, coffee and chairs
- Greet the visitors of our office
"""


def offer(number: int, names: tuple[str, ...]) -> TaskOffer:
    checks = tuple(OfferedCheck(1.0, {name: 1.0}) for name in names for _ in range(6))
    method = list(Method)[number % len(Method)]
    return TaskOffer(f"task-{number}", f"Task <b>{number}</b>", method, 30, FRAMEWORK.role_context_ids, checks)


def offers() -> OffersOfCatalogue:
    names = FRAMEWORK.competency_ids
    made = tuple(offer(number, (names[number % 11], names[(number + 1) % 11])) for number in range(9))
    return OffersOfCatalogue(made, (LeftOutTask("odd", "Odd", LeftOutReason.UNSOUND, "Its package has 1 fault."),))


@cache
def page(text: str, *, planned: bool = False) -> Page:
    return Page(html_of(scope_text(text), planned=planned))


def html_of(scoped: ScopedRole, *, planned: bool = False) -> str:
    if not planned:
        return role_html(scoped, framework=FRAMEWORK)
    plan = draw_for(scoped.profile, offers(), FRAMEWORK)
    choices = draw_choices(scoped.profile, offers(), FRAMEWORK)
    return role_html(scoped, framework=FRAMEWORK, blueprint=plan, choices=choices)


PAGES = [
    pytest.param(PLAIN, False, id="profile alone"),
    pytest.param(PLAIN, True, id="with a blueprint"),
    pytest.param(BLENDED, True, id="blended, with choices"),
    pytest.param(OTHER, False, id="no AI role"),
    pytest.param("Data scientist", False, id="one line"),
]


@pytest.mark.parametrize(("text", "planned"), PAGES)
def test_pages_are_whole_and_ask_the_network_for_nothing(text: str, planned: bool) -> None:
    found = page(text, planned=planned)
    assert found.open == []
    tags = {tag for tag, _ in found.elements}
    assert tags.isdisjoint({"script", "img", "link", "iframe", "object", "embed", "base", "form"})
    assert all(str(attributes["href"]).startswith("#") for attributes in found.all("a") + found.all("use"))
    assert "default-src 'none'" in str(found.all("meta")[2]["content"])


@pytest.mark.parametrize(("text", "planned"), PAGES)
def test_every_link_and_label_leads_somewhere(text: str, planned: bool) -> None:
    found = page(text, planned=planned)
    assert [name for name, number in Counter(found.ids).items() if number > 1] == []
    links = {str(attributes["href"])[1:] for attributes in found.all("a") + found.all("use")}
    labels = {name for _, each in found.elements for name in str(each.get("aria-labelledby") or "").split()}
    assert links | labels <= set(found.ids)


@pytest.mark.parametrize(("text", "planned"), PAGES)
def test_pages_can_be_found_through_by_headings_captions_and_drawings(text: str, planned: bool) -> None:
    found = page(text, planned=planned)
    tags = [tag for tag, _ in found.elements]
    assert [tags.count(tag) for tag in ("h1", "main", "header", "footer", "nav")] == [1, 1, 1, 1, 1]
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert tags.count("table") == tags.count("caption") == (2 if planned else 0)
    assert all("scope" in attributes for attributes in found.all("th"))
    assert all(each.get("aria-hidden") == "true" or each.get("aria-labelledby") for each in found.all("svg"))


def test_the_text_stands_there_in_its_order() -> None:
    text = page(PLAIN).text
    text = text[text.index("the very words that were recognised") : text.index("Profile", text.index("Airflow"))]
    words = ("About us", "forecasts churn", "What you will do", "Requirements", "Nice to have", "Benefits", "course.")
    order = [text.index(each) for each in words]
    assert order == sorted(order)


def test_words_that_belong_to_no_sentence_are_shown_too() -> None:
    line = "Requirements: five years of PyTorch. Benefits: a course on Kubernetes."
    text = page(f"Machine Learning Engineer\n\n{line}\n").text
    assert re.search(r"Requirements:.*PyTorch.*Benefits:.*Kubernetes", text)


def test_a_sentence_says_in_words_what_it_speaks_for_and_leads_there() -> None:
    html = html_of(scope_text(PLAIN))
    sentence = next(each for each in re.findall(r'<span class="said.*', html) if "pgvector" in each)
    assert 'class="said required"' in sentence
    assert "<mark><strong>pgvector</strong></mark>" in sentence
    assert '<span class="hidden-word">required: </span>RAG and vector databases</span></a>' in sentence
    target = re.search(r'href="#(line-[\w-]+)"', sentence)
    assert target is not None
    line = html[html.index(f'<article class="line" id="{target[1]}"') :]
    line = line[: line.index("</article>")]
    back = re.search(r'id="(sentence-\d+)"', sentence)
    assert back is not None
    assert f'href="#{back[1]}"' in line
    assert "because" in line


@pytest.mark.parametrize(
    ("words", "tone"),
    [("Kubernetes", "required"), ("LoRA", "preferred"), ("XGBoost", "aside"), ("Airflow", "aside")],
)
def test_marks_differ_by_what_is_said(words: str, tone: str) -> None:
    html = html_of(scope_text(PLAIN))
    sentence = next(each for each in re.findall(r'<span class="said.*', html) if f">{words}" in each)
    assert f'class="said {tone}' in sentence


def test_the_legend_names_the_marks_on_the_page_and_no_others() -> None:
    text = page(PLAIN).text
    legend = text[text.index("Every marked sentence") : text.index("the very words that were recognised")]
    found = {mention.stance for mention in scope_text(PLAIN).reading.competencies}
    assert {Stance.REQUIRED, Stance.PREFERRED, Stance.BENEFITS} <= found
    assert {stance for stance, words in STANCE_WORDS.items() if words.legend in legend} == found
    assert "may ask for a protected trait" in legend
    assert "pulls" not in legend


def test_a_protected_trait_is_marked_in_the_text_and_advised_upon() -> None:
    found = page(PLAIN)
    classes = [str(attributes.get("class")).split() for attributes in found.all("span") if attributes.get("id")]
    assert ["said", "cautioned"] in classes
    assert "digital natives” may ask for a protected trait" in found.text


def test_a_blend_shows_what_pulls_where() -> None:
    found = page(BLENDED, planned=True)
    assert "Blends three roles: Classical ML, LLM / generative AI and Research-heavy" in found.text
    tags = [str(each.get("class")) for each in found.all("a") if "context-" in str(each.get("class"))]
    assert set(tags) == {"tag context-1", "tag context-2", "tag context-3"}
    assert "pulls to role context" in found.text


def test_choices_stand_side_by_side_with_minutes_and_what_changes() -> None:
    scoped = scope_text(BLENDED)
    text = Page(html_of(scoped, planned=True)).text
    for drawn in draw_choices(scoped.profile, offers(), FRAMEWORK):
        assert drawn.choice.title in text
        assert drawn.choice.what in text
        assert all(f"{role.blueprint.minutes} min" in text for role in drawn.roles)
    assert re.search(r"needs? changed", text)
    assert "Sentences to drop or to soften" in text


def test_without_a_blend_nothing_is_said_of_choices() -> None:
    found = page(PLAIN, planned=True)
    assert "choices" not in found.ids
    assert "blueprint" not in page(PLAIN).ids


def test_a_blueprint_shows_every_task_every_reason_and_every_gap() -> None:
    scoped = scope_text(PLAIN)
    plan = draw_for(scoped.profile, offers(), FRAMEWORK)
    text = Page(html_of(scoped, planned=True)).text
    assert f"{plan.minutes} of at most {plan.limit_minutes} minutes." in text
    shown = [words for task in plan.tasks for words in (task.title, task.task_id, task.why)]
    shown += [entry.reason for entry in plan.coverage if entry.need is not RequirementLevel.NOT_NEEDED]
    shown += [entry.words for entry in plan.without_limit.lacking]
    shown += ["Odd : Its package has 1 fault."]
    assert plan.tasks
    assert [words for words in shown if " ".join(words.split()) not in text] == []


def test_changes_are_shown_with_who_and_why() -> None:
    scoped = scope_text(PLAIN)
    lines = tuple(
        replace(line, need=RequirementLevel.NOT_NEEDED) if line.competency_id == "governance" else line
        for line in scoped.profile.competencies
    )
    when = "2026-05-01T10:00:00Z"
    changes = (
        Change("needs.governance", "required", "not_needed", "Ana Roe", when, "Another team <i>does</i> it."),
        Change("minutes", "180", "120", "Ben Poe", when, "Two hours must do."),
    )
    text = Page(html_of(replace(scoped, profile=replace(scoped.profile, competencies=lines, changes=changes)))).text
    assert "Changed from required to not needed by Ana Roe on 2026-05-01 10:00 UTC :" in text
    assert "Another team <i>does</i> it." in text
    assert "Changed from 180 to 120 by Ben Poe" in text
    assert "Role profile, version 3" in text


def test_the_foot_says_what_the_page_was_made_from() -> None:
    scoped = scope_text(PLAIN)
    text = Page(html_of(scoped)).text
    source = scoped.profile.source
    for words in (source.digest, source.framework_digest, source.lexicon_digest, source.reader, source.product_version):
        assert words in text
    assert "without a language model; the same text gives the same profile" in text


@pytest.mark.parametrize(
    ("context", "seniority", "years", "words"),
    [
        ("llm_genai", Seniority.SENIOR, 5, "Reads as an LLM / generative AI role, senior, 5+ years"),
        ("classical_ml", Seniority.UNSPECIFIED, 0, "Reads as a classical ML role"),
        ("research", Seniority.MID, 2, "Reads as a research-heavy role, mid level, 2+ years"),
        (None, Seniority.UNSPECIFIED, 0, "Reads as an AI engineering role"),
    ],
)
def test_the_verdict_is_one_sentence(context: str | None, seniority: Seniority, years: int, words: str) -> None:
    profile = scope_text(PLAIN).profile
    told = replace(profile, primary_context=context, blended_contexts=(), seniority=seniority, years=years)
    assert verdict_of(told, FRAMEWORK) == words


def test_another_role_is_called_that() -> None:
    assert "Not an AI engineering role" in page(OTHER).text


def test_the_same_text_gives_the_same_page() -> None:
    assert len({html_of(scope_text(BLENDED), planned=True) for _ in range(3)}) == 1


HOSTILE = (
    "\"><script>alert(1)</script>' onload=alert(2) \u202egnp.exe \u2066x\u2069 "
    "\U0001f469\u200d\U0001f4bb \u0639\u0631\u0628\u064a"
)


def test_hostile_words_stay_words() -> None:
    scoped = scope_text(PLAIN)
    posting = replace(
        scoped.posting,
        title=HOSTILE,
        blocks=tuple(replace(block, text=f"{block.text} {HOSTILE}") for block in scoped.posting.blocks),
        sentences=tuple(replace(each, text=f"{each.text} {HOSTILE}") for each in scoped.posting.sentences),
    )
    mentions = tuple(replace(each, words=HOSTILE, because=HOSTILE) for each in scoped.reading.competencies)
    profile = replace(
        scoped.profile,
        title=HOSTILE,
        ai_because=HOSTILE,
        source=replace(scoped.profile.source, name=HOSTILE),
        warnings=tuple(replace(each, what=HOSTILE, sentences=(HOSTILE,)) for each in scoped.profile.warnings),
        competencies=tuple(
            replace(line, quotes=tuple(replace(quote, sentence=HOSTILE, because=HOSTILE) for quote in line.quotes))
            for line in scoped.profile.competencies
        ),
        changes=(Change(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
    )
    html = html_of(
        replace(scoped, posting=posting, reading=replace(scoped.reading, competencies=mentions), profile=profile)
    )
    html.encode("utf-8")
    found = Page(html)
    assert {tag for tag, _ in found.elements}.isdisjoint({"script", "img", "svg-onload"})
    assert not any(name.startswith("on") for _, attributes in found.elements for name in attributes)
    assert "<script>alert(1)</script>" in found.text
    assert "[U+202E]gnp.exe [U+2066]x[U+2069]" in found.text
    assert not set("\u202e\u2066\u2069") & set(html)


def test_hostile_lengths_are_cut() -> None:
    text = f"{PLAIN}\nRequirements\n- PyTorch {'A' * 5_000} and MLflow\n- Deploy " + "with Kubernetes " * 5_000
    html = html_of(scope_text(text), planned=True)
    assert len(html) < 300_000
    assert "A" * 1_000 not in html
    assert "characters" in html


def test_of_sentences_that_are_the_same_each_quote_leads_to_its_own() -> None:
    text = "Machine Learning Engineer\n\nRequirements\n- Deploy with MLflow\n- Know PyTorch\n- Deploy with MLflow\n"
    html = html_of(scope_text(text))
    targets = re.findall(r'<a class="quote" href="#(sentence-\d+)"><bdi dir="auto">Deploy with', html)
    assert len(set(targets)) == len(targets) == 2


def test_of_very_many_sentences_some_are_shown_and_the_rest_is_counted() -> None:
    text = "Machine Learning Engineer\n\nRequirements\n" + "".join(f"- Use MLflow {n} times\n" for n in range(100))
    found = page(text)
    assert "97 more sentences" in found.text
    assert "and 40 more in the text" in found.text


TONES = ("required", "preferred", "aside", "caution")
TEXT_PAIRS = [
    *((tone, ground) for tone in TONES for ground in ("panel", "sunken", f"{tone}-soft")),
    *(("panel", tone) for tone in (*TONES[:2], "caution", "context-1", "context-2", "context-3", "plain")),
    *((f"context-{number}", "panel") for number in (1, 2, 3)),
    *(("ink", f"{tone}-soft") for tone in TONES),
    ("caution", "caution-soft"),
    ("muted", "caution-soft"),
    ("link", "caution-soft"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_meets_wcag_aa(theme: str) -> None:
    colours = themes()[theme]
    assert [pair for pair in TEXT_PAIRS if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []


def test_styles_name_known_colours_and_ask_the_network_for_nothing() -> None:
    css = (Path(shipworthy.reports.__file__).with_name("templates") / "role.css").read_text("utf-8")
    assert not re.search(r"url\(|@import|https?:|#[0-9a-f]{3,6}\b", css)
    known = set(themes()["light"]) & set(themes()["dark"])
    assert set(re.findall(r"var\(--([\w-]+)\)", css)) <= known
