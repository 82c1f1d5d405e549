from datetime import UTC, datetime
from uuid import UUID

import pytest

from shipworthy.delivery import wording
from shipworthy.delivery.entities import AssessmentFacts, AssessmentTask, Candidate

ANY = UUID(int=1)
FACTS = AssessmentFacts(
    id=ANY,
    title="ML Engineer",
    organisation_name="Northwind",
    tasks=(AssessmentTask("a", "1", "d", 45), AssessmentTask("b", "1", "d", 95)),
    contact="people@northwind.example",
    decider_name="Ada Byron",
    valid_days=14,
    closed_at=None,
)
ANN = Candidate(ANY, ANY, "Ann", "ann@example.org", "Asia/Tokyo")
END = datetime(2026, 12, 4, 16, 30, tzinfo=UTC)
LINK = "https://vetting.example/c/secret"


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "1 minute"), (45, "45 minutes"), (89.6, "1 h 30 min"), (120, "2 h"), (140, "2 h 20 min")]
)
def test_minutes_are_spelled_for_people(minutes: float, words: str) -> None:
    assert wording.duration(minutes) == words


def test_a_moment_is_told_in_the_candidates_zone() -> None:
    assert wording.in_zone(END, "Asia/Tokyo") == "Saturday 5 December 2026, 01:30 (Asia/Tokyo)"
    assert wording.in_zone(END, "America/New_York") == "Friday 4 December 2026, 11:30 (America/New York)"
    assert wording.in_zone(END, "Nowhere/At_All") == "Friday 4 December 2026, 16:30 (UTC)"


def test_every_letter_with_a_link_says_who_asks_until_when_and_whom_to_ask() -> None:
    for write in (wording.invitation, wording.reminder, wording.extension, wording.restoration):
        letter = write(FACTS, ANN, expires_at=END, link=LINK)
        for words in ("Hello Ann", "Northwind", "ML Engineer", "Asia/Tokyo", "people@northwind.example", LINK):
            assert words in letter.body, write.__name__
        assert letter.title.isprintable()


def test_the_invitation_says_how_long_what_is_kept_and_who_decides() -> None:
    body = wording.invitation(FACTS, ANN, expires_at=END, link=LINK).body
    for words in ("2 tasks", "2 h 20 min", "no camera", "Ada Byron", "not a decision", "If you\ndo not want"):
        assert words in body


def test_letters_that_end_something_bear_no_link() -> None:
    for letter in (wording.cancellation(FACTS, ANN), wording.withdrawal(FACTS, ANN)):
        assert "/c/" not in letter.body
        assert "people@northwind.example" in letter.body


def test_the_notice_names_the_rule_of_every_task_and_the_accommodated_time() -> None:
    text = wording.notice(FACTS, ["A: allowed", "B: not allowed"], time_factor=1.5)
    for words in ("A: allowed", "B: not allowed", "3 h 30 min", *wording.RECORDED, *wording.NOT_RECORDED):
        assert words in text
