"""Logs: what happened, in fields that cannot hold personal data.

Only the fields named here are written, each in its own shape: ids, counts, routes with their placeholders, words of our
own. Whatever else is given is withheld, and so is what an exception or a library says, since both quote addresses, file
names and contents; where it happened is told instead.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, TextIO
from uuid import UUID

import structlog
from structlog.typing import FilteringBoundLogger

from shipworthy.core.errors import BadInputError

IDS = frozenset(
    {
        "accommodation", "assessment", "candidate", "delivery", "grading_job", "invitation", "letter", "organisation",
        "person", "request", "role", "session", "session_task", "submission", "token", "webhook", "worker",
    }
)  # fmt: skip
NUMBERS = frozenset(
    {
        "attempt", "bytes", "claim", "count", "event_number", "faults", "line", "seconds", "signal", "slots", "status",
        "waiting",
    }
)  # fmt: skip
WORDS = frozenset(
    {
        "cause", "digest", "fault", "kind", "library", "method", "outcome", "phase", "queue", "scope", "state", "tag",
        "task", "trace", "version", "why",
    }
)  # fmt: skip
ROUTES = frozenset({"route"})
FORMS = ("json", "text")
WITHHELD = "withheld"

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,79}|[0-9a-f]{12,64}|[0-9]+(\.[0-9a-z]+){0,4}")
_ROUTE = re.compile(r"/[a-z0-9_./{}:-]{0,160}")
_EVENT = re.compile(r"[a-z][a-z_.]{0,60}")
_MOST_PLACES = 12

log: FilteringBoundLogger = structlog.get_logger()
"""Where everything is logged: `log.info("grading.done", grading_job=job.id, seconds=3.2)`."""


def start_logs(form: str = "", stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Write logs to standard error, those of libraries too: as `json` lines, or as `text` for a person.

    Without a form it is text on a terminal and JSON elsewhere. Raises `BadInputError` for any other form.
    """
    if form not in ("", *FORMS):
        raise BadInputError(
            "SHIPWORTHY_LOG is neither json nor text.", remedy="Set it to one of them, or leave it out."
        )
    form = form or ("text" if (stream or sys.stderr).isatty() else "json")
    _configure(form, stream, level)
    _forget_libraries()
    root = logging.getLogger()
    root.addHandler(LibraryHandler())
    root.setLevel(max(level, logging.INFO))


def _configure(form: str, stream: TextIO | None, level: int) -> None:
    last: Any = structlog.dev.ConsoleRenderer(colors=False) if form == "text" else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            withhold,
            tell_fault,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream) if stream else _to_standard_error,
        cache_logger_on_first_use=False,
    )


def _to_standard_error(*_named: object) -> structlog.WriteLogger:
    return structlog.WriteLogger(sys.stderr)


def stop_logs() -> None:
    """Write warnings and faults alone, and those of libraries where they went before."""
    _configure("text", None, logging.WARNING)
    _forget_libraries()
    logging.getLogger().setLevel(logging.WARNING)


def _forget_libraries() -> None:
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, LibraryHandler)]:
        root.removeHandler(handler)


def about(**fields: object) -> AbstractContextManager[None]:
    """Add fields to everything that is logged inside, such as the id of a request."""
    return structlog.contextvars.bound_contextvars(**fields)


class _Pattern(str):
    """A library's sentence with gaps where its values would stand."""

    __slots__ = ()


class LibraryHandler(logging.Handler):
    """Takes what libraries log by `logging`, without the values that they put into their sentences."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell which library spoke and where; its sentence only where its values can be kept out."""
        fields: dict[str, Any] = {"library": record.name, "line": record.lineno, "exc_info": record.exc_info}
        if record.args and isinstance(record.msg, str):
            fields["said"] = _Pattern(record.msg)
        log.log(record.levelno, "library.said", **fields)


def tell_fault(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the kind of an exception and the places that it went through in place of the exception itself."""
    found = entry.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        entry["fault"] = type(error).__name__
        entry["places"] = _places(error.__traceback__)
    return entry


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-_MOST_PLACES:]
    return [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno}:{frame.name}" for frame in frames]


def withhold(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Keep the fields that are known and hold what they should; name the others."""
    event = str(entry.pop("event", ""))
    kept: dict[str, Any] = {"event": event if _EVENT.fullmatch(event) else WITHHELD}
    away = []
    for name, value in entry.items():
        spelled = _spelled(name, value)
        if spelled is not None:
            kept[name] = spelled
        elif value is not None:
            away.append(name if _EVENT.fullmatch(name) else "?")
    if away:
        kept[WITHHELD] = sorted(away)
    return kept


def kept_fields(fields: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields that are known and hold what they should, in their spelling; the others are left out."""
    found = {name: _spelled(name, value) for name, value in fields.items() if name != "exc_info"}
    return {name: value for name, value in found.items() if value is not None}


def _spelled(name: str, value: object) -> object | None:
    if name == "exc_info" or isinstance(value, _Pattern):
        return value
    for names, spell in _SPELLINGS:
        if name in names:
            return spell(value)
    return None


def _id(value: object) -> str | None:
    try:
        return str(value if isinstance(value, UUID) else UUID(str(value)))
    except ValueError:
        return None


def _number(value: object) -> int | float | None:
    if not isinstance(value, int | float):
        return None
    return round(value, 4) if isinstance(value, float) else value


def _fitting(pattern: re.Pattern[str]) -> Callable[[object], str | None]:
    return lambda value: str(value) if isinstance(value, str) and pattern.fullmatch(value) else None


_SPELLINGS: tuple[tuple[frozenset[str], Callable[[object], str | int | float | None]], ...] = (
    (IDS, _id),
    (NUMBERS, _number),
    (WORDS, _fitting(_WORD)),
    (ROUTES, _fitting(_ROUTE)),
)

_configure("text", None, logging.WARNING)  # also what nobody started holds no personal data
