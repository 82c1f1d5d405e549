"""Fills templates: what is shown is escaped, made visible where it hides, and told in the reader's own time."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from shipworthy.reports import pages as report_pages
from shipworthy.web import assets, notices
from shipworthy.web.navigation import Place, places_for
from shipworthy.web.security import VISIT, csrf_field, csrf_token, remember

HERE = Path(__file__).parent
AUDIENCES = ("api", "candidate", "compliance", "employer", "operation", "sign_in", "webhooks")


def render(
    request: Request, template: str, *, status: int = 200, block: str = "", zone: str = "", **values: object
) -> HTMLResponse:
    """Answer with a template such as `employer/roles.html`, or with one block of it for a page that is open already.

    Times are told in `zone`, by default the signed-in person's.
    """
    notice = None if block else notices.take(request)
    shown = {"request": request, "zone": zone or zone_of(request), "notice": notice, **values}
    response = HTMLResponse(_filled(template, block, shown), status)
    fresh = getattr(request.state, "fresh_visit", "")
    if fresh:
        remember(request, response, VISIT, fresh)
    if notice:
        notices.taken(request, response)
    return response


def _filled(template: str, block: str, values: dict[str, object]) -> str:
    found = environment().get_template(template)
    if not block:
        return found.render(values)
    return "".join(found.blocks[block](found.new_context(values)))


def zone_of(request: Request) -> str:
    """Return the time zone of who is signed in, UTC where nobody is."""
    person = getattr(request.state, "person", None)
    return person.time_zone if person else "UTC"


@cache
def environment() -> Environment:
    """Return the one environment of all templates; those of reports can be included too."""
    own = FileSystemLoader(HERE / "templates")
    audiences = {name: FileSystemLoader(HERE / name / "templates") for name in AUDIENCES}
    shared = FileSystemLoader(assets.REPORTS)
    made = Environment(
        loader=ChoiceLoader([PrefixLoader(dict(audiences)), own, shared]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    report_pages.equip(made)
    made.filters |= {"when": when, "day": day, "exact": exact}
    made.globals |= {"csrf": _csrf, "csrf_token": _csrf_token, "asset": assets.address, "places": _places, "me": _me}
    return made


@pass_context
def _csrf(context: Context) -> Markup:
    return csrf_field(context["request"])


@pass_context
def _csrf_token(context: Context) -> str:
    return csrf_token(context["request"])


@pass_context
def _me(context: Context) -> Any:
    return getattr(context["request"].state, "person", None)


@pass_context
def _places(context: Context) -> tuple[tuple[Place, bool], ...]:
    request: Request = context["request"]
    person = getattr(request.state, "person", None)
    found = places_for(person.accesses, request.app.state.served) if person else ()
    return tuple((place, place.holds(request.url.path)) for place in found)


@pass_context
def when(context: Context, moment: datetime | None) -> Markup | str:
    """Tell a moment to the minute in the reader's zone, which is named; a dash where there is none."""
    return _told(moment, str(context["zone"]), "%H:%M")


@pass_context
def day(context: Context, moment: datetime | None) -> Markup | str:
    """Tell the day of a moment in the reader's zone; a dash where there is none."""
    return _told(moment, str(context["zone"]), "")


def _told(moment: datetime | None, zone: str, clock_face: str) -> Markup | str:
    if moment is None:
        return "—"
    there = moment.astimezone(zone_named(zone))
    words = f"{there.day} {there:%b %Y}" + (f", {there:{clock_face}} {_name_of(there)}" if clock_face else "")
    return Markup('<time datetime="{}">{}</time>').format(moment.astimezone(UTC).isoformat(timespec="seconds"), words)


def _name_of(there: datetime) -> str:
    name = there.tzname() or ""
    return name if name.isalpha() else f"UTC{name}"


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone by name, UTC for a name that there is not."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def exact(text: str) -> Markup:
    """Return a text as it is, escaped: for what a person edits and sends back."""
    return escape(text)
