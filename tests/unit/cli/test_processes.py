import os
import sys

import pytest

from shipworthy.cli.main import run


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    programs: list[list[str]] = []

    def note(path: str, arguments: list[str]) -> None:
        assert path == arguments[0] == sys.executable
        programs.append(arguments[1:])

    monkeypatch.setattr(os, "execv", note)
    return programs


def test_serve_becomes_the_web(became: list[list[str]]) -> None:
    run(["serve", "--port", "8123"])
    assert became == [["-m", "shipworthy.web", "--host", "127.0.0.1", "--port", "8123"]]


def test_worker_becomes_a_worker_with_its_own_defaults(became: list[list[str]]) -> None:
    run(["worker"])
    run(["worker", "--slots", "3", "--allow-missing", "cgroups", "--allow-missing", "landlock"])
    assert became == [
        ["-m", "shipworthy.worker"],
        ["-m", "shipworthy.worker", "--slots", "3", "--allow-missing", "cgroups", "--allow-missing", "landlock"],
    ]


def test_a_number_that_is_none_is_refused_before_anything_starts(became: list[list[str]]) -> None:
    assert run(["worker", "--slots", "many"]) == 2
    assert became == []
