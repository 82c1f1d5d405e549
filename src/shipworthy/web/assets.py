"""Style sheets, scripts and pictures, under addresses that change when any of them does.

One digest over all of them stands in every address, so that modules can import each other by relative paths and
browsers may keep everything for a year.
"""

import gzip
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from fastapi import APIRouter, Request, Response

from shipworthy.core.canonical import digest_of_files
from shipworthy.reports import pages as report_pages

FOLDER = Path(__file__).with_name("static")
REPORTS = Path(report_pages.__file__).with_name("templates")
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
}
A_YEAR = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Asset:
    """One file that browsers fetch."""

    name: str
    content: bytes

    @property
    def kind(self) -> str:
        """Its media type."""
        return KINDS[Path(self.name).suffix]

    @cached_property
    def packed(self) -> bytes:
        """The content, compressed."""
        return gzip.compress(self.content, mtime=0)


@cache
def assets() -> dict[str, Asset]:
    """Return every asset by name, such as `css/app.css`; the style sheets of reports are below `reports/`."""
    own = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*") if path.suffix in KINDS}
    shared = {f"reports/{path.name}": path for path in REPORTS.glob("*.css")}
    return {name: Asset(name, path.read_bytes()) for name, path in sorted((own | shared).items())}


@cache
def edition() -> str:
    """Return the digest that stands in all addresses."""
    return digest_of_files({asset.name: asset.content for asset in assets().values()})[:16]


def address(name: str) -> str:
    """Return the address of an asset; a name that is not there is a fault of ours."""
    return f"/static/{edition()}/{assets()[name].name}"


@router.get("/static/{digest}/{name:path}")
def asset(request: Request, digest: str, name: str) -> Response:
    """Give an asset. A page of an older edition gets the present file, but may not keep it."""
    found = assets().get(name)
    if found is None:
        return Response("There is no such file.\n", 404, media_type="text/plain")
    headers = {"Cache-Control": A_YEAR if digest == edition() else "no-cache", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=found.kind)
    return Response(found.content, headers=headers, media_type=found.kind)
