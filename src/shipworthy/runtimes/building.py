"""Builds runtimes into the data folder, finds built ones, and removes those that nothing uses any more."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.runtimes.definitions import known_runtimes, load_definition, satisfies
from shipworthy.runtimes.entities import BuiltRuntime, Interpreter, RuntimeDefinition
from shipworthy.runtimes.errors import RuntimeBuildError, RuntimeNotBuiltError
from shipworthy.runtimes.identity import RECORD, digest_of_folder
from shipworthy.runtimes.interpreter import copy_interpreter, probe
from shipworthy.runtimes.packages import compile_sources, install_packages
from shipworthy.runtimes.proof import prove

Progress = Callable[[str], None]
PYTHON = "bin/python3"
_UNFINISHED = ".building-"


def find(runtime_id: str, data_folder: Path, *, definitions: Path | None = None) -> BuiltRuntime:
    """Return the built runtime of the present definition.

    Raises `RuntimeNotBuiltError` when it has not been built, or only from an older lock.
    """
    definition = load_definition(runtime_id, definitions)
    built = _read(definition, data_folder)
    if built is None:
        raise RuntimeNotBuiltError(
            f"The runtime {runtime_id!r} has not been built in {data_folder}.",
            remedy=f"Run: shipworthy runtime build {runtime_id}",
        )
    return built


def build(
    runtime_id: str,
    data_folder: Path,
    progress: Progress = lambda _sentence: None,
    *,
    interpreter: Path | None = None,
    definitions: Path | None = None,
) -> BuiltRuntime:
    """Build the runtime unless it is there already, and return it.

    The folder appears whole or not at all, also when several builds run at once or one is killed. `progress` is told
    each step as a sentence. Raises `RuntimeBuildError`.
    """
    definition = load_definition(runtime_id, definitions)
    ready = _read(definition, data_folder)
    if ready is not None:
        return ready
    home = _open_home(definition.id, data_folder)
    with _lock(home):
        ready = _read(definition, data_folder)
        if ready is not None:
            return ready
        _clear_unfinished(home)
        return _build_in(home, definition, _suitable(definition, interpreter), progress)


def unused(data_folder: Path, *, definitions: Path | None = None) -> tuple[Path, ...]:
    """Return folders of built runtimes whose definition has changed or is gone; the present ones are not among them."""
    present = {
        data_folder / "runtimes" / name / load_definition(name, definitions).lock_digest
        for name in known_runtimes(definitions)
    }
    folders = (data_folder / "runtimes").glob("*/[!.]*")
    return tuple(sorted(folder for folder in folders if folder.is_dir() and folder not in present))


def remove_unused(data_folder: Path, *, definitions: Path | None = None) -> tuple[Path, ...]:
    """Remove the runtimes that `unused` names, and return their folders."""
    folders = unused(data_folder, definitions=definitions)
    for folder in folders:
        with _lock(folder.parent):
            _remove(folder)
    return folders


def intact(built: BuiltRuntime) -> bool:
    """Say whether the folder still holds exactly what was built; reads every file."""
    return digest_of_folder(built.root)[0] == built.digest


def _suitable(definition: RuntimeDefinition, executable: Path | None) -> Interpreter:
    interpreter = probe(executable)
    if not satisfies(interpreter.version, definition.python):
        raise RuntimeBuildError(
            f"The runtime {definition.id!r} needs Python {definition.python}, not {interpreter.version}.",
            remedy="Run Shipworthy with such a Python: make clean, then make PYTHON=... .",
        )
    return interpreter


def _build_in(home: Path, definition: RuntimeDefinition, interpreter: Interpreter, progress: Progress) -> BuiltRuntime:
    root = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=home)).resolve()
    try:
        python = _fill(root, definition, interpreter, progress)
        progress("Proving that it is self-contained ...")
        prove(definition, root, python)
        _record(root, definition, interpreter)
        _protect(root)
        return _publish(root, home, definition)
    except BaseException:
        _remove(root)
        raise


def _fill(root: Path, definition: RuntimeDefinition, interpreter: Interpreter, progress: Progress) -> Path:
    progress(f"Copying Python {interpreter.version} from {interpreter.prefix} ...")
    python = copy_interpreter(interpreter, root)
    progress("Installing the locked packages ...")
    install_packages(definition, root, python)
    progress("Compiling ...")
    compile_sources(root, python)
    return python


def _record(root: Path, definition: RuntimeDefinition, interpreter: Interpreter) -> None:
    whole, size = digest_of_folder(root)
    told: dict[str, JSONValue] = {
        "id": definition.id,
        "lock_digest": definition.lock_digest,
        "digest": whole,
        "python_version": interpreter.version,
        "size_bytes": size,
    }
    (root / RECORD).write_bytes(canonical_bytes(told))


def _publish(root: Path, home: Path, definition: RuntimeDefinition) -> BuiltRuntime:
    final = home / definition.lock_digest
    if final.exists():
        _remove(final)
    root.rename(final)
    built = _read(definition, home.parent.parent)
    if built is None:
        raise RuntimeBuildError(f"{final} vanished while it was built.", remedy="Build again.")
    return built


def _read(definition: RuntimeDefinition, data_folder: Path) -> BuiltRuntime | None:
    root = data_folder / "runtimes" / definition.id / definition.lock_digest
    try:
        told = json.loads((root / RECORD).read_bytes())
        return BuiltRuntime(
            id=definition.id,
            root=root,
            python=PYTHON,
            digest=str(told["digest"]),
            lock_digest=definition.lock_digest,
            python_version=str(told["python_version"]),
            size_bytes=int(told["size_bytes"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _open_home(runtime_id: str, data_folder: Path) -> Path:
    """Make the runtime's folder; others may enter what is made, whatever the caller's umask says."""
    home = data_folder / "runtimes" / runtime_id
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    try:
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
    except OSError as fault:
        raise RuntimeBuildError(
            f"{home} cannot be made: {fault.strerror}.", remedy="Set SHIPWORTHY_DATA to a folder that you can write."
        ) from fault
    return home


@contextmanager
def _lock(home: Path) -> Iterator[None]:
    with (home / ".lock").open("w") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield


def _clear_unfinished(home: Path) -> None:
    for folder in home.glob(_UNFINISHED + "*"):
        _remove(folder)


def _protect(root: Path) -> None:
    """Let everybody read and nobody write."""
    for folder, _folders, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o555 if path.stat().st_mode & 0o100 else 0o444)
        Path(folder).chmod(0o555)


def _remove(root: Path) -> None:
    for folder, _folders, _names in os.walk(root):
        Path(folder).chmod(0o755)
    shutil.rmtree(root, ignore_errors=True)
