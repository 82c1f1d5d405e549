"""A newcomer starts the demo of the web, signs in and compares the candidates that a worker graded."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_demo_is_served_with_five_graded_candidates(tmp_path: Path) -> None:
    port = free_port()
    data = Path(os.environ.get("SHIPWORTHY_DATA", "/var/lib/shipworthy" if os.geteuid() == 0 else tmp_path))
    place = tmp_path / "data"
    place.mkdir(mode=0o755)
    if (data / "runtimes").is_dir():
        (place / "runtimes").symlink_to(data / "runtimes")
    command = [str(Path(sys.executable).with_name("shipworthy")), "demo-web", "--port", str(port), "--minutes", "45"]
    environment = {**os.environ, "SHIPWORTHY_DATA": str(place), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        told = []
        for line in process.stdout:
            told.append(line)
            if "Ctrl-C" in line:
                break
        text = "".join(told)
        found = re.search(r"Address:\s+(\S+)\s+Password:\s+(\S+)", text)
        assert found, text
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True) as browser:
            page = browser.get("/sign-in").text
            token = TOKEN.search(page)
            assert token
            fields = {"csrf": token[1], "email": found[1], "password": found[2]}
            assert "5 finished" in browser.post("/sign-in", data=fields).text
            listed = browser.get("/assessments").text
            assessment = re.search(r'href="(/assessments/[0-9a-f-]{36})', listed)
            assert assessment
            candidates = browser.get(assessment[1]).text
        for name in ("Imani Sousa", "Tomás Lindqvist", "Mei Haddad", "Jonas Novak", "Rae Quinn"):
            assert name in candidates
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(90)
        process.stdout.close()
