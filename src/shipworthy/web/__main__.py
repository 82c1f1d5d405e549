"""`python -m shipworthy.web`: one process that serves the pages, with threads for what waits on the database."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace

import uvicorn

from shipworthy.bootstrap import open_house
from shipworthy.core.errors import ShipworthyError
from shipworthy.core.logs import start_logs
from shipworthy.core.settings import DEFAULT_WEB_URL, read_settings
from shipworthy.core.traces import start_traces, stop_traces
from shipworthy.web.app import make_app


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until somebody stops it; requests under way are answered first."""
    parser = argparse.ArgumentParser(prog="python -m shipworthy.web")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen at")
    chosen = parser.parse_args(arguments)
    settings = read_settings()
    if settings.web_url == DEFAULT_WEB_URL:
        settings = replace(settings, web_url=f"http://127.0.0.1:{chosen.port}")
    start_logs(settings.log_form)
    start_traces("web")
    house = open_house(settings)
    app = make_app(house, shows_style=bool(os.environ.get("SHIPWORTHY_DEBUG")))
    sys.stderr.write(f"Shipworthy is served at {settings.web_url} (Ctrl-C ends it).\n")
    try:
        uvicorn.run(
            app,
            host=chosen.host,
            port=chosen.port,
            server_header=False,
            forwarded_allow_ips=settings.proxies,
            access_log=False,
            timeout_keep_alive=20,
            timeout_graceful_shutdown=20,
            log_config=None,
        )
    finally:
        house.database.close()
        stop_traces()


def told() -> int:
    """Serve, and tell what keeps it from serving; return the exit code."""
    try:
        main()
    except ShipworthyError as error:
        sys.stderr.write(f"Error {error.what}\nWhat to do {error.remedy}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(told())
