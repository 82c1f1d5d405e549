"""Many gradings at once: one on each core."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from shipworthy.grading.judging import NURSERY

Order = TypeVar("Order")
Done = TypeVar("Done")


def abreast(work: Callable[[Order], Done], orders: Sequence[Order]) -> Iterator[tuple[Order, Done]]:
    """Do the work of every order over all cores; give each with its order as it ends.

    Whatever stops it, an interruption too, cancels what has not begun and ends the judges that are at work.
    """
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        begun = {pool.submit(work, order): order for order in orders}
        waiting: set[Future[Done]] = set(begun)
        try:
            while waiting:
                ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ended:
                    yield begun[future], future.result()
        except BaseException:
            for future in waiting:
                future.cancel()
            NURSERY.stop()
            raise
