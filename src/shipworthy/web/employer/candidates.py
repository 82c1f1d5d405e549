"""The pages of an assessment's candidates: the list, inviting, and what is done with an invitation."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import StreamingResponse

from shipworthy.access.entities import Access, Person
from shipworthy.bootstrap import House
from shipworthy.core import clock
from shipworthy.core.errors import BadInputError, ShipworthyError
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.assessments import operations
from shipworthy.delivery.assessments.candidate_list import CandidateLine, CandidatesWanted, ListEnd, Order, Progress
from shipworthy.delivery.assessments.entities import Counts
from shipworthy.delivery.entities import Guest, InvitationState
from shipworthy.delivery.guest_list import read_list
from shipworthy.reports.spreadsheets import csv_lines, csv_of
from shipworthy.web import pages
from shipworthy.web.employer.desk import Granter, Inviter, Reader, address
from shipworthy.web.notices import go, is_own_path
from shipworthy.web.who import HouseHere

router = APIRouter()

PAGE = 50
MOST_AT_ONCE = 200
PIECE = 1000
"""Lines of a CSV file that are read at once."""
STATE_WORDS: Mapping[str, tuple[str, str]] = {
    "invited": ("waits", "Invited"),
    "opened": ("waits", "Opened"),
    "started": ("going", "Working"),
    "finished": ("done", "Finished"),
    "withdrawn": ("ended", "Withdrew"),
    "cancelled": ("ended", "Cancelled"),
    "expired": ("ended", "Expired"),
}
"""Tone and words of every state of an invitation."""
ORDER_WORDS = {Order.NEWEST: "Newest first", Order.NAME: "By name", Order.ACTIVE: "Last active first"}
Ids = Annotated[list[UUID] | None, Form()]


@router.get("/assessments/{assessment_id}")
def candidates_page(
    request: Request,
    assessment_id: UUID,
    *,
    someone: Reader,
    house: HouseHere,
    q: str = "",
    state: str = "",
    order: str = Order.NEWEST,
    after: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """Show the candidates of an assessment; asked by a piece of the page, only the list."""
    chosen = Order(order) if order in set(Order) else Order.NEWEST
    states = (InvitationState(state),) if state in STATE_WORDS else ()
    wanted = CandidatesWanted(assessment_id, q, states, chosen, _end(after, chosen))
    block = "list" if request.headers.get("hx-target") == "list" else ""
    with house.database.unit_of_work(someone.organisation) as work:
        assessment = operations.assessment(work, assessment_id)
        found, progress = operations.candidates(work, wanted, limit=PAGE + 1)
        counts = Counts({}) if block else operations.counts_of(work, [assessment_id])[assessment_id]
    shown = found[:PAGE]
    values: dict[str, Any] = {
        "assessment": assessment,
        "counts": counts,
        "lines": shown,
        "progress": progress,
        "q": q,
        "state": state if states else "",
        "order": chosen,
        "after": after,
        "here": address(f"/assessments/{assessment_id}", q=q, state=state, order=order),
        "csv": address(f"/assessments/{assessment_id}/candidates.csv", q=q, state=state),
        "following": _following(shown, chosen) if len(found) > PAGE else "",
        "tab": "candidates",
        "order_words": ORDER_WORDS,
    }
    return pages.render(request, "employer/candidates.html", block=block, **values)


@router.get("/assessments/{assessment_id}/candidates.csv")
def candidates_csv(
    assessment_id: UUID, *, someone: Reader, house: HouseHere, q: str = "", state: str = ""
) -> StreamingResponse:
    """Give all candidates of an assessment that fit as CSV, by name: their states, no scores."""
    with house.database.unit_of_work(someone.organisation) as work:
        operations.assessment(work, assessment_id)
    states = (InvitationState(state),) if state in STATE_WORDS else ()
    wanted = CandidatesWanted(assessment_id, q, states, Order.NAME)
    return StreamingResponse(
        _csv_pieces(house, someone, wanted),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="candidates.csv"'},
    )


def _csv_pieces(house: House, someone: Person, wanted: CandidatesWanted) -> Iterator[str]:
    """Give a list piece by piece, each in a transaction of its own, so that a slow reader holds none open."""
    head = (
        "Candidate",
        "Address",
        "State",
        "Tasks",
        "Handed in",
        "Graded",
        "Invited",
        "Ends",
        "Last active",
        "Reminders",
    )
    yield csv_of(head, [])
    end: ListEnd | None = None
    while True:
        with house.database.unit_of_work(someone.organisation) as work:
            lines, progress = operations.candidates(work, replace(wanted, after=end), limit=PIECE)
        yield csv_lines(_cells(line, progress.get(line.invitation, Progress())) for line in lines)
        if len(lines) < PIECE:
            return
        end = lines[-1].end(wanted.order)


def _cells(line: CandidateLine, far: Progress) -> list[str]:
    counts = [str(number) if far.tasks else "" for number in (far.tasks, far.handed_in, far.graded)]
    moments = [moment.isoformat(timespec="minutes") for moment in (line.invited_at, line.expires_at, line.changed_at)]
    return [line.name, line.email, STATE_WORDS[line.state.value][1], *counts, *moments, str(line.reminders)]


def _end(written: str, order: Order) -> ListEnd | None:
    value, _, identifier = written.rpartition("_")
    try:
        if order is not Order.NAME:
            datetime.fromisoformat(value)
        return ListEnd(value, UUID(identifier))
    except ValueError:
        return None


def _following(shown: list[CandidateLine], order: Order) -> str:
    end = shown[-1].end(order)
    return f"{end.value}_{end.id}"


@router.get("/assessments/{assessment_id}/invite")
def invite_page(request: Request, assessment_id: UUID, someone: Inviter, house: HouseHere) -> Response:
    """Ask whom to invite."""
    return _invite_page(request, assessment_id, someone, house)


def _invite_page(
    request: Request, assessment_id: UUID, someone: Person, house: HouseHere, **values: object
) -> Response:
    with house.database.unit_of_work(someone.organisation) as work:
        assessment = operations.assessment(work, assessment_id)
        counts = operations.counts_of(work, [assessment_id])[assessment_id]
    given: dict[str, Any] = {"text": "", "listed": None, "kept": "", **values}
    return pages.render(request, "employer/invite.html", assessment=assessment, counts=counts, tab="", **given)


@router.post("/assessments/{assessment_id}/preview/upload")
def preview(
    request: Request,
    assessment_id: UUID,
    *,
    someone: Inviter,
    house: HouseHere,
    text: Annotated[str, Form()] = "",
    kept: Annotated[str, Form()] = "",
) -> Response:
    """Show what was understood of a pasted list before anything is sent; lines that were not stay to be mended."""
    listed = read_list("\n".join(part for part in (kept, text) if part.strip()))
    faulty = "\n".join(fault.text for fault in listed.faults)
    understood = "\n".join(_spelled(guest) for guest in listed.guests)
    return _invite_page(
        request, assessment_id, someone, house, text=faulty if listed.guests else text, listed=listed, kept=understood
    )


def _spelled(guest: Guest) -> str:
    return f"{guest.name} <{guest.email}>"


@router.post("/assessments/{assessment_id}/invite/upload")
def invite(
    request: Request,
    assessment_id: UUID,
    *,
    someone: Inviter,
    house: HouseHere,
    kept: Annotated[str, Form()] = "",
) -> Response:
    """Invite everybody on the list that was shown."""
    listed = read_list(kept)
    if not listed.guests:
        raise BadInputError("There is nobody to invite.", remedy="Go back and give names and addresses.")
    with house.database.unit_of_work(someone.organisation) as work:
        invited = delivery.invite(
            work,
            someone.organisation,
            assessment=assessment_id,
            guests=listed.guests,
            actor=someone.actor,
            web_url=house.settings.web_url,
        )
    number = len(invited.invitations)
    words = f"{number:,} candidate{'' if number == 1 else 's'} {'was' if number == 1 else 'were'} invited."
    if invited.already:
        names = ", ".join(guest.email for guest in invited.already[:3])
        more = f" and {len(invited.already) - 3:,} more" if len(invited.already) > 3 else ""
        words += f" Invited before, so not again: {names}{more}."
    return go(request, f"/assessments/{assessment_id}", words)


@router.post("/assessments/{assessment_id}/remind")
def remind_several(
    request: Request,
    assessment_id: UUID,
    *,
    someone: Inviter,
    house: HouseHere,
    who: Ids = None,
    back: Annotated[str, Form()] = "",
) -> Response:
    """Remind those who were ticked; whoever cannot be reminded now is told apart."""
    ticked = list(dict.fromkeys(who or []))[:MOST_AT_ONCE]
    if not ticked:
        raise BadInputError("Nobody is ticked.", remedy="Go back and tick whom to remind.")
    kept_from = [fault for one in ticked if (fault := _reminded(house, someone, one))]
    done = len(ticked) - len(kept_from)
    words = f"{done} reminder{'' if done == 1 else 's'} went out."
    if kept_from:
        words += f" {len(kept_from)} did not: {kept_from[0].what}"
    return go(request, _back(back, f"/assessments/{assessment_id}"), words)


def _reminded(house: HouseHere, someone: Person, invitation: UUID) -> ShipworthyError | None:
    try:
        with house.database.unit_of_work(someone.organisation) as work:
            delivery.remind(work, invitation, actor=someone.actor, web_url=house.settings.web_url)
    except ShipworthyError as fault:
        return fault
    return None


def _back(path: str, otherwise: str) -> str:
    return path if path and is_own_path(path) else otherwise


@router.post("/candidates/{invitation_id}/remind")
def remind(request: Request, invitation_id: UUID, someone: Inviter, house: HouseHere) -> Response:
    """Send a reminder."""
    with house.database.unit_of_work(someone.organisation) as work:
        delivery.remind(work, invitation_id, actor=someone.actor, web_url=house.settings.web_url)
    return go(request, f"/candidates/{invitation_id}", "A reminder with a new link went out.")


@router.post("/candidates/{invitation_id}/extend")
def extend(
    request: Request, invitation_id: UUID, someone: Inviter, house: HouseHere, until: Annotated[str, Form()] = ""
) -> Response:
    """Let an invitation hold until the end of a day in the person's zone."""
    end = _end_of_day(until, someone.time_zone)
    with house.database.unit_of_work(someone.organisation) as work:
        delivery.extend(work, invitation_id, expires_at=end, actor=someone.actor, web_url=house.settings.web_url)
    return go(request, f"/candidates/{invitation_id}", "The invitation holds longer; the candidate gets a letter.")


def _end_of_day(written: str, zone: str) -> datetime:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise BadInputError(f"{written!r} is no day.", remedy="Choose a day, such as 2027-05-03.") from None
    return datetime.combine(day, time(23, 59, 59), pages.zone_named(zone)).astimezone(clock.now().tzinfo)


@router.post("/candidates/{invitation_id}/cancel")
def cancel(request: Request, invitation_id: UUID, someone: Inviter, house: HouseHere) -> Response:
    """Take an invitation back."""
    with house.database.unit_of_work(someone.organisation) as work:
        delivery.cancel(work, invitation_id, actor=someone.actor)
    here = f"/candidates/{invitation_id}"
    return go(request, here, "The invitation was cancelled; the candidate gets a letter.", undo=f"{here}/undo-cancel")


@router.post("/candidates/{invitation_id}/undo-cancel")
def undo_cancel(request: Request, invitation_id: UUID, someone: Inviter, house: HouseHere) -> Response:
    """Give a cancelled invitation back what it was."""
    with house.database.unit_of_work(someone.organisation) as work:
        delivery.undo_cancel(work, invitation_id, actor=someone.actor, web_url=house.settings.web_url)
    return go(request, f"/candidates/{invitation_id}", "The invitation stands again; the candidate gets a letter.")


@router.post("/candidates/{invitation_id}/accommodation")
def accommodate(
    request: Request,
    invitation_id: UUID,
    *,
    someone: Granter,
    house: HouseHere,
    factor: Annotated[str, Form()] = "1",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Grant other conditions; the note stays with those who grant them."""
    try:
        wished = float(factor)
    except ValueError:
        raise BadInputError(
            f"{factor!r} is no number.", remedy="Write how many times the usual, such as 1.5."
        ) from None
    with house.database.unit_of_work(someone.organisation) as work:
        kept = delivery.accommodate(work, invitation_id, time_factor=wished, note=note, person=someone.id)
    return go(request, f"/candidates/{invitation_id}", f"The candidate has {kept.time_factor:g} times the usual time.")


def may_grant(someone: Person) -> bool:
    """Say whether a person may see and grant other conditions."""
    return someone.may(Access.RECRUITER)
