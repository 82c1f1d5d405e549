"""Spells profiles: as TOML with the comments that a person needs, as JSON, and as a digest."""

from collections.abc import Mapping, Sequence

import tomli_w

from shipworthy.core.canonical import JSONValue, canonical_bytes, digest
from shipworthy.framework import RequirementLevel
from shipworthy.roles.changes import MOST_MINUTES, NONE, SCALARS, editable_values, scoped_values
from shipworthy.roles.entities import Change, CompetencyLine, RoleProfile, Seniority

YES, NO = "yes", "no"
"""How a flag is written."""

HEAD = """\
# The profile of a role: what will be assessed, and why. Comments are not kept when Shipworthy writes this file.
#
# A person may change title, primary_context, seniority, years, minutes and the needs. A command does it best:
#   shipworthy role change FILE needs.rag_vector_db not_needed --by "Ada Byron" --reason "Search is another team's."
# By hand: change the value here, and say so in a table after the changes that stand here already:
#   [[changes]]
#   what = "needs.rag_vector_db"
#   before = "required"
#   after = "not_needed"
#   by = "Ada Byron"
#   when = "2026-05-03T09:30:00+00:00"
#   reason = "Search is another team's."
# Change primary_context by the command only: much follows from it.
"""
FIELDS_HEAD = f"""\
# seniority: {", ".join(each.value for each in Seniority)}. years: the fewest asked for, 0 for none.
# minutes: the most of a candidate's time, 1 to {MOST_MINUTES}.
"""
NEEDS_HEAD = f"# What will be assessed: {', '.join(each.value for each in RequirementLevel)}.\n"
CHANGES_HEAD = "# What people changed, the oldest first.\n"
FIXED_HEAD = """\
# ---------------------------------------------------------------------------------------------------------------------
# From here on stands what the job description says and what follows from it. Nothing below is for changing.
"""


def profile_text(profile: RoleProfile) -> str:
    """Spell a profile as TOML with the comments that a person needs."""
    parts = [
        HEAD,
        FIELDS_HEAD + tomli_w.dumps(_scalars(editable_values(profile))),
        NEEDS_HEAD + _needs(profile),
        CHANGES_HEAD + "\n".join(spell_change(each) for each in profile.changes),
        FIXED_HEAD,
        "[scoped]\n" + tomli_w.dumps(_scalars(scoped_values(profile))),
        "[role]\n" + tomli_w.dumps(_role(profile)),
        *(_tables("warnings", [_plain(each)]) for each in profile.warnings),
        *(_tables("contexts", [_plain(each)]) for each in profile.contexts),
        *(_tables("competencies", [_written_line(each)]) for each in profile.competencies),
        "[source]\n" + tomli_w.dumps(_plain(profile.source)),
    ]
    return "\n".join(parts)


def spell_change(made: Change) -> str:
    """Spell one change as the table that stands in a file."""
    return _table("changes", vars(made))


def _scalars(values: Mapping[str, str]) -> dict[str, object]:
    numbers = {"years", "minutes"}
    return {name: int(values[name]) if name in numbers else values[name] for name in SCALARS}


def _role(profile: RoleProfile) -> dict[str, object]:
    return {
        "ai_role": YES if profile.ai_role else NO,
        "ai_because": profile.ai_because,
        "blended_contexts": list(profile.blended_contexts),
    }


def _needs(profile: RoleProfile) -> str:
    lines = [f'{line.competency_id} = "{line.need.value}"' for line in profile.competencies]
    width = max((len(line) for line in lines), default=0)
    titles = ["".join(sign for sign in line.title if sign.isprintable()) for line in profile.competencies]
    return "[needs]\n" + "".join(f"{line:<{width}}  # {title}\n" for line, title in zip(lines, titles, strict=True))


def _written_line(line: CompetencyLine) -> dict[str, object]:
    """Return a line without its need, which stands among the needs."""
    return {name: value for name, value in _plain(line).items() if name != "need"}


def _plain(entity: object, absent: str | None = NONE) -> dict[str, object]:
    return {name: _plain_value(value, absent) for name, value in vars(entity).items()}


def _plain_value(value: object, absent: str | None) -> object:
    if value is None:
        return absent
    if isinstance(value, tuple):
        return [_plain_value(each, absent) for each in value]
    if isinstance(value, str):
        return str(value)
    return value if isinstance(value, bool | int | float) else _plain(value, absent)


def _tables(name: str, rows: Sequence[Mapping[str, object]]) -> str:
    return "\n".join(_table(name, row) for row in rows)


def _table(name: str, row: Mapping[str, object]) -> str:
    inner = {key: value for key, value in row.items() if _holds_tables(value)}
    outer = {key: value for key, value in row.items() if key not in inner and value != []}
    below = [_tables(f"{name}.{key}", value) for key, value in inner.items() if isinstance(value, list)]
    return "\n".join([f"[[{name}]]\n{tomli_w.dumps(outer)}", *below])


def _holds_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def plain_profile(profile: RoleProfile) -> dict[str, JSONValue]:
    """Return a whole profile as a JSON object that `core.canonical` can spell.

    Names are those of `RoleProfile`, with `version` and `blended`; what is absent is null, shares are in [0, 1].
    """
    plain = {name: _json(value) for name, value in _plain(profile, None).items()}
    return {**plain, "version": profile.version, "blended": profile.blended}


def _json(value: object) -> JSONValue:
    if isinstance(value, dict):
        return {str(name): _json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_json(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def profile_digest(profile: RoleProfile) -> str:
    """Return the SHA-256 of a profile's canonical JSON: the same for the same version, however its file is laid out."""
    return digest(canonical_bytes(plain_profile(profile)))
