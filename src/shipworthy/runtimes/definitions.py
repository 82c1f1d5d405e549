"""Reads the definitions of runtimes: `runtimes/<id>/runtime.toml` and the locked `requirements.txt` beside it."""

import difflib
import hashlib
import re
import tomllib
from pathlib import Path

from shipworthy.runtimes.entities import RuntimeDefinition
from shipworthy.runtimes.errors import UnknownRuntimeError, UnsoundRuntimeError

RECIPE = b"1"
"""Raise this when the way of building changes, so that runtimes built the old way are built anew."""

_TEXTS = ("id", "title", "python")
_LISTS = ("imports", "leave_out")
_CONSTRAINT = re.compile(r"\s*(>=|<=|==|<|>)\s*(\d+(?:\.\d+)*)\s*")


def definitions_folder() -> Path:
    """Return where definitions lie: in the installed package, else in the checkout that the package runs from."""
    packaged = Path(__file__).parent / "definitions"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "runtimes"


def known_runtimes(folder: Path | None = None) -> tuple[str, ...]:
    """Return the ids of all defined runtimes, sorted."""
    return tuple(sorted(path.parent.name for path in (folder or definitions_folder()).glob("*/runtime.toml")))


def load_definition(runtime_id: str, folder: Path | None = None) -> RuntimeDefinition:
    """Read one runtime's definition.

    Raises `UnknownRuntimeError` when there is none of that id, `UnsoundRuntimeError` when it is faulty.
    """
    known = known_runtimes(folder)
    if runtime_id not in known:
        raise UnknownRuntimeError(f"There is no runtime {runtime_id!r}.", remedy=_suggestion(runtime_id, known))
    home = (folder or definitions_folder()) / runtime_id
    content = (home / "runtime.toml").read_bytes()
    values = _checked(content, home)
    requirements = home / "requirements.txt"
    if not requirements.is_file():
        raise UnsoundRuntimeError(
            f"The runtime {runtime_id!r} has no requirements.txt.", remedy="Lock its packages with make lock."
        )
    return RuntimeDefinition(
        id=str(values["id"]),
        title=str(values["title"]),
        python=str(values["python"]),
        imports=_texts(values["imports"]),
        leave_out=_texts(values["leave_out"]),
        requirements=requirements,
        lock_digest=hashlib.sha256(b"\0".join((RECIPE, content, requirements.read_bytes()))).hexdigest(),
    )


def satisfies(version: str, constraint: str) -> bool:
    """Say whether `version` (such as `3.11.7`) meets a comma-separated `constraint` (such as `>=3.11,<3.14`)."""
    have = _numbers(version)
    return all(_meets(have, *match.groups()) for match in map(_CONSTRAINT.fullmatch, constraint.split(",")) if match)


def _meets(have: tuple[int, ...], sign: str, bound: str) -> bool:
    want = _numbers(bound)
    have = have[: len(want)] if sign in {"==", "<=", ">"} else have
    return {"==": have == want, ">=": have >= want, "<=": have <= want, "<": have < want, ">": have > want}[sign]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _suggestion(runtime_id: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(runtime_id, known, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Choose one of: {', '.join(known) or 'none is defined'}."


def _checked(content: bytes, home: Path) -> dict[str, object]:
    try:
        values: dict[str, object] = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise UnsoundRuntimeError(f"{home.name}/runtime.toml cannot be read: {fault}.") from fault
    faults = [f"the key {key!r} is unknown" for key in values if key not in _TEXTS + _LISTS]
    faults += [f"{key!r} must be a text" for key in _TEXTS if not isinstance(values.get(key), str)]
    faults += [f"{key!r} must be a list of texts" for key in _LISTS if not _is_texts(values.get(key))]
    faults += _more_faults(values, home) if not faults else []
    if faults:
        raise UnsoundRuntimeError(f"{home.name}/runtime.toml is faulty: {'; '.join(faults)}.", remedy="Correct it.")
    return values


def _more_faults(values: dict[str, object], home: Path) -> list[str]:
    faults = []
    if values["id"] != home.name:
        faults.append(f"the id {values['id']!r} differs from the folder's name")
    if not all(_CONSTRAINT.fullmatch(part) for part in str(values["python"]).split(",")):
        faults.append(f"'python' is no constraint: {values['python']!r}")
    return faults


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(entry) for entry in value) if isinstance(value, list) else ()
