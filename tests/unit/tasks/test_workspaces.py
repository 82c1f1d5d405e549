from pathlib import Path

import pytest

from shipworthy.tasks.errors import UnsoundVariantError, WorkspaceError
from shipworthy.tasks.loading import load_task
from shipworthy.tasks.variants import generate
from shipworthy.tasks.workspaces import NOTE, read_note, write_workspace
from tests.support.packages import edit


def test_a_workspace_holds_what_a_candidate_needs_and_nothing_hidden(package: Path, tmp_path: Path) -> None:
    (package / "starter").mkdir()
    (package / "starter" / "medians.py").write_text("def median_by_group(rows): ...\n")
    task = load_task(package)
    folder = tmp_path / "new" / "work"
    written = write_workspace(task, 7, folder)
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert list(written) == found == [NOTE, "brief.md", "medians.py", "public/check.py", "public/examples.json"]
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert generate(package, 7).hidden["tables.json"] not in everything


def test_the_brief_is_filled(package: Path, tmp_path: Path) -> None:
    write_workspace(load_task(package), 7, tmp_path / "work")
    brief = (tmp_path / "work" / "brief.md").read_text()
    assert "{{" not in brief
    assert str(generate(package, 7).parameters["company"]) in brief


def test_the_brief_begins_with_the_conditions(package: Path, tmp_path: Path) -> None:
    write_workspace(load_task(package), 7, tmp_path / "work")
    lines = (tmp_path / "work" / "brief.md").read_text().splitlines()
    assert lines[0].startswith("# ")
    assert lines[2] == "> 20 minutes · what counts: `*.py`, `NOTES.md` · AI tools: allowed, say which and for what"


def test_the_note_says_which_variant_it_is(package: Path, tmp_path: Path) -> None:
    task = load_task(package)
    write_workspace(task, 7, tmp_path / "work")
    note = read_note(tmp_path / "work")
    assert (note.task_id, note.version, note.package_digest, note.seed) == ("median-of-groups", "0.1.0", task.digest, 7)


def test_nothing_of_the_candidate_is_overwritten(package: Path, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "mine.txt").write_text("mine")
    with pytest.raises(WorkspaceError, match="not empty"):
        write_workspace(load_task(package), 7, tmp_path / "work")
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_used(package: Path, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    assert NOTE in write_workspace(load_task(package), 7, tmp_path / "work")


def test_a_faulty_variant_writes_nothing(package: Path, tmp_path: Path) -> None:
    edit(package, "variant.py", "return Variant(", "return dict(")
    with pytest.raises(UnsoundVariantError):
        write_workspace(load_task(package), 7, tmp_path / "work")
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("note", ["", "task = 3", 'task = "a"\nversion = "1"\npackage_digest = "x"\nseed = "7"', "\0"])
def test_a_spoiled_note_is_refused(tmp_path: Path, note: str) -> None:
    (tmp_path / NOTE).write_text(note)
    with pytest.raises(WorkspaceError, match="cannot be read"):
        read_note(tmp_path)


def test_another_folder_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no workspace") as caught:
        read_note(tmp_path)
    assert "shipworthy start" in caught.value.remedy
