"""The command that shows the web: an organisation with five candidates, graded by a worker and served."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO

from shipworthy import bootstrap
from shipworthy.bootstrap import House
from shipworthy.cli.demo import allowed_layers
from shipworthy.cli.demo_house import fill, new_password
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import Bar, progress_bar, screen
from shipworthy.cli.workspaces import known_seed
from shipworthy.core.errors import BadInputError, ShipworthyError
from shipworthy.core.settings import Settings, read_settings
from shipworthy.grading.jobs.operations import queue_figures

FOLDER = "demo"
LOOK_SECONDS = 0.5
END_SECONDS = 40


class DemoEndedError(ShipworthyError):
    """A process of the demo ended by itself."""

    code = "demo_ended"
    exit_code = 5


def demo_web(
    *,
    port: int = 8000,
    minutes: int = 120,
    seed: int = 7,
    serve: bool = True,
    allow_missing: list[str] | None = None,
) -> int:
    """Fill an organisation with a role and five candidates, have a worker grade them, and serve the web.

    The second time everything is there already. It has a database of its own, in `demo` below the data folder.

    Example: `shipworthy demo-web --port 8000`

    Parameters
    ----------
    port
        The port of this machine to serve at.
    minutes
        The most time that the candidates were asked for; the longer, the more tasks are graded.
    seed
        Which variants.
    serve
        Serve until Ctrl-C; without it, end when everything is graded.
    allow_missing
        A layer of the sandbox that may be missing; can be given several times.
    """
    known_seed(seed)
    for ending in (signal.SIGTERM, signal.SIGINT):  # SIGINT too: a shell's background programs begin deaf to it
        signal.signal(ending, signal.default_int_handler)
    given = read_settings()
    bootstrap.clean_up(given)
    allowed = allowed_layers(given, allow_missing or [])
    settings = _own(given, port)
    house = bootstrap.open_house(settings)
    settings = replace(settings, data_folder=given.data_folder, database_url=house.database.url)
    try:
        _build_runtimes(given, house, allowed)
        with progress_bar("Five candidates hand in") as bar:
            owner = fill(house, minutes=minutes, seed=seed, say=bar.say)
        with _running(settings, "worker", *_words(allowed)) as worker:
            _wait_for_gradings(house, worker)
            screen.print("[green]✓[/] Five candidates handed in and were graded.")
            if serve:
                _serve(settings, port, owner.email, new_password(house, owner))
    finally:
        house.database.close()
    return ExitCode.DONE


def _own(given: Settings, port: int) -> Settings:
    """Return settings under which nothing of the person's own database and blobs is touched."""
    folder = given.data_folder / FOLDER
    return replace(
        given,
        data_folder=folder,
        database_url=None,
        blobs=str(folder / "blobs"),
        web_url=f"http://127.0.0.1:{port}",
        smtp_url="",
    )


def _build_runtimes(settings: Settings, house: House, allowed: list[str]) -> None:
    tasks = [house.catalogue.load(task_id) for task_id in house.catalogue.ids()]
    for runtime in sorted({task.manifest.runtime for task in tasks}):
        with progress_bar(f"Runtime {runtime}") as bar:
            bootstrap.ready_runtime(settings, runtime, allowed_missing=allowed, say=bar.say)


def _words(allowed: list[str]) -> list[str]:
    return [word for layer in allowed for word in ("--allow-missing", layer)]


@contextmanager
def _running(settings: Settings, part: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the web or a worker beside this command; it ends with it. What it says goes into a file."""
    log = settings.data_folder / FOLDER / f"{part}.log"
    with log.open("ab") as written:
        process = _started(settings, part, arguments, written)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _started(settings: Settings, part: str, arguments: tuple[str, ...], written: IO[bytes]) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "SHIPWORTHY_SMTP_URL": "",
        "SHIPWORTHY_DATA": str(settings.data_folder),
        "SHIPWORTHY_CATALOGUE": str(settings.catalogue_folder),
        "SHIPWORTHY_DATABASE_URL": str(settings.database_url),
        "SHIPWORTHY_BLOBS": str(settings.blobs),
        "SHIPWORTHY_WEB_URL": settings.web_url,
    }
    command = [sys.executable, "-m", f"shipworthy.{part}", *arguments]
    # A session of its own, so that Ctrl-C reaches this command alone, which then ends it in order.
    return subprocess.Popen(command, env=environment, stdout=written, stderr=written, start_new_session=True)


def _wait_for_gradings(house: House, worker: subprocess.Popen[bytes]) -> None:
    total = _open_gradings(house)
    with progress_bar("A worker grades", total=total) as bar:
        _follow(house, worker, bar, total)
    with house.database.house_work() as work:
        stopped = queue_figures(work).stopped
    if stopped:
        screen.print(f"[yellow]{stopped} gradings failed through our fault[/]; the candidates' pages say so.")


def _follow(house: House, worker: subprocess.Popen[bytes], bar: Bar, total: int) -> None:
    while left := _open_gradings(house):
        if worker.poll() is not None:
            raise _ended("worker")
        bar.step(total - left, total, f"{left} to go")
        time.sleep(LOOK_SECONDS)


def _open_gradings(house: House) -> int:
    with house.database.house_work() as work:
        figures = queue_figures(work)
    return sum(figures.waiting.values()) + sum(figures.running.values())


def _serve(settings: Settings, port: int, email: str, password: str) -> None:
    _expect_free(port)
    with _running(settings, "web", "--port", str(port)) as web:
        _wait_for_web(port, web)
        screen.print(f"\n[bold]Shipworthy is served at {settings.web_url}[/]")
        screen.print(f"  Address:  {email}\n  Password: {password}", markup=False)
        screen.print("  Compare the candidates under Assessments. Ctrl-C ends the demo.\n")
        try:
            web.wait()
        except KeyboardInterrupt:
            screen.print("The demo ends. What is in it stays for the next time.")
            return
    raise _ended("web")


def _expect_free(port: int) -> None:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            raise BadInputError(f"Port {port} is in use.", remedy="Choose another one with --port.") from None


def _wait_for_web(port: int, web: subprocess.Popen[bytes]) -> None:
    while web.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(LOOK_SECONDS)
    raise _ended("web")


def _ended(part: str) -> DemoEndedError:
    return DemoEndedError(
        f"The {part} of the demo ended.", remedy=f"Look into {FOLDER}/{part}.log in the data folder for the reason."
    )
