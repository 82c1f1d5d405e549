"""Reads `brief.md` and fills its places."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.tasks.entities import AiUseRule, CheckDefinition, Manifest
from shipworthy.tasks.fields import Inspection

BRIEF = "brief.md"
AI_RULES = {
    AiUseRule.ALLOWED: "allowed",
    AiUseRule.ALLOWED_WITH_DISCLOSURE: "allowed, say which and for what",
    AiUseRule.NOT_ALLOWED: "not allowed",
}
_PLACE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")


def read_brief(folder: Path, checks: Sequence[CheckDefinition], inspection: Inspection) -> str:
    """Read the brief: it must hold every check's `stated` phrase (white space folded) and well-formed places."""
    try:
        brief = (folder / BRIEF).read_text(encoding="utf-8")
    except FileNotFoundError:
        inspection.add(BRIEF, "", "The file is missing.", "Write what the candidate reads.")
        return ""
    except (OSError, UnicodeDecodeError) as fault:
        inspection.add(BRIEF, "", f"The file cannot be read as UTF-8 text: {fault}.", "Save it as UTF-8.")
        return ""
    _find_malformed_places(brief, inspection)
    folded = _folded(brief)
    for check in checks:
        if check.stated and _folded(check.stated) not in folded:
            inspection.add(
                BRIEF,
                f"checks.{check.id}.stated",
                f"The brief does not say {check.stated!r}.",
                "State the criterion in the brief, or correct the phrase in task.toml.",
            )
    return brief


def places(brief: str) -> tuple[str, ...]:
    """Return the names of the brief's `{{ name }}` places, each once, sorted."""
    return tuple(sorted(set(_PLACE.findall(brief))))


def unfilled_places(brief: str, parameters: Mapping[str, JSONValue]) -> tuple[str, ...]:
    """Return the names of places that no parameter fills."""
    return tuple(name for name in places(brief) if name not in parameters)


def fill_brief(brief: str, parameters: Mapping[str, JSONValue]) -> str:
    """Put the parameters into the brief's places: texts as they are, lists separated by commas, the rest as JSON.

    Raises `KeyError` for a place that no parameter fills.
    """
    return _PLACE.sub(lambda place: _spelled(parameters[place.group(1)]), brief)


def with_conditions(brief: str, manifest: Manifest) -> str:
    """Put what the manifest promises below the brief's title: minutes, what counts, and what holds for AI tools."""
    title, line_end, rest = brief.partition("\n")
    conditions = [
        f"{manifest.minutes} minutes",
        f"what counts: {', '.join(f'`{path}`' for path in manifest.submission.paths)}",
        f"AI tools: {AI_RULES[manifest.ai_use.rule]}",
    ]
    return f"{title}{line_end}\n> {' · '.join(conditions)}\n{rest}"


def _spelled(value: JSONValue) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(_spelled(entry) for entry in value)
    return canonical_bytes(value).decode()


def _find_malformed_places(brief: str, inspection: Inspection) -> None:
    for number, line in enumerate(brief.splitlines(), start=1):
        if "{{" in _PLACE.sub("", line):
            inspection.add(
                BRIEF, f"line {number}", "A place is malformed.", "Write it as {{ name }}, with a name as in Python."
            )


def _folded(text: str) -> str:
    return " ".join(text.split())
