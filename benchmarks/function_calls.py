"""What one call of a submission's function costs over JSON lines: through the sandbox and the kit, and over bare pipes.

Both sides decode and answer the same small question with the same interpreter, in turns, in one run.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

from shipworthy import bootstrap
from shipworthy.core.canonical import JSONValue
from shipworthy.core.settings import read_settings
from shipworthy.grading.recording import Recorder
from shipworthy.grading.workspace import Workspace
from shipworthy.sandbox.bubblewrap import BubblewrapSandbox
from shipworthy.sandbox.entities import Limits, RuntimeFolder

ECHO = b"def echo(value):\n    return value\n"
BARE = """
import json, sys
for line in sys.stdin:
    question = json.loads(line)
    print(json.dumps({"id": question["id"], "value": question["args"][0]}), flush=True)
"""
QUESTION: dict[str, JSONValue] = {"customer": "c-1042", "amounts": [12.5, 0.0, 99.75], "known": True}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--calls", type=int, default=3000)
    chosen = arguments.parse_args()
    figures = measure(chosen.calls)
    if chosen.json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        print(f"median of {chosen.calls} calls each, in turns")
        print(f"  through sandbox and kit {figures['kit_us']:7.1f} µs")
        print(f"  over bare pipes         {figures['bare_us']:7.1f} µs")
        print(f"  ratio                   {figures['ratio']:7.2f}")
    return 0


def measure(calls: int) -> dict[str, float]:
    """Return the medians in microseconds, and their ratio."""
    settings = read_settings()
    missing = [layer.layer for layer in bootstrap.known_layers(settings) if not layer.holds]
    setup = bootstrap.grading_setup(settings, "python-ml", missing)
    runtime = RuntimeFolder(setup.runtime_root, setup.runtime_python, setup.runtime_digest)
    limits = Limits(output_bytes=64 * 1024 * 1024)
    with BubblewrapSandbox(settings.data_folder, allowed_missing=frozenset(missing)) as sandbox:
        recorder = Recorder(sandbox, lambda _: None, settings.data_folder)
        workspace = Workspace({"echo.py": ECHO}, exchange=recorder, runtime=runtime, limits=limits)
        python = str(setup.runtime_root / setup.runtime_python)
        with workspace.calls("echo.py", "echo") as kit, bare_pipes(python) as bare:
            pairs = [(timed(lambda: kit.call(QUESTION)), timed(lambda: ask_bare(bare))) for _ in range(calls)]
            if bare.stdin:
                bare.stdin.close()
    kit_us, bare_us = (1e6 * statistics.median(times) for times in zip(*pairs, strict=True))
    return {"kit_us": kit_us, "bare_us": bare_us, "ratio": kit_us / bare_us}


def bare_pipes(python: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([python, "-c", BARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def ask_bare(process: "subprocess.Popen[bytes]") -> object:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the bare process has no pipes")
    process.stdin.write(json.dumps({"id": 1, "args": [QUESTION]}).encode() + b"\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def timed(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
