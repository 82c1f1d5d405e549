from pathlib import Path

from shipworthy.cli.runs_page import write_runs
from shipworthy.core.canonical import JSONValue
from shipworthy.grading.entities import CheckOutcome, CheckRule, Grading, Outcome, Provenance
from shipworthy.simulator.play import play
from shipworthy.simulator.policies.rollout import ShipAll
from shipworthy.simulator.scenarios import scenario


def graded(evidence: dict[str, JSONValue]) -> Grading:
    words = dict.fromkeys(Provenance.__dataclass_fields__, "x")
    provenance = Provenance(**{**words, "seed": 1, "layers": (), "allowed_missing": ()})  # type: ignore[arg-type]
    rule = CheckRule("week", "A quiet week.", 1.0, {}, 0.5)
    return Grading("ada", provenance, (rule,), (CheckOutcome("week", Outcome.PASSED, 1.0, "Well.", evidence),), (), "")


def test_simulated_runs_of_checks_become_a_page(tmp_path: Path) -> None:
    timeline = play(ShipAll(), scenario(1, "rollout", "good"), timeline=True).timeline
    assert timeline
    page = tmp_path / "runs.html"
    assert write_runs(page, graded({"timelines": [timeline.to_json()]}), title="Safe rollout")
    text = page.read_text(encoding="utf-8")
    assert "A quiet week." in text
    assert "release offered" in text


def test_without_a_run_that_can_be_drawn_no_page_is_written(tmp_path: Path) -> None:
    assert not write_runs(tmp_path / "runs.html", graded({"timelines": "none"}), title="x")
    assert not (tmp_path / "runs.html").exists()
