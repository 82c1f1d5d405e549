"""The outbox: letters with their states, readable as they are sent, or would be."""

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from shipworthy.access.entities import Access, Person
from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.bootstrap import House
from shipworthy.core.errors import BadInputError
from shipworthy.letters import operations as post
from shipworthy.letters.entities import Letter, LetterState
from shipworthy.letters.rules import without_secret
from shipworthy.web import pages
from shipworthy.web.notices import go
from shipworthy.web.who import HouseHere, needs

router = APIRouter()
Reader = Annotated[Person, needs(Access.OWNER, Access.RECRUITER)]
PAGE = 50
ADDRESS = re.compile(r"(https?://\S+)")
OF_CANDIDATES = ("invitation",)
WORDS = {
    LetterState.WAITING: ("going", "On its way"),
    LetterState.SENT: ("done", "Sent"),
    LetterState.KEPT: ("waits", "Kept here"),
    LetterState.FAILED: ("fault", "Given up"),
}


class UnknownLetterError(BadInputError):
    """There is no such letter."""

    code = "letter_unknown"


@router.get("/letters")
def letters_page(request: Request, someone: Reader, house: HouseHere, state: str = "", before: str = "") -> Response:
    """Show the letters, the newest first."""
    wanted = LetterState(state) if state in set(LetterState) else None
    kinds = kinds_for(someone)
    with house.database.unit_of_work(someone.organisation) as work:
        found = post.outbox(work, state=wanted, kinds=kinds, before=_place(before), limit=PAGE + 1)
        counts = post.letter_counts(work, kinds=kinds)
    shown = found[:PAGE]
    following = f"{shown[-1].created_at.isoformat()} {shown[-1].id}" if len(found) > PAGE else ""
    return pages.render(
        request,
        "sign_in/letters.html",
        letters=shown,
        counts=counts,
        total=sum(counts.values()),
        most=post.MOST_COUNTED,
        state=wanted,
        states=WORDS,
        following=following,
        before=before,
        sends=bool(house.settings.smtp_url),
    )


@router.get("/letters/{wanted}")
def letter_page(request: Request, someone: Reader, house: HouseHere, wanted: UUID) -> Response:
    """Show one letter. What only its reader may know is shown where nobody else brings it, and that is noted."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = _found(work, wanted, someone)
        shows_secret = bool(found.secret) and is_handed_over(house, found)
        if shows_secret:
            record(
                work, someone.organisation, Tag.PERSON_LETTER_READ, actor=someone.actor, subject=f"letter:{found.id}"
            )
    body = found.body if shows_secret else without_secret(found.body, found.secret)
    return pages.render(
        request,
        "sign_in/letter.html",
        letter=found,
        body=body,
        pieces=ADDRESS.split(body.rstrip()),
        shows_secret=shows_secret,
        states=WORDS,
        sends=bool(house.settings.smtp_url),
    )


@router.post("/letters/{wanted}/again")
def send_again(request: Request, someone: Reader, house: HouseHere, wanted: UUID) -> Response:
    """Put a letter that was kept or given up back among those to be sent."""
    with house.database.unit_of_work(someone.organisation) as work:
        _found(work, wanted, someone)
        post.send_again(work, wanted)
    return go(request, f"/letters/{wanted}", "The letter is on its way again.")


def kinds_for(someone: Person) -> tuple[str, ...]:
    """Return which letters somebody may read: owners all, others those to candidates.

    The others hold links with which one signs in as a person of the organisation.
    """
    return () if someone.may(Access.OWNER) else OF_CANDIDATES


def is_handed_over(house: House, letter: Letter) -> bool:
    """Tell whether a person has to hand the letter over, since no mail server does."""
    return letter.state is LetterState.KEPT or not house.settings.smtp_url


def _found(work: Connection, wanted: UUID, someone: Person) -> Letter:
    found = post.letter(work, wanted)
    kinds = kinds_for(someone)
    if found is None or (kinds and found.about.partition(":")[0] not in kinds):
        raise UnknownLetterError("There is no such letter.", remedy="Look for it in the list of letters.")
    return found


def _place(before: str) -> tuple[datetime, UUID] | None:
    moment, _, letter = before.partition(" ")
    try:
        place = datetime.fromisoformat(moment), UUID(letter)
    except ValueError:
        return None
    return place if place[0].tzinfo else None
