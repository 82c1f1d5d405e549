"""The web as a process of its own: it starts, says where it is, ends politely, and may die at any moment."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest
from sqlalchemy import text

from shipworthy.audit.operations import verify
from shipworthy.bootstrap import House, open_house
from shipworthy.core.settings import Settings
from shipworthy.delivery.operations import known_device
from shipworthy.web.security import DEVICE, cookie_name
from tests.support.candidates import RIGHT, Invitees, invitees_in, quick_catalogue
from tests.support.databases import fresh_url

CANDIDATES = 4
PATIENCE = 60
TOKEN = re.compile(r'name="csrf-token" content="([0-9a-f]+)"')
REVISION = re.compile(r'name="revision" value="(\d+)"')


@dataclass
class Serving:
    """Where the web is served, and the process that does it."""

    process: subprocess.Popen[bytes]
    url: str


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def serving(settings: Settings, port: int) -> Iterator[Serving]:
    """Start the web and wait until it answers; whatever happens, it does not outlive the test."""
    environment = {
        **os.environ,
        "SHIPWORTHY_DATABASE_URL": settings.database_url or "",
        "SHIPWORTHY_DATA": str(settings.data_folder),
        "SHIPWORTHY_CATALOGUE": str(settings.catalogue_folder),
    }
    command = [sys.executable, "-m", "shipworthy.web", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url)
            yield Serving(process, url)
        finally:
            process.kill()


def wait_for(url: str) -> None:
    until = monotonic() + PATIENCE
    while monotonic() < until:
        try:
            if httpx2.get(f"{url}/health", timeout=2).status_code == 200:
                return
        except httpx2.HTTPError:
            sleep(0.1)
    pytest.fail("the web does not answer")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    catalogue = quick_catalogue(tmp_path / "catalogue")
    with fresh_url() as url:
        opened = open_house(Settings(tmp_path / "data", catalogue.folder, database_url=url))
        try:
            yield opened
        finally:
            opened.database.close()


@dataclass(frozen=True)
class Worker:
    """A candidate's browser in front of the page that hands in."""

    device: str
    task: str

    def hand_in(self, url: str) -> bool:
        """Press the button; say whether the server confirmed, now or earlier."""
        cookies = {cookie_name(url, DEVICE): self.device}
        path = f"{url}/session/tasks/{self.task}/hand-in"
        try:
            with httpx2.Client(cookies=cookies, timeout=20) as client:
                page = client.get(path)
                found = REVISION.search(page.text)
                if page.status_code != 200 or not found:
                    return page.status_code == 303
                token = TOKEN.search(page.text)
                sent = {"csrf": token[1] if token else "", "revision": found[1]}
                return client.post(path, data=sent).status_code == 303
        except httpx2.HTTPError:
            return False


def at_work(house: House, invitees: Invitees) -> Worker:
    """Bring a candidate as far as having written something."""
    visit, device = invitees.arrive()
    invitees.agree(visit)
    visit = known_device(house.database, device)
    task = invitees.start(visit)
    invitees.save(visit, task, 0, medians=RIGHT)
    return Worker(device, str(task.id))


@pytest.mark.timeout(300)
def test_killed_in_the_middle_of_handing_in_nothing_is_lost_and_nothing_counts_twice(house: House) -> None:
    invitees = invitees_in(house.database, house.blobs, house.catalogue)
    workers = [at_work(house, invitees) for _ in range(CANDIDATES)]
    port = free_port()
    confirmed = threading.Semaphore(0)
    with serving(house.settings, port) as first, ThreadPoolExecutor(2) as pool:

        def press(worker: Worker) -> bool:
            done = worker.hand_in(first.url)
            confirmed.release()
            return done

        pressed = [pool.submit(press, worker) for worker in workers]
        confirmed.acquire(timeout=PATIENCE)
        first.process.send_signal(signal.SIGKILL)
        told = [future.result() for future in pressed]
    assert not all(told)
    with serving(house.settings, port) as second:
        assert all(worker.hand_in(second.url) for worker in workers)
        second.process.send_signal(signal.SIGTERM)
        assert second.process.wait(timeout=PATIENCE) in {0, -signal.SIGTERM}, "asked to end, it ends without a fault"
    assert counts(house, invitees) == {"submission": CANDIDATES, "grading_job": CANDIDATES, "event": CANDIDATES}
    with house.database.unit_of_work(invitees.organisation) as work:
        assert verify(work, invitees.organisation).holds


def counts(house: House, invitees: Invitees) -> dict[str, int]:
    """Count submissions, gradings and events of handing in, each at most once for a task."""
    queries = {
        "submission": "SELECT count(DISTINCT session_task_id) FROM submission",
        "grading_job": "SELECT count(*) FROM grading_job WHERE kind = 'grading'",
        "event": "SELECT count(*) FROM audit_event WHERE tag = 'candidate:submission:handed_in'",
    }
    with house.database.unit_of_work(invitees.organisation) as work:
        return {name: int(work.scalar(text(query)) or 0) for name, query in queries.items()}


def test_a_database_that_does_not_answer_is_told_in_words(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "SHIPWORTHY_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x",
        "SHIPWORTHY_DATA": str(tmp_path),
    }
    command = [sys.executable, "-m", "shipworthy.web", "--port", str(free_port())]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 5
    assert "The database does not answer" in ended.stderr
    assert "Traceback" not in ended.stderr
