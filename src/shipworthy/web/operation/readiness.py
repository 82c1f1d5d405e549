"""Whether this process can do its work now."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shipworthy.bootstrap import House
from shipworthy.core import clock
from shipworthy.core.errors import ShipworthyError
from shipworthy.core.logs import log
from shipworthy.grading.jobs.operations import queue_figures

KEPT_SECONDS = 3.0
"""An answer is given again for so long: whoever asks all the time makes no work."""
WORKERS = "workers"


@dataclass(frozen=True)
class Readiness:
    """What was found of each part: `ok`, `failing`, or for the workers `none seen`."""

    parts: dict[str, str]

    @property
    def ready(self) -> bool:
        """Whether pages can be served. Without workers they can: submissions wait."""
        return all(state == "ok" for part, state in self.parts.items() if part != WORKERS)


class Looker:
    """Looks at everything that this process needs, at most every few seconds."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = Lock()
        self._last: tuple[float, Readiness] | None = None

    def look(self) -> Readiness:
        """Say how things are."""
        with self._lock:
            if self._last is None or clock.monotonic() - self._last[0] > KEPT_SECONDS:
                self._last = (clock.monotonic(), self._found())
            return self._last[1]

    def _found(self) -> Readiness:
        looks: dict[str, Callable[[], None]] = {
            "database": self._database,
            "blobs": self._house.blobs.expect_usable,
            "catalogue": self._catalogue,
        }
        parts = {name: _state(name, look) for name, look in looks.items()}
        parts[WORKERS] = self._workers() if parts["database"] == "ok" else "unknown"
        return Readiness(parts)

    def _database(self) -> None:
        with self._house.database.house_work() as work:
            work.execute(text("SELECT 1 FROM organisation LIMIT 1"))

    def _catalogue(self) -> None:
        ids = self._house.catalogue.ids()
        self._house.catalogue.load(next(iter(ids)))

    def _workers(self) -> str:
        with self._house.database.house_work() as work:
            return "ok" if queue_figures(work).workers else "none seen"


def _state(name: str, look: Callable[[], None]) -> str:
    try:
        look()
    except (ShipworthyError, SQLAlchemyError, OSError, StopIteration):
        log.warning("readiness.failing", kind=name, exc_info=True)
        return "failing"
    return "ok"
