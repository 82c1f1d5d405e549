"""The commands for the profile of a role: show it, change it with a reason, and compare two."""

import getpass
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from os import getuid
from pathlib import Path

from rich.markup import escape

from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.role_tables import printable, show_profile, step_of
from shipworthy.cli.screen import print_json, screen, table
from shipworthy.core.canonical import JSONValue
from shipworthy.core.errors import BadInputError
from shipworthy.roles.changes import NEEDS, change, take_back, this_moment
from shipworthy.roles.differences import Difference, changes_since, differences
from shipworthy.roles.entities import Change, RoleProfile
from shipworthy.roles.profile_file import held_profile, plain_profile, profile_digest, read_profile, write_profile

NO_PERSONS = frozenset({"root", "admin", "ubuntu", "debian", "user", "runner", "nobody", "vagrant", "docker"})
SAME = "The two profiles are the same."


def show_role(profile: Path, *, json: bool = False) -> int:
    """Show the profile of a role: what it asks, what is assessed, the warnings and who changed what.

    Example: `shipworthy role show role.toml`

    Parameters
    ----------
    profile
        The file that `shipworthy role scope --save` wrote.
    json
        Print the profile as JSON.
    """
    found = read_profile(profile)
    if json:
        print_json({**plain_profile(found), "profile_digest": profile_digest(found)})
    else:
        show_profile(found)
    return ExitCode.DONE


def change_role(
    profile: Path,
    what: str | None = None,
    after: str | None = None,
    *,
    reason: str,
    by: str | None = None,
    undo: bool = False,
    json: bool = False,
) -> int:
    """Change one value in the profile of a role, with the reason, and raise its version.

    What can be changed: title, primary_context, seniority, years, minutes, and needs.<competency>.

    Examples: `shipworthy role change role.toml needs.rag_vector_db not_needed --reason "Search is another team's."`,
    `shipworthy role change role.toml --undo --reason "It is ours after all."`

    Parameters
    ----------
    profile
        The file to change.
    what
        What to change, such as needs.rag_vector_db, primary_context or minutes.
    after
        The new value.
    reason
        Why, in a sentence.
    by
        Who makes the change. Without it, the name that git or the system knows.
    undo
        Take back the last change, by a new one.
    json
        Print the change as JSON.
    """
    if undo == (what is not None) or (what is None) != (after is None):
        raise BadInputError(
            "It is not clear what to change.",
            remedy="Name what to change and its new value, such as minutes 120, or give --undo alone.",
        )
    name = by if by is not None else _own_name()
    with held_profile(profile):
        old = read_profile(profile)
        new = _next_version(old, what, after, by=name, reason=reason)
        write_profile(new, profile)
    if json:
        print_json({"change": _change(new.changes[-1]), "version": new.version, "profile_digest": profile_digest(new)})
    else:
        _tell_change(old, new, profile)
    return ExitCode.DONE


def _next_version(old: RoleProfile, what: str | None, after: str | None, *, by: str, reason: str) -> RoleProfile:
    when = this_moment()
    if what is None or after is None:
        return take_back(old, by=by, reason=reason, when=when)
    return change(old, what, after, by=by, reason=reason, when=when)


def compare_roles(old: Path, new: Path, *, json: bool = False) -> int:
    """Show what differs between two profiles, the weightiest first, with the reasons where there are any.

    Example: `shipworthy role diff role.toml role-new.toml`

    Parameters
    ----------
    old
        The file of the one profile.
    new
        The file of the other.
    json
        Print the differences as JSON.
    """
    before, after = read_profile(old), read_profile(new)
    found = differences(before, after)
    if json:
        print_json({"same": not found, "old": _bound(before), "new": _bound(after), "differences": _plain(found)})
    elif found:
        _show_differences(before, after, found)
    else:
        screen.print(SAME)
    return ExitCode.ANSWER_IS_NO if found else ExitCode.DONE


def _tell_change(old: RoleProfile, new: RoleProfile, path: Path) -> None:
    made = new.changes[-1]
    screen.print(f"[green]✓[/] {escape(made.what)}: {escape(step_of(made))}", soft_wrap=True)
    for each in differences(old, new):
        if each.what.startswith(NEEDS) and each.what != made.what:
            screen.print(f"  {escape(each.title)}: {each.before} → {each.after}", soft_wrap=True)
    screen.print(f"{escape(str(path))} is version {new.version} now, changed by {escape(made.by)}.", soft_wrap=True)


def _show_differences(old: RoleProfile, new: RoleProfile, found: Sequence[Difference]) -> None:
    """Print a table of differences, and below it the reasons that it refers to by number."""
    since = changes_since(old, new)
    if since:
        screen.print(f"[bold]Version {old.version} and version {new.version} of {escape(printable(new.title))}[/]")
    numbers = {made: place for place, made in enumerate(since, start=1)}
    shown = table("What", "Old", "New", *(["Why"] if since else []))
    for each in found:
        why = " ".join(f"({numbers[made]})" for made in each.because)
        cells = [each.title, each.before or "-", each.after or "-", *([why] if since else [])]
        shown.add_row(*(escape(printable(cell)) for cell in cells))
    screen.print(shown)
    for made, place in numbers.items():
        said = f"({place}) {made.what}, {made.by}, {made.when[:10]}: {made.reason}"
        screen.print(escape(printable(said)), soft_wrap=True)


def _bound(profile: RoleProfile) -> JSONValue:
    return {"title": profile.title, "version": profile.version, "profile_digest": profile_digest(profile)}


def _plain(found: Sequence[Difference]) -> JSONValue:
    return [
        {
            "what": each.what,
            "title": each.title,
            "before": each.before,
            "after": each.after,
            "because": [_change(made) for made in each.because],
        }
        for each in found
    ]


def _change(made: Change) -> JSONValue:
    return {name: str(value) for name, value in vars(made).items()}


def _own_name() -> str:
    """Return the name of the person at the keyboard as git or the system knows it, else ask for it by an error."""
    name = _name_of_git() or _name_of_system()
    if name:
        return name
    raise BadInputError("It is not known who makes the change.", remedy='Say it with --by "Ada Byron".')


def _name_of_git() -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    try:
        asked = subprocess.run(
            [git, "config", "user.name"], capture_output=True, check=False, timeout=10, text=True, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return _sensible(asked.stdout)


def _name_of_system() -> str:
    try:
        return _sensible(pwd.getpwuid(getuid()).pw_gecos.split(",")[0]) or _sensible(getpass.getuser())
    except (KeyError, OSError):
        return ""


def _sensible(name: str) -> str:
    """Return a name that says who somebody is, else nothing."""
    name = " ".join(name.split())
    return name if any(map(str.isalpha, name)) and name.lower() not in NO_PERSONS else ""
