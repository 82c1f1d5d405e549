"""The process in which a judge runs: it alone holds hidden data, and it talks to submissions only through a sandbox.

It carries out one order, writes events as JSON lines, and leaves the transcript in the order's folder. What the judge
prints goes to the log.
"""

import ctypes
import importlib.util
import os
import signal
import sys
import traceback
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.core.clock import monotonic
from shipworthy.gateway.errors import LiveNotConfiguredError, UpstreamFailedError
from shipworthy.grading.bench import Bench
from shipworthy.grading.entities import Observation
from shipworthy.grading.errors import BadAnswer
from shipworthy.grading.exchange import Exchange
from shipworthy.grading.junk import JunkPlayer
from shipworthy.grading.orders import PUBLIC_CHECK, SUBMISSION, Order
from shipworthy.grading.playing import Player
from shipworthy.grading.recording import Recorder
from shipworthy.grading.transcript import read_transcript, write_transcript
from shipworthy.sandbox.bubblewrap import BubblewrapSandbox
from shipworthy.sandbox.entities import RunRequest, RuntimeFolder
from shipworthy.sandbox.errors import SandboxError
from shipworthy.tasks.entities import Variant
from shipworthy.tasks.variant_spelling import read_variant, spell_variant
from shipworthy.tasks.variants import generate

PR_SET_PDEATHSIG = 1

Send = Callable[[Mapping[str, JSONValue]], None]


def carry_out(order: Order, events: int) -> None:
    """Carry out one order; `events` is the descriptor that events are written to."""

    def send(event: Mapping[str, JSONValue]) -> None:
        write_all(events, canonical_bytes(event) + b"\n")

    if order.replay:
        judge_recorded(order, send)
    else:
        judge_live(order, send)


def write_all(descriptor: int, content: bytes) -> None:
    """Write everything, however long it is."""
    while content:
        content = content[os.write(descriptor, content) :]


def die_with(parent: int) -> None:
    """End this process as soon as the one that started it is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("The process that ordered this judgement is gone.")


def judge_recorded(order: Order, send: Send) -> None:
    """Judge what was recorded, or junk in its place; nothing is run."""
    transcript = read_transcript(Path(order.folder))
    if order.junk:
        seconds = judge_timed(order, JunkPlayer(transcript, order.junk), send)
    else:
        player = Player(transcript)
        seconds = judge_timed(order, player, send, at_end=player.expect_end)
    send({"event": "done", "submission_seconds": 0.0, "judge_seconds": seconds, "runs": []})


def judge_live(order: Order, send: Send) -> None:
    """Judge a submission that runs in a sandbox, and leave the transcript."""
    sandbox = BubblewrapSandbox(Path(order.data_folder), allowed_missing=frozenset(order.allowed_missing))
    recorder = Recorder(
        sandbox,
        lambda request: send({"event": "run", "command": _shown(request)}),
        Path(order.data_folder),
        live=order.live,
        lent_live=lambda names: send({"event": "live", "models": list(names)}),
    )
    try:
        seconds = judge_timed(order, recorder, send)
    finally:
        sandbox.close()
        write_transcript(recorder.transcript, Path(order.folder))
    send(
        {
            "event": "done",
            "submission_seconds": recorder.submission_seconds,
            "judge_seconds": seconds - recorder.exchange_seconds,
            "runs": [asdict(cost) for cost in recorder.costs],
        }
    )


def _shown(request: RunRequest) -> str:
    return " ".join(request.argv)[:200]


def judge_timed(order: Order, exchange: Exchange, send: Send, *, at_end: Callable[[], None] | None = None) -> float:
    """Judge, report a fault of ours as an event, and return the seconds that it took."""
    started = monotonic()
    try:
        judge_with(order, exchange, send)
        if at_end:
            at_end()
    except (SandboxError, UpstreamFailedError, LiveNotConfiguredError) as error:
        send({"event": "fault", "what": f"{error.what} {error.remedy}".strip()})
    except Exception:
        send({"event": "fault", "what": traceback.format_exc(limit=-6)})
    return monotonic() - started


def judge_with(order: Order, exchange: Exchange, send: Send) -> None:
    """Generate the variant, then let the judge look at the submission."""
    task_folder = Path(order.task_folder)
    variant = variant_of(order)
    bench = Bench(
        variant=replace(variant, hidden={}) if order.judge == PUBLIC_CHECK else variant,
        submission=read_submission(Path(order.folder) / SUBMISSION),
        exchange=exchange,
        runtime=RuntimeFolder(Path(order.runtime_root), order.runtime_python, order.runtime_digest),
        limits=order.limits,
        check_ids=order.check_ids,
        report=lambda observation: send(_observation_event(observation)),
    )
    try:
        load_judge(task_folder / order.judge)(bench)
    except BadAnswer as answer:
        bench.fail_rest(str(answer))


def variant_of(order: Order) -> Variant:
    """Generate the variant, or read it where an earlier judge of the same variant left it."""
    if not order.variants:
        return generate(Path(order.task_folder), order.seed)
    kept = Path(order.variants) / f"{order.seed}.json"
    if kept.exists():
        return read_variant(kept.read_bytes())
    variant = generate(Path(order.task_folder), order.seed)
    partial = kept.with_suffix(f".{os.getpid()}")
    partial.write_bytes(spell_variant(variant))
    partial.replace(kept)
    return variant


def _observation_event(observation: Observation) -> dict[str, JSONValue]:
    return {"event": "observation", **asdict(observation)}


def load_judge(path: Path) -> Callable[[Bench], None]:
    """Import a judge's file and return its `judge` function."""
    spec = importlib.util.spec_from_file_location(f"shipworthy_judge_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    judge: Callable[[Bench], None] = module.judge
    return judge


def read_submission(path: Path) -> dict[str, bytes]:
    """Read the files of a submission that was packed by the product itself."""
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
