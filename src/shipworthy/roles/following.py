"""Follows the changes of a profile from the values as scoped, and refuses a file that stands elsewhere."""

import shlex
from collections.abc import Iterator, Mapping

from shipworthy.framework import Framework
from shipworthy.roles.changes import (
    CONTEXT,
    NEEDS,
    NONE,
    State,
    asked_of,
    context_of,
    editable_values,
    scoped_need,
    states_of,
)
from shipworthy.roles.entities import Change, CompetencyLine, RoleProfile
from shipworthy.roles.errors import ProfileFileError
from shipworthy.roles.profile_spelling import spell_change
from shipworthy.tasks.entities import Finding

BROKEN_CHAIN = "Mend the changes named: each begins where the one before it ended."


def require_followed(profile: RoleProfile, scoped: Mapping[str, str], framework: Framework, name: str) -> None:
    """Raise `ProfileFileError` with every value of a file that its changes do not lead to, and how to mend it."""
    states = states_of(scoped, profile.competencies, profile.changes, framework)
    chain = list(_chain(profile, states, name))
    derived = list(_derived(profile, states[-1], framework, name))
    unsaid = list(_unsaid(profile, states[-1], framework))
    findings = [*chain, *derived, *(_finding(each, name) for each in unsaid)]
    remedies = (
        BROKEN_CHAIN if chain else "",
        _by_command(profile, name) if derived else "",
        _told(unsaid, name) if unsaid else "",
    )
    if findings:
        raise ProfileFileError(name, findings, remedy="\n".join(each for each in remedies if each))


def _chain(profile: RoleProfile, states: list[State], name: str) -> Iterator[Finding]:
    for place, (made, state) in enumerate(zip(profile.changes, states, strict=False), start=1):
        stood = state.values[made.what]
        if made.before != stood:
            fault = f"It says that {made.what} was {made.before!r}, and it was {stood!r}."
            yield Finding(name, f"changes[{place}].before", fault, f"Write {stood!r}, or mend the changes above it.")


def _derived(profile: RoleProfile, end: State, framework: Framework, name: str) -> Iterator[Finding]:
    """Yield what does not follow from the text and the primary context that the changes lead to."""
    context = context_of(end.values[CONTEXT])
    for place, line in enumerate(profile.competencies, start=1):
        for key, stands, follows in _strayed(line, context, framework):
            fault = f"It is {stands!r} for {line.competency_id}, and the text and the context lead to {follows!r}."
            yield Finding(name, f"competencies[{place}].{key}", fault, f"Write {follows!r}.")


def _strayed(line: CompetencyLine, context: str | None, framework: Framework) -> list[tuple[str, str, str]]:
    """Return of a line the keys that stand elsewhere than they should, with what stands and what should."""
    pairs = (
        ("framework", line.framework, asked_of(context, line.competency_id, framework)),
        ("scoped_need", line.scoped_need, scoped_need(line, context, framework)),
    )
    return [(key, str(stands or NONE), str(follows or NONE)) for key, stands, follows in pairs if stands is not follows]


def _unsaid(profile: RoleProfile, end: State, framework: Framework) -> Iterator[Change]:
    """Yield the changes that were made by hand and that no table tells of; a line that strayed is told already."""
    context = context_of(end.values[CONTEXT])
    strayed = {f"{NEEDS}{line.competency_id}" for line in profile.competencies if _strayed(line, context, framework)}
    for what, stands in editable_values(profile).items():
        if stands != end.values[what] and what not in strayed:
            yield Change(what, end.values[what], stands, by="", when="", reason="")


def _finding(unsaid: Change, name: str) -> Finding:
    key = unsaid.what
    return Finding(name, key, f"It is {unsaid.after!r} here, and the changes lead to {unsaid.before!r}.", "")


def _by_command(profile: RoleProfile, name: str) -> str:
    context = profile.primary_context or NONE
    return (
        "Put back what was changed by hand and, if the primary context is to change, leave the rest to: "
        f'shipworthy role change {shlex.quote(name)} {CONTEXT} {context} --by "..." --reason "..."'
    )


def _told(unsaid: list[Change], name: str) -> str:
    """Say how changes by hand are told: by a table, where nothing follows from the value, else by a command."""
    tabled = [each for each in unsaid if each.what != CONTEXT]
    parts = []
    if tabled:
        tables = "\n".join(spell_change(each) for each in tabled)
        parts.append(
            "Add after the other changes, with who (by), the time in UTC (when, such as "
            f'"2026-05-03T09:30:00+00:00") and why (reason) filled in:\n\n{tables}\n'
        )
    commands = "\n".join(f"  {_command(each, name)}" for each in unsaid)
    lead = "Or put back the value that was there and run:" if tabled else "Put back the value that was there and run:"
    return "".join([*parts, f"{lead}\n{commands}"])


def _command(unsaid: Change, name: str) -> str:
    words = shlex.join(["shipworthy", "role", "change", name, unsaid.what, unsaid.after])
    return f'{words} --by "..." --reason "..."'
