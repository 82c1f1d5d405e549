"""`python -m shipworthy.web`: one process that serves the pages, with threads for what waits on the database."""

import argparse
import os
from collections.abc import Sequence

import uvicorn

from shipworthy.bootstrap import open_house
from shipworthy.core.settings import read_settings
from shipworthy.web.app import make_app


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until somebody stops it; requests under way are answered first."""
    parser = argparse.ArgumentParser(prog="python -m shipworthy.web")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen at")
    chosen = parser.parse_args(arguments)
    house = open_house(read_settings())
    app = make_app(house, shows_style=bool(os.environ.get("SHIPWORTHY_DEBUG")))
    try:
        uvicorn.run(
            app,
            host=chosen.host,
            port=chosen.port,
            server_header=False,
            access_log=False,
            timeout_keep_alive=20,
            timeout_graceful_shutdown=20,
            log_level="warning",
        )
    finally:
        house.database.close()


if __name__ == "__main__":
    main()
