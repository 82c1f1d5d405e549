import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from shipworthy.runtimes.building import build, find, intact, remove_unused, unused
from shipworthy.runtimes.definitions import satisfies
from shipworthy.runtimes.errors import RuntimeBuildError, RuntimeNotBuiltError
from shipworthy.runtimes.interpreter import probe
from tests.unit.runtimes.conftest import DEFINITION, SmallRuntime, write_definition

SYSTEM_PYTHON = Path("/usr/bin/python3")
LOOK = """
import ctypes, json, sqlite3, ssl, sys, sysconfig
import idna
loaded = {line.split()[-1] for line in open("/proc/self/maps") if "libpython" in line}
print(json.dumps({"prefix": sys.prefix, "packages": sysconfig.get_path("purelib"), "idna": idna.__file__,
                  "source": idna.encode.__code__.co_filename, "libpython": sorted(loaded), "path": sys.path}))
"""


def test_find_says_how_to_build_what_is_not_there(tmp_path: Path) -> None:
    definitions = write_definition(tmp_path / "definitions")
    with pytest.raises(RuntimeNotBuiltError, match="small") as caught:
        find("small", tmp_path, definitions=definitions)
    assert "shipworthy runtime build small" in caught.value.remedy


def test_two_builders_at_once_build_one_runtime(small_runtime: SmallRuntime) -> None:
    first, second = small_runtime.given
    assert first == second
    assert sorted(map(bool, small_runtime.told)) == [False, True]


def test_a_second_build_does_nothing(small_runtime: SmallRuntime) -> None:
    told: list[str] = []
    again = build("small", small_runtime.data_folder, told.append, definitions=small_runtime.definitions)
    assert again == small_runtime.given[0]
    assert again == find("small", small_runtime.data_folder, definitions=small_runtime.definitions)
    assert told == []


def test_what_a_killed_build_left_is_cleared(small_runtime: SmallRuntime) -> None:
    names = [path.name for path in (small_runtime.data_folder / "runtimes" / "small").iterdir()]
    assert sorted(names) == [".lock", small_runtime.given[0].lock_digest]


def test_it_works_from_another_place_in_an_empty_environment(small_runtime: SmallRuntime, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "runtime"
    shutil.copytree(small_runtime.given[0].root, moved, symlinks=True)
    ended = subprocess.run([moved / "bin/python3", "-I", "-c", LOOK], env={}, cwd="/", capture_output=True, check=True)
    seen = json.loads(ended.stdout)
    assert seen["prefix"] == str(moved)
    assert all(path.startswith(str(moved)) for path in [seen["packages"], seen["idna"], *seen["path"]])
    if any((moved / "lib").glob("libpython*")):
        assert [path for path in seen["libpython"] if not path.startswith(str(moved))] == []
        assert seen["libpython"]


def test_nobody_can_write_it_and_everybody_can_read_it(small_runtime: SmallRuntime) -> None:
    root = small_runtime.given[0].root
    modes = [path.stat().st_mode for path in root.rglob("*") if not path.is_symlink()]
    assert not any(mode & 0o222 for mode in modes)
    assert all(mode & 0o444 == 0o444 for mode in modes)
    assert all(mode & 0o111 == 0o111 for mode in modes if stat.S_ISDIR(mode))


def test_no_script_names_the_folder_it_was_built_in(small_runtime: SmallRuntime) -> None:
    root = small_runtime.given[0].root
    assert sorted(path.name for path in (root / "bin").iterdir()) == ["python", "python3"]
    records = list(root.rglob("*.dist-info/RECORD"))
    assert records
    for record in records:
        paths = [line.split(",")[0] for line in record.read_text().splitlines()]
        assert all((record.parent.parent / path).exists() for path in paths)


def test_compiled_files_name_their_source_where_it_is_mounted(small_runtime: SmallRuntime) -> None:
    root = small_runtime.given[0].root
    compiled = next(root.rglob("idna/__pycache__/core.*.pyc")).read_bytes()
    assert b"/runtime/" in compiled
    assert bytes(root) not in compiled
    assert b".building-" not in compiled


def test_what_no_program_needs_is_left_out(small_runtime: SmallRuntime) -> None:
    root = small_runtime.given[0].root
    names = {path.name for path in root.rglob("*") if path.is_dir()}
    assert not names & {"ensurepip", "idlelib", "tkinter", "turtledemo"}
    assert not list(root.rglob("EXTERNALLY-MANAGED"))


def test_a_changed_byte_is_noticed(small_runtime: SmallRuntime, tmp_path: Path) -> None:
    built = small_runtime.given[0]
    assert intact(built)
    moved = tmp_path / "runtime"
    shutil.copytree(built.root, moved, symlinks=True)
    changed = next(moved.rglob("idna/core.py"))
    changed.chmod(0o644)
    changed.write_bytes(changed.read_bytes() + b"#")
    changed.chmod(0o444)
    assert not intact(type(built)(**{**built.__dict__, "root": moved}))


def test_a_changed_lock_is_another_runtime_and_the_old_one_can_go(small_runtime: SmallRuntime, tmp_path: Path) -> None:
    data_folder = tmp_path / "data"
    old = data_folder / "runtimes" / "small" / small_runtime.given[0].lock_digest
    shutil.copytree(small_runtime.given[0].root, old, symlinks=True)
    assert unused(data_folder, definitions=small_runtime.definitions) == ()
    changed = write_definition(tmp_path / "definitions", DEFINITION.replace("A small", "Another"))
    with pytest.raises(RuntimeNotBuiltError):
        find("small", data_folder, definitions=changed)
    assert unused(data_folder, definitions=changed) == (old,)
    assert remove_unused(data_folder, definitions=changed) == (old,)
    assert not old.exists()


def test_a_package_with_another_hash_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    definitions = write_definition(tmp_path / "definitions", requirements=f"idna==3.7 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(RuntimeBuildError, match="uv failed"):
        build("small", tmp_path / "data", definitions=definitions)
    assert [path.name for path in (tmp_path / "data/runtimes/small").iterdir()] == [".lock"]


def test_an_unsuitable_interpreter_is_refused(tmp_path: Path) -> None:
    definitions = write_definition(tmp_path / "definitions", DEFINITION.replace(">=3.11", ">=3.99"))
    with pytest.raises(RuntimeBuildError, match=r">=3\.99"):
        build("small", tmp_path / "data", definitions=definitions)


def test_a_program_that_is_no_interpreter_is_refused(tmp_path: Path) -> None:
    definitions = write_definition(tmp_path / "definitions")
    with pytest.raises(RuntimeBuildError, match="no Python that runs"):
        build("small", tmp_path / "data", definitions=definitions, interpreter=Path("/bin/true/not"))


def system_python_is_another() -> bool:
    return SYSTEM_PYTHON.exists() and probe(SYSTEM_PYTHON).binary != probe().binary


@pytest.mark.skipif(not system_python_is_another(), reason="the system has no other Python")
def test_the_system_s_own_python_can_be_built_from_too(tmp_path: Path) -> None:
    if not satisfies(probe(SYSTEM_PYTHON).version, ">=3.11"):
        pytest.skip("the system's Python is too old")
    definitions = write_definition(tmp_path / "definitions")
    built = build("small", tmp_path / "data", definitions=definitions, interpreter=SYSTEM_PYTHON)
    assert built.python_version == probe(SYSTEM_PYTHON).version
    moved = tmp_path / "moved"
    shutil.copytree(built.root, moved, symlinks=True)
    ended = subprocess.run([moved / "bin/python3", "-I", "-c", LOOK], env={}, cwd="/", capture_output=True, check=True)
    assert json.loads(ended.stdout)["idna"].startswith(str(moved))
