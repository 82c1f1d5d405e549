"""People on call: how long a page takes, and when what is broken is put right."""

from dataclasses import dataclass

from shipworthy.simulator.clockwork import STEPS_PER_HOUR
from shipworthy.simulator.exercises import People


@dataclass(frozen=True)
class PageTaken:
    """A page: when somebody was called, when what can be put right is, and whether there was a reason."""

    called: int
    done: int
    needed: bool


class Rota:
    """One person on call. A page while another is open costs nothing and changes nothing."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._page: PageTaken | None = None

    @property
    def open(self) -> bool:
        """Say whether a page is open."""
        return self._page is not None

    def call(self, step: int, *, needed: bool) -> PageTaken | None:
        """Page somebody at a step; None if a page is open already. `needed` is the truth, for the diary."""
        if self._page is not None:
            return None
        hour = (step // STEPS_PER_HOUR) % 24
        people = self._people
        response = people.response_by_day if 8 <= hour < 20 else people.response_by_night
        self._page = PageTaken(step, step + response + people.repair, needed)
        return self._page

    def finished(self, step: int) -> bool:
        """Close the page if its work is done by a step, and say whether that was so."""
        if self._page is None or step < self._page.done:
            return False
        self._page = None
        return True
