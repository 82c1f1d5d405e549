"""All pages of those who hire."""

from fastapi import APIRouter, FastAPI

from shipworthy.access.entities import Access
from shipworthy.bootstrap import House
from shipworthy.roles.shelf import Shelf
from shipworthy.scoring.candidates import Scorer
from shipworthy.web import pages
from shipworthy.web.employer import assessments, candidate_page, candidates, comparing, home, roles

router = APIRouter(include_in_schema=False)
for _part in (home, roles, assessments, candidates, candidate_page, comparing):
    router.include_router(_part.router)


def prepare(app: FastAPI) -> None:
    """Give an app what these pages work with, and their templates the accesses that they ask about."""
    house: House = app.state.house
    app.state.shelf = Shelf(house.catalogue)
    app.state.scorer = Scorer(house.blobs, house.catalogue, house.framework)
    pages.environment().globals |= {
        "state_words": candidates.STATE_WORDS,
        "scoping": (Access.HIRING_MANAGER,),
        "inviting": (Access.RECRUITER, Access.HIRING_MANAGER),
        "granting": (Access.RECRUITER,),
    }
