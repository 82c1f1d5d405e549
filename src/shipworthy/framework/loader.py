"""Reads a framework file and refuses it as a whole, naming every fault at once."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from shipworthy.core.canonical import digest
from shipworthy.framework.entities import Competency, Framework, Method, RequirementLevel, RoleContext
from shipworthy.framework.errors import FrameworkFileError

BUILT_IN = Path(__file__).with_name("framework.toml")

_TOP_KEYS = ("version", "title", "role_contexts", "methods", "competencies")
_ENTRY_KEYS = ("id", "title", "description")
_ID = re.compile(r"[a-z][a-z0-9_]*")

Table = Mapping[str, object]


def load_framework(path: Path | None = None) -> Framework:
    """Read the framework at `path`, or the one that comes with Shipworthy.

    Raises `FrameworkFileError` with every fault of the file.
    """
    return _built_in() if path is None else _read(path)


@cache
def _built_in() -> Framework:
    return _read(BUILT_IN)


def _read(path: Path) -> Framework:
    try:
        content = path.read_bytes()
        document = tomllib.loads(content.decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FrameworkFileError(path, (f"cannot be read: {error}",)) from error
    faults: list[str] = []
    framework = _build(document, digest(content), faults)
    if faults:
        raise FrameworkFileError(path, tuple(faults))
    return framework


def _build(document: Table, file_digest: str, faults: list[str]) -> Framework:
    _check_keys("the file", document, _TOP_KEYS, faults)
    contexts = _entries(document, "role_contexts", _ENTRY_KEYS, faults)
    methods = _entries(document, "methods", _ENTRY_KEYS, faults)
    competencies = _entries(document, "competencies", (*_ENTRY_KEYS, "requirements"), faults)
    context_ids = tuple(str(entry.get("id")) for entry in contexts)
    levels: dict[tuple[str, str], RequirementLevel] = {}
    for entry in competencies:
        levels.update(_levels(entry, context_ids, faults))
    required = {context for (context, _), level in levels.items() if level is RequirementLevel.REQUIRED}
    faults.extend(f"role_contexts {name}: no competency is required" for name in context_ids if name not in required)
    return Framework(
        version=_text("the file", document, "version", faults),
        title=_text("the file", document, "title", faults),
        digest=file_digest,
        role_contexts=tuple(RoleContext(*_words(entry)) for entry in contexts),
        methods=tuple(Method(*_words(entry)) for entry in methods),
        competencies=tuple(Competency(*_words(entry)) for entry in competencies),
        requirements=MappingProxyType(levels),
    )


def _entries(document: Table, key: str, keys: tuple[str, ...], faults: list[str]) -> list[Table]:
    found = document.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(entry, dict) for entry in found):
        faults.append(f"{key}: must be a list of at least one table")
        return []
    for position, entry in enumerate(found, start=1):
        _check_entry(f"{key} {entry.get('id', position)!s}", entry, keys, faults)
    _check_unique(key, [str(entry.get("id")) for entry in found], faults)
    return found


def _check_entry(where: str, entry: Table, keys: tuple[str, ...], faults: list[str]) -> None:
    _check_keys(where, entry, keys, faults)
    identity, _, _ = (_text(where, entry, key, faults) for key in _ENTRY_KEYS)
    if identity and not _ID.fullmatch(identity):
        faults.append(f"{where}: id must be lower-case letters, digits and underscores, beginning with a letter")


def _check_keys(where: str, table: Table, keys: tuple[str, ...], faults: list[str]) -> None:
    faults.extend(f"{where}: unknown key {key!r}" for key in table if key not in keys)


def _check_unique(key: str, ids: list[str], faults: list[str]) -> None:
    repeated = sorted({identity for identity in ids if ids.count(identity) > 1})
    faults.extend(f"{key}: the id {identity!r} is used more than once" for identity in repeated)


def _text(where: str, table: Table, key: str, faults: list[str]) -> str:
    value = table.get(key)
    if isinstance(value, str) and value.strip():
        return value
    faults.append(f"{where}: {key} must be a text that is not blank")
    return ""


def _levels(entry: Table, context_ids: tuple[str, ...], faults: list[str]) -> dict[tuple[str, str], RequirementLevel]:
    identity = str(entry.get("id"))
    found = entry.get("requirements")
    if not isinstance(found, dict):
        faults.append(f"competencies {identity}: requirements must name a level for every role context")
        return {}
    _check_contexts(identity, found, context_ids, faults)
    return {
        (context, identity): RequirementLevel(level)
        for context, level in found.items()
        if _is_level(f"competencies {identity}: requirement for {context}", level, faults)
    }


def _check_contexts(identity: str, found: Table, context_ids: tuple[str, ...], faults: list[str]) -> None:
    missing = [context for context in context_ids if context not in found]
    unknown = [context for context in found if context not in context_ids]
    faults.extend(f"competencies {identity}: no requirement for role context {context!r}" for context in missing)
    faults.extend(f"competencies {identity}: unknown role context {context!r}" for context in unknown)


def _is_level(where: str, level: object, faults: list[str]) -> bool:
    known = [entry.value for entry in RequirementLevel]
    if level in known:
        return True
    faults.append(f"{where} must be one of {', '.join(known)}, not {level!r}")
    return False


def _words(entry: Table) -> tuple[str, str, str]:
    return str(entry.get("id")), str(entry.get("title")), str(entry.get("description"))
