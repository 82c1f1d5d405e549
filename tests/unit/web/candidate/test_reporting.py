import json

from sqlalchemy import text

from tests.support.candidates import RIGHT, Invitees
from tests.unit.web.candidate.conftest import Candidate


def graded(candidate: Candidate, invitees: Invitees, outcome: dict[str, object]) -> str:
    """Hand in, let a worker have judged it, and return the report."""
    place = candidate.start()
    fields = {"revision": "0", "path": "medians.py", "content": RIGHT.decode()}
    candidate.browser.send(f"{place}/save", fields)
    candidate.browser.send(f"{place}/hand-in", {"revision": "1"})
    with invitees.database.unit_of_work(invitees.organisation) as work:
        statement = "UPDATE grading_job SET state = 'done', finished_at = now(), outcome = CAST(:outcome AS jsonb)"
        work.execute(text(statement), {"outcome": json.dumps(outcome)})
    return candidate.browser.visit("/session/report").text


def test_the_report_tells_what_was_looked_at_and_nothing_hidden(candidate: Candidate, invitees: Invitees) -> None:
    checks = [
        {"check": "a", "sentence": "Groups are right.", "outcome": "passed", "score": 1.0, "message": "12 of 12."},
        {"check": "b", "sentence": "Order is free.", "outcome": "failed", "score": 0.25, "message": "<b>3</b> of 12."},
        {"check": "c", "sentence": "Missing is left out.", "outcome": "grader_error", "score": None, "message": ""},
    ]
    page = graded(candidate, invitees, {"checks": checks, "evidence": {"expected": 42.125}})
    for words in ("1 of 3", "Groups are right.", "12 of 12.", "Not passed", "Our fault", "&lt;b&gt;3&lt;/b&gt; of 12."):
        assert words in page
    assert "42.125" not in page


def test_before_anything_is_handed_in_the_report_says_so(candidate: Candidate) -> None:
    assert "Not handed in yet" in candidate.browser.visit("/session/report").text
