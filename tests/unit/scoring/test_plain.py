import json

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import canonical_bytes
from shipworthy.framework import load_framework
from shipworthy.scoring.plain import record_to_json, rounded, scorecard_to_json
from shipworthy.scoring.rules import score_evidence
from tests.unit.scoring.builders import form, record


def test_a_scorecard_survives_canonical_json() -> None:
    card = score_evidence(form(3, 8, 0.75), load_framework(), context_id="llm_genai")
    plain = scorecard_to_json(card)
    again = json.loads(canonical_bytes(plain))
    assert again == json.loads(json.dumps(plain))
    assert again["framework"]["version"] == load_framework().version
    assert again["policy"]["rho"] == 0.15
    assert again["policy"]["critical"] == ["ai_security", "governance"]
    assert again["role"]["recommendation"] == "insufficient_evidence"
    missing = [entry for entry in again["competencies"] if entry["tasks"] == 0]
    assert missing
    assert all(entry["score"] is None for entry in missing)


def test_a_scorecard_names_the_tasks_that_cannot_be_replayed() -> None:
    card = score_evidence([record(live_models=("reader-1",)), record("task-b")], load_framework())
    assert scorecard_to_json(card)["not_replayable"] == ["task-a"]
    assert record_to_json(record(live_models=("reader-1",)))["live_models"] == ["reader-1"]
    assert "live_models" not in record_to_json(record())


def test_figures_have_at_most_six_decimals() -> None:
    card = score_evidence(form(3, 7, 0.5), load_framework(), context_id="classical_ml")
    spelled = canonical_bytes(scorecard_to_json(card)).decode()
    decimals = [part.split(".")[1] for part in spelled.replace("}", ",").split(",") if _is_figure(part)]
    assert decimals
    assert max(map(len, decimals)) <= 6


def _is_figure(part: str) -> bool:
    return part.count(".") == 1 and part.rpartition(":")[2].replace(".", "").isdigit()


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1.0, max_value=1.0))
def test_no_minus_zero_is_written(value: float) -> None:
    assert str(rounded(value)) != "-0.0"


def test_a_missing_score_stays_missing() -> None:
    assert record_to_json(record(earned=None))["earned"] is None
