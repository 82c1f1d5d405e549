from pathlib import Path

import pytest

from shipworthy.runtimes.definitions import known_runtimes, load_definition, satisfies
from shipworthy.runtimes.errors import UnknownRuntimeError, UnsoundRuntimeError
from tests.unit.runtimes.conftest import DEFINITION, write_definition


def test_the_shipped_runtime_promises_what_task_authors_count_on() -> None:
    definition = load_definition("python-ml")
    assert {"pandas", "duckdb", "fastapi", "openai", "sklearn.linear_model"} <= set(definition.imports)
    assert "python-ml" in known_runtimes()


def test_a_misspelled_id_gets_the_closest_one() -> None:
    with pytest.raises(UnknownRuntimeError) as caught:
        load_definition("python-mk")
    assert caught.value.remedy == "Did you mean 'python-ml'?"


def test_an_unknown_id_gets_all_known_ones() -> None:
    with pytest.raises(UnknownRuntimeError) as caught:
        load_definition("../../etc")
    assert "python-ml" in caught.value.remedy


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('id = "small"', 'id = "other"', "differs from the folder's name"),
        ("leave_out", "leave_uot", "'leave_uot' is unknown"),
        ('title = "A small runtime"', "title = 3", "'title' must be a text"),
        ('"ssl"', "7", "'imports' must be a list of texts"),
        (">=3.11", "about 3", "'python' is no constraint"),
        ("imports = [", "imports = [[", "cannot be read"),
    ],
)
def test_faults_are_named(tmp_path: Path, before: str, after: str, fault: str) -> None:
    write_definition(tmp_path, DEFINITION.replace(before, after))
    with pytest.raises(UnsoundRuntimeError, match=fault):
        load_definition("small", tmp_path)


def test_a_definition_without_a_lock_is_refused(tmp_path: Path) -> None:
    write_definition(tmp_path)
    (tmp_path / "small" / "requirements.txt").unlink()
    with pytest.raises(UnsoundRuntimeError, match=r"requirements\.txt"):
        load_definition("small", tmp_path)


def test_every_byte_of_lock_and_definition_changes_the_digest(tmp_path: Path) -> None:
    digests = set()
    for text, requirements in ((DEFINITION, "a"), (DEFINITION + "\n", "a"), (DEFINITION, "b")):
        write_definition(tmp_path, text, requirements)
        digests.add(load_definition("small", tmp_path).lock_digest)
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("version", "constraint", "expected"),
    [
        ("3.11.7", ">=3.11", True),
        ("3.10.9", ">=3.11", False),
        ("3.13.0", ">=3.11,<3.13", False),
        ("3.12.9", ">=3.11, <3.13", True),
        ("3.12.9", "==3.12", True),
        ("3.12.9", "<=3.12", True),
        ("3.12.9", ">3.12", False),
        ("3.13.1", ">3.12", True),
    ],
)
def test_constraints(version: str, constraint: str, *, expected: bool) -> None:
    assert satisfies(version, constraint) is expected
