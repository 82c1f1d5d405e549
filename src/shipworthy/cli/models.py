"""The command that serves a task's public models to whoever tries a program."""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from rich.markup import escape

from shipworthy import bootstrap
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import errors, screen
from shipworthy.cli.workspaces import known_seed
from shipworthy.core import clock
from shipworthy.core.held_folder import held_folder
from shipworthy.core.settings import read_settings
from shipworthy.grading.public_models import (
    SeenCall,
    ServedModels,
    TryOrder,
    require_public_models,
    served_models,
)
from shipworthy.tasks.workspaces import read_note

USUAL_SEED = 1


def serve_models(folder: Path, *, seed: int = USUAL_SEED, socket: Path | None = None, port: int | None = None) -> int:
    """Serve a task's public models until you press Ctrl-C, so that you can try your program against them.

    They are the models of the public checks, not those of the judge. Every call is shown when it was answered.

    Example: `shipworthy model serve work/ada`

    Parameters
    ----------
    folder
        The workspace that `shipworthy start` wrote.
    seed
        Decides every chance of the models: the same seed and calls give the same answers.
    socket
        Where the Unix socket is made; in a folder of its own when it is not given.
    port
        Also serve on this port of this machine, for curl and editors; 0 takes a free one.
    """
    settings = read_settings()
    note = read_note(folder)
    task = bootstrap.open_catalogue(settings).load(note.task_id)
    require_public_models(task)
    live = bootstrap.live_settings(task.manifest.live_models)
    with ExitStack() as stack:
        place = socket.absolute() if socket else stack.enter_context(held_folder(settings.data_folder / "models")) / "s"
        order = TryOrder(str(task.folder), note.seed, known_seed(seed), str(place), port, live)
        served = stack.enter_context(served_models(order))
        with _ending(served):
            _show_start(served, live=bool(live))
            used = _watched(served)
        _show_summary(used)
    return ExitCode.DONE


def _show_start(served: ServedModels, *, live: bool) -> None:
    screen.print(f"[green]✓[/] Serving {escape(', '.join(served.names))}. Ctrl-C ends it. In another terminal:")
    screen.print(f"export MODEL_SOCKET={escape(str(served.socket))}", soft_wrap=True)
    screen.print("export OPENAI_BASE_URL=http://model/v1")
    screen.print("export OPENAI_API_KEY=not-needed")
    if served.port is not None:
        screen.print("For programs that know no Unix socket, instead:")
        screen.print(f"export OPENAI_BASE_URL=http://127.0.0.1:{served.port}/v1")
    if live:
        errors.print("[yellow]A live model answers:[/] every call goes to your endpoint and may cost money.")


def _watched(served: ServedModels) -> Counter[str]:
    """Show every call until an interruption, those that were answered by then too; return what was used."""
    used: Counter[str] = Counter()
    for call in served.calls():
        used.update(calls=1, tokens=call.prompt_tokens + call.completion_tokens, cost=call.cost)
        _show_call(call)
    return used


@contextmanager
def _ending(served: ServedModels) -> Iterator[None]:
    """Let the first Ctrl-C, or the first request to end, only stop the serving; another one is as hard as ever."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def end(_number: int, _frame: FrameType | None) -> None:
        restore()
        served.stop()

    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        restore()


def _show_call(call: SeenCall) -> None:
    tone = "green" if call.status < 400 and not call.fault else "yellow"
    outcome = f"{call.status} {call.fault}".strip()
    screen.print(
        f"[dim]{clock.now().astimezone():%H:%M:%S}[/] {escape(call.path)} {escape(call.model)} [{tone}]{outcome}[/] "
        f"{call.prompt_tokens} + {call.completion_tokens} tokens ${call.cost / 1e6:.6f}",
        soft_wrap=True,
    )


def _show_summary(used: Counter[str]) -> None:
    screen.print(f"Ended. {used['calls']} calls, {used['tokens']} tokens, ${used['cost'] / 1e6:.6f}.")
