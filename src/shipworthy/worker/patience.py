"""Patience with a database that is away for a while."""

import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from shipworthy.core.clock import monotonic

Answer = TypeVar("Answer")
AWAY = (OperationalError, InterfaceError, NoConnectionError)


def patiently(
    act: Callable[[], Answer], *, seconds: float = 120.0, pause: float = 0.5, stop: threading.Event | None = None
) -> Answer:
    """Do something in a transaction of its own, again and again while the database is away, for so long.

    What was committed without our hearing of it is not done twice, since every change asks for the claim that it ends.
    """
    deadline = monotonic() + seconds
    while True:
        try:
            return act()
        except AWAY:
            if monotonic() + pause > deadline or (stop is not None and stop.is_set()):
                raise
            threading.Event().wait(pause)
