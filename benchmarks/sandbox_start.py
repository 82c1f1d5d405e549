"""What a sandbox adds to the start of an interpreter: bare and sandboxed starts, alternately, in one run.

The bar is at most 15 ms added. Usage: python benchmarks/sandbox_start.py [--runs N] [--json]
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from shipworthy.sandbox.bubblewrap import CGROUP_LAYERS, BubblewrapSandbox
from shipworthy.sandbox.entities import RunRequest, RunStatus, RuntimeFolder

BAR_MILLISECONDS = 15.0
_PROGRAM = ("-I", "-S", "-c", "pass")
_SYSTEM = RuntimeFolder(Path("/usr"), "bin/python3", "system")


def _milliseconds(action: Callable[[], None]) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1000


def _bare() -> None:
    """Start the interpreter as a judge without a sandbox would: pipes, no environment."""
    subprocess.run(["/usr/bin/python3", *_PROGRAM], env={}, capture_output=True, check=True)


def _measure(runs: int) -> dict[str, float | int | str]:
    missing = frozenset() if os.geteuid() == 0 else frozenset(CGROUP_LAYERS)
    bare, sandboxed = [], []
    with tempfile.TemporaryDirectory() as folder, BubblewrapSandbox(Path(folder), allowed_missing=missing) as sandbox:
        request = RunRequest(_SYSTEM, ("python", *_PROGRAM))
        first = _milliseconds(lambda: _expect_success(sandbox, request))
        for _ in range(runs):
            bare.append(_milliseconds(_bare))
            sandboxed.append(_milliseconds(lambda: _expect_success(sandbox, request)))
    return _figures(bare, sandboxed, first)


def _expect_success(sandbox: BubblewrapSandbox, request: RunRequest) -> None:
    result = sandbox.run(request)
    if result.status is not RunStatus.EXITED or result.exit_code != 0:
        raise SystemExit(f"The sandboxed interpreter failed: {result}")


def _figures(bare: list[float], sandboxed: list[float], first: float) -> dict[str, float | int | str]:
    plain, within = statistics.median(bare), statistics.median(sandboxed)
    added = statistics.median(b - a for a, b in zip(bare, sandboxed, strict=True))
    return {
        "user": "root" if os.geteuid() == 0 else "ordinary",
        "runs": len(bare),
        "bare_ms": round(plain, 2),
        "sandboxed_ms": round(within, 2),
        "added_ms": round(added, 2),
        "ratio": round(within / plain, 2),
        "first_run_ms": round(first, 2),
        "bar_ms": BAR_MILLISECONDS,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    figures = _measure(chosen.runs)
    if chosen.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:14} {value}")
    kept = float(figures["added_ms"]) <= BAR_MILLISECONDS
    print(f"The bar of {BAR_MILLISECONDS:g} ms added is {'kept' if kept else 'not kept'}.")


if __name__ == "__main__":
    main()
