"""What a worker does over and over beside its gradings, each in a thread of its own."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shipworthy.core.logs import log
from shipworthy.worker.patience import AWAY


@dataclass(frozen=True)
class Round:
    """Something to do every few seconds; where it returns a number above zero there is more, and it goes on at once."""

    name: str
    seconds: float
    act: Callable[[], int | None]


class Rounds:
    """The rounds of one worker."""

    def __init__(self, rounds: Sequence[Round]) -> None:
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._go_round, args=(each,), name=each.name, daemon=True) for each in rounds
        ]

    def start(self) -> None:
        """Begin all rounds."""
        for thread in self._threads:
            thread.start()

    def end(self, *, seconds: float = 5.0) -> None:
        """Let all rounds end, each with what it is at."""
        self._over.set()
        for thread in self._threads:
            thread.join(seconds)

    def _go_round(self, each: Round) -> None:
        while not self._over.is_set():
            more = self._once(each)
            if not more:
                self._over.wait(each.seconds)

    def _once(self, each: Round) -> bool:
        try:
            return bool(each.act())
        except AWAY:
            log.warning("round.database_away", kind=each.name)
        except Exception as fault:
            log.error("round.failed", kind=each.name, exc_info=fault)
        return False
