"""Scorecards and comparisons as PDF, set by Typst from the same values as the pages, with the fonts that it brings."""

import json
from datetime import datetime
from pathlib import Path

import typst

from shipworthy.core.canonical import JSONValue
from shipworthy.core.errors import ShipworthyError
from shipworthy.reports.comparisons import ComparedCandidate, Comparison
from shipworthy.reports.pages import RECOMMENDATION_WORDS, VERDICT_WORDS
from shipworthy.reports.wording import clip, squeeze, visible
from shipworthy.scoring.entities import CompetencyScore, Scorecard

TEMPLATES = Path(__file__).with_name("templates")


class PaperError(ShipworthyError):
    """The PDF could not be made."""

    code = "paper"


def comparison_pdf(comparison: Comparison, *, made_at: datetime) -> bytes:
    """Return a comparison as an accessible PDF; the same comparison and moment give the same bytes."""
    return _set(
        "comparison.typ", {"title": f"Comparison: {_plain(comparison.role)}", **_comparison(comparison)}, made_at
    )


def scorecard_pdf(card: Scorecard, comparison: Comparison, *, subject: str, made_at: datetime) -> bytes:
    """Return one candidate's scorecard as an accessible PDF; `comparison` holds this candidate alone."""
    notes: list[JSONValue] = [_plain(note) for note in card.notes]
    decides = card.role.decides if card.role else "A named person decides."
    reasons: list[JSONValue] = [_plain(reason) for reason in (card.role.reasons if card.role else ())]
    values: dict[str, JSONValue] = {
        **_comparison(comparison),
        "title": f"Scorecard: {_plain(subject)}",
        "subject": _plain(subject),
        "notes": notes,
        "decides": decides,
        "reasons": reasons,
        "evidence": card.evidence_digest,
        "policy": card.policy.version,
        "framework": card.framework_version,
    }
    return _set("scorecard.typ", values, made_at)


def _set(template: str, values: dict[str, JSONValue], made_at: datetime) -> bytes:
    values = {**values, "made_on": made_at.strftime("%d %B %Y").lstrip("0")}
    try:
        return _compiled(template, values, made_at, own_fonts_only=True)
    except typst.TypstError:
        # A name in a script that Typst's own fonts lack cannot be in an accessible PDF; this machine may have it.
        try:
            return _compiled(template, values, made_at, own_fonts_only=False)
        except typst.TypstError as fault:
            raise PaperError(
                f"The PDF could not be made: {fault.message}", remedy="Use the page or the CSV."
            ) from fault


def _compiled(template: str, values: dict[str, JSONValue], made_at: datetime, *, own_fonts_only: bool) -> bytes:
    made = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        ignore_system_fonts=own_fonts_only,
        format="pdf",
        sys_inputs={"values": json.dumps(values)},
        timestamp=made_at.replace(microsecond=0),
        pdf_standards="ua-1" if own_fonts_only else None,
    )
    if not isinstance(made, bytes):
        raise PaperError(remedy="Use the page or the CSV.")
    return made


def _comparison(comparison: Comparison) -> dict[str, JSONValue]:
    return {
        "role": _plain(comparison.role),
        "version": comparison.version,
        "digest": comparison.digest,
        "candidates": [_candidate(one, comparison) for one in comparison.candidates],
        "competencies": [
            {"title": line.title, "need": line.need.value.replace("_", " ")} for line in comparison.competencies
        ],
    }


def _candidate(one: ComparedCandidate, comparison: Comparison) -> JSONValue:
    decision = one.card.role if one.card else None
    has_index = decision is not None and decision.index is not None
    return {
        "name": _plain(one.name),
        "email": _plain(one.email),
        "state": one.state,
        "final": one.is_final,
        "recommendation": RECOMMENDATION_WORDS[decision.recommendation]
        if decision
        else "Nothing graded yet"
        if not one.card
        else "No recommendation",
        "index": _figures(decision.index, decision.interval.low, decision.interval.high)
        if decision and has_index
        else None,
        "scores": [_score(one.score(line.id)) for line in comparison.competencies],
    }


def _score(score: CompetencyScore | None) -> JSONValue:
    if score is None:
        return {"verdict": "Nothing graded yet", "tone": "open", "figures": None, "reasons": []}
    figures = None if score.score is None else _figures(score.score, score.interval.low, score.interval.high)
    tone = {"demonstrated": "done", "not_yet": "lacking"}.get(score.verdict.value, "open")
    reasons: list[JSONValue] = [_plain(reason) for reason in score.reasons]
    return {
        "verdict": VERDICT_WORDS[score.verdict],
        "tone": tone,
        "figures": figures,
        "reasons": reasons,
        "cut": score.cut,
    }


def _figures(value: float | None, low: float, high: float) -> JSONValue:
    return {"value": value, "low": low, "high": high}


def _plain(text: str) -> str:
    """Return a text with its invisible signs made visible, as pages do."""
    return visible(clip(squeeze(text)))
