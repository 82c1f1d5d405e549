"""Starts the desk inside the sandbox and sends it requests, one after the other or together."""

import http.client
import http.server
import json
import os
import socket
import socketserver
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

READY_SECONDS = 15.0
REQUEST_SECONDS = 5.0
MOST_FAULTS = 3
MOST_CHARS = 200_000


class Connection(http.client.HTTPConnection):
    """A connection to the desk's socket."""

    def connect(self) -> None:
        """Connect, within the time of one request."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(REQUEST_SECONDS)
        self.sock.connect("api.sock")


class Sender:
    """Sends requests, and stops to do so after a few that were not answered."""

    def __init__(self) -> None:
        self.faults = 0

    def send(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Send one request and say what came back."""
        if self.faults >= MOST_FAULTS:
            return {"status": 0, "headers": {}, "text": "not sent: too many requests had no answer"}
        connection = Connection("desk")
        try:
            connection.request(wanted["method"], wanted["target"], wanted["body"].encode(), wanted["headers"])
            response = connection.getresponse()
            text = response.read(4 * MOST_CHARS).decode("utf-8", "replace")[:MOST_CHARS]
            return {
                "status": response.status,
                "headers": {name.lower(): value for name, value in response.getheaders()},
                "text": text,
            }
        except (OSError, http.client.HTTPException) as error:
            self.faults += 1
            return {"status": 0, "headers": {}, "text": f"no answer: {type(error).__name__}"}
        finally:
            connection.close()

    def send_all(self, wanted: list[dict[str, Any]], *, together: bool) -> list[dict[str, Any]]:
        """Send several requests; together means at the same time."""
        with ThreadPoolExecutor(12 if together else 1) as pool:
            return list(pool.map(self.send, wanted))


SENDER = Sender()


class Handler(http.server.BaseHTTPRequestHandler):
    """Takes lists of requests."""

    def do_POST(self) -> None:
        """Send what the list says."""
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body = json.dumps(SENDER.send_all(asked["requests"], together=asked["together"])).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def wait_for(program: subprocess.Popen[bytes]) -> None:
    """Wait until the desk listens."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and program.poll() is None:
        try:
            connection = Connection("desk")
            connection.connect()
            connection.close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit("app.py did not listen on api.sock in time")


if __name__ == "__main__":
    if os.path.exists("api.sock"):
        os.remove("api.sock")
    PROGRAM = subprocess.Popen([sys.executable, "app.py"])
    wait_for(PROGRAM)
    with socketserver.UnixStreamServer("sender.sock", Handler) as server:
        server.serve_forever()
