"""Serving a task's public models outside a check, so that a candidate can try a program against them."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from shipworthy.core.canonical import canonical_bytes
from shipworthy.core.live_settings import LiveSettings
from shipworthy.grading.errors import NoModelsError, PlaceUnusableError, PublicModelsError
from shipworthy.grading.judging import plain_environment
from shipworthy.tasks.entities import Task

MODELS_PROGRAM = "public/models.py"
_SECONDS_TO_END = 15.0


@dataclass(frozen=True)
class TryOrder:
    """Which models to serve, and where: of the task in `task_folder`, for one variant, at a socket and perhaps a port.

    `seed` decides every chance of the models. `live` is the operator's endpoint for live ones; an order goes to the
    serving process over a pipe and is never written down.
    """

    task_folder: str
    variant: int
    seed: int
    socket: str
    port: int | None = None
    live: LiveSettings | None = None

    def spelled(self) -> bytes:
        """Spell the order as one line."""
        return canonical_bytes(asdict(self)) + b"\n"


def read_try_order(line: bytes) -> TryOrder:
    """Read what `TryOrder.spelled` wrote."""
    values = json.loads(line)
    return TryOrder(**{**values, "live": LiveSettings(**values["live"]) if values["live"] else None})


@dataclass(frozen=True)
class SeenCall:
    """One call as a candidate may see it: nothing of why the model said something.

    `fault` is what went wrong on the way, as the client met it; cost is in micro-dollars.
    """

    path: str
    model: str
    status: int
    fault: str
    prompt_tokens: int
    completion_tokens: int
    cost: int


@dataclass(frozen=True)
class ServedModels:
    """Models that are being served: their names, where, and their calls as they come, until `stop`."""

    names: tuple[str, ...]
    socket: Path
    port: int | None
    events: IO[bytes]
    process: "subprocess.Popen[bytes]"

    def calls(self) -> Iterator[SeenCall]:
        """Yield every call when it was answered; ends when serving does. Raises `PublicModelsError`."""
        for event in map(json.loads, self.events):
            if event["event"] == "call":
                yield SeenCall(**{name: value for name, value in event.items() if name != "event"})
            elif event["event"] == "fault":
                raise _fault(event)

    def stop(self) -> None:
        """End serving; calls that were not looked at yet can still be."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()


def has_public_models(task: Task) -> bool:
    """Tell whether a task has models that candidates can try."""
    return (task.folder / MODELS_PROGRAM).is_file()


def require_public_models(task: Task) -> None:
    """Raise `NoModelsError` for a task without models to try."""
    if not has_public_models(task):
        raise NoModelsError(
            f"{task.manifest.title} ({task.manifest.id}) has no model to try.",
            remedy="Its public checks show how far you are: shipworthy check FOLDER",
        )


@contextmanager
def served_models(order: TryOrder) -> Iterator[ServedModels]:
    """Serve a task's public models in a process of its own until the block ends; it never outlives this one.

    Raises `PlaceUnusableError` for a path or port that cannot be used, `PublicModelsError` when the task's code fails.
    """
    argv = [sys.executable, "-P", "-s", "-m", "shipworthy.grading.model_process"]
    process = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=plain_environment(), start_new_session=True
    )
    assert process.stdin is not None  # noqa: S101 - it was asked for above
    assert process.stdout is not None  # noqa: S101
    with process.stdout as events:
        try:
            process.stdin.write(order.spelled())
            process.stdin.flush()
            yield _ready(order, events, process)
        finally:
            process.stdin.close()
            _end(process)


def _ready(order: TryOrder, events: IO[bytes], process: "subprocess.Popen[bytes]") -> ServedModels:
    line = events.readline()
    if not line:
        raise PublicModelsError("The process that serves the models ended at once.", remedy="Try again.")
    event = json.loads(line)
    if event["event"] == "fault":
        raise _fault(event)
    return ServedModels(tuple(event["models"]), Path(order.socket), event["port"], events, process)


def _fault(event: Mapping[str, Any]) -> PublicModelsError | PlaceUnusableError:
    kinds: Mapping[str, Callable[..., PublicModelsError | PlaceUnusableError]] = {"place": PlaceUnusableError}
    return kinds.get(str(event["kind"]), PublicModelsError)(str(event["what"]), remedy=str(event["remedy"]))


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
