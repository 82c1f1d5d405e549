"""Commands that become one of the long-running processes."""

import os
import sys


def serve(*, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the web application until it is stopped.

    Everything else is set by environment variables, see the settings page.

    Example: `shipworthy serve --port 8000`

    Parameters
    ----------
    host
        The address to listen at; `0.0.0.0` for every address of this machine, behind a proxy that speaks https.
    port
        The port to listen at.
    """
    become("shipworthy.web", "--host", host, "--port", str(port))


def worker(*, slots: int | None = None, allow_missing: list[str] | None = None) -> None:
    """Grade what is handed in, and run public checks, until it is stopped; any number of machines may do so.

    What is under way when it is stopped is finished, or given back to the others after 25 seconds.

    Example: `shipworthy worker --slots 4`

    Parameters
    ----------
    slots
        How many gradings at once; one for each core when it is not given.
    allow_missing
        A layer of the sandbox that may be missing, which the evidence then says; can be given several times.
    """
    chosen = [] if slots is None else ["--slots", str(slots)]
    become(
        "shipworthy.worker", *chosen, *(word for layer in allow_missing or [] for word in ("--allow-missing", layer))
    )


def become(module: str, *arguments: str) -> None:
    """Go on as another program of ours, in this very process."""
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - our own interpreter and module
