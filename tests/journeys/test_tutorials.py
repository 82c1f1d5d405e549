"""Somebody new follows a tutorial word for word, and sees what it shows."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.kit.rollouts import read_rollout
from shipworthy.tasks.loading import examine
from tests.support.setups import real_setup
from tests.support.tutorials import ROOT, Changed, Typed, Written, changed_text, first_difference, follow, steps_of

TUTORIALS = ROOT / "docs" / "tutorials"
ELSEWHERE = r"make demo-terminal"
"""What another journey tries."""

SLOW = r"make|shipworthy (?!task new)"
"""What needs a sandbox, or its time."""


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder with a short path, since long ones break lines of output."""
    place = Path(tempfile.mkdtemp(prefix="lesson-")).resolve()
    monkeypatch.delenv("SHIPWORTHY_CATALOGUE", raising=False)
    yield place
    shutil.rmtree(place)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("page", sorted(TUTORIALS.glob("*.md")), ids=lambda page: page.stem)
def test_a_tutorial_happens_as_it_is_told(page: Path, folder: Path) -> None:
    real_setup()
    faults = follow(page, folder, leave_out=ELSEWHERE)
    assert not faults, "\n\n".join(faults)


def test_the_rollout_that_the_tutorial_ends_with_is_sound(folder: Path) -> None:
    assert follow(TUTORIALS / "design-a-rollout.md", folder, leave_out=rf"{SLOW}|ls") == []
    read_rollout((folder / "work" / "mira" / "rollout.yaml").read_bytes())


def test_the_task_that_the_tutorial_builds_is_well_formed(folder: Path) -> None:
    assert follow(TUTORIALS / "write-a-task.md", folder, leave_out=rf"{SLOW}|cp") == []
    task, findings = examine(folder / "my-tasks" / "evaluation" / "stop-or-pass", runtimes=("python-ml",))
    assert findings == ()
    assert task is not None


PAGE = """Put this into `a/b.txt`:

```text
one
two
```

In `a/b.txt`:

```diff
-two
+three
```

```console
$ cd a
$ cat b.txt
one
three
```
"""


def follow_text(folder: Path, text: str) -> list[str]:
    (folder / "page.md").write_text(text)
    return follow(folder / "page.md", folder)


def test_a_page_is_read_as_files_changes_and_commands() -> None:
    assert steps_of(PAGE) == [
        Written(4, "a/b.txt", "one\ntwo\n"),
        Changed(11, "a/b.txt", "-two\n+three\n"),
        Typed(16, "cd a", ()),
        Typed(17, "cat b.txt", ("one", "three")),
    ]


def test_what_happens_as_it_is_told_has_no_fault(folder: Path) -> None:
    assert follow_text(folder, PAGE) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("one\nthree", "one\nfour", "line 17: the page shows"),
        ("-two", "-twelve", "occur 0 times"),
        ("cat b.txt", "cat c.txt", "exit code 1"),
        ("In `a/b.txt`", "In `a/c.txt`", "there is no a/c.txt"),
    ],
)
def test_what_happens_otherwise_is_told(before: str, after: str, told: str, folder: Path) -> None:
    assert PAGE.count(before) == 1
    assert told in "\n".join(follow_text(folder, PAGE.replace(before, after)))


def test_a_change_may_leave_lines_out() -> None:
    assert changed_text("a\nb\nc\nd\n", "-a\n+A\n…\n c\n-d\n") == ("A\nb\nc\n", [])
    assert changed_text("a\na\n", "-a\n+b\n")[1] == ["these lines occur 2 times, not once:\na\n"]


@pytest.mark.parametrize(
    "shown", [["a", "b", "c"], ["…", "c"], ["a", "…"], ["a", "…", "c"], ["…", "b", "…"], ["a", "…b", "c…"]]
)
def test_an_ellipsis_stands_for_what_was_left_out(shown: list[str]) -> None:
    assert first_difference(shown, ["a", "b", "c"]) is None


@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        (["a", "b"], "a\nb"),
        (["b", "…"], "b"),
        (["…", "b"], "b"),
        (["…", "c", "…", "a", "…"], "a"),
        (["a", "…", "b", "c", "d"], "b\nc\nd"),
        ([], ""),
    ],
)
def test_a_line_that_was_not_printed_is_named(shown: list[str], wrong: str) -> None:
    assert first_difference(shown, ["a", "b", "c"]) == wrong
