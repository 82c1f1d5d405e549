"""Comparisons and lists as CSV that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable, Sequence

from shipworthy.reports.comparisons import ComparedCandidate, Comparison
from shipworthy.reports.pages import RECOMMENDATION_WORDS, VERDICT_WORDS

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"
"""Without it a well-known spreadsheet reads names with accents wrongly."""


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: such a text gets an apostrophe in front."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"'{plain}" if text.startswith(FORMULA_SIGNS) or plain.lstrip().startswith(FORMULA_SIGNS) else plain


def csv_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV (RFC 4180), every text neutral."""
    return BYTE_ORDER_MARK + csv_lines([head, *rows])


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as lines of CSV, every text neutral: for a table that is written piece by piece."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([neutral(cell) for cell in row] for row in rows)
    return written.getvalue()


def comparison_csv(comparison: Comparison) -> str:
    """Return a comparison as CSV: one row for each candidate, scores from 0 to 100, empty where nothing is known."""
    head = ["Candidate", "Address", "State", "Final", "Recommendation", "Index", "Index low", "Index high"]
    for line in comparison.competencies:
        named = f"{line.title} ({line.need.value.replace('_', ' ')})"
        head += [f"{named}: {what}" for what in ("verdict", "score", "low", "high")]
    head += ["Role", "Profile version", "Profile digest"]
    role = [comparison.role, str(comparison.version), comparison.digest]
    return csv_of(head, ([*_row(one, comparison), *role] for one in comparison.candidates))


def _row(one: ComparedCandidate, comparison: Comparison) -> list[str]:
    cells = [one.name, one.email, one.state, "yes" if one.is_final else "no"]
    decision = one.card.role if one.card else None
    if decision is None:
        cells += ["", "", "", ""]
    else:
        cells += [RECOMMENDATION_WORDS[decision.recommendation], _points(decision.index)]
        cells += (
            [_points(decision.interval.low), _points(decision.interval.high)]
            if decision.index is not None
            else ["", ""]
        )
    for line in comparison.competencies:
        score = one.score(line.id)
        if score is None:
            cells += ["", "", "", ""]
        else:
            seen = score.score is not None
            interval = [_points(score.interval.low), _points(score.interval.high)] if seen else ["", ""]
            cells += [VERDICT_WORDS[score.verdict], _points(score.score), *interval]
    return cells


def _points(value: float | None) -> str:
    return "" if value is None else f"{value * 100:.1f}"
