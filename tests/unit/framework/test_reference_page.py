import re
import tomllib
from pathlib import Path

from shipworthy.framework import load_framework

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "framework.md"


def rows(heading: str) -> list[list[str]]:
    section = PAGE.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_page_names_the_version() -> None:
    assert f"Version `{load_framework().version}`" in PAGE.read_text("utf-8")


def test_the_matrix_on_the_page_is_the_data() -> None:
    framework = load_framework()
    head, _, *body = rows("What each role context asks for")
    assert [re.findall(r"`(\w+)`", cell)[0] for cell in head[2:]] == list(framework.role_context_ids)
    assert body == [
        [
            competency.title,
            f"`{competency.id}`",
            *(
                framework.requirement(context, competency.id).value.replace("_", " ")
                for context in framework.role_context_ids
            ),
        ]
        for competency in framework.competencies
    ]


def test_the_descriptions_on_the_page_are_the_data() -> None:
    framework = load_framework()
    described = {
        "Competencies": [(entry.id, entry.title, entry.description) for entry in framework.competencies],
        "Role contexts": [(entry.id, entry.title, entry.description) for entry in framework.role_contexts],
        "Methods of assessment": [(entry.id, entry.title, entry.description) for entry in framework.methods],
    }
    for heading, entries in described.items():
        expected = [[f"`{identity}`", title, words] for identity, title, words in entries]
        assert rows(heading)[2:] == expected


def test_the_example_on_the_page_can_be_loaded(tmp_path: Path) -> None:
    example = PAGE.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    assert tomllib.loads(example)
    path = tmp_path / "ours.toml"
    path.write_text(example, "utf-8")
    assert load_framework(path).version == "your-company-3"
