"""Listens to the queue: procrastinate hands out permits, and each lets one slot take up whatever has its turn."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from procrastinate import App, PsycopgConnector

from shipworthy.core.logs import log

QUEUE = "gradings"
TASK = "shipworthy.grade_next"
POLL_SECONDS = 2.0
PAUSE_SECONDS = 1.0


class Permits:
    """Lets so many slots work at once, until it is told to end."""

    def __init__(self, url: str, slots: int, use_permit: Callable[[], object]) -> None:
        self._url = url
        self._slots = slots
        self._use_permit = use_permit
        self._ending = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        logging.getLogger("procrastinate").setLevel(logging.ERROR)
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)

    async def listen(self) -> None:
        """Use permits as they come, until `end`; a database that is away is waited for."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(self._slots + 2, "slot"))
        while not self._ending.is_set():
            self._listening = asyncio.create_task(self._listen_once())
            try:
                await self._listening
            except asyncio.CancelledError:
                continue
            except Exception as fault:
                log.warning("queue.away", exc_info=fault)
            if not self._ending.is_set():
                await asyncio.sleep(PAUSE_SECONDS)

    def end(self) -> None:
        """Take up nothing more; what is under way is finished first."""
        self._ending.set()
        if self._listening:
            self._listening.cancel()

    async def _listen_once(self) -> None:
        app = App(connector=PsycopgConnector(conninfo=self._url, min_size=1, max_size=self._slots + 3, timeout=10))

        @app.task(name=TASK, queue=QUEUE)
        def grade_next() -> None:
            self._use_permit()

        async with app.open_async():
            await app.run_worker_async(
                queues=[QUEUE],
                concurrency=self._slots,
                fetch_job_polling_interval=POLL_SECONDS,
                delete_jobs="always",
                install_signal_handlers=False,
            )
