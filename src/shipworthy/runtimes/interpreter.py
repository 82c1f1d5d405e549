"""Finds an installed Python and copies it, without its packages, into a folder that works wherever it is mounted."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from shipworthy.runtimes.entities import Interpreter
from shipworthy.runtimes.errors import RuntimeBuildError
from shipworthy.runtimes.libraries import gather_libraries

_PROBE = (
    "import json, os, platform, sys, sysconfig; print(json.dumps({"
    "'binary': os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable), 'prefix': sys.base_prefix, "
    "'library': os.path.dirname(os.path.realpath(os.__file__)), 'version': platform.python_version()}))"
)
_LEFT_OUT = shutil.ignore_patterns(
    "site-packages", "dist-packages", "__pycache__", "test", "tests", "idlelib", "ensurepip", "tkinter", "turtledemo",
    "turtle.py", "lib2to3", "config-*", "_tkinter.*", "_test*.so", "_ctypes_test*", "xxlimited*", "_xxtestfuzz*",
    "EXTERNALLY-MANAGED", "sitecustomize.py", "usercustomize.py",
)  # fmt: skip


def probe(executable: Path | None = None) -> Interpreter:
    """Return the interpreter behind `executable`, or behind the running program when none is named.

    Virtual environments and shims lead to the real installation. Raises `RuntimeBuildError` when it does not run.
    """
    program = sys.executable if executable is None else str(executable)
    try:
        asked = subprocess.run([program, "-I", "-c", _PROBE], capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as fault:
        raise RuntimeBuildError(f"{program} is no Python that runs.", remedy="Name another interpreter.") from fault
    told = json.loads(asked.stdout)
    return Interpreter(
        binary=Path(told["binary"]),
        prefix=Path(told["prefix"]),
        standard_library=Path(told["library"]),
        version=str(told["version"]),
    )


def copy_interpreter(interpreter: Interpreter, root: Path) -> Path:
    """Copy binary, standard library and the shared libraries that a system does not have; return the new binary."""
    python = root / "bin" / "python3"
    python.parent.mkdir(parents=True)
    shutil.copy2(interpreter.binary, python)
    python.chmod(0o755)
    (python.parent / "python").symlink_to("python3")
    library = root / _library_place(interpreter)
    shutil.copytree(interpreter.standard_library, library, ignore=_LEFT_OUT)
    gather_libraries(root, [(interpreter.binary, python), *_extension_modules(interpreter, library)])
    return python


def _library_place(interpreter: Interpreter) -> Path:
    """Return where the standard library lies relative to the prefix: `lib/python3.11`, on some systems `lib64/...`."""
    try:
        return interpreter.standard_library.relative_to(interpreter.prefix.resolve())
    except ValueError:
        return Path("lib") / f"python{interpreter.minor}"


def _extension_modules(interpreter: Interpreter, library: Path) -> list[tuple[Path, Path]]:
    copies = sorted(library.rglob("*.so"))
    return [(interpreter.standard_library / copy.relative_to(library), copy) for copy in copies]
