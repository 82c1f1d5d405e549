"""Proving a runtime from inside the sandbox, where candidates' programs will meet it."""

import json
from collections.abc import Sequence

from shipworthy.grading.errors import GradingError
from shipworthy.sandbox.entities import Limits, RunRequest, RuntimeFolder, Sandbox

PROBE = """
import importlib, json, ssl, sqlite3
print(json.dumps({name: getattr(importlib.import_module(name), "__version__", "") for name in NAMES}))
"""


def prove_imports(sandbox: Sandbox, runtime: RuntimeFolder, imports: Sequence[str]) -> dict[str, str]:
    """Import packages inside the sandbox and return their versions.

    Raises `GradingError` with the program's last words when one cannot be imported.
    """
    program = f"NAMES = {list(imports)!r}\n{PROBE}".encode()
    limits = Limits(cpu_seconds=120, wall_seconds=240)
    result = sandbox.run(RunRequest(runtime, ("python", "probe.py"), files={"probe.py": program}, limits=limits))
    if result.exit_code != 0:
        words = result.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GradingError(
            f"The runtime does not work inside the sandbox: {words[-1] if words else result.status.value}.",
            remedy="Remove its folder below the data folder's `runtimes`, then build it again.",
        )
    versions: dict[str, str] = json.loads(result.stdout)
    return versions
