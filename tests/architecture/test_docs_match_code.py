"""The reference pages say what the code does: every command, option, setting, exit code and key, and no other."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App

from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.main import app
from shipworthy.core.errors import ShipworthyError
from shipworthy.framework import load_framework
from tests.architecture.pages import DOCS, SOURCE, first_cells, sections, ticked

CLI_PAGE = DOCS / "reference" / "cli.md"
SWITCHED_OFF = ("--no-", "--empty-")


def commands(app: App, path: tuple[str, ...] = ("shipworthy",)) -> Iterator[tuple[str, App]]:
    """Yield every command with its full name."""
    for name in app:
        if name.startswith("-"):
            continue
        if app[name].default_command is None:
            yield from commands(app[name], (*path, name))
        else:
            yield " ".join((*path, name)), app[name]


COMMANDS = dict(commands(app))


def names_of(command: App) -> set[str]:
    """Return what a command takes: options with their dashes, positional arguments in capitals."""
    found = set()
    for argument in command.assemble_argument_collection():
        kind = argument.field_info.kind
        name = next(name for name in argument.names if not name.startswith(SWITCHED_OFF))
        positional = kind is not kind.KEYWORD_ONLY
        found.add(name.lstrip("-").upper() if positional else name)
    return found


def test_every_command_has_a_section_and_no_other_is_described() -> None:
    assert {heading.strip("`") for heading in sections(CLI_PAGE)} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_described_and_no_other(name: str) -> None:
    described = [ticked([cell])[0] for cell in first_cells(sections(CLI_PAGE)[f"`{name}`"])]
    assert sorted(described) == sorted(names_of(COMMANDS[name]))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_that_it_accepts_and_known_exit_codes(name: str) -> None:
    section = sections(CLI_PAGE)[f"`{name}`"]
    examples = [line for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]
    assert examples
    for example in examples:
        assert example.startswith(f"{name} ") or example == name
        app.parse_args(shlex.split(example)[1:], exit_on_error=False, print_error=False)
    told = re.search(r"^Exit codes: .*", section, re.MULTILINE | re.DOTALL)
    assert told
    assert {int(code) for code in re.findall(r"`(\d+)`", told.group())} <= {int(code) for code in ExitCode}


def shown_commands() -> list[tuple[str, str]]:
    """Return every command that a page tells people to run, with its page."""
    pages = [*DOCS.rglob("*.md"), *(DOCS.parent / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"))]
    found = []
    for page in pages:
        for block in re.findall(r"```(?:sh|console)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            lines = [line.removeprefix("$ ") for line in block.splitlines()]
            found += [(page.name, line) for line in lines if line.removeprefix(".venv/bin/").startswith("shipworthy ")]
    return found


def test_every_command_that_a_page_shows_is_one_that_shipworthy_accepts() -> None:
    for page, line in shown_commands():
        arguments = shlex.split(re.split(r" [>|] ", line)[0].replace("*", "x"), comments=True)[1:]
        if {"--help", "--version"} & set(arguments):
            continue
        try:
            app.parse_args(arguments, exit_on_error=False, print_error=False)
        except Exception as fault:
            pytest.fail(f"{page}: `{line}` is not accepted: {fault}")


def test_the_role_contexts_that_a_scorecard_takes_are_named() -> None:
    ids = {context.id for context in load_framework().role_contexts}
    section = sections(CLI_PAGE)["`shipworthy scorecard`"]
    help_text = str(COMMANDS["shipworthy scorecard"].default_command.__doc__)
    for name in ids:
        assert f"`{name}`" in section
        assert name in help_text, f"the help of `shipworthy scorecard` does not name the role context {name}"


def test_every_exit_code_is_described_and_no_other() -> None:
    page = DOCS / "reference" / "exit-codes.md"
    described = ticked(first_cells(page.read_text(encoding="utf-8")))
    assert [int(code) for code in described] == [int(code) for code in ExitCode]
    for code in ExitCode:
        assert f"`{code.name}`" in page.read_text(encoding="utf-8")


def test_every_error_ends_with_a_known_exit_code() -> None:
    import_all_errors()
    for kind in families(ShipworthyError):
        assert kind.exit_code in {int(code) for code in ExitCode}, kind.__name__


def import_all_errors() -> None:
    """Import every module that declares errors."""
    for path in SOURCE.glob("*/errors.py"):
        __import__(f"shipworthy.{path.parent.name}.errors")


def families(kind: type[ShipworthyError]) -> Iterator[type[ShipworthyError]]:
    """Yield an error and everything derived from it."""
    yield kind
    for derived in kind.__subclasses__():
        yield from families(derived)


def names_read_from_the_environment(path: Path) -> set[str]:
    """Return the names in capitals that a file reads from the environment, in any of the ways that are used here."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        spelled = ast.unparse(node) if isinstance(node, ast.Call | ast.Subscript) else ""
        if re.match(r"(os\.)?(environ|environment|getenv)\b", spelled):
            found |= set(re.findall(r"[\[(]'([A-Z][A-Z_]+)'", spelled))
    return found


def test_every_setting_that_the_product_reads_is_described_and_no_other() -> None:
    read = {name for path in SOURCE.rglob("*.py") for name in names_read_from_the_environment(path)}
    text = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    assert set(ticked(first_cells(text))) == read


def test_every_setting_with_the_product_s_name_is_described() -> None:
    text = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    named = {
        name for path in SOURCE.rglob("*.py") for name in re.findall(r"SHIPWORTHY_[A-Z_]+", path.read_text("utf-8"))
    }
    assert named == set(re.findall(r"SHIPWORTHY_[A-Z_]+", text))


def test_every_target_of_the_makefile_is_described_and_no_other() -> None:
    makefile = (DOCS.parent / "Makefile").read_text(encoding="utf-8")
    targets = next(line for line in makefile.splitlines() if line.startswith(".PHONY:")).split()[1:]
    contributing = (DOCS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    described = [name for name in ticked(first_cells(contributing)) if name.startswith("make ")]
    assert sorted(described) == sorted(f"make {target}" for target in targets)
