"""Invitations, their states, and scorecards."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from shipworthy.access.entities import Scope
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.assessments import operations as assessments
from shipworthy.delivery.assessments.candidate_list import CandidatesWanted, ListEnd, find
from shipworthy.delivery.entities import Guest, InvitationState
from shipworthy.delivery.guest_list import is_address
from shipworthy.delivery.invitation_repository import candidate as candidate_of
from shipworthy.integrations.idempotency.operations import Answer
from shipworthy.roles.kept import operations as roles
from shipworthy.scoring.candidates import Scorer, standing_of
from shipworthy.scoring.plain import scorecard_to_json
from shipworthy.web.api.callers import Caller, needs
from shipworthy.web.api.interface import router
from shipworthy.web.api.paging import USUAL, Cursor, Limit, cursor_of, end_of
from shipworthy.web.api.repeating import Key, answer, told
from shipworthy.web.api.shapes import (
    GuestShape,
    InvitationPage,
    InvitationShape,
    InvitationsMade,
    InvitationsToMake,
    NewEnd,
    RefusedGuest,
    ScorecardShape,
)

TAGS: list[str | Enum] = ["invitations"]
Reader = Annotated[Caller, needs(Scope.INVITATIONS_READ)]
Writer = Annotated[Caller, needs(Scope.INVITATIONS_WRITE)]
ScorecardReader = Annotated[Caller, needs(Scope.SCORECARDS_READ)]


@router.get("/assessments/{assessment}/invitations", tags=TAGS)
def list_invitations(
    caller: Reader,
    assessment: UUID,
    limit: Limit = USUAL,
    cursor: Cursor = None,
    state: Annotated[list[InvitationState], Query(max_length=7, description="Only those in one of these states.")] = [],  # noqa: B006 - never changed
) -> InvitationPage:
    """List the invitations to an assessment with their states, the newest first."""
    end = end_of(cursor)
    after = ListEnd(end[0].isoformat(), end[1]) if end else None
    with caller.work() as work:
        assessments.assessment(work, assessment)
        found = find(work, CandidatesWanted(assessment, states=tuple(state), after=after), limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return InvitationPage(
        items=[InvitationShape.of_line(assessment, line) for line in found[:limit]],
        next=cursor_of(last.invited_at, last.invitation) if last else None,
    )


@router.post("/assessments/{assessment}/invitations", tags=TAGS, status_code=201, response_model=InvitationsMade)
def invite(
    request: Request, caller: Writer, assessment: UUID, sent: InvitationsToMake, key: Key = None
) -> JSONResponse:
    """Invite candidates, each by a letter with a link. Who cannot be invited is named with the reason."""
    guests, refused = _readable(sent.candidates)

    def invited(work: Connection) -> Answer:
        assessments.assessment(work, assessment)
        made = delivery.invite(
            work,
            caller.token.organisation,
            assessment=assessment,
            guests=guests,
            actor=caller.token.actor,
            web_url=caller.house.settings.web_url,
            expires_at=sent.expires_at,
        )
        before = [_refused(guest.line, guest.email, "Was invited to this assessment before.") for guest in made.already]
        everyone = sorted([*refused, *before], key=lambda one: one.place)
        return told(201, InvitationsMade(invited=list(made.invitations), refused=everyone))

    return answer(request, caller, key, sent, invited)


def _readable(sent: Iterable[GuestShape]) -> tuple[list[Guest], list[RefusedGuest]]:
    guests: dict[str, Guest] = {}
    refused = []
    for place, one in enumerate(sent, start=1):
        email = one.email.strip().lower()
        if not is_address(email):
            refused.append(_refused(place, one.email, "Is no address that a letter can go to."))
        elif email in guests:
            refused.append(_refused(place, one.email, f"Is the address of candidate {guests[email].line} too."))
        else:
            guests[email] = Guest(place, one.name.strip() or email.split("@")[0], email)
    return list(guests.values()), refused


def _refused(place: int, email: str, reason: str) -> RefusedGuest:
    return RefusedGuest(place=place, email=email, reason=reason)


@router.get("/invitations/{invitation}", tags=TAGS)
def show_invitation(caller: Reader, invitation: UUID) -> InvitationShape:
    """Show an invitation with its state."""
    with caller.work() as work:
        return _shown(work, invitation)


def _shown(work: Connection, invitation: UUID) -> InvitationShape:
    found = delivery.invitation(work, invitation)
    return InvitationShape.of(found, candidate_of(work, found.candidate))


def _changed(invitation: UUID, change: Callable[[Connection], object]) -> Callable[[Connection], Answer]:
    def do(work: Connection) -> Answer:
        change(work)
        return told(200, _shown(work, invitation))

    return do


@router.post("/invitations/{invitation}/remind", tags=TAGS, response_model=InvitationShape)
def remind(request: Request, caller: Writer, invitation: UUID, key: Key = None) -> JSONResponse:
    """Remind the candidate by a letter with a new link, at most once an hour."""
    address = caller.house.settings.web_url

    def change(work: Connection) -> None:
        delivery.remind(work, invitation, actor=caller.token.actor, web_url=address)

    return answer(request, caller, key, None, _changed(invitation, change))


@router.post("/invitations/{invitation}/extend", tags=TAGS, response_model=InvitationShape)
def extend(request: Request, caller: Writer, invitation: UUID, sent: NewEnd, key: Key = None) -> JSONResponse:
    """Give an invitation a later end, also one that has expired. The candidate gets a letter."""
    address = caller.house.settings.web_url

    def change(work: Connection) -> None:
        end = sent.expires_at
        delivery.extend(work, invitation, expires_at=end, actor=caller.token.actor, web_url=address)

    return answer(request, caller, key, sent, _changed(invitation, change))


@router.post("/invitations/{invitation}/cancel", tags=TAGS, response_model=InvitationShape)
def cancel(request: Request, caller: Writer, invitation: UUID, key: Key = None) -> JSONResponse:
    """Take an invitation back. The candidate gets a letter, and the link ends."""

    def change(work: Connection) -> None:
        delivery.cancel(work, invitation, actor=caller.token.actor)

    return answer(request, caller, key, None, _changed(invitation, change))


@router.post("/invitations/{invitation}/restore", tags=TAGS, response_model=InvitationShape)
def restore(request: Request, caller: Writer, invitation: UUID, key: Key = None) -> JSONResponse:
    """Undo a cancellation. The candidate gets a letter with a new link."""
    address = caller.house.settings.web_url

    def change(work: Connection) -> None:
        delivery.undo_cancel(work, invitation, actor=caller.token.actor, web_url=address)

    return answer(request, caller, key, None, _changed(invitation, change))


@router.get("/invitations/{invitation}/scorecard", tags=["scorecards"])
def show_scorecard(request: Request, caller: ScorecardReader, invitation: UUID) -> ScorecardShape:
    """Show what the evidence says about a candidate, for the version of the role that the assessment was made for."""
    scorer: Scorer = request.app.state.api_scorer
    with caller.work() as work:
        found = assessments.assessment(work, delivery.invitation(work, invitation).assessment)
        version = roles.version(work, found.role, found.role_version, caller.house.framework)
        standing = standing_of(work, invitation)
    card = scorer.card(standing, version)
    return ScorecardShape.of(standing, found, scorecard_to_json(card) if card else None)
