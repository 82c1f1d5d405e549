import shutil
from pathlib import Path

import pytest

from shipworthy.tasks.entities import AiUseRule, Band, Method, TextKind
from shipworthy.tasks.errors import UnsoundPackageError
from shipworthy.tasks.loading import examine, load_task
from tests.support.packages import edit, findings_of


def test_a_sound_package_loads_whole(package: Path) -> None:
    task = load_task(package, runtimes=("python-ml",))
    assert task.manifest.id == "median-of-groups"
    assert task.manifest.method is Method.CODING
    assert task.manifest.ai_use.rule is AiUseRule.ALLOWED_WITH_DISCLOSURE
    assert task.manifest.limits.disk_files == 2000, "a limit that is left out has its default"
    assert [check.pass_mark for check in task.manifest.checks] == [0.5] * 4
    assert [reference.id for reference in task.references] == ["expert", "solid", "naive", "nothing"]
    assert task.references[0].overall == Band(0.99, 1.0)
    assert len(task.attacks) == 12
    assert task.rubric.criteria[0].anchors.keys() == {1, 3, 5}


def test_every_fault_is_told_at_once(package: Path) -> None:
    edit(package, "task.toml", "minutes = 20", "minutes = 0")
    edit(package, "rubric.toml", 'title = "A colleague could maintain it"', "titel = 3")
    (package / "judge.py").unlink()
    with pytest.raises(UnsoundPackageError) as caught:
        load_task(package)
    assert {finding.file for finding in caught.value.findings} == {"task.toml", "rubric.toml", "judge.py"}
    assert "3 -" not in caught.value.what
    assert "minutes: 0 is not between 1 and 480" in caught.value.what


@pytest.mark.parametrize(
    ("before", "after", "key", "fault", "remedy"),
    [
        ("format = 1", "format = 2", "format", "2 is not between 1 and 1", ""),
        ("minutes = 20", "minuts = 20", "minutes", "missing", ""),
        ("minutes = 20", "minutes = 20\nminuts = 3", "minuts", "unknown", "Did you mean 'minutes'?"),
        ("minutes = 20", "minutes = true", "minutes", "not a whole number", ""),
        ("minutes = 20", 'minutes = "20"', "minutes", "not a whole number", ""),
        ('version = "0.1.0"', 'version = "1"', "version", "three numbers", ""),
        ('runtime = "python-ml"', 'runtime = "python-mll"', "runtime", "no runtime", "Did you mean 'python-ml'?"),
        ('method = "coding"', 'method = "security"', "method", "lies in the folder 'coding'", "Move it"),
        ('method = "coding"', 'method = "code"', "method", "no method 'code'", "Did you mean 'coding'?"),
        ('"classical_ml"', '"clasical_ml"', "role_contexts", "'clasical_ml'", "Did you mean 'classical_ml'?"),
        ('id = "median-of-groups"', 'id = "median"', "id", "differs from the folder's name", ""),
        ('licence = "Apache-2.0"', 'licence = " "', "licence", "empty", ""),
        ('embargo_until = ""', 'embargo_until = "soon"', "embargo_until", "no day", ""),
        ("data_licences = []", "data_licences = [3]", "data_licences", "no text", ""),
        ("data_pipelines_sql = 0.3\n", "data_pipelines_sql = 0.4\n", "competencies", "sum to 1.1", ""),
        ("statistical_modeling = 0.2\n", "statistics = 0.2\n", "competencies.statistics", "no competency", ""),
        ("cpu_seconds = 5", "cpu_seconds = nan", "limits.cpu_seconds", "not between", ""),
        ("processes = 32", "process = 32", "limits.process", "unknown", "Did you mean 'processes'?"),
        ('required = ["medians.py"]', 'required = ["src/a.py"]', "submission.required", "No pattern", ""),
        ('paths = ["*.py", ', 'paths = ["*.py", "../x", ', "submission.paths", "leads out", ""),
        ("max_files = 20", "runs = 1", "submission.runs", "neither true nor false", "Write true or false"),
        ('rule = "allowed_with_disclosure"', 'rule = "allow"', "ai_use.rule", "'allow'", "Did you mean 'allowed'?"),
        ('id = "even_groups"', 'id = "odd_groups"', "checks[2].id", "used twice", ""),
        ("weight = 3\ncompetencies = { python", "weight = 0\ncompetencies = { python", "checks[1].weight", "0 is", ""),
        ("{ statistical_modeling = 1.0 }", "{ statistical_modeling = 0.9 }", "checks[2].competencies", "0.9", ""),
        ("{ statistical_modeling = 1.0 }", "{ evaluation = 1.0 }", "competencies.evaluation", "0.200", ""),
        ('id = "examples"', 'id = "Examples"', "public_checks[1].id", "lower-case", ""),
    ],
)
def test_faults_of_the_manifest(package: Path, *, before: str, after: str, key: str, fault: str, remedy: str) -> None:
    edit(package, "task.toml", before, after)
    found = [finding for finding in findings_of(package) if finding.key == key and fault in finding.fault]
    assert found, findings_of(package)
    assert found[0].file == "task.toml"
    assert remedy in found[0].remedy
    assert found[0].remedy


def test_one_mistake_makes_no_flood(package: Path) -> None:
    (package / "task.toml").write_text("format = ")
    findings = findings_of(package)
    assert [finding.file for finding in findings if finding.file == "task.toml"] == ["task.toml"]


def test_a_criterion_that_the_brief_does_not_state_is_a_fault(package: Path) -> None:
    edit(package, "brief.md", "A value may be missing", "A value can be missing")
    (finding,) = findings_of(package)
    assert (finding.file, finding.key) == ("brief.md", "checks.missing_values.stated")


def test_a_stated_phrase_may_run_over_a_line_end(package: Path) -> None:
    edit(package, "brief.md", "A value may be missing", "A value may\nbe missing")
    assert findings_of(package) == ()


@pytest.mark.parametrize("place", ["{{ 3 }}", "{{ unit", "{{ unit.name }}"])
def test_malformed_places_are_faults(package: Path, place: str) -> None:
    edit(package, "brief.md", "{{ unit }}", place)
    (finding,) = findings_of(package)
    assert finding.file == "brief.md"
    assert "malformed" in finding.fault


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('3 = "Can', '2 = "Can', "criteria[1].anchors.3"),
        ('5 = "Says', '6 = "Says', "criteria[1].anchors.6"),
        ("{ python_ml_frameworks = 1.0 }", "{ python = 1.0 }", "criteria[1].competencies.python"),
    ],
)
def test_faults_of_the_rubric(package: Path, before: str, after: str, key: str) -> None:
    edit(package, "rubric.toml", before, after)
    assert key in [finding.key for finding in findings_of(package) if finding.file == "rubric.toml"]


def test_texts_to_rate_by_come_with_their_levels(package: Path) -> None:
    rubric = load_task(package).rubric
    assert rubric.written == ("NOTES.md",)
    assert {text.kind for text in rubric.texts} == set(TextKind) - {TextKind.MIDDLING}
    strong = next(text for text in rubric.texts if text.kind is TextKind.STRONG)
    assert strong.levels == {"notes": (4, 5)}
    assert "Assumed" in strong.file.read_text()


@pytest.mark.parametrize(
    ("before", "after", "key", "fault"),
    [
        ('["NOTES.md"]', '["notes/all.md"]', "written", "does not count"),
        ('kind = "weak"', 'kind = "week"', "texts.weak.kind", "no kind of text"),
        ('kind = "weak"', 'kind = "keyword_stuffed"', "texts", "No text is weak"),
        ("{ notes = [4, 5] }", "{ notes = [2, 5] }", "texts.stuffed.levels", "no band below that of 'strong'"),
        ("{ notes = [4, 5] }", "{ notes = [5, 4] }", "texts.strong.levels.notes", "lower one first"),
        ("{ notes = [4, 5] }", "{ notes = [4, 6] }", "texts.strong.levels.notes", "from 1 to 5"),
        ("{ notes = [4, 5] }", "{ note = [4, 5] }", "texts.strong.levels.note", "no criterion"),
        ("{ notes = [4, 5] }", "{}", "texts.strong.levels", "no levels"),
        ("[texts.weak]", "[texts.week]", "texts.week", "missing or empty"),
    ],
)
def test_faults_of_the_texts_to_rate_by(package: Path, before: str, after: str, key: str, fault: str) -> None:
    edit(package, "rubric.toml", before, after)
    found = [finding for finding in findings_of(package) if finding.key == key and fault in finding.fault]
    assert found, findings_of(package)


def test_a_text_that_nobody_describes_is_a_fault(package: Path) -> None:
    (package / "references/texts/other.md").write_text("Something.")
    (finding,) = findings_of(package)
    assert (finding.file, finding.fault) == ("references/texts/other.md", "The text is not described.")


@pytest.mark.parametrize(
    ("before", "after", "key", "fault"),
    [
        ("overall = [0.65, 0.75]", "overall = [0.75, 0.65]", "references.solid.overall", "lower one first"),
        ("overall = [0.65, 0.75]", "overall = [0.65, 7]", "references.solid.overall", "in [0, 1]"),
        ("[references.naive]", "[references.naif]", "references.naive", "missing"),
        ("[references.naive]", "[references.naif]", "references.naif", "unknown"),
        ("{ statistical_modeling = [0.0, 0.01] }", "{ evaluation = [0, 1] }", "references.naive.competencies", ""),
        ("[attacks.frames]", "[attacks.framed]", "attacks.frames", "not described"),
    ],
)
def test_faults_of_the_references(package: Path, before: str, after: str, key: str, fault: str) -> None:
    edit(package, "references/references.toml", before, after)
    findings = findings_of(package)
    assert [finding for finding in findings if finding.key.startswith(key) and fault in finding.fault], findings


def test_bands_that_are_out_of_order_are_a_fault(package: Path) -> None:
    edit(package, "references/references.toml", "overall = [0.65, 0.75]", "overall = [0.2, 0.3]")
    assert [finding.key for finding in findings_of(package)] == ["references.naive.overall"]


def test_an_attack_needs_a_known_baseline(package: Path) -> None:
    path = package / "references/references.toml"
    path.write_text(path.read_text().replace('baseline = "nothing"', 'baseline = "nothin"', 1))
    (finding,) = findings_of(package)
    assert (finding.key, finding.remedy) == ("attacks.frames.baseline", "Did you mean 'nothing'?")


def test_too_few_attacks_are_a_fault(package: Path) -> None:
    text = (package / "references/references.toml").read_text()
    kept = text.split("[attacks.")[:7]
    (package / "references/references.toml").write_text("[attacks.".join(kept))
    for folder in (package / "references/attacks").iterdir():
        if f"[attacks.{folder.name}]" not in "[attacks.".join(kept):
            shutil.rmtree(folder)
    (finding,) = findings_of(package)
    assert finding.fault == "6 of at least 8 attacks."


def test_references_must_be_submissions(package: Path) -> None:
    (package / "references/solid/medians.py").rename(package / "references/solid/notes.txt")
    shutil.rmtree(package / "references/attacks/frames")
    assert {finding.file for finding in findings_of(package)} == {
        "references/solid/medians.py",
        "references/solid/notes.txt",
        "references/attacks/frames/medians.py",
    }


def test_the_empty_reference_may_have_no_folder(package: Path) -> None:
    shutil.rmtree(package / "references/nothing")
    assert findings_of(package) == ()


@pytest.mark.parametrize("name", ["task.toml", "brief.md", "rubric.toml", "references/references.toml", "variant.py"])
def test_missing_files_are_named(package: Path, name: str) -> None:
    (package / name).unlink()
    assert any(f.file == name and "missing" in f.fault for f in findings_of(package))


def test_links_and_large_files_are_faults(package: Path) -> None:
    (package / "starter").symlink_to("/etc")
    (package / "public" / "link.csv").symlink_to("check.py")
    with (package / "public" / "large.bin").open("wb") as opened:
        opened.truncate(21 * 1024 * 1024)
    assert {(f.file, f.fault.split(".")[0]) for f in findings_of(package)} == {
        ("starter", "A package holds no symbolic links"),
        ("public/link.csv", "A package holds no symbolic links"),
        ("public/large.bin", "The file is larger than 20 MB"),
    }


def test_a_brief_that_is_no_text_is_a_finding_not_a_crash(package: Path) -> None:
    (package / "brief.md").write_bytes(b"\xff\xfe")
    (package / "task.toml").write_bytes(b"\xff\xfe")
    assert {"brief.md", "task.toml"} <= {finding.file for finding in findings_of(package)}


def test_a_folder_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    task, (finding,) = examine(tmp_path / "absent")
    assert task is None
    assert "no such folder" in finding.fault


def test_the_digest_names_every_byte_but_not_what_python_caches(package: Path) -> None:
    before = load_task(package).digest
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "judge.cpython-311.pyc").write_bytes(b"x")
    assert load_task(package).digest == before
    (package / "judge.py").write_text((package / "judge.py").read_text() + "\n")
    assert load_task(package).digest != before


def test_an_attack_may_not_have_the_name_of_a_reference(package: Path) -> None:
    (package / "references/attacks/frames").rename(package / "references/attacks/naive")
    edit(package, "references/references.toml", "[attacks.frames]", "[attacks.naive]")
    assert [finding.fault for finding in findings_of(package)] == ["Two submissions have this name."]
