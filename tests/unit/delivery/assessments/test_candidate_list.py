from uuid import UUID

import pytest
from sqlalchemy import text

from shipworthy.delivery import operations as delivery
from shipworthy.delivery.assessments import candidate_list
from shipworthy.delivery.assessments.candidate_list import CandidatesWanted, Order, find, lines_of, progress_of
from shipworthy.delivery.assessments.operations import counts_of, ending_soon, finished_lately, line_of
from shipworthy.delivery.entities import Guest, InvitationState
from shipworthy.delivery.errors import NoSuchInvitationError
from tests.support.candidates import WEB, Invitees
from tests.support.organisations import organisation_in

NAMES = ("Ana Sousa", "ana Berg", "Bo 50%_Off", "Čeněk O'Neil", "Zoë Zimmer", "zed")


def invite(invitees: Invitees, *names: str) -> list[UUID]:
    """Invite people whose addresses do not hold their names."""
    guests = [Guest(line, name, f"{'abcdefghij'[line % 10] * (line + 3)}@x.example") for line, name in enumerate(names)]
    with invitees.database.unit_of_work(invitees.organisation) as work:
        asked = {"assessment": invitees.assessment, "guests": guests, "actor": "person:x", "web_url": WEB}
        return list(delivery.invite(work, invitees.organisation, **asked).invitations)  # type: ignore[arg-type]


def names(invitees: Invitees, **wanted: object) -> list[str]:
    with invitees.database.unit_of_work(invitees.organisation) as work:
        return [line.name for line in find(work, CandidatesWanted(invitees.assessment, **wanted), limit=100)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ana", ["ana Berg", "Ana Sousa"]),
        ("SOUSA ana", ["Ana Sousa"]),
        ("50%_", ["Bo 50%_Off"]),
        ("%", ["Bo 50%_Off"]),
        ("\\", []),
        ("o'neil", ["Čeněk O'Neil"]),
        ("čeněk", ["Čeněk O'Neil"]),
        ("@x.example", ["ana Berg", "Ana Sousa", "Bo 50%_Off", "zed", "Zoë Zimmer", "Čeněk O'Neil"]),
        ("'; DROP TABLE candidate; --", []),
        ("   ", ["ana Berg", "Ana Sousa", "Bo 50%_Off", "zed", "Zoë Zimmer", "Čeněk O'Neil"]),
    ],
)
@pytest.mark.parametrize("small", [0, 5000])
def test_words_are_found_anywhere_in_names_and_addresses(
    invitees: Invitees, words: str, found: list[str], small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidate_list, "SMALL", small)
    invite(invitees, *NAMES)
    assert sorted(names(invitees, text=words, order=Order.NAME)) == sorted(found)


def test_names_are_sorted_without_regard_to_case(invitees: Invitees) -> None:
    invite(invitees, *NAMES)
    assert names(invitees, order=Order.NAME)[:3] == ["ana Berg", "Ana Sousa", "Bo 50%_Off"]


@pytest.mark.parametrize("order", list(Order))
def test_pages_meet_without_gap_or_overlap_also_among_equals(invitees: Invitees, order: Order) -> None:
    made = invite(invitees, *["Same Name"] * 5, *NAMES)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        seen: list[UUID] = []
        wanted = CandidatesWanted(invitees.assessment, order=order)
        for _ in range(10):
            page = find(work, wanted, limit=3)
            seen += [line.invitation for line in page]
            if len(page) < 3:
                break
            wanted = CandidatesWanted(invitees.assessment, order=order, after=page[-1].end(order))
    assert len(seen) == len(set(seen))
    assert set(seen) == set(made)


def test_states_filter_and_are_counted(invitees: Invitees) -> None:
    first, *_ = invite(invitees, *NAMES)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.cancel(work, first, actor="person:x")
        counts = counts_of(work, [invitees.assessment])[invitees.assessment]
    assert names(invitees, states=(InvitationState.CANCELLED,)) == ["Ana Sousa"]
    assert (counts.candidates, counts.of(InvitationState.CANCELLED)) == (6, 1)
    assert names(invitees)[0] != "Ana Sousa" or names(invitees, order=Order.ACTIVE)[0] == "Ana Sousa"


def test_progress_counts_what_counts(invitees: Invitees) -> None:
    visit = invitees.begin("ana@example.org")
    with invitees.database.unit_of_work(invitees.organisation) as work:
        found = progress_of(work, [visit.invitation.id])[visit.invitation.id]
        assert (found.tasks, found.handed_in, found.graded, found.stopped) == (1, 0, 0, 0)
        assert progress_of(work, invite_more(invitees)) == {}


def invite_more(invitees: Invitees) -> list[UUID]:
    return invite(invitees, "Waits")


def test_the_home_page_finds_who_finished_and_whose_end_is_near(invitees: Invitees) -> None:
    first, second, third = invite(invitees, "Ana", "Bo", "Cy")
    with invitees.database.unit_of_work(invitees.organisation) as work:
        work.execute(text("UPDATE invitation SET state = 'finished' WHERE id = :id"), {"id": first})
        work.execute(text("UPDATE invitation SET expires_at = now() + interval '1 day' WHERE id = :id"), {"id": second})
        assert [line.invitation for line, _ in finished_lately(work)] == [first]
        assert [line.name for line, _ in ending_soon(work)] == ["Bo"]
        assert line_of(work, third).name == "Cy"


def test_another_organisation_finds_nobody(invitees: Invitees) -> None:
    made = invite(invitees, *NAMES)
    other = organisation_in(invitees.database)
    with invitees.database.unit_of_work(other) as work:
        assert find(work, CandidatesWanted(invitees.assessment), limit=10) == []
        assert lines_of(work, made) == {}
        with pytest.raises(NoSuchInvitationError):
            line_of(work, made[0])
