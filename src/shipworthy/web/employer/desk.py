"""What the pages of those who hire share: who may open them, and what they work with."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Request

from shipworthy.access.entities import Access, Person
from shipworthy.roles.kept.entities import Author, Place
from shipworthy.roles.shelf import Shelf
from shipworthy.scoring.candidates import Scorer
from shipworthy.web.who import needs

HIRING = (Access.OWNER, Access.HIRING_MANAGER, Access.RECRUITER)

Reader = Annotated[Person, needs(*HIRING)]
"""Who may read roles, assessments and the states of candidates."""
Scoper = Annotated[Person, needs(Access.HIRING_MANAGER)]
"""Who may make and change roles and assessments, and read scorecards."""
Inviter = Annotated[Person, needs(Access.RECRUITER, Access.HIRING_MANAGER)]
"""Who may invite."""
Granter = Annotated[Person, needs(Access.RECRUITER)]
"""Who may grant other conditions, and read why."""


def shelf_here(request: Request) -> Shelf:
    """Return the tasks that blueprints are drawn from."""
    found: Shelf = request.app.state.shelf
    return found


def scorer_here(request: Request) -> Scorer:
    """Return what makes scorecards."""
    found: Scorer = request.app.state.scorer
    return found


ShelfHere = Annotated[Shelf, Depends(shelf_here)]
ScorerHere = Annotated[Scorer, Depends(scorer_here)]


def author(person: Person) -> Author:
    """Return a person as who does something."""
    return Author(person.id, person.name)


def place_of(written: str) -> Place | None:
    """Return where a page of a list begins, from its address; None for the first page or nonsense."""
    at, _, identifier = written.rpartition("_")
    try:
        return Place(datetime.fromisoformat(at), UUID(identifier))
    except ValueError:
        return None


def spelled(place: Place) -> str:
    """Return how an address names where a page of a list begins."""
    return f"{place.at.isoformat()}_{place.id}"


def address(path: str, **values: object) -> str:
    """Return an address with the values that are not empty."""
    given = {name: value for name, value in values.items() if value not in ("", None, [])}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path
