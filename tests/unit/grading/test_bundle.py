import zipfile
from pathlib import Path

import pytest

from shipworthy.grading.bundle import open_bundle, open_content, pack_files, write_bundle
from shipworthy.grading.entities import CheckOutcome, CheckRule, Grading, LayerState, Outcome, Provenance
from shipworthy.grading.errors import BundleError

GRADING = Grading(
    label="ada",
    provenance=Provenance(
        task_id="medians",
        task_version="1.0.0",
        package_digest="a" * 64,
        seed=7,
        submission_digest="b" * 64,
        runtime_id="python-ml",
        runtime_digest="c" * 64,
        product_version="0.1.0",
        product_digest="d" * 64,
        mechanism="bubblewrap",
        layers=(LayerState("seccomp", holds=True), LayerState("landlock", holds=False)),
        allowed_missing=("landlock",),
    ),
    rules=(CheckRule("a", "Looks at a.", 1.0, {"evaluation": 1.0}, 0.5), CheckRule("b", "Looks at b.", 1.0, {}, 0.5)),
    outcomes=(
        CheckOutcome("a", Outcome.PASSED, 0.9, "Good.", {"auc": 0.9}, {"seconds": 1.5}),
        CheckOutcome("b", Outcome.GRADER_ERROR, None, "Missing."),
    ),
    ignored=("data/",),
    fault="the judge broke",
)


def written(folder: Path, name: str) -> Path:
    work = folder / name
    work.mkdir()
    pack_files(work / "submission.zip", {"b.py": b"2", "a.py": b"1"})
    (work / "transcript.json").write_bytes(b"[]")
    (work / ".held").write_bytes(b"")
    write_bundle(GRADING, work, folder / f"{name}.zip")
    return folder / f"{name}.zip"


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    path = written(tmp_path, "one")
    with open_bundle(path) as bundle:
        assert bundle.grading == Grading(**{**vars(GRADING), "bundle": path})
        assert "submission.zip" in bundle.packed.namelist()
        assert ".held" not in bundle.packed.namelist()


def test_a_bundle_is_read_from_bytes_too(tmp_path: Path) -> None:
    with open_content(written(tmp_path, "one").read_bytes(), "stored evidence") as bundle:
        assert bundle.grading == GRADING
    with (
        pytest.raises(BundleError, match="stored evidence is not an evidence bundle"),
        open_content(b"", "stored evidence"),
    ):
        pass


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path, "one").read_bytes() == written(tmp_path, "two").read_bytes()


@pytest.mark.parametrize("change", ["remove", "add", "edit"])
def test_any_change_is_noticed(change: str, tmp_path: Path) -> None:
    original, forged = written(tmp_path, "one"), tmp_path / "forged.zip"
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            if change == "remove" and name == "measurements.json":
                continue
            content = old.read(name)
            new.writestr(name, content + b" " if (change, name) == ("edit", "grading.json") else content)
        if change == "add":
            new.writestr("extra.json", b"{}")
    with pytest.raises(BundleError, match="was changed after it was written"), open_bundle(forged):
        pass


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04" + b"\0" * 100])
def test_a_file_that_is_no_bundle_is_refused_with_a_remedy(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(BundleError, match="not an evidence bundle") as refusal, open_bundle(path):
        pass
    assert refusal.value.remedy
    with pytest.raises(BundleError, match="There is no file"), open_bundle(tmp_path / "absent.zip"):
        pass
