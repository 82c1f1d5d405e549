import json
from pathlib import Path

from shipworthy.core.canonical import digest
from shipworthy.grading.bundle import pack_files, write_bundle
from shipworthy.grading.entities import Grading, Provenance
from shipworthy.verification.operations import files_left

GRADING = Grading(
    label="search",
    provenance=Provenance(
        task_id="medians",
        task_version="1.0.0",
        package_digest="a" * 64,
        seed=1,
        submission_digest="b" * 64,
        runtime_id="python-ml",
        runtime_digest="c" * 64,
        product_version="0.1.0",
        product_digest="d" * 64,
        mechanism="bubblewrap",
        layers=(),
        allowed_missing=(),
    ),
    rules=(),
    outcomes=(),
    ignored=(),
    fault="",
)


def test_files_of_all_runs_are_found_also_where_models_were_asked(tmp_path: Path) -> None:
    found = b"what the search saw"
    work = tmp_path / "work"
    (work / "blobs").mkdir(parents=True)
    (work / "blobs" / digest(found)).write_bytes(found)
    pack_files(work / "submission.zip", {})
    ran = {"kind": "run", "result": {"files": {"found.txt": digest(found)}}}
    asked = {"kind": "model", "setup": "e" * 64, "learned": []}
    without = {"kind": "run", "result": {"files": {}}}
    (work / "transcript.json").write_text(json.dumps([ran, asked, without]))
    write_bundle(GRADING, work, tmp_path / "one.zip")
    assert files_left(tmp_path / "one.zip", "found.txt") == [found]
