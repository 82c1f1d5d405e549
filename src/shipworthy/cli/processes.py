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


def become(module: str, *arguments: str) -> None:
    """Go on as another program of ours, in this very process."""
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - our own interpreter and module
