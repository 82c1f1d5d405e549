"""Commands that keep everything in one file, and bring it back."""

from contextlib import closing
from pathlib import Path

from shipworthy import __version__
from shipworthy.audit.entities import ChainReport
from shipworthy.audit.operations import verify_all
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import print_json, progress_bar, screen
from shipworthy.core.canonical import JSONValue
from shipworthy.core.settings import Settings, read_settings
from shipworthy.store.backing_up import BackupContents, back_up
from shipworthy.store.blobs import open_blobs
from shipworthy.store.database import Database, open_database
from shipworthy.store.restoring import restore as put_back


def backup(file: Path, *, json: bool = False) -> int:
    """Write the database and all blobs into one file, while web and workers go on.

    Example: `shipworthy backup shipworthy.backup`

    Parameters
    ----------
    file
        The new file. It holds personal data: keep it where only you can read it.
    json
        Print what was written as JSON.
    """
    settings = read_settings()
    blobs = open_blobs(settings.blobs, settings.data_folder)
    with progress_bar("Backing up") as bar, closing(_opened(settings)) as database:
        contents = back_up(database, blobs, file, version=__version__, say=bar.say)
    facts = _facts(contents) | {"file": str(file.resolve()), "bytes": file.stat().st_size}
    if json:
        print_json(facts)
    else:
        screen.print(f"[green]✓[/] {_words(contents)}, {facts['bytes']} bytes.")
        screen.print(f"  {facts['file']}", soft_wrap=True, markup=False)
    return _tell_missing(contents, quiet=json)


def restore(file: Path, *, replace: bool = False, json: bool = False) -> int:
    """Bring back what a backup holds, into an empty database, and prove its audit logs.

    Stop the web and the workers first.

    Example: `shipworthy restore shipworthy.backup`

    Parameters
    ----------
    file
        The backup.
    replace
        Lose what the database holds now.
    json
        Print what was restored as JSON.
    """
    settings = read_settings()
    blobs = open_blobs(settings.blobs, settings.data_folder)
    with progress_bar("Restoring") as bar:
        contents = put_back(settings.database_url, settings.data_folder, blobs, file, replace=replace, say=bar.say)
        with closing(_opened(settings)) as database:
            broken = _broken_chains(database)
    if json:
        print_json(_facts(contents) | {"broken_audit_logs": {name: report.fault for name, report in broken.items()}})
    else:
        screen.print(f"[green]✓[/] {_words(contents)}, as of {contents.made_at:%Y-%m-%d %H:%M} UTC.")
        screen.print("  Everybody signs in again.")
        for name, report in broken.items():
            screen.print(
                f"[red]✗[/] The audit log of organisation {name} does not hold: {report.fault}", soft_wrap=True
            )
    told = _tell_missing(contents, quiet=json)
    return ExitCode.ANSWER_IS_NO if broken else told


def _opened(settings: Settings) -> Database:
    return open_database(url=settings.database_url, data_folder=settings.data_folder)


def _broken_chains(database: Database) -> dict[str, ChainReport]:
    """Return the audit logs that do not hold. They did not hold when the backup was made, or the backup was changed."""
    with database.house_work() as work:
        return {str(name): report for name, report in verify_all(work).items() if not report.holds}


def _words(contents: BackupContents) -> str:
    return f"{contents.rows} rows of {len(contents.tables)} tables and {len(contents.blobs)} blobs"


def _facts(contents: BackupContents) -> dict[str, JSONValue]:
    return {
        "made_at": contents.made_at.isoformat(),
        "product_version": contents.product_version,
        "schema": contents.schema,
        "rows": {table.name: table.rows for table in contents.tables},
        "blobs": len(contents.blobs),
        "missing_blobs": list(contents.missing),
    }


def _tell_missing(contents: BackupContents, *, quiet: bool) -> int:
    for name in () if quiet else contents.missing:
        screen.print(
            f"[red]✗[/] Lost: blob {name}. A row names it, and it was not there or was damaged.", soft_wrap=True
        )
    return ExitCode.ANSWER_IS_NO if contents.missing else ExitCode.DONE
