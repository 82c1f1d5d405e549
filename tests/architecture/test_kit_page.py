"""The kit's page names everything that authors may use, with its parameters, and nothing else."""

import inspect
import re
from dataclasses import fields, is_dataclass

import pytest

from shipworthy import kit
from tests.architecture.pages import DOCS, first_cells, sections, ticked

PAGE = DOCS / "reference" / "kit.md"
OF_THE_PRODUCT = {"Bench", "Calls.prepare"}
CLASSES = [name for name in kit.__all__ if isinstance(getattr(kit, name), type) and name != "BadAnswer"]
FUNCTIONS = [name for name in kit.__all__ if inspect.isfunction(getattr(kit, name))]


def spelled(name: str, function: object) -> str:
    """Spell a function as the page does: its name and its parameters."""
    parameters = [each for each in inspect.signature(function).parameters if each != "self"]  # type: ignore[arg-type]
    return f"{name}({', '.join(parameters)})"


def members(kind: type) -> set[str]:
    """Return the public attributes and methods of a class that authors may use."""
    found = {field.name for field in fields(kind)} if is_dataclass(kind) else set(inspect.get_annotations(kind))
    found |= set(re.findall(r"self\.([a-z]\w*) =", inspect.getsource(kind)))
    for name, member in vars(kind).items():
        if not name.startswith("_") and f"{kind.__name__}.{name}" not in OF_THE_PRODUCT:
            found.add(spelled(name, member) if inspect.isfunction(member) else name)
    return found


def described(section: str) -> set[str]:
    return {ticked([cell])[0] for cell in first_cells(sections(PAGE)[section])}


@pytest.mark.parametrize("name", CLASSES)
def test_everything_about_a_class_is_described_and_nothing_else(name: str) -> None:
    assert described(f"`{name}`") == members(getattr(kit, name))


def test_every_function_is_described_and_no_other() -> None:
    assert described("Functions") == {spelled(name, getattr(kit, name)) for name in FUNCTIONS}


def test_every_name_of_the_kit_has_its_place() -> None:
    placed = {heading.strip("`") for heading in sections(PAGE)} | {
        cell.partition("(")[0] for cell in described("Functions")
    }
    assert placed - {"Functions"} == set(kit.__all__)
