"""How the web holds with 300 candidates at work at once, and how fast lists are with 100,000 candidates.

The web is a real process of its own, with its database on the same machine; what asks runs here, on the same cores,
over loopback only, for a bounded time. Every candidate saves every 10 s, looks at the checks every 10 s and loads the
page every 30 s; some run checks; two people of the organisation look through lists. Run: `make bench`.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from shipworthy.access.entities import Access, Person
from shipworthy.access.operations import add_person
from shipworthy.bootstrap import House
from shipworthy.web import security
from shipworthy.web.security import DEVICE, SIGN_IN, cookie_name
from tests.support.candidates import Invitees, invitees_in, quick_catalogue
from tests.support.houses import fresh_house, sign_in_token

BAR_PAGES_MS, BAR_LISTS_MS = 400.0, 150.0
MOST_SECONDS = 300
SAVE_EVERY, LOOK_EVERY, LOAD_EVERY, LIST_EVERY = 10.0, 10.0, 30.0, 2.0
WARM_UP = 8.0
CODE = "def median_by_group(rows):\n" + "    # thinking about it\n" * 120
MANY = """
INSERT INTO candidate (id, organisation_id, name, email, created_at)
SELECT gen_random_uuid(), :of,
    (ARRAY['Ada','Grace','Edsger','Barbara','Alan','Mary','Radia','Donald'])[1 + n % 8] || ' ' ||
    (ARRAY['Ito','Sousa','Okafor','Lindqvist','Novak','Haddad','Brien'])[1 + n % 7] || ' ' || n,
    'c' || n || '@many.example', now() - n * interval '1 minute' FROM generate_series(1, :count) n;
INSERT INTO invitation (id, organisation_id, assessment_id, candidate_id, state, invited_by, invited_at, expires_at,
    wrong_codes, reminders, changed_at)
SELECT gen_random_uuid(), :of, :assessment, id,
    (ARRAY['invited','opened','started','finished','expired'])[1 + (abs(hashtext(email)) % 5)], 'house',
    created_at, created_at + interval '14 days', 0, 0, created_at FROM candidate WHERE email LIKE '%@many.example';
"""


@dataclass(frozen=True)
class Worker:
    """A candidate at work: the device's secret and the task."""

    device: str
    task: UUID


@dataclass
class Seen:
    """Milliseconds of answers by what was asked, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    counts_from: float = 0.0
    asked: int = 0

    async def timed(self, kind: str, asking: Awaitable[httpx.Response], expected: int = 200) -> httpx.Response | None:
        self.asked += 1
        began = time.perf_counter()
        try:
            answer = await asking
        except httpx.HTTPError as fault:
            self.wrong.append(f"{kind}: {type(fault).__name__}")
            return None
        if answer.status_code != expected:
            self.wrong.append(f"{kind}: status {answer.status_code}")
        if began >= self.counts_from:
            self.took[kind].append(1000 * (time.perf_counter() - began))
        return answer


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--candidates", type=int, default=300)
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--many", type=int, default=100_000)
    chosen = arguments.parse_args()
    figures = measure(min(chosen.candidates, 1000), min(chosen.seconds, MOST_SECONDS), min(chosen.many, 1_000_000))
    if chosen.json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        show(figures)
    return 0 if figures["holds"] else 1


def measure(candidates: int, seconds: int, many: int) -> dict[str, Any]:
    """Fill a database, serve it, and ask."""
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Path(folder) / "catalogue"
        catalogue.mkdir()
        quick_catalogue(catalogue)
        with fresh_house(Path(folder) / "data", catalogue=catalogue) as house:
            invitees = invitees_in(house.database, house.blobs, house.catalogue, minutes=120)
            fill(invitees, many)
            workers = at_work(invitees, candidates)
            owner = sign_in_token(house, a_person(invitees))
            with served(house) as web:
                before = used_processor(web.process)
                seen = asyncio.run(load(web, workers, owner, invitees.assessment, seconds))
                processor = used_processor(web.process) - before
                lists = asyncio.run(look_through_lists(web, owner, invitees.assessment))
    pages = [each for took in seen.took.values() for each in took]
    worst_list = max(at(95, took) for took in lists.took.values())
    wrong = seen.wrong + lists.wrong
    return {
        "candidates": candidates,
        "seconds": seconds,
        "requests": len(pages),
        "requests_a_second": len(pages) / seconds,
        "p50_ms": at(50, pages),
        "p95_ms": at(95, pages),
        "p99_ms": at(99, pages),
        "by_kind_p99_ms": {kind: at(99, took) for kind, took in seen.took.items()},
        "web_processor_ms": 1000 * processor / max(seen.asked, 1),
        "load": os.getloadavg()[0],
        "many": many,
        "lists_p95_ms": {kind: at(95, took) for kind, took in lists.took.items()},
        "errors": len(wrong),
        "first_errors": sorted(set(wrong))[:5],
        "holds": at(99, pages) <= BAR_PAGES_MS and worst_list < BAR_LISTS_MS and not wrong,
    }


def at_work(invitees: Invitees, count: int) -> list[Worker]:
    """Bring candidates as far as a task whose clock runs."""
    found = []
    for number in range(count):
        visit, device = invitees.arrive(f"worker{number}@example.org")
        invitees.agree(visit)
        from_device = invitees_visit(invitees, device)
        found.append(Worker(device, invitees.start(from_device).id))
    return found


def invitees_visit(invitees: Invitees, device: str) -> Any:
    from shipworthy.delivery.operations import known_device  # noqa: PLC0415 - beside its only use

    return known_device(invitees.database, device)


def fill(invitees: Invitees, many: int) -> None:
    """Add many more candidates to the assessment."""
    values = {"of": invitees.organisation, "count": many, "assessment": invitees.assessment}
    with invitees.database.house_work() as work:
        for statement in filter(str.strip, MANY.split(";\n")):
            work.execute(text(statement), {name: value for name, value in values.items() if f":{name}" in statement})
    with invitees.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        owner.execute(text("VACUUM ANALYZE candidate, invitation"))


def a_person(invitees: Invitees) -> Person:
    with invitees.database.unit_of_work(invitees.organisation) as work:
        accesses = frozenset({Access.HIRING_MANAGER, Access.RECRUITER})
        return add_person(work, invitees.organisation, name="Sam", email="sam@example.org", accesses=accesses)


@dataclass(frozen=True)
class Web:
    """The served web."""

    address: str
    process: subprocess.Popen[bytes]


@contextmanager
def served(house: House) -> Iterator[Web]:
    """Serve the house by a process of its own on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "SHIPWORTHY_DATABASE_URL": str(house.settings.database_url),
        "SHIPWORTHY_DATA": str(house.settings.data_folder),
        "SHIPWORTHY_CATALOGUE": str(house.settings.catalogue_folder),
        "SHIPWORTHY_WEB_URL": address,
        "SHIPWORTHY_LOG": "json",
    }
    log = house.settings.data_folder / "web.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "shipworthy.web", "--port", str(port)], env=environment, stderr=written
        )
    try:
        wait_for(address, process)
        yield Web(address, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            if httpx.get(f"{address}/health", timeout=1).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
        if process.poll() is not None:
            break
    raise SystemExit("the web does not start")


async def load(web: Web, workers: list[Worker], owner: str, assessment: UUID, seconds: int) -> Seen:
    """Let all candidates work, and two people look through lists, for so long."""
    seen = Seen(counts_from=time.perf_counter() + WARM_UP)
    until = time.perf_counter() + WARM_UP + seconds
    limits = httpx.Limits(max_connections=400, max_keepalive_connections=400)
    async with httpx.AsyncClient(base_url=web.address, timeout=20, limits=limits, trust_env=False) as client:
        tasks = [work(client, web, each, number, seen=seen, until=until) for number, each in enumerate(workers)]
        lookers = [
            look(client, web, owner, assessment, seen=seen, until=until, wait=1.0 * number) for number in range(2)
        ]
        await asyncio.gather(*tasks, *lookers)
    return seen


async def work(client: httpx.AsyncClient, web: Web, worker: Worker, number: int, *, seen: Seen, until: float) -> None:
    """Work on a task as the page does: load it, save, look at the checks."""
    chance = random.Random(number)
    page = f"/session/tasks/{worker.task}"
    headers = {"cookie": f"{cookie_name(web.address, DEVICE)}={worker.device}", "origin": web.address}
    changing = {**headers, security.HEADER: security._bound_to(worker.device)}
    revision = 0
    await asyncio.sleep(chance.uniform(0, SAVE_EVERY))
    turns = 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        if turns % round(LOAD_EVERY / SAVE_EVERY) == number % 3:
            await seen.timed("page", client.get(page, headers=headers))
        await asyncio.sleep(chance.uniform(0.5, 3))
        changes = {"revision": revision, "files": {"medians.py": f"{CODE}# {number} {turns}\n"}}
        answer = await seen.timed("save", client.post(f"{page}/changes/save", json=changes, headers=changing))
        if answer is not None and answer.status_code == 200:
            revision = answer.json()["revision"]
        if number % 10 == 0 and turns == 1:
            await seen.timed("run checks", client.post(f"{page}/checks", headers=changing), expected=202)
        await asyncio.sleep(chance.uniform(0.5, 3))
        await seen.timed("look at checks", client.get(f"{page}/checks", headers=headers))
        turns += 1
        await asyncio.sleep(max(0.0, began + SAVE_EVERY - time.perf_counter()))


async def look(
    client: httpx.AsyncClient, web: Web, owner: str, assessment: UUID, *, seen: Seen, until: float, wait: float
) -> None:
    """Look through lists as a recruiter does."""
    headers = {"cookie": f"{cookie_name(web.address, SIGN_IN)}={owner}"}
    await asyncio.sleep(wait)
    while time.perf_counter() < until:
        for name, path in lists_of(assessment).items():
            if time.perf_counter() < until:
                await seen.timed(f"list: {name}", client.get(path, headers=headers))
                await asyncio.sleep(LIST_EVERY)


def lists_of(assessment: UUID) -> dict[str, str]:
    page = f"/assessments/{assessment}"
    return {
        "newest": page,
        "by name": f"{page}?order=name",
        "active": f"{page}?order=active",
        "one state": f"{page}?state=finished",
        "search, few found": f"{page}?q=novak+99",
        "search, many found": f"{page}?q=ada",
        "search, nothing found": f"{page}?q=nobody+there",
        "home": "/",
        "assessments": "/assessments",
    }


async def look_through_lists(web: Web, owner: str, assessment: UUID, rounds: int = 25) -> Seen:
    """Load every list so often, one after the other, while nothing else is asked."""
    seen = Seen()
    headers = {"cookie": f"{cookie_name(web.address, SIGN_IN)}={owner}"}
    async with httpx.AsyncClient(base_url=web.address, timeout=20, trust_env=False) as client:
        for _ in range(rounds):
            for name, path in lists_of(assessment).items():
                await seen.timed(name, client.get(path, headers=headers))
    return seen


def used_processor(process: subprocess.Popen[bytes]) -> float:
    """Return the seconds of processor that a process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def at(percent: int, figures: list[float]) -> float:
    return statistics.quantiles(figures, n=100)[percent - 1] if len(figures) > 1 else sum(figures)


def show(figures: dict[str, Any]) -> None:
    print(f"{figures['candidates']} candidates at once for {figures['seconds']} s: {figures['requests']} requests")
    print(f"  {figures['requests_a_second']:7.1f} requests a second")
    for name in ("p50", "p95", "p99"):
        bar = f"  (bar {BAR_PAGES_MS:.0f})" if name == "p99" else ""
        print(f"  {figures[f'{name}_ms']:7.1f} ms {name}{bar}")
    for kind, took in sorted(figures["by_kind_p99_ms"].items()):
        print(f"  {took:7.1f} ms p99 of {kind}")
    print(f"Lists with {figures['many']} candidates, asked one after the other, p95 (bar {BAR_LISTS_MS:.0f} ms)")
    for kind, took in figures["lists_p95_ms"].items():
        print(f"  {took:7.1f} ms {kind}")
    print(f"  {figures['errors']} errors {figures['first_errors'] or ''}")
    print(f"  {figures['web_processor_ms']:.1f} ms of the web's processor for each request")
    print(f"  {figures['load']:.1f} programs wanted the machine's cores meanwhile, these counted")


if __name__ == "__main__":
    sys.exit(main())
