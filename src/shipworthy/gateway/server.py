"""The gateway's server: a thread of the judge's process that listens on a Unix socket."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from shipworthy.core.live_settings import LiveSettings
from shipworthy.gateway.budgets import Spent
from shipworthy.gateway.connection import Bounds, ClientConnection, Floor
from shipworthy.gateway.desk import Desk, Watch
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.endpoints import Endpoints
from shipworthy.gateway.entities import Budget, GatewayRecord
from shipworthy.gateway.errors import (
    BehaviourFailedError,
    GatewayError,
    LiveNotConfiguredError,
    SocketUnusableError,
    UpstreamFailedError,
)
from shipworthy.gateway.latency import Latency
from shipworthy.gateway.models import ServedModel, Shelf, live_names
from shipworthy.gateway.upstream import Upstream

_BACKLOG = 1024
_LONGEST_PATH = 107
_SECONDS_TO_STOP = 10.0


class Gateway:
    """Serves models to one submission, over one Unix socket, once.

    Everything that a client sees follows from the seed, the models and what the client sends. As a context manager it
    stops at the end of the block; `stop` may be called before. Models that are live answer through `live`, the
    operator's endpoint. Raises `LiveNotConfiguredError` where it names none for one of them.
    """

    def __init__(
        self,
        models: Sequence[ServedModel],
        *,
        seed: int,
        budget: Budget | None = None,
        latency: Latency | None = None,
        bounds: Bounds | None = None,
        live: LiveSettings | None = None,
        watch: Watch | None = None,
    ) -> None:
        self._upstream = _upstream(models, live)
        endpoints = Endpoints(Shelf(models), Draws(seed), latency or Latency(), self._upstream)
        self._desk = Desk(endpoints, budget or Budget(), watch)
        self._bounds = bounds or Bounds()
        self._thread: Thread | None = None
        self._server: _Server | None = None
        self._path = Path()
        self.port: int | None = None

    def start(self, path: Path, *, mode: int = 0o666, port: int | None = None) -> Self:
        """Listen at `path`, with these permissions; a sandbox lends only sockets that everybody may write to.

        With a `port`, listen there too, for programs of this machine alone; 0 takes any that is free. Raises
        `SocketUnusableError` for a path or port that is taken or cannot be used, `GatewayError` when the gateway was
        started before.
        """
        if self._thread:
            raise GatewayError("This gateway has been started before.", remedy="Make a new one for each run.")
        listeners = [_listener(path, mode)]
        self._path = path
        try:
            listeners += [] if port is None else [_local_listener(port)]
        except SocketUnusableError:
            listeners[0].close()
            path.unlink()
            raise
        self.port = None if port is None else int(listeners[-1].getsockname()[1])
        self._server = _Server(listeners, self._desk, self._bounds)
        self._thread = Thread(target=self._server.run, name="model-gateway", daemon=True)
        self._thread.start()
        self._server.ready.wait()
        return self

    def stop(self) -> GatewayRecord:
        """End every connection, remove the socket, and return the record of all calls; again the same when repeated.

        Raises `BehaviourFailedError` when a behaviour failed and `UpstreamFailedError` when an operator's endpoint did:
        what the submission then did is no evidence about it.
        """
        if self._server and self._thread:
            self._server.stop()
            self._thread.join(_SECONDS_TO_STOP)
            if self._upstream:
                self._upstream.close()
            self._path.unlink(missing_ok=True)
            if self._thread.is_alive():
                raise GatewayError("The gateway did not stop.")
        if self._desk.failure:
            raise self._desk.failure
        if self._server and self._server.failure:
            raise GatewayError(f"The gateway failed: {self._server.failure!r}.") from self._server.failure
        return self._desk.record()

    def record(self) -> GatewayRecord:
        """Return the calls so far, while the gateway goes on serving."""
        return self._desk.record()

    def spent(self) -> Spent:
        """Return what has been used of the budget so far."""
        return self._desk.spent()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(*([BehaviourFailedError, UpstreamFailedError] if error else [])):
            self.stop()


def _upstream(models: Sequence[ServedModel], live: LiveSettings | None) -> Upstream | None:
    names = live_names(models)
    if not names:
        return None
    lacking = [name for name in names if live is None or live.model_for(name) is None]
    if live is None or lacking:
        raise LiveNotConfiguredError(
            f"No live model is set for {', '.join(lacking)}, or the task's manifest does not name it in `live_models`.",
            remedy="Set SHIPWORTHY_LIVE_URL and SHIPWORTHY_LIVE_MODELS, and name the model in the manifest.",
        )
    return Upstream(live)


def _listener(path: Path, mode: int) -> socket.socket:
    if len(str(path).encode()) > _LONGEST_PATH:
        what = f"The socket's path has more than {_LONGEST_PATH} bytes: {path}."
        raise SocketUnusableError(what, remedy="Use a shorter folder, for example one under the temporary folder.")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))
        path.chmod(mode)
        listener.listen(_BACKLOG)
        listener.settimeout(0)
    except OSError as error:
        listener.close()
        raise SocketUnusableError(
            f"The gateway cannot listen at {path}: {error.strerror}.",
            remedy="Name a path where nothing is yet, in a folder that exists; remove a socket that was left behind.",
        ) from error
    return listener


def _local_listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(_BACKLOG)
        listener.settimeout(0)
    except (OSError, OverflowError) as error:
        listener.close()
        why = error.strerror if isinstance(error, OSError) else "there is no such port"
        raise SocketUnusableError(
            f"The gateway cannot listen at port {port}: {why}.", remedy="Name another port, or 0 for any that is free."
        ) from error
    return listener


class _Server:
    """The thread's side: accepts connections while few enough are open; others wait in the socket's backlog."""

    def __init__(self, listeners: Sequence[socket.socket], desk: Desk, bounds: Bounds) -> None:
        self._listeners, self._desk, self._bounds = listeners, desk, bounds
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._floor = Floor()
        self.ready = Event()
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Serve until `stop`, and leave nothing open."""
        try:
            with ExitStack() as stack, asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                for listener in self._listeners:
                    stack.enter_context(listener)
                runner.run(self._serve())
        except Exception as error:
            self.failure = error
        finally:
            self.ready.set()

    def stop(self) -> None:
        """End serving, from another thread."""
        self._floor.closing = True
        with suppress(RuntimeError):  # the loop has ended before
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def _serve(self) -> None:
        self._let_in()
        self.ready.set()
        await self._stopping.wait()
        self._keep_out()
        left = list(self._open)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _let_in(self) -> None:
        for listener in self._listeners:
            self._loop.add_reader(listener, self._accept, listener)

    def _keep_out(self) -> None:
        for listener in self._listeners:
            self._loop.remove_reader(listener)

    def _accept(self, listener: socket.socket) -> None:
        try:
            peer, _ = listener.accept()
        except OSError:  # the client has left again, or this process has too many files open: it will be asked again
            return
        peer.settimeout(0)
        task = self._loop.create_task(ClientConnection(peer, self._desk, self._bounds, self._floor).serve())
        self._open.add(task)
        task.add_done_callback(self._left)
        task.add_done_callback(lambda _: peer.close())
        self._floor.crowded = len(self._open) >= self._bounds.connections
        if self._floor.crowded:
            self._keep_out()

    def _left(self, task: "asyncio.Task[None]") -> None:
        self._open.discard(task)
        if self._floor.crowded and not self._floor.closing:
            self._floor.crowded = False
            self._let_in()
        if not task.cancelled() and task.exception():
            self.failure = self.failure or task.exception()
