from html.parser import HTMLParser

from shipworthy.framework import load_framework
from shipworthy.grading.entities import Outcome
from shipworthy.reports.entities import CheckReport, Provenance, TaskReport
from shipworthy.scoring.entities import CandidateTask, RatedCriterion, Scorecard
from shipworthy.scoring.rules import score_evidence
from tests.unit.scoring.builders import form

FRAMEWORK = load_framework()
VOID = {"meta", "br", "rect", "circle", "line", "path", "use"}


def check(
    check_id: str = "no-future",
    outcome: Outcome = Outcome.PASSED,
    *,
    score: float | None = 1.0,
    **words: object,
) -> CheckReport:
    chosen: dict[str, object] = {
        "sentence": "Features use only what was known.",
        "message": "",
        "evidence": {},
        "measurements": {},
    }
    chosen |= words
    return CheckReport(
        check_id=check_id,
        outcome=outcome,
        score=score,
        weight=1.0,
        competencies={"evaluation": 1.0},
        **chosen,  # type: ignore[arg-type]
    )


def task(
    task_id: str = "leaky-pipeline",
    label: str = "expert",
    checks: tuple[CheckReport, ...] = (),
    *,
    score: float | None = 0.8,
    expected: tuple[float, float] | None = None,
    seed: int = 7,
    live_models: tuple[str, ...] = (),
) -> TaskReport:
    return TaskReport(
        task_id=task_id,
        title="Find the leak",
        method="coding",
        version="1.2.0",
        seed=seed,
        submission_label=label,
        minutes=30,
        weighted_score=score,
        checks=checks or (check(), check("rerun", Outcome.FAILED, score=0.25, message="The two tables differ.")),
        provenance=Provenance(
            package_digest="a" * 64,
            submission_digest="b" * 64,
            runtime="python-ml 2026.1",
            runtime_digest="c" * 64,
            product_version="0.1.0",
            layers_held=("no network",),
            layers_missing=("disk quota",),
        ),
        expected=expected,
        live_models=live_models,
    )


def card(context_id: str | None = None) -> Scorecard:
    candidates = [CandidateTask("fresh", "A fresh look", 30, {"evaluation": 1.0, "governance": 0.5})]
    criteria = [
        RatedCriterion("leaky-pipeline", "risks", "Risks are named", {"evaluation": 1.0}),
        RatedCriterion("another-task", "runbook", "Somebody else can act on it", {"governance": 1.0}),
    ]
    evidence = form(2, 8, 0.75)
    return score_evidence(evidence, FRAMEWORK, context_id=context_id, candidates=candidates, criteria=criteria)


class Page(HTMLParser):
    """What a browser's reader of the page meets: elements in order, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.children: dict[int, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.elements if "id" in attributes]
