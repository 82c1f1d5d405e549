"""The command that scopes a role from a job description."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.role_tables import show_profile
from shipworthy.cli.screen import print_json, screen
from shipworthy.framework import load_framework
from shipworthy.roles.documents import Document, read_bytes, read_document
from shipworthy.roles.entities import DEFAULT_MINUTES
from shipworthy.roles.operations import scope_role
from shipworthy.roles.plain import scope_to_json
from shipworthy.roles.plugged_reader import CommandReader
from shipworthy.roles.profile_file import write_profile

STANDARD_INPUT = "-"
Posting = Annotated[str, Parameter(allow_leading_hyphen=True)]
"""The name of a file, or `-`."""


def scope(
    file: Posting,
    *,
    save: Path | None = None,
    html: Path | None = None,
    minutes: int = DEFAULT_MINUTES,
    reader: str | None = None,
    json: bool = False,
) -> int:
    """Scope a role from a job description: what it asks, with the sentence behind every line, and what to look at.

    Reads plain text, Markdown, HTML, PDF and DOCX, in English. Without network or language model; the same text always
    gives the same profile.

    Examples: `shipworthy role scope posting.pdf`, `shipworthy role scope posting.md --save role.toml --html role.html`

    Parameters
    ----------
    file
        The job description, or - for standard input.
    save
        Also write the profile to this file, which a person can change.
    html
        Also write a page: the job description with its sentences highlighted, the profile and the blueprint.
    minutes
        The most time that a candidate may be asked for.
    reader
        A command of your own that reads the sentences; what it says is checked against the text.
    json
        Print the profile as JSON.
    """
    framework = load_framework()
    plugged = CommandReader(reader, framework) if reader is not None else None
    scoped = scope_role(document(file), framework, plugged, minutes)
    if save:
        write_profile(scoped.profile, save)
    if html or (scoped.profile.blended and not json):
        from shipworthy.cli import role_blueprints  # noqa: PLC0415  # the page's charts need scipy: 0.8 s to import
    if html:
        role_blueprints.write_page(scoped, html)
    if json:
        print_json(scope_to_json(scoped.profile))
        return ExitCode.DONE
    show_profile(scoped.profile)
    if scoped.profile.blended:
        role_blueprints.show_choices_for(scoped.profile)
    for label, path in (("Profile", save), ("Page", html)):
        if path:
            screen.print(f"{label}: {escape(str(path))}", soft_wrap=True)
    return ExitCode.DONE


def document(file: str) -> Document:
    """Read a job description from a file, or from standard input for `-`."""
    if file == STANDARD_INPUT:
        return read_bytes(sys.stdin.buffer.read(), "standard input")
    return read_document(Path(file))
