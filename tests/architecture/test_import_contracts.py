"""The architecture is a test: imports only point down, and every package has its place."""

import os
import subprocess
import sys
from configparser import ConfigParser

from tests.architecture.pages import DOCS, ROOT, packages


def test_every_import_contract_is_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "160"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_has_a_layer() -> None:
    assert {path.name for path in packages()} | {"bootstrap"} == {name for layer in layers() for name in layer}


def test_the_architecture_page_names_every_package_and_the_layers_in_their_order() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    for package in packages():
        assert f"`{package.name}/`" in page, f"docs/architecture.md does not say what {package.name}/ owns"
    spelled = " > ".join(f"`{' | '.join(layer)}`" for layer in layers())
    assert spelled in " ".join(page.split()), f"docs/architecture.md does not give the layers as: {spelled}"


def layers() -> list[list[str]]:
    """Return the layers of `.importlinter`, from the top down; those in one line may not import each other."""
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = contracts["importlinter:contract:layers"]["layers"].split("\n")
    return [[name.strip() for name in line.split("|")] for line in lines if line.strip()]
