import csv
import io
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from shipworthy.framework import RequirementLevel, load_framework
from shipworthy.reports.comparisons import ComparedCandidate, Comparison, compare_candidates
from shipworthy.reports.papers import comparison_pdf, scorecard_pdf
from shipworthy.reports.spreadsheets import FORMULA_SIGNS, comparison_csv, neutral
from shipworthy.roles.documents import read_text
from shipworthy.roles.kept.entities import RoleVersion, Stamp
from shipworthy.roles.operations import scope_text
from shipworthy.roles.profile_file import profile_digest
from shipworthy.scoring.candidates import asked_by
from shipworthy.scoring.entities import Scorecard
from shipworthy.scoring.rules import score_evidence
from tests.support.postings import LLM
from tests.unit.scoring.builders import form

FRAMEWORK = load_framework()
MOMENT = datetime(2026, 5, 3, 9, 30, tzinfo=UTC)


def version() -> RoleVersion:
    profile = scope_text(LLM).profile
    return RoleVersion(uuid4(), Stamp(1, uuid4(), MOMENT), profile, profile_digest(profile), read_text(LLM))


def card(role: RoleVersion, share: float) -> Scorecard:
    needed = [name for name, need in role.profile.needs.items() if need is not RequirementLevel.NOT_NEEDED]
    records = [record for name in needed for record in form(3, 5, share, (name,))]
    return score_evidence(records, FRAMEWORK, role=asked_by(role))


def beside(*names: str) -> tuple[RoleVersion, Comparison]:
    role = version()
    shares = (1.0, 0.2)
    people = [
        ComparedCandidate(name, "ana@example.org", "Finished", card(role, shares[place % 2]), is_final=True)
        for place, name in enumerate(names)
    ]
    nobody = ComparedCandidate("Nobody", "no@example.org", "Invited", None, is_final=False)
    return role, compare_candidates(role, [*people, nobody], FRAMEWORK)


def rows(written: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written.removeprefix("\ufeff"))))


def words(paper: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)


def test_required_competencies_come_first_and_others_not_at_all() -> None:
    role, comparison = beside("Ana")
    needs = [line.need for line in comparison.competencies]
    assert needs == sorted(needs, key=lambda need: need is not RequirementLevel.REQUIRED)
    assert {line.id for line in comparison.competencies} == {
        name for name, need in role.profile.needs.items() if need is not RequirementLevel.NOT_NEEDED
    }


def test_a_spreadsheet_has_a_row_for_everybody_and_nothing_where_nothing_is_known() -> None:
    _, comparison = beside("Ana", "Bo")
    head, ana, bo, nobody = rows(comparison_csv(comparison))
    assert {len(row) for row in (ana, bo, nobody)} == {len(head)}
    assert [ana[head.index("Recommendation")], bo[head.index("Recommendation")]] == ["Recommended", "Not recommended"]
    assert ana[head.index("Index")] == "100.0"
    assert nobody[4:-3] == [""] * (len(head) - 7)
    assert ana[-1] == comparison.digest


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1", "\u200b=1", '=cmd|" /C calc"!A0']
)
def test_a_name_is_never_a_formula(name: str) -> None:
    _, comparison = beside(name)
    cell = rows(comparison_csv(comparison))[1][0]
    assert cell.startswith("'")


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    shown = neutral(text)
    assert not shown.startswith(FORMULA_SIGNS)
    assert not shown.lstrip().startswith(FORMULA_SIGNS)
    assert all(sign.isprintable() for sign in shown)


def test_a_paper_says_what_the_page_says() -> None:
    _, comparison = beside("Ana Sousa", "Tomás Ó Briain")
    paper = comparison_pdf(comparison, made_at=MOMENT)
    said = words(paper)
    for expected in ("Senior LLM Engineer", "Ana Sousa", "Tomás Ó Briain", "Recommended", "Nothing graded yet"):
        assert expected in said
    assert paper == comparison_pdf(comparison, made_at=MOMENT)
    assert b"/Marked true" in paper or PdfReader(io.BytesIO(paper)).trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]


def test_a_scorecard_on_paper_names_its_evidence_and_who_decides() -> None:
    role, comparison = beside("Ana Sousa")
    made = card(role, 1.0)
    said = words(scorecard_pdf(made, comparison, subject="Ana Sousa", made_at=MOMENT))
    assert made.evidence_digest[:20] in said.replace("\n", "")
    assert "A named person decides" in said


@pytest.mark.parametrize(
    "name", ["#panic()", '"; #read("/etc/passwd")', "$x$ *b* _i_ @ref <label>", "李伟 \u202e", "x" * 5000]
)
def test_a_hostile_name_is_only_a_name_on_paper(name: str) -> None:
    role, comparison = beside(name)
    paper = scorecard_pdf(card(role, 1.0), comparison, subject=name, made_at=MOMENT)
    assert paper.startswith(b"%PDF-")
    assert "root:" not in words(paper)
