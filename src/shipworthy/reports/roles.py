"""Builds the page of a role: the job description beside its profile, the blueprint, and what to do about a blend."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shipworthy.framework import Framework, RequirementLevel
from shipworthy.reports import charts
from shipworthy.reports.pages import render_page
from shipworthy.reports.postings import (
    PROTECTED_TRAIT,
    STANCE_WORDS,
    Run,
    SentenceBook,
    line_id,
    pulls_of,
    runs_of,
    sentence_id,
    shown_posting,
    stances_shown,
    warning_id,
)
from shipworthy.reports.wording import clip, squeeze
from shipworthy.roles.blueprint.entities import Blueprint, EvidenceKind, Firmness
from shipworthy.roles.drawing import DrawnChoice, DrawnRole
from shipworthy.roles.entities import (
    TITLE,
    Change,
    CompetencyLine,
    MentionLevel,
    Quote,
    RoleProfile,
    Seniority,
)
from shipworthy.roles.operations import ScopedRole
from shipworthy.roles.stances import Stance

LONGEST_QUOTE = 500
LONGEST_WORD = 100
MOST_QUOTES = 3
"""Sentences in view behind a line; the rest is folded away."""
MOST_SENTENCES = 60

Places = dict[tuple[Stance, str], list[int]]

NEED_WORDS = {
    RequirementLevel.REQUIRED: "Required",
    RequirementLevel.PREFERRED: "Preferred",
    RequirementLevel.NOT_NEEDED: "Not needed",
}
SAID_WORDS = {
    MentionLevel.REQUIRED: "required",
    MentionLevel.PREFERRED: "preferred",
    MentionLevel.NOT_MENTIONED: "not mentioned",
}
FIRMNESS_WORDS = {Firmness.FIRM: "Firm", Firmness.PARTIAL: "Partial", Firmness.NONE: "None"}
EVIDENCE_WORDS = {EvidenceKind.EXECUTED: "executed checks", EvidenceKind.HUMAN: "reviewers' ratings"}


@dataclass(frozen=True)
class LinkedSentence:
    """A quoted sentence with its recognised words; `target` is the id of its place in the text, or empty."""

    target: str
    runs: tuple[Run, ...]
    stance: Stance | None = None
    because: str = ""


@dataclass(frozen=True)
class ProfileLine:
    """A competency's line with the sentences behind it: asking for it, and only naming it."""

    anchor_id: str
    line: CompetencyLine
    said: str
    quotes: tuple[LinkedSentence, ...]
    aside: tuple[LinkedSentence, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class LinkedWarning:
    """A warning with links to its sentences; `more` are left out."""

    anchor_id: str
    what: str
    advice: str
    sentences: tuple[LinkedSentence, ...]
    more: int


@dataclass(frozen=True)
class ShownPlan:
    """One role of a choice: what it would ask, about what a firm word would be possible, and what changes.

    `changes` are competency ids with the need in the profile and the need in this role.
    """

    title: str
    minutes: int
    tasks: int
    needs: tuple[tuple[RequirementLevel, tuple[str, ...]], ...]
    firm: tuple[str, ...]
    open: tuple[str, ...]
    changes: tuple[tuple[str, RequirementLevel, RequirementLevel], ...]


@dataclass(frozen=True)
class ShownChoice:
    """One choice about a blend with the sentences to drop or to soften; `more` are left out."""

    title: str
    what: str
    sentences: tuple[LinkedSentence, ...]
    more: int
    roles: tuple[ShownPlan, ...]


def role_html(
    scoped: ScopedRole,
    *,
    framework: Framework,
    blueprint: Blueprint | None = None,
    choices: Sequence[DrawnChoice] = (),
) -> str:
    """Return the page of a scoped role as one HTML file: its text beside its profile, and what follows from it.

    `blueprint` is the one drawn for this profile, `choices` what can be done about a blend, each in its own section.
    """
    values = role_values(scoped, framework=framework, blueprint=blueprint, choices=choices)
    return render_page("role.html", framework, **values)


def role_values(
    scoped: ScopedRole,
    *,
    framework: Framework,
    blueprint: Blueprint | None = None,
    choices: Sequence[DrawnChoice] = (),
) -> dict[str, object]:
    """Return what the templates of a role are filled with, for a page that puts them together itself."""
    profile = scoped.profile
    groups = shown_posting(scoped, framework)
    return {
        "profile": profile,
        "verdict": verdict_of(profile, framework),
        "main_context": _title_of(profile.primary_context, framework),
        "warnings": tuple(_warnings(scoped)),
        "contexts": tuple(enumerate(profile.contexts, start=1)),
        "contexts_chart": _contexts_chart(profile),
        "groups": groups,
        "legend": [STANCE_WORDS[stance] for stance in stances_shown(groups)],
        "has_cautions": any(caution.code == PROTECTED_TRAIT for caution in profile.warnings),
        "pulling": [line.context_id for line in profile.contexts if line.context_id in _pulling(scoped)],
        "lines": _grouped_lines(scoped),
        "other_changes": [change for change in profile.changes if not change.what.startswith("needs.")],
        "choices": [_choice(choice, scoped) for choice in choices],
        "MOST_QUOTES": MOST_QUOTES,
        "STANCE_WORDS": STANCE_WORDS,
        **blueprint_values(blueprint),
    }


def blueprint_values(blueprint: Blueprint | None) -> dict[str, object]:
    """Return what the template of a blueprint is filled with."""
    return {
        "blueprint": blueprint,
        "blueprint_chart": None if blueprint is None else _minutes_chart(blueprint),
        "NEED_WORDS": NEED_WORDS,
        "FIRMNESS_WORDS": FIRMNESS_WORDS,
        "EVIDENCE_WORDS": EVIDENCE_WORDS,
    }


def verdict_of(profile: RoleProfile, framework: Framework) -> str:
    """Say in one sentence what a job description reads as."""
    if not profile.ai_role:
        return "Not an AI engineering role"
    if profile.blended:
        names = [framework.role_context(each).title for each in profile.blended_contexts]
        return f"Blends {_number(len(names))} roles: {', '.join(names[:-1])} and {names[-1]}"
    parts = [f"Reads as {_with_article(_context_words(profile, framework))} role"]
    if profile.seniority is not Seniority.UNSPECIFIED:
        parts.append(f"{profile.seniority.value}{' level' if profile.seniority is Seniority.MID else ''}")
    if profile.years:
        parts.append(f"{profile.years}+ years")
    return ", ".join(parts)


def _context_words(profile: RoleProfile, framework: Framework) -> str:
    if profile.primary_context is None:
        return "AI engineering"
    title = framework.role_context(profile.primary_context).title
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _title_of(context_id: str | None, framework: Framework) -> str:
    return "" if context_id is None else framework.role_context(context_id).title


def _with_article(words: str) -> str:
    first = words.split(maxsplit=1)[0]
    vowels = "AEFHILMNORSX" if first.isupper() else "AEIOUaeiou"
    return f"{'an' if first[0] in vowels else 'a'} {words}"


def _number(count: int) -> str:
    return {2: "two", 3: "three", 4: "four", 5: "five"}.get(count, str(count))


def brief(text: str) -> str:
    """Shorten a text to be quoted: endless words first, so that the others stay, then the whole."""
    return clip(squeeze(text, LONGEST_WORD), LONGEST_QUOTE)


# The profile


def _grouped_lines(scoped: ScopedRole) -> list[tuple[RequirementLevel, list[ProfileLine]]]:
    """Return the lines by need, the required ones first; needs that no line has are left out."""
    book = SentenceBook(scoped.posting)
    lines = [_line(line, scoped, book) for line in scoped.profile.competencies]
    groups = [(need, [line for line in lines if line.line.need is need]) for need in NEED_WORDS]
    return [(need, group) for need, group in groups if group]


def _line(line: CompetencyLine, scoped: ScopedRole, book: SentenceBook) -> ProfileLine:
    said = SAID_WORDS[line.said]
    if line.said is MentionLevel.NOT_MENTIONED and line.aside:
        said = "named, but not asked for"
    places = _places_of(line.competency_id, scoped)

    def linked(quotes: Sequence[Quote]) -> tuple[LinkedSentence, ...]:
        return tuple(_linked(quote, scoped, places, book) for quote in quotes[:MOST_SENTENCES])

    return ProfileLine(
        anchor_id=line_id(line.competency_id),
        line=line,
        said=said,
        quotes=linked(line.quotes),
        aside=linked(line.aside),
        changes=tuple(change for change in scoped.profile.changes if change.what == f"needs.{line.competency_id}"),
    )


def _places_of(subject: str, scoped: ScopedRole) -> Places:
    """Return where sentences speak of a competency, by stance and words, the first place last."""
    mine = {(each.sentence, each.stance) for each in scoped.reading.competencies if each.subject == subject}
    found: Places = defaultdict(list)
    for place, stance in sorted(mine, reverse=True):
        words = scoped.posting.title if place == TITLE else scoped.posting.sentences[place].text
        found[stance, words].append(place)
    return found


def _linked(quote: Quote, scoped: ScopedRole, places: Places, book: SentenceBook) -> LinkedSentence:
    """Link a quote to its place; of sentences that are the same, each quote takes the next."""
    same = places.get((quote.stance, quote.sentence))
    place = same.pop() if same else book.place(quote.sentence)
    return LinkedSentence(
        target="" if place is None else sentence_id(place),
        runs=runs_of(brief(quote.sentence), quote.words),
        stance=quote.stance,
        because=_because_words(quote, scoped, place),
    )


def _because_words(quote: Quote, scoped: ScopedRole, place: int | None) -> str:
    """Say what a stance rests on, in quotation marks where they are words of the posting."""
    because = brief(quote.because)
    if quote.because.startswith(("speaks of ", "goes on with ", "stands in ")):
        return f"it {because}"
    if place == TITLE:
        return "it stands in the title"
    sentences = scoped.posting.sentences
    if place is not None and sentences[place].section.heading == quote.because:
        return f"it stands under “{because}”"
    if place is not None and quote.because not in quote.sentence:
        following = sentences[place + 1].text if place + 1 < len(sentences) else ""
        if quote.because in following:
            return f"the next sentence says “{because}”"
    return f"of the words “{because}”"


# Warnings and choices


def _warnings(scoped: ScopedRole) -> Iterable[LinkedWarning]:
    book = SentenceBook(scoped.posting)
    for number, caution in enumerate(scoped.profile.warnings, start=1):
        shown = tuple(_linked_text(text, book) for text in caution.sentences[:MOST_SENTENCES])
        more = max(0, len(caution.sentences) - MOST_SENTENCES)
        yield LinkedWarning(warning_id(number), caution.what, caution.advice, shown, more)


def _choice(drawn: DrawnChoice, scoped: ScopedRole) -> ShownChoice:
    book, texts = SentenceBook(scoped.posting), drawn.choice.sentences
    return ShownChoice(
        title=drawn.choice.title,
        what=drawn.choice.what,
        sentences=tuple(_linked_text(text, book) for text in texts[:MOST_SENTENCES]),
        more=max(0, len(texts) - MOST_SENTENCES),
        roles=tuple(_planned(role, scoped.profile) for role in drawn.roles),
    )


def _planned(drawn: DrawnRole, profile: RoleProfile) -> ShownPlan:
    needs, plan = drawn.role.needs, drawn.blueprint
    levels = (RequirementLevel.REQUIRED, RequirementLevel.PREFERRED)
    grouped = [(level, tuple(name for name, need in needs.items() if need is level)) for level in levels]
    changes = ((name, profile.needs.get(name, need), need) for name, need in needs.items())
    return ShownPlan(
        title=drawn.role.title,
        minutes=plan.minutes,
        tasks=len(plan.tasks),
        needs=tuple((level, names) for level, names in grouped if names),
        firm=plan.firm,
        open=tuple(name for name in drawn.role.required() if name not in plan.firm),
        changes=tuple(change for change in changes if change[1] is not change[2]),
    )


def _linked_text(text: str, book: SentenceBook) -> LinkedSentence:
    place = book.place(text)
    runs = (Run(brief(text), recognised=False),)
    return LinkedSentence("" if place is None else sentence_id(place), runs)


# Drawings


def _pulling(scoped: ScopedRole) -> set[str]:
    return {mention.subject for mention in pulls_of(scoped)}


def _contexts_chart(profile: RoleProfile) -> str:
    parts = [(line.title, line.share) for line in profile.contexts]
    return charts.shares_chart_svg("contexts-chart", "What the text pulls to", parts)


def _minutes_chart(blueprint: Blueprint) -> str:
    parts = [(task.title, task.minutes) for task in blueprint.tasks]
    return charts.minutes_chart_svg("minutes-chart", "Minutes of the blueprint", parts, blueprint.limit_minutes)
