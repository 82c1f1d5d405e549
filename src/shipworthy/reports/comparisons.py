"""Candidates side by side on one version of a role: what pages, spreadsheets and papers of a comparison show."""

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.framework import Framework, RequirementLevel
from shipworthy.roles.kept.entities import RoleVersion
from shipworthy.scoring.entities import CompetencyScore, Scorecard


@dataclass(frozen=True)
class ComparedCandidate:
    """One candidate: name, address, state in words, the scorecard if anything is graded, and whether that is final."""

    name: str
    email: str
    state: str
    card: Scorecard | None
    is_final: bool
    link: str = ""

    def score(self, competency_id: str) -> CompetencyScore | None:
        """Return what is known about one competency, None without a scorecard."""
        scores = self.card.competencies if self.card else ()
        return next((score for score in scores if score.competency_id == competency_id), None)


@dataclass(frozen=True)
class ComparedCompetency:
    """One line of a comparison."""

    id: str
    title: str
    need: RequirementLevel


@dataclass(frozen=True)
class Comparison:
    """Candidates in their order, on the needs of one version of a role; required competencies come first."""

    role: str
    version: int
    digest: str
    candidates: tuple[ComparedCandidate, ...]
    competencies: tuple[ComparedCompetency, ...]


def compare_candidates(
    version: RoleVersion, candidates: Sequence[ComparedCandidate], framework: Framework
) -> Comparison:
    """Put candidates side by side whose scorecards were made for this version."""
    needs = version.profile.needs
    asked = [
        name for name in framework.competency_ids if needs.get(name, RequirementLevel.NOT_NEEDED).value != "not_needed"
    ]
    asked.sort(key=lambda name: needs[name] is not RequirementLevel.REQUIRED)
    lines = tuple(ComparedCompetency(name, framework.competency(name).title, needs[name]) for name in asked)
    return Comparison(
        version.profile.title or "Role without a title", version.number, version.digest, tuple(candidates), lines
    )
