from pathlib import Path

import pytest

from shipworthy.framework import FrameworkFileError, RequirementLevel, UnknownNameError, load_framework
from shipworthy.framework.loader import BUILT_IN

PUBLISHED = {
    "python_ml_frameworks": "RRR",
    "mlops_deployment": "RRP",
    "rag_vector_db": "NRN",
    "prompt_engineering": "NRP",
    "statistical_modeling": "RPR",
    "fine_tuning_lora": "PRR",
    "data_pipelines_sql": "RRP",
    "api_development": "RRP",
    "evaluation": "RRR",
    "ai_security": "RRR",
    "governance": "RRR",
}


def edited(folder: Path, old: str, new: str) -> Path:
    text = BUILT_IN.read_text("utf-8")
    assert old in text
    path = folder / "ours.toml"
    path.write_text(text.replace(old, new), "utf-8")
    return path


def test_built_in_framework_holds_the_published_matrix() -> None:
    framework = load_framework()
    contexts = ("classical_ml", "llm_genai", "research")
    assert framework.role_context_ids == contexts
    found = {
        competency: "".join(framework.requirement(context, competency).letter for context in contexts)
        for competency in framework.competency_ids
    }
    assert found == PUBLISHED


def test_built_in_framework_describes_everything_in_words() -> None:
    framework = load_framework()
    assert framework.method_ids == ("coding", "system_design", "evaluation", "security")
    described = [
        *((entry.title, entry.description) for entry in framework.competencies),
        *((entry.title, entry.description) for entry in framework.role_contexts),
        *((entry.title, entry.description) for entry in framework.methods),
    ]
    assert len(described) == 11 + 3 + 4
    assert all(title and description.endswith(".") for title, description in described)


def test_an_organisation_can_use_its_own_copy(tmp_path: Path) -> None:
    path = edited(tmp_path, 'version = "shipworthy-2026.1"', 'version = "acme-7"')
    framework = load_framework(path)
    assert framework.version == "acme-7"
    assert framework.digest != load_framework().digest


def test_requirements_of_lists_every_competency_of_a_context() -> None:
    levels = load_framework().requirements_of("classical_ml")
    assert list(levels) == list(PUBLISHED)
    assert levels["fine_tuning_lora"] is RequirementLevel.PREFERRED


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('version = "shipworthy-2026.1"', "", "the file: version must be a text"),
        ('version = "shipworthy-2026.1"', 'version = "1"\nowner = "us"', "unknown key 'owner'"),
        ('id = "governance"', 'id = "evaluation"', "the id 'evaluation' is used more than once"),
        ('id = "governance"', 'id = "Our Rules"', "id must be lower-case letters"),
        ('title = "Governance"', 'title = "  "', "competencies governance: title must be a text"),
        ('title = "Governance"', 'title = "G"\nnote = "x"', "competencies governance: unknown key 'note'"),
        (
            'classical_ml = "not_needed", llm_genai = "required", research = "not_needed"',
            'classical_ml = "maybe", llm_genai = "required", research = "not_needed"',
            "competencies rag_vector_db: requirement for classical_ml must be one of",
        ),
        (
            'classical_ml = "not_needed", llm_genai = "required", research = "not_needed"',
            'classical_ml = "not_needed", robotics = "required", research = "not_needed"',
            "competencies rag_vector_db: no requirement for role context 'llm_genai'",
        ),
        (
            'classical_ml = "not_needed", llm_genai = "required", research = "not_needed"',
            'classical_ml = "not_needed", robotics = "required", research = "not_needed"',
            "competencies rag_vector_db: unknown role context 'robotics'",
        ),
    ],
)
def test_each_fault_is_named_where_it_is(tmp_path: Path, old: str, new: str, expected: str) -> None:
    with pytest.raises(FrameworkFileError) as caught:
        load_framework(edited(tmp_path, old, new))
    assert expected in caught.value.what
    assert caught.value.remedy


def test_a_role_context_that_requires_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FrameworkFileError, match="role_contexts research: no competency is required"):
        load_framework(edited(tmp_path, 'research = "required"', 'research = "preferred"'))


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text('colour = "blue"\nmethods = []\n', "utf-8")
    with pytest.raises(FrameworkFileError) as caught:
        load_framework(path)
    assert len(caught.value.faults) == 6
    assert all(fault in caught.value.what for fault in caught.value.faults)


@pytest.mark.parametrize("content", [b"version = ", b"\xff\xfe"])
def test_unreadable_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(FrameworkFileError, match=r"broken\.toml has 1 fault"):
        load_framework(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FrameworkFileError, match="cannot be read"):
        load_framework(tmp_path / "nowhere.toml")


def test_unknown_names_say_what_is_known() -> None:
    framework = load_framework()
    with pytest.raises(UnknownNameError, match="no role context 'robotics'") as caught:
        framework.requirement("robotics", "governance")
    assert "classical_ml" in caught.value.remedy
    with pytest.raises(UnknownNameError, match="no competency"):
        framework.requirement("classical_ml", "juggling")
    assert framework.method("coding").title == "Coding"
