"""All addresses of candidates."""

from fastapi import APIRouter

from shipworthy.web.candidate import arriving, checks, overview, reporting, workbench

router = APIRouter(include_in_schema=False)
for part in (arriving, overview, workbench, checks, reporting):
    router.include_router(part.router)
