"""Draws a timeline as inline SVG: shares of traffic as a stacked area, figures as lines, stretches and moments.

Texts and badges stand at percentages, and curves in frames that stretch with the width while their lines keep theirs,
so that the picture fits a telephone and a wide page, and no letter is distorted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from shipworthy.reports.wording import visible
from shipworthy.simulator.timeline import Series

WIDE = 1000.0
"""The width of a stretched frame, in its own units."""

LANE = 24
TRAFFIC_HEIGHT = 84
PANEL_HEIGHT = 58
HEADING = 20
AXIS_HEIGHT = 22
FROM_BOTTOM = ("candidate", "fallback", "stable")
MOST_DAY_TICKS = 8
OUTLIER = 6.0
"""A panel shows up to this many times its median; what is above is cut, and the heading says how high it went."""


@dataclass(frozen=True)
class Panel:
    """One figure with a line for each version; the unit is `share` or one that is spelled after numbers."""

    title: str
    unit: str
    lines: tuple[Series, ...]


@dataclass(frozen=True)
class Badge:
    """A label at one or several places in [0, 1], in a lane counted from the top."""

    places: tuple[float, ...]
    label: str
    lane: int


def draw_timeline(
    picture_id: str,
    *,
    label: str,
    description: str,
    hours: Sequence[float],
    days: float,
    traffic: Sequence[Series],
    panels: Sequence[Panel],
    stretches: Sequence[tuple[float, float, bool]],
    badges: Sequence[Badge],
) -> Markup:
    """Draw the whole picture.

    `hours` are the places of the points, `stretches` begin, end and whether they are harmful; all places are shares
    of the width, which stands for `days`.
    """
    top = 2 * LANE
    heights = [TRAFFIC_HEIGHT, *[PANEL_HEIGHT] * len(panels)]
    tops = [top + HEADING + sum(heights[:place]) + place * HEADING for place in range(len(heights))]
    bottom = tops[-1] + heights[-1]
    parts: list[Markup] = []
    for place, height in zip(tops, heights, strict=True):
        parts += _ground(place, height, stretches if place != tops[0] else (), badges)
    parts.append(_heading("Share of the traffic", "100 %", top))
    parts.append(_frame(tops[0], TRAFFIC_HEIGHT, _areas(hours, traffic)))
    for panel, place in zip(panels, tops[1:], strict=True):
        parts += _panel(panel, hours, place)
    parts += _axis(days, bottom)
    parts += _badges(badges)
    frame = Markup(
        '<svg class="chart timeline" role="img" width="100%" height="{height}" aria-labelledby="{id}-title {id}-desc">'
        '<title id="{id}-title">{label}</title><desc id="{id}-desc">{words}</desc>{drawing}</svg>'
    )
    return frame.format(
        id=picture_id,
        height=bottom + AXIS_HEIGHT,
        label=visible(label),
        words=visible(description),
        drawing=Markup().join(parts),
    )


def _frame(top: float, height: float, drawing: Markup) -> Markup:
    frame = Markup(
        '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 1000 100" preserveAspectRatio="none">{}</svg>'
    )
    return frame.format(f"{top:g}", f"{height:g}", drawing)


def _heading(title: str, right: str, top: float) -> Markup:
    words = Markup(
        '<text class="panel-title" x="0" y="{y}">{}</text>'
        '<text class="tick" x="100%" y="{y}" text-anchor="end">{}</text>'
    )
    return words.format(visible(title), visible(right), y=f"{top + 14:g}")


def _areas(hours: Sequence[float], traffic: Sequence[Series]) -> Markup:
    """Draw the shares of live traffic on top of each other, the candidate's at the bottom, and the shadow as a line."""
    shares = {one.slot: one.values for one in traffic if one.name == "traffic"}
    floor = [0.0] * len(hours)
    drawn = []
    for slot in FROM_BOTTOM:
        values = shares.get(slot, ())
        if not any(values):
            continue
        roof = [low + (value or 0.0) for low, value in zip(floor, values, strict=True)]
        points = [*zip(hours, roof, strict=True), *reversed(list(zip(hours, floor, strict=True)))]
        path = Markup('<path class="area slot-{}" d="{}Z"/>')
        drawn.append(path.format(slot, _path(points, 1.0)))
        floor = roof
    shadow = next((one for one in traffic if one.name == "shadow" and any(one.values)), None)
    if shadow is not None:
        drawn.append(_line(hours, shadow.values, 1.0, "line slot-candidate shadow"))
    return Markup().join(drawn)


def _panel(panel: Panel, hours: Sequence[float], top: float) -> Iterator[Markup]:
    values = sorted(value for line in panel.lines for value in line.values if value is not None)
    highest, median = values[-1], values[len(values) // 2]
    most = min(highest, OUTLIER * median) if median > 0 else highest
    most = max(most, 1e-9) * 1.08
    right = f"up to {_amount(most, panel.unit)}"
    if highest > most:
        right = f"{right}, went to {_amount(highest, panel.unit)}"
    yield _heading(panel.title, right, top - HEADING)
    drawn = [
        _line(hours, line.values, most, f"line slot-{line.slot if line.slot in FROM_BOTTOM else 'all'}")
        for line in sorted(panel.lines, key=lambda line: line.slot == "candidate")
    ]
    yield _frame(top, PANEL_HEIGHT, Markup().join(drawn))


def _amount(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value * 100:.2g} %" if value < 0.1 else f"{value * 100:.0f} %"
    return f"{value:,.0f} {unit}".strip()


def _line(hours: Sequence[float], values: Sequence[float | None], most: float, kind: str) -> Markup:
    """Draw a line that breaks where a value is missing."""
    pieces, piece = [], []
    for hour, value in [*zip(hours, values, strict=True), (0.0, None)]:
        if value is not None:
            piece.append((hour, value))
        elif piece:
            pieces.append(_path(piece, most))
            piece = []
    return Markup('<path class="{}" d="{}"/>').format(kind, "".join(pieces))


def _path(points: Sequence[tuple[float, float]], most: float) -> str:
    spelled = [f"{hour * WIDE:.1f} {100.0 - 100.0 * min(value / most, 1.0):.2f}" for hour, value in points]
    only = "h0.5" if len(spelled) == 1 else ""
    return f"M{' L'.join(spelled)}{only}"


def _ground(
    top: float, height: float, stretches: Sequence[tuple[float, float, bool]], badges: Sequence[Badge]
) -> Iterator[Markup]:
    """Draw what lies behind the curves of one panel: its ground, the stretches, and a line for every moment."""
    box = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>')
    yield box.format("ground", "0", f"{top:g}", "100%", f"{height:g}")
    for start, stop, harmful in stretches:
        kind = "stretch harmful" if harmful else "stretch harmless"
        yield box.format(kind, _at(start), f"{top:g}", _at(max(stop - start, 0.003)), f"{height:g}")
    stem = Markup('<line class="stem" x1="{at}" x2="{at}" y1="{top}" y2="{bottom}"/>')
    for place in sorted({place for badge in badges if badge.lane for place in badge.places}):
        yield stem.format(at=_at(place), top=f"{top:g}", bottom=f"{top + height:g}")


def _badges(badges: Sequence[Badge]) -> Iterator[Markup]:
    word = Markup('<text class="badge lane-{}" x="{}" y="{}" text-anchor="{}" aria-hidden="true">{}</text>')
    for badge in badges:
        middle = sum(badge.places) / len(badge.places)
        anchor = "start" if middle < 0.04 else "end" if middle > 0.96 else "middle"
        yield word.format(badge.lane, _at(middle), f"{badge.lane * LANE + 16:g}", anchor, badge.label)


def _axis(days: float, top: float) -> Iterator[Markup]:
    line = Markup('<line class="rule" x1="{at}" x2="{at}" y1="{top}" y2="{bottom}"/>')
    word = Markup('<text class="tick" x="{}" y="{}" text-anchor="{}">{}</text>')
    every = max(1, -(-int(days) // MOST_DAY_TICKS))
    for day in range(0, int(days) + 1, every):
        share = day / days if days > 0 else 0.0
        anchor = "start" if day == 0 else "end" if share > 0.96 else "middle"
        yield line.format(at=_at(share), top=f"{top:g}", bottom=f"{top + 5:g}")
        yield word.format(_at(share), f"{top + 18:g}", anchor, f"{day} d" if day else "0")


def _at(share: float) -> str:
    return f"{min(1.0, max(0.0, share)) * 100:.2f}%"
