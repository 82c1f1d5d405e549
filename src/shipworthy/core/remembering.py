"""Keeps the last things that were worked out, by name, so that they need not be worked out again."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Remembered(Generic[Kept]):
    """The last things that were worked out, at most so many; threads may share it.

    What is forgotten first is what was not asked for the longest time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str, work_out: Callable[[], Kept]) -> Kept:
        """Return what has this name, worked out now unless it is there; two threads may work it out at once."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        made = work_out()
        with self._lock:
            self._kept[name] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
