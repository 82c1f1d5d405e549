"""Small drawings as inline SVG. Positions are percentages, so that they fit any width and no letter is stretched."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from shipworthy.measurement.posterior import Interval
from shipworthy.reports.wording import percent, points, visible

_TICKS = (0, 25, 50, 75, 100)
_CONTEXT_TONES = 3
_NARROWEST_NUMBERED = 0.045
"""The share of the width below which the number of a segment finds no room."""


def interval_chart_svg(
    chart_id: str, label: str, score: float | None, *, interval: Interval, cut: float, tone: str
) -> Markup:
    """Draw a score with its interval on an axis from 0 to 100, and the cut as a dashed line.

    `chart_id` is unique on the page, `label` names what is drawn, `tone` is the colour class of the verdict. Without a
    score only the axis is drawn: nothing seen is not a zero.
    """
    marks = Markup() if score is None else _band(interval, tone) + _mark(score, tone)
    drawing = _axis() + marks + _cut(cut)
    return _frame(chart_id, label, _interval_words(score, interval, cut), drawing, height=46)


def bar_chart_svg(
    chart_id: str, label: str, score: float | None, expected: tuple[float, float] | None = None, tone: str = "plain"
) -> Markup:
    """Draw one score as a bar from 0 to 100, over the band that was expected of it where there is one."""
    parts = [Markup('<rect class="track" x="0" y="7" width="100%" height="10" rx="5"/>')]
    if score is not None:
        bar = Markup('<rect class="bar tone-{}" x="0" y="7" width="{}" height="10" rx="5"/>')
        parts.append(bar.format(tone, _at(score)))
    if expected is not None:
        parts.append(_bracket(*expected))
    return _frame(chart_id, label, _bar_words(score, expected), Markup().join(parts), height=24)


def shares_chart_svg(chart_id: str, label: str, parts: Sequence[tuple[str, float]]) -> Markup:
    """Draw shares in [0, 1] that make up a whole as one bar of numbered segments, in the order given."""
    track = Markup('<rect class="track" x="0" y="0" width="100%" height="26" rx="5"/>')
    spoken = ", ".join(f"{number} {title}: {percent_of(share)}" for number, (title, share) in enumerate(parts, start=1))
    drawing = track + Markup().join(_segments([share for _, share in parts], "context"))
    return _frame(
        chart_id, label, f"{spoken}." if any(share for _, share in parts) else "Nothing pulls.", drawing, height=26
    )


def minutes_chart_svg(chart_id: str, label: str, tasks: Sequence[tuple[str, int]], limit: int) -> Markup:
    """Draw tasks with their minutes one after the other as numbered segments, against a limit in minutes."""
    total = sum(minutes for _, minutes in tasks)
    scale = max(total, limit, 1)
    track = Markup('<rect class="track" x="0" y="0" width="100%" height="26" rx="5"/>')
    segments = Markup().join(_segments([minutes / scale for _, minutes in tasks], "time"))
    spoken = ", ".join(f"{number} {title}: {minutes} min" for number, (title, minutes) in enumerate(tasks, start=1))
    words = f"{total} of at most {limit} minutes. {spoken or 'No task'}."
    return _frame(chart_id, label, words, track + segments + _minute_marks(total, limit, scale), height=48)


def percent_of(share: float) -> str:
    """Spell a share for people: whole percents, a plain 0 and 100 only where nothing is rounded away."""
    return f"{share * 100:.0f} %" if share in {0.0, 1.0} else percent(share)


def tone_of(number: int) -> str:
    """Return the class of a role context's colours, by its number counted from 1; the fourth has those of the first."""
    return f"context-{(number - 1) % _CONTEXT_TONES + 1}"


def _segments(shares: Sequence[float], tone: str) -> Iterator[Markup]:
    box = Markup('<rect class="segment {}" x="{}" y="0" width="{}" height="26"/>')
    word = Markup('<text class="segment-number" x="{}" y="17.5" text-anchor="middle" aria-hidden="true">{}</text>')
    start = 0.0
    for number, share in enumerate(shares, start=1):
        if share > 0.0:
            yield box.format(tone_of(number) if tone == "context" else f"{tone}-{number % 2}", _at(start), _at(share))
            if share >= _NARROWEST_NUMBERED:
                yield word.format(_at(start + share / 2), number)
        start += share


def _minute_marks(total: int, limit: int, scale: int) -> Markup:
    line = Markup('<line class="cut" x1="{at}" x2="{at}" y1="-4" y2="30"/>').format(at=_at(limit / scale))
    tick = Markup('<text class="tick" x="{}" y="44" text-anchor="{}">{}</text>')
    marks = tick.format("0", "start", "0") + tick.format("100%", "end", f"limit {limit} min")
    if 0.08 <= total / scale <= 0.75:
        marks += tick.format(_at(total / scale), "middle", f"{total} min")
    return line + marks


def _frame(chart_id: str, label: str, description: str, drawing: Markup, *, height: int) -> Markup:
    frame = Markup(
        '<svg class="chart" role="img" width="100%" height="{height}" aria-labelledby="{id}-title {id}-desc">'
        '<title id="{id}-title">{label}</title><desc id="{id}-desc">{description}</desc>{drawing}</svg>'
    )
    return frame.format(
        height=height, id=chart_id, label=visible(label), description=visible(description), drawing=drawing
    )


def _axis() -> Markup:
    track = Markup('<rect class="track" x="0" y="14" width="100%" height="8" rx="4"/>')
    tick = Markup('<text class="tick" x="{at}%" y="42" text-anchor="{anchor}">{at}</text>')
    anchors = {0: "start", 100: "end"}
    return track + Markup().join(tick.format(at=at, anchor=anchors.get(at, "middle")) for at in _TICKS)


def _band(interval: Interval, tone: str) -> Markup:
    band = Markup('<rect class="band tone-{}" x="{}" y="12" width="{}" height="12" rx="6"/>')
    return band.format(tone, _at(interval.low), _at(interval.width))


def _mark(score: float, tone: str) -> Markup:
    return Markup('<circle class="mark tone-{}" cx="{}" cy="18" r="6.5"/>').format(tone, _at(score))


def _cut(cut: float) -> Markup:
    line = Markup('<line class="cut" x1="{at}" x2="{at}" y1="5" y2="31"/>')
    return line.format(at=_at(cut))


def _bracket(low: float, high: float) -> Markup:
    shape = Markup('<rect class="expected" x="{}" y="2" width="{}" height="20" rx="3"/>')
    return shape.format(_at(low), _at(max(high - low, 0.004)))


def _at(share: float) -> str:
    return f"{min(1.0, max(0.0, share)) * 100:.2f}%"


def _interval_words(score: float | None, interval: Interval, cut: float) -> str:
    if score is None:
        return f"No evidence yet; the cut is {points(cut)}."
    return (
        f"Score {points(score)} of 100; with {interval.level * 100:.0f} % probability the true level lies between "
        f"{points(interval.low)} and {points(interval.high)}; the cut is {points(cut)}."
    )


def _bar_words(score: float | None, expected: tuple[float, float] | None) -> str:
    words = "No score." if score is None else f"Score {points(score)} of 100."
    return words if expected is None else f"{words} Expected {points(expected[0])} to {points(expected[1])}."
