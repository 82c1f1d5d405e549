"""All addresses of candidates."""

from fastapi import APIRouter, FastAPI

from shipworthy.bootstrap import House
from shipworthy.grading.jobs.errors import CheckUnderWayError
from shipworthy.scoring.candidates import Scorer
from shipworthy.tasks.errors import SubmissionRefusedError
from shipworthy.web import errors
from shipworthy.web.candidate import arriving, checks, overview, reporting, workbench

errors.mean(422, SubmissionRefusedError)
errors.mean(409, CheckUnderWayError)
router = APIRouter(include_in_schema=False)
for part in (arriving, overview, workbench, checks, reporting):
    router.include_router(part.router)


def prepare(app: FastAPI) -> None:
    """Give the app what candidates' reports are scored with."""
    house: House = app.state.house
    app.state.candidates_scorer = Scorer(house.blobs, house.catalogue, house.framework)
