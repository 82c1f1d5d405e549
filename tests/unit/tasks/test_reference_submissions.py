from pathlib import Path

import pytest

from shipworthy.tasks.errors import MadeSubmissionError, UnsoundVariantError
from shipworthy.tasks.loading import load_task
from shipworthy.tasks.reference_submissions import ReferenceSubmissions
from tests.support.packages import findings_of
from tests.support.packages import made_expert as declare

MAKER = """
import json

def make(variant):
    print("noise")
    tables = json.loads(variant.hidden["tables.json"])
    return {"expert": {"medians.py": f"KNOWN = {len(tables)}, {hash(str(tables)) and 1}".encode()}}
"""


@pytest.fixture
def made(package: Path) -> Path:
    return declare(package, MAKER)


def test_a_made_reference_is_made_from_the_variant_and_the_others_are_read(made: Path) -> None:
    submissions = ReferenceSubmissions(load_task(made))
    assert submissions.of("expert", 1).files["medians.py"].startswith(b"KNOWN = ")
    assert submissions.of("expert", 1).digest == submissions.of("expert", 1).digest
    assert submissions.of("solid", 1).files["medians.py"] == (made / "references/solid/medians.py").read_bytes()
    assert submissions.of("nothing", 1).files == {}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return {}", "other submissions .*: expert"),
        ("return {'expert': {}, 'novice': {}}", "novice"),
        ("return {'expert': {'../out.py': b''}}", "leads out"),
        ("return {'expert': {'notes.exe': b''}}", "does not count"),
    ],
)
def test_what_is_made_must_be_declared_and_count(package: Path, body: str, words: str) -> None:
    made = declare(package, f"def make(variant):\n    {body}\n")
    with pytest.raises(MadeSubmissionError, match=words):
        ReferenceSubmissions(load_task(made)).of("expert", 1)


@pytest.mark.parametrize("body", ["raise ValueError('no luck')", "return {'expert': {'a.py': 'text'}}"])
def test_a_maker_that_fails_says_so(package: Path, body: str) -> None:
    made = declare(package, f"def make(variant):\n    {body}\n")
    with pytest.raises(UnsoundVariantError, match="Error"):
        ReferenceSubmissions(load_task(made)).of("expert", 1)


def test_a_declared_maker_must_be_there(made: Path) -> None:
    (made / "references/make.py").unlink()
    assert [finding.file for finding in findings_of(made)] == ["references/make.py"]


def test_a_maker_that_nothing_needs_is_a_fault(package: Path) -> None:
    (package / "references/make.py").write_text(MAKER)
    assert "No submission is declared as made" in findings_of(package)[0].fault


def test_a_made_reference_has_no_folder(made: Path) -> None:
    (made / "references/expert").mkdir()
    (made / "references/expert/medians.py").write_text("")
    assert [finding.key for finding in findings_of(made)] == ["references.expert"]
