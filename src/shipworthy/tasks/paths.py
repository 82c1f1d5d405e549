"""Which relative paths are safe to write, and which of them a glob pattern means."""

import fnmatch
import re
from collections.abc import Sequence

MAX_PATH = 1024
MAX_SEGMENT = 255
MAX_DEPTH = 32
_DRIVE = re.compile(r"[A-Za-z]:")


def path_fault(path: str) -> str | None:
    """Say what is wrong with a relative path that is about to be written, or `None` when it is safe.

    A safe path names a file below the folder it is joined to, whatever the system makes of dots, slashes,
    backslashes and drives, and can be shown on one line.
    """
    segments = path.split("/")
    checks = (
        (not path, "is empty"),
        (not _is_text(path), "is not valid text"),
        (any(not character.isprintable() for character in path), "holds a control character"),
        ("\\" in path, "holds a backslash"),
        (path.startswith("/") or bool(_DRIVE.match(path)), "is absolute"),
        (".." in segments, "leads out of the folder"),
        ("" in segments or "." in segments, "is not in its simplest form"),
        (len(segments) > MAX_DEPTH, "is nested too deep"),
        (_length(path) > MAX_PATH or any(_length(part) > MAX_SEGMENT for part in segments), "is too long"),
    )
    return next((fault for found, fault in checks if found), None)


def matches(pattern: str, path: str) -> bool:
    """Say whether a glob pattern means the path.

    `*`, `?` and `[...]` stay within one segment, `**` stands for any number of segments. As in a shell, a wildcard
    does not mean names that start with a dot, nor `__pycache__`.
    """
    return _match(pattern.split("/"), path.split("/"))


def matches_any(patterns: Sequence[str], path: str) -> bool:
    """Say whether any of the patterns means the path."""
    return any(matches(pattern, path) for pattern in patterns)


def reaches_below(patterns: Sequence[str], folder: str) -> bool:
    """Say whether any pattern could mean a file somewhere below `folder`."""
    return any(_reach(pattern.split("/"), folder.split("/")) for pattern in patterns)


def _match(pattern: Sequence[str], path: Sequence[str]) -> bool:
    if not pattern:
        return not path
    if pattern == ["**"]:
        return bool(path) and not any(_is_hidden(segment) for segment in path)
    if pattern[0] == "**":
        return _match(pattern[1:], path) or (bool(path) and not _is_hidden(path[0]) and _match(pattern, path[1:]))
    return bool(path) and _segment_matches(pattern[0], path[0]) and _match(pattern[1:], path[1:])


def _reach(pattern: Sequence[str], folder: Sequence[str]) -> bool:
    if not folder:
        return bool(pattern)
    if not pattern:
        return False
    if pattern[0] == "**":
        return _reach(pattern[1:], folder) or (not _is_hidden(folder[0]) and _reach(pattern, folder[1:]))
    return len(pattern) > 1 and _segment_matches(pattern[0], folder[0]) and _reach(pattern[1:], folder[1:])


def _segment_matches(pattern: str, segment: str) -> bool:
    if pattern == segment:
        return True
    if _is_hidden(segment) and not pattern.startswith("."):
        return False
    return fnmatch.fnmatchcase(segment, pattern)


def _is_hidden(segment: str) -> bool:
    return segment.startswith(".") or segment == "__pycache__"


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
