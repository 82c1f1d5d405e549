"""Every package says in about ten lines what it owns, what it never does, and how it is used."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.pages import packages

MOST_LINES = 30


@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_every_package_has_a_readme_that_says_what_it_owns(package: Path) -> None:
    readme = (package / "README.md").read_text(encoding="utf-8")
    assert readme.startswith(f"# {package.name}\n")
    assert re.search(r"\bowns\b", readme, re.IGNORECASE)
    assert re.search(r"\bnever\b", readme, re.IGNORECASE)
    assert len(readme.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_the_example_uses_names_that_exist(package: Path) -> None:
    examples = re.findall(r"```python\n(.*?)```", (package / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert examples
    for node in (node for example in examples for node in ast.walk(ast.parse(example))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shipworthy"):
            module = __import__(str(node.module), fromlist=["x"])
            missing = [name.name for name in node.names if not hasattr(module, name.name)]
            assert not missing, f"{node.module} has no {missing}"
