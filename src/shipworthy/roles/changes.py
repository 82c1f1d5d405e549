"""Changes that a person makes to a profile, each with its reason: made, taken back, and followed from the start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shipworthy.core import clock
from shipworthy.framework import Framework, RequirementLevel, load_framework
from shipworthy.roles.cautions import context_cautions
from shipworthy.roles.entities import Caution, Change, CompetencyLine, RoleProfile, Seniority
from shipworthy.roles.errors import ProfileError
from shipworthy.roles.rules import need_of
from shipworthy.tasks.fields import suggestion

NONE = "none"
"""How the absence of a role context is written."""

CONTEXT = "primary_context"
NEEDS = "needs."
SCALARS = ("title", CONTEXT, "seniority", "years", "minutes")
"""What can be changed besides the needs of competencies."""

MOST_YEARS = 50
MOST_MINUTES = 1440
LONGEST_TITLE = 300

_CONTEXT_CODES = frozenset({"forgotten", "beyond_the_context"})
_GRAVER_CODES = frozenset({"not_an_ai_role", "blended_role", "protected_trait"})


@dataclass(frozen=True)
class State:
    """What a person may change, as texts by name, and the needs that no longer follow the primary context."""

    values: Mapping[str, str]
    by_hand: frozenset[str] = frozenset()


def change(
    profile: RoleProfile,
    what: str,
    after: str,
    *,
    by: str,
    reason: str,
    when: str,
    framework: Framework | None = None,
) -> RoleProfile:
    """Return the next version of a profile, with one value changed and the change noted.

    `what` is `title`, `primary_context`, `seniority`, `years`, `minutes` or `needs.` with the id of a competency. With
    the primary context change what the framework asks and every need that nobody changed. Raises `ProfileError` for an
    unknown name, a value that is none, a blank name or reason, and a change that changes nothing.
    """
    framework = _framework_of(profile, framework)
    values = editable_values(profile)
    value = read_value(_known(what, values), after, framework)
    if what == "title" and not (value and value.isprintable()):
        raise ProfileError("That is no title.", remedy="Give the title of the role in one line of plain letters.")
    if values[what] == value:
        raise ProfileError(f"{what} is {value!r} already.", remedy="Give another value; nothing was changed.")
    return _with(profile, _signed(Change(what, values[what], value, by, when, reason)), framework)


def take_back(
    profile: RoleProfile, *, by: str, reason: str, when: str, framework: Framework | None = None
) -> RoleProfile:
    """Return the next version of a profile, with its last change taken back by a new one; nothing is erased.

    Raises `ProfileError` where there is no change, and for a blank name or reason.
    """
    framework = _framework_of(profile, framework)
    if not profile.changes:
        raise ProfileError("This profile has no change to take back.", remedy="It stands as it was scoped.")
    last = profile.changes[-1]
    return _with(profile, _signed(Change(last.what, last.after, last.before, by, when, reason)), framework)


def editable_values(profile: RoleProfile) -> dict[str, str]:
    """Return everything that a person may change, as texts by name."""
    return {
        "title": profile.title,
        CONTEXT: profile.primary_context or NONE,
        "seniority": profile.seniority.value,
        "years": str(profile.years),
        "minutes": str(profile.minutes),
        **{f"{NEEDS}{name}": need.value for name, need in profile.needs.items()},
    }


def scoped_values(profile: RoleProfile) -> dict[str, str]:
    """Return what `SCALARS` were when the role was scoped, before any change."""
    values = editable_values(profile)
    for each in reversed(profile.changes):
        values[each.what] = each.before
    return {name: values[name] for name in SCALARS}


def read_value(what: str, written: str, framework: Framework) -> str:
    """Return a value in the one way it is written, else raise `ProfileError` with the values that there are."""
    if what == "title":
        return _title(written)
    if what in {"years", "minutes"}:
        return _whole(what, written)
    value = "_".join(written.lower().replace("-", " ").split())
    known = _choices(what, framework)
    if value not in known:
        raise ProfileError(f"{written!r} is no value of {what}.", remedy=f"Choose one of: {', '.join(known)}.")
    return value


def require_minutes(minutes: int) -> None:
    """Raise `ProfileError` unless this is a limit that a candidate's time can have, in whole minutes."""
    _whole("minutes", str(minutes))


def moment_of(written: str) -> datetime | None:
    """Return the UTC time that a text in ISO 8601 says, or None where it says none."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.utcoffset() == timedelta(0) else None


def this_moment() -> str:
    """Return the present moment as changes note it: UTC, to the second."""
    return clock.now().isoformat(timespec="seconds")


def context_of(value: str) -> str | None:
    """Return the id of a role context from how it is written, None for `none`."""
    return None if value == NONE else value


def asked_of(context: str | None, competency_id: str, framework: Framework) -> RequirementLevel | None:
    """Return what a role context asks of a competency, None without a context."""
    return framework.requirement(context, competency_id) if context else None


def states_of(
    scoped: Mapping[str, str], lines: Sequence[CompetencyLine], changes: Sequence[Change], framework: Framework
) -> list[State]:
    """Return the state as scoped and after each change, in order.

    A change that takes back the one before it leads to the state before both, so that a need follows the primary
    context again once its change is taken back.
    """
    follows = _Followed(lines, framework)
    found = [follows.as_scoped(scoped)]
    for place, each in enumerate(changes):
        taken_back = place > 0 and takes_back(each, changes[place - 1])
        found.append(found[place - 1] if taken_back else follows.step(found[-1], each))
    return found


def takes_back(later: Change, earlier: Change) -> bool:
    """Say whether one change restores what the other replaced."""
    return (later.what, later.before, later.after) == (earlier.what, earlier.after, earlier.before)


@dataclass(frozen=True)
class _Followed:
    """Follows values through changes."""

    lines: Sequence[CompetencyLine]
    framework: Framework

    def as_scoped(self, scoped: Mapping[str, str]) -> State:
        return State({**scoped, **self._needs(scoped[CONTEXT], frozenset())})

    def step(self, state: State, made: Change) -> State:
        values = {**state.values, made.what: made.after}
        if made.what.startswith(NEEDS):
            return State(values, state.by_hand | {made.what})
        if made.what == CONTEXT:
            values.update(self._needs(made.after, state.by_hand))
        return State(values, state.by_hand)

    def _needs(self, context: str, by_hand: frozenset[str]) -> dict[str, str]:
        return {
            f"{NEEDS}{line.competency_id}": scoped_need(line, context_of(context), self.framework).value
            for line in self.lines
            if f"{NEEDS}{line.competency_id}" not in by_hand
        }


def scoped_need(line: CompetencyLine, context: str | None, framework: Framework) -> RequirementLevel:
    """Return the need that scoping sets for a line in a role context."""
    return need_of(line.said, asked_of(context, line.competency_id, framework))


def _with(profile: RoleProfile, made: Change, framework: Framework) -> RoleProfile:
    changes = (*profile.changes, made)
    values = states_of(scoped_values(profile), profile.competencies, changes, framework)[-1].values
    context = context_of(values[CONTEXT])
    changed = replace(
        profile,
        title=values["title"],
        primary_context=context,
        seniority=Seniority(values["seniority"]),
        years=int(values["years"]),
        minutes=int(values["minutes"]),
        competencies=tuple(_line(line, context, values, framework) for line in profile.competencies),
        changes=changes,
    )
    return _with_context_cautions(changed, framework) if made.what == CONTEXT else changed


def _line(line: CompetencyLine, context: str | None, values: Mapping[str, str], framework: Framework) -> CompetencyLine:
    return replace(
        line,
        framework=asked_of(context, line.competency_id, framework),
        scoped_need=scoped_need(line, context, framework),
        need=RequirementLevel(values[f"{NEEDS}{line.competency_id}"]),
    )


def _with_context_cautions(profile: RoleProfile, framework: Framework) -> RoleProfile:
    kept = [each for each in profile.warnings if each.code not in _CONTEXT_CODES]
    graver: list[Caution] = [each for each in kept if each.code in _GRAVER_CODES]
    lighter = [each for each in kept if each.code not in _GRAVER_CODES]
    return replace(profile, warnings=(*graver, *context_cautions(profile, framework), *lighter))


def _framework_of(profile: RoleProfile, framework: Framework | None) -> Framework:
    framework = framework or load_framework()
    if profile.source.framework_version != framework.version:
        raise ProfileError(
            f"The profile was scoped with the framework {profile.source.framework_version}, and "
            f"{framework.version} is in use.",
            remedy="Scope the role again from its job description.",
        )
    return framework


def _known(what: str, values: Mapping[str, str]) -> str:
    if what in values:
        return what
    fields = f"A person can change {', '.join(SCALARS)} and {NEEDS}<competency>."
    raise ProfileError(f"A profile has no {what!r} to change.", remedy=f"{suggestion(what, values)} {fields}")


def _signed(made: Change) -> Change:
    """Return the change with name and reason in one line each, else raise `ProfileError`."""
    by, reason = " ".join(made.by.split()), " ".join(made.reason.split())
    for name, text, remedy in (
        ("name", by, "Say who makes the change."),
        ("reason", reason, "Say in a sentence why; whoever reads the profile later will ask."),
    ):
        if not text:
            raise ProfileError(f"A change needs a {name}, and it is blank.", remedy=remedy)
        if not text.isprintable():
            raise ProfileError(f"The {name} holds signs that cannot be printed.", remedy="Write it in plain letters.")
    if moment_of(made.when) is None:
        raise ProfileError(
            f"{made.when!r} is not a time in UTC.", remedy="Write it in ISO 8601, such as 2026-05-03T09:30:00+00:00."
        )
    return replace(made, by=by, reason=reason)


def _choices(what: str, framework: Framework) -> tuple[str, ...]:
    if what == CONTEXT:
        return (*framework.role_context_ids, NONE)
    return tuple(each.value for each in (Seniority if what == "seniority" else RequirementLevel))


def _title(written: str) -> str:
    title = written.strip()
    if len(title) > LONGEST_TITLE:
        raise ProfileError(
            f"The title has {len(title)} characters.", remedy=f"Write one of at most {LONGEST_TITLE} characters."
        )
    return title


def _whole(what: str, written: str) -> str:
    low, high = (0, MOST_YEARS) if what == "years" else (1, MOST_MINUTES)
    digits = written.strip()
    if digits.isascii() and digits.isdigit() and len(digits) < 7 and low <= int(digits) <= high:
        return str(int(digits))
    raise ProfileError(f"{written!r} is no value of {what}.", remedy=f"Give a whole number from {low} to {high}.")
