import os
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.tasks.paths import matches, path_fault, reaches_below

SEGMENTS = st.text(alphabet="ab.*_ -é", min_size=1, max_size=6).filter(lambda part: part not in {".", ".."})
WILD_PATHS = st.text(alphabet=st.sampled_from("ab./\\:~C\0\n\ud800"), max_size=30)


@pytest.mark.parametrize(
    "path",
    [
        "", "/etc/passwd", "../x", "a/../../x", "a/..", "./a", "a//b", "a/", "a\\b", "C:/x", "C:x", "a\nb", "a\0b",
        "\ud800", "x" * 256, "/".join("a" * 33), "/".join(["a" * 200] * 6), "\u202ea", "..",
    ],
)  # fmt: skip
def test_unsafe_paths_have_a_fault(path: str) -> None:
    assert path_fault(path)


@pytest.mark.parametrize("path", ["a.py", "src/a b.py", "...", "a..b", "été/ñ.py", ".env", "~", "ab:c"])
def test_ordinary_paths_have_none(path: str) -> None:
    assert path_fault(path) is None


@given(WILD_PATHS)
def test_a_safe_path_stays_below_its_folder(path: str) -> None:
    if path_fault(path) is None:
        top = "/srv/work"
        joined = os.path.normpath(os.path.join(top, path))
        assert joined == f"{top}/{path}"
        assert not PureWindowsPath(path).is_absolute()
        assert not PureWindowsPath(path).drive
        assert ".." not in PurePosixPath(path).parts


@given(st.lists(SEGMENTS, min_size=1, max_size=5))
def test_paths_of_ordinary_segments_are_safe_and_match_themselves(segments: list[str]) -> None:
    path = "/".join(segments)
    assert path_fault(path) is None
    assert matches(path, path)


@given(st.lists(st.sampled_from(["a", "b", "ab.py"]), min_size=1, max_size=5))
def test_double_stars_mean_everything_below(segments: list[str]) -> None:
    path = "/".join(segments)
    assert matches("**", path)
    assert matches("src/**", f"src/{path}")
    assert matches("**/" + segments[-1], path)
    assert not matches("src/**", path)


@given(
    st.lists(st.sampled_from(["a", "*", "**", "*.py"]), min_size=1, max_size=4),
    st.lists(st.sampled_from(["a", "b", "x.py"]), min_size=2, max_size=4),
)
def test_a_folder_is_entered_whenever_something_below_could_match(pattern: list[str], path: list[str]) -> None:
    if matches("/".join(pattern), "/".join(path)):
        for depth in range(1, len(path)):
            assert reaches_below(["/".join(pattern)], "/".join(path[:depth]))


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.py", "a.py", True),
        ("*.py", "src/a.py", False),
        ("*.py", ".hidden.py", False),
        ("**/*.py", "a.py", True),
        ("**/*.py", "a/b/c.py", True),
        ("**/*.py", ".venv/lib/a.py", False),
        ("**", "a/__pycache__/b.pyc", False),
        (".github/*", ".github/x", True),
        ("src/*/a?.py", "src/x/ab.py", True),
        ("src/*/a?.py", "src/x/y/ab.py", False),
        ("[ab].py", "c.py", False),
    ],
)
def test_patterns(pattern: str, path: str, *, expected: bool) -> None:
    assert matches(pattern, path) is expected


def test_folders_that_no_pattern_reaches_are_not_entered() -> None:
    assert not reaches_below(["*.py", "src/*.py"], "data")
    assert not reaches_below(["src/*.py"], "src/deep")
    assert not reaches_below(["**/*.py"], ".git")
    assert reaches_below(["src/**"], "src")


def test_what_is_safe_can_be_written(tmp_path: Path) -> None:
    for path in ("...", "ab:c", "é", "~"):
        (tmp_path / path).write_bytes(b"")
    assert len(list(tmp_path.iterdir())) == 4
