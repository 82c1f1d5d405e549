"""Proves that a built folder is self-contained: every import works, and nothing is loaded from elsewhere."""

import json
import subprocess
from pathlib import Path

from shipworthy.runtimes.entities import RuntimeDefinition
from shipworthy.runtimes.errors import RuntimeBuildError
from shipworthy.runtimes.libraries import SYSTEM_FOLDERS

_PROGRAM = """
import importlib, json, os, sys
failed = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except BaseException as fault:
        failed[name] = f"{type(fault).__name__}: {fault}"
with open("/proc/self/maps") as maps:
    mapped = {line.split(maxsplit=5)[5].strip() for line in maps if ".so" in line or "python" in line}
files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
print(json.dumps({"failed": failed, "mapped": sorted(mapped), "files": [f for f in files if f], "path": sys.path}))
"""


def prove(definition: RuntimeDefinition, root: Path, python: Path) -> None:
    """Import everything that the runtime promises, in an empty environment.

    Raises `RuntimeBuildError` when an import fails, or when a module or shared library came from outside.
    """
    argv = [str(python), "-I", "-B", "-c", _PROGRAM, *definition.imports]
    ended = subprocess.run(argv, capture_output=True, check=False, env={}, cwd="/", timeout=600)
    if ended.returncode:
        words = ended.stderr.decode("utf-8", "replace")[-500:]
        raise RuntimeBuildError(f"The copied interpreter does not start: {words}", remedy="Build with another Python.")
    told = json.loads(ended.stdout.splitlines()[-1])
    faults = [f"import {name}: {reason}" for name, reason in told["failed"].items()]
    faults += [f"{path} is outside the runtime" for path in _outside(told, root)]
    if faults:
        raise RuntimeBuildError(
            "The built runtime does not hold: " + "; ".join(faults[:8]) + ".", remedy="Build with another Python."
        )


def _outside(told: dict[str, list[str]], root: Path) -> list[str]:
    inside = str(root) + "/"
    own_libpython = any((root / "lib").glob("libpython*"))
    strange = [path for path in told["files"] + told["path"] if path and not path.startswith(inside)]
    for path in told["mapped"]:
        forgotten = own_libpython and Path(path).name.startswith("libpython")
        if not path.startswith(inside) and (forgotten or not path.startswith(SYSTEM_FOLDERS)):
            strange.append(path)
    return [path for path in strange if path != "[heap]"]
