"""The record of a simulated run, as a report shows it: a picture, and the same in words and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from shipworthy.core.canonical import JSONValue
from shipworthy.reports.timeline_drawing import Badge, Panel, draw_timeline
from shipworthy.reports.timeline_reading import UnreadableTimelineError, read_timeline
from shipworthy.simulator.timeline import Series, Timeline

EVIDENCE = "timelines"
"""The name under which a check's evidence holds a list of timelines."""

MOST_TIMELINES = 12
TABLE_ROWS = 9
NEAR = 0.055
"""Badges that are nearer than this share of the width become one."""

SLOT_WORDS = {"stable": "stable", "candidate": "candidate", "fallback": "fallback", "": "everybody"}
FIGURE_WORDS = {
    "error_rate": "Error rate",
    "latency_ms": "Latency",
    "bad_rate": "Bad answers",
    "bad_answers": "Bad answers that reached people",
    "utilisation": "Utilisation",
}
MARK_WORDS = {
    "offered": "release offered",
    "set_traffic": "traffic to the candidate",
    "set_shadow": "copies to the candidate",
    "promote": "promotion asked for",
    "promoted": "promoted",
    "roll_back": "rolled back",
    "restart": "restarted",
    "set_capacity": "capacity set",
    "set_fallback": "fallback share",
    "set_review": "human review share",
    "retrain": "retraining",
    "page": "somebody paged",
    "set_alert": "alert set",
    "refused": "action refused",
}


@dataclass(frozen=True)
class Event:
    """One line of the list below the picture: its badge, when it was, what it was, and more words."""

    badge: str
    when: str
    what: str
    words: str


@dataclass(frozen=True)
class TimelinePicture:
    """A timeline as a page shows it. `table` holds rows of texts below `columns`."""

    title: str
    drawing: Markup
    slots: tuple[str, ...]
    shadow: bool
    bands: tuple[Event, ...]
    marks: tuple[Event, ...]
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]


def timelines_in(evidence: Mapping[str, JSONValue]) -> tuple[Timeline, ...]:
    """Return the timelines that a check's evidence holds; none, unless all of them can be read."""
    found = evidence.get(EVIDENCE)
    if not isinstance(found, list) or len(found) > MOST_TIMELINES:
        return ()
    try:
        return tuple(read_timeline(one) for one in found)
    except UnreadableTimelineError:
        return ()


def picture_of(timeline: Timeline, picture_id: str) -> TimelinePicture:
    """Return what a page shows of a timeline; `picture_id` is unique on the page."""
    end = _end(timeline)
    bands, band_badges = _bands(timeline, end)
    marks, mark_badges = _marks(timeline, end)
    drawing = draw_timeline(
        picture_id,
        label=f"Timeline of {_spelled(timeline.scenario)}",
        description=_summary(timeline, end),
        hours=[hour / end for hour in timeline.at],
        days=end / 24,
        traffic=timeline.traffic,
        panels=_panels(timeline),
        stretches=[(band.start / end, band.stop / end, band.harmful) for band in timeline.bands],
        badges=(*band_badges, *mark_badges),
    )
    columns, table = _table(timeline)
    return TimelinePicture(
        title=_spelled(timeline.scenario),
        drawing=drawing,
        slots=tuple(slot for slot in ("stable", "candidate", "fallback") if _ever(timeline.traffic, slot)),
        shadow=any(one.name == "shadow" and any(one.values) for one in timeline.traffic),
        bands=bands,
        marks=marks,
        columns=columns,
        table=table,
    )


def _ever(traffic: Sequence[Series], slot: str) -> bool:
    return any(one.slot == slot and any(one.values) for one in traffic)


def _end(timeline: Timeline) -> float:
    last = [2 * timeline.at[-1] - timeline.at[-2] if len(timeline.at) > 1 else 2 * timeline.at[-1]]
    return max([*last, 1e-6])


def _spelled(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def _when(hour: float) -> str:
    minutes = round(hour * 60)
    day, rest = divmod(minutes, 1440)
    return f"day {day + 1}, {rest // 60:02d}:{rest % 60:02d}"


def _panels(timeline: Timeline) -> list[Panel]:
    names = dict.fromkeys(one.name for one in timeline.figures)
    panels = []
    for name in names:
        lines = tuple(one for one in timeline.figures if one.name == name and any(one.values))
        if lines:
            panels.append(Panel(FIGURE_WORDS.get(name, _spelled(name).capitalize()), lines[0].unit, lines))
    return panels


def _bands(timeline: Timeline, end: float) -> tuple[tuple[Event, ...], list[Badge]]:
    ordered = sorted(timeline.bands, key=lambda band: band.start)
    lettered = [(_letter(place), band) for place, band in enumerate(ordered)]
    events = tuple(
        Event(
            letter,
            f"{_when(band.start)} to {_when(band.stop)}",
            _spelled(band.kind),
            "harmful" if band.harmful else "",
        )
        for letter, band in lettered
    )
    return events, _badges([(band.start / end, letter) for letter, band in lettered], 0)


def _marks(timeline: Timeline, end: float) -> tuple[tuple[Event, ...], list[Badge]]:
    ordered = sorted(timeline.marks, key=lambda mark: mark.hour)
    events = [
        Event(str(number), _when(mark.hour), MARK_WORDS.get(mark.kind, _spelled(mark.kind)), mark.words)
        for number, mark in enumerate(ordered, start=1)
    ]
    places = [(mark.hour / end, str(number)) for number, mark in enumerate(ordered, start=1)]
    return tuple(events), _badges(places, 1)


def _letter(place: int) -> str:
    return chr(65 + place % 26) * (1 + place // 26)


def _badges(places: Sequence[tuple[float, str]], lane: int) -> list[Badge]:
    """Give every place a badge, and those that are near each other one in common."""
    groups: list[list[tuple[float, str]]] = []
    for place in places:
        if groups and place[0] - groups[-1][0][0] < NEAR:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [
        Badge(tuple(at for at, _ in group), group[0][1] if len(group) == 1 else f"{group[0][1]}–{group[-1][1]}", lane)
        for group in groups
    ]


def _summary(timeline: Timeline, end: float) -> str:
    """Say in words what the picture shows."""
    stretches = "; ".join(
        f"{_spelled(band.kind)} from {_when(band.start)} to {_when(band.stop)}" for band in timeline.bands[:8]
    )
    candidate = next((one for one in timeline.traffic if (one.name, one.slot) == ("traffic", "candidate")), None)
    most = max((value for value in candidate.values if value is not None), default=0.0) if candidate else 0.0
    last = [mark for mark in timeline.marks if mark.kind in {"promoted", "roll_back"}]
    ending = "; ".join(f"{MARK_WORDS[mark.kind]} on {_when(mark.hour)}" for mark in last[-2:])
    parts = [
        f"{end / 24:.0f} days",
        f"the candidate had at most {most * 100:.0f} % of the traffic",
        stretches or "nothing happened besides",
        ending or "neither promoted nor rolled back",
    ]
    return f"{'. '.join(part[:1].upper() + part[1:] for part in parts)}."


def _table(timeline: Timeline) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    shown = [one for one in timeline.traffic if any(one.values)]
    shown += [one for one in timeline.figures if any(one.values)]
    columns = ("Time", *(_heading(one) for one in shown))
    count = len(timeline.at)
    places = [place for place, _ in groupby(round(row * (count - 1) / (TABLE_ROWS - 1)) for row in range(TABLE_ROWS))]
    rows = tuple((_when(timeline.at[at]), *(_figure(one, one.values[at]) for one in shown)) for at in places)
    return columns, rows


def _heading(series: Series) -> str:
    slot = SLOT_WORDS.get(series.slot, _spelled(series.slot))
    if series.name == "traffic":
        return f"Traffic of {slot}"
    if series.name == "shadow":
        return "Copies to the candidate"
    words = FIGURE_WORDS.get(series.name, _spelled(series.name).capitalize())
    return f"{words}, {slot}" if series.slot else words


def _figure(series: Series, value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value * 100:.3g} %" if series.unit == "share" else f"{value:,.4g} {series.unit}".strip()
