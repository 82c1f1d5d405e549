"""Turns errors into words and exit codes; the only place that does."""

import os
import traceback

from rich.markup import escape

from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import errors
from shipworthy.core.errors import ShipworthyError


def tell(error: BaseException) -> int:
    """Print what happened and what to do, and return the exit code."""
    if isinstance(error, KeyboardInterrupt):
        errors.print("[yellow]Interrupted.[/] Nothing was left behind.")
        return ExitCode.INTERRUPTED
    if isinstance(error, ShipworthyError):
        return _tell_known(error)
    if isinstance(error, OSError):
        errors.print(f"[bold red]Error[/] {escape(_words_of(error))}", soft_wrap=True)
        if error.filename is None:
            return ExitCode.FAILED
        errors.print("[bold]What to do[/] Name a path that exists and that you may read and write.")
        return ExitCode.BAD_INPUT
    return _tell_unknown(error)


def _tell_known(error: ShipworthyError) -> int:
    errors.print(f"[bold red]Error[/] {escape(error.what)}", soft_wrap=True)
    if error.remedy:
        errors.print(f"[bold]What to do[/] {escape(error.remedy)}", soft_wrap=True)
    return error.exit_code if error.exit_code != 1 else ExitCode.FAILED


def _words_of(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


def _tell_unknown(error: BaseException) -> int:
    errors.print(f"[bold red]Error[/] Shipworthy met a fault of its own: {escape(repr(error))}", soft_wrap=True)
    if os.environ.get("SHIPWORTHY_DEBUG"):
        errors.print(escape("".join(traceback.format_exception(error))), soft_wrap=True)
    else:
        errors.print("[bold]What to do[/] Run it again with SHIPWORTHY_DEBUG=1 and report what it prints.")
    return ExitCode.FAILED
