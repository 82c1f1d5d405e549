"""Generates variants: by running the task's own `variant.py`, in the judge's process or in one of its own.

The product's own process never imports authored code; it asks `generate_in_subprocess`.
"""

import os
import subprocess
import sys
import types
from collections.abc import Mapping
from pathlib import Path

from shipworthy.core.canonical import digest
from shipworthy.tasks.brief import BRIEF, unfilled_places
from shipworthy.tasks.entities import Finding, Variant
from shipworthy.tasks.errors import UnsoundVariantError
from shipworthy.tasks.fields import Inspection
from shipworthy.tasks.variant_rules import inspect_variant
from shipworthy.tasks.variant_spelling import read_variant

PROGRAM = "variant.py"
SECONDS = 120.0
_AUTHORED: set[Path] = set()
"""Folders of packages that this process has run programs of."""


def generate(task_folder: Path, seed: int) -> Variant:
    """Run `generate(seed)` of the task's variant.py in THIS process, and check what it returned.

    For the judge's process only. Raises `UnsoundVariantError`; what variant.py itself raises passes through.
    """
    variant = load_authored(task_folder / PROGRAM).generate(seed)
    _expect_sound(task_folder, seed, variant)
    return Variant(
        parameters=dict(variant.parameters),
        starter=dict(variant.starter),
        public=dict(variant.public),
        hidden=dict(variant.hidden),
    )


def generate_in_subprocess(task_folder: Path, seed: int, *, seconds: float = SECONDS) -> Variant:
    """Generate in a process of its own, with an empty environment, and return what it spelled out as data.

    Raises `UnsoundVariantError`, also when variant.py raises, ends early or takes longer than `seconds`.
    """
    try:
        return read_variant(run_authored("variant_process", task_folder, seed, seconds=seconds))
    except ValueError as fault:
        raise _unsound(task_folder, seed, "What it returned cannot be read.") from fault


def run_authored(process: str, task_folder: Path, seed: int, *, seconds: float = SECONDS) -> bytes:
    """Run a module of this package in a process of its own, where authored code may run; return what it spelled out.

    Raises `UnsoundVariantError` when it raises, ends early or takes longer than `seconds`.
    """
    argv = [sys.executable, "-P", "-s", "-m", f"shipworthy.tasks.{process}", str(task_folder), str(seed)]
    environment = {"PATH": os.defpath, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(argv, capture_output=True, check=False, timeout=seconds, env=environment)
    except subprocess.TimeoutExpired as fault:
        raise _unsound(task_folder, seed, f"It took longer than {seconds:g} seconds.") from fault
    if ended.returncode != 0:
        words = ended.stderr.decode("utf-8", "replace").strip()[-2000:]
        raise _unsound(task_folder, seed, words or f"It ended with exit code {ended.returncode}.")
    return ended.stdout


def load_authored(program: Path) -> types.ModuleType:
    """Run the program, where authored code may run, as a module of its own name, compiled from its source as it is.

    Modules that programs of other packages imported are forgotten first: packages name their sources alike.
    """
    _forget_other_packages(program.resolve().parent)
    module = types.ModuleType(f"shipworthy_variant_{digest(os.fsencode(program.resolve()))[:12]}")
    module.__file__ = str(program)
    sys.modules[module.__name__] = module
    exec(compile(program.read_bytes(), str(program), "exec"), module.__dict__)  # noqa: S102 (authored code is what this runs)
    return module


def _forget_other_packages(folder: Path) -> None:
    _AUTHORED.add(folder)
    others = [other for other in _AUTHORED if folder not in {other, *other.parents} and other not in folder.parents]
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and any(Path(file).is_relative_to(other) for other in others):
            del sys.modules[name]


def _expect_sound(task_folder: Path, seed: int, variant: object) -> None:
    inspection = Inspection()
    inspect_variant(variant, _package_files(task_folder), inspection)
    if isinstance(variant, Variant) and not inspection.findings:
        brief = (task_folder / BRIEF).read_text(encoding="utf-8") if (task_folder / BRIEF).is_file() else ""
        for name in unfilled_places(brief, variant.parameters):
            inspection.add(BRIEF, name, "No parameter fills this place.", "Add it to the variant's parameters.")
    if inspection.findings:
        raise UnsoundVariantError(task_folder.name, seed, inspection.findings)


def _package_files(task_folder: Path) -> Mapping[str, bytes]:
    """Return the package's own files that a candidate gets, by their path in the workspace."""
    return {**static_files(task_folder / "starter", ""), **static_files(task_folder / "public", "public/")}


def static_files(folder: Path, prefix: str) -> dict[str, bytes]:
    """Read all files below a folder of the package, their paths put behind `prefix`."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {prefix + path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _unsound(task_folder: Path, seed: int, fault: str) -> UnsoundVariantError:
    finding = Finding(PROGRAM, "generate", fault, "Run generate(seed) by hand to look closer.")
    return UnsoundVariantError(task_folder.name, seed, [finding])
