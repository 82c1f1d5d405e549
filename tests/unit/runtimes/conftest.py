"""One small runtime, built for real once: a copied interpreter and one locked package."""

import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from shipworthy.runtimes.building import build
from shipworthy.runtimes.definitions import definitions_folder
from shipworthy.runtimes.entities import BuiltRuntime

DEFINITION = """
id = "small"
title = "A small runtime"
python = ">=3.11"
imports = ["idna", "ssl", "sqlite3", "ctypes"]
leave_out = ["idna/cli*"]
"""


@dataclass(frozen=True)
class SmallRuntime:
    """The built runtime, where it was built, and what two builders at once were told and given."""

    definitions: Path
    data_folder: Path
    given: list[BuiltRuntime]
    told: list[list[str]]


def write_definition(folder: Path, text: str = DEFINITION, requirements: str | None = None) -> Path:
    home = folder / "small"
    home.mkdir(parents=True, exist_ok=True)
    (home / "runtime.toml").write_text(text)
    (home / "requirements.txt").write_text(locked_line() if requirements is None else requirements)
    return folder


def locked_line() -> str:
    lines = (definitions_folder() / "python-ml" / "requirements.txt").read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("idna=="))
    hashes = []
    for line in lines[start + 1 :]:
        if not line.startswith("    --hash"):
            break
        hashes.append(line)
    return "\n".join([lines[start], *hashes]).rstrip(" \\") + "\n"


@pytest.fixture(scope="package")
def small_runtime(tmp_path_factory: pytest.TempPathFactory) -> SmallRuntime:
    definitions = write_definition(tmp_path_factory.mktemp("definitions"))
    data_folder = tmp_path_factory.mktemp("data")
    home = data_folder / "runtimes" / "small" / ".building-killed" / "bin"
    home.mkdir(parents=True)
    given: list[BuiltRuntime] = []
    told: list[list[str]] = [[], []]

    def build_one(number: int) -> None:
        given.append(build("small", data_folder, told[number].append, definitions=definitions))

    builders = [threading.Thread(target=build_one, args=(number,)) for number in (0, 1)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    return SmallRuntime(definitions, data_folder, given, told)
