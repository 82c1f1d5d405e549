from datetime import timedelta

import pytest

from shipworthy.audit.operations import search
from shipworthy.audit.repository import Search
from shipworthy.core import clock
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.entities import Guest, InvitationState
from shipworthy.delivery.errors import (
    AssessmentClosedError,
    DeliveryError,
    InvitationStateError,
    NoSuchInvitationError,
    TooOftenError,
)
from shipworthy.store.blobs import Blobs
from shipworthy.store.database import Database
from shipworthy.tasks.catalogue import Catalogue
from tests.support.candidates import WEB, Invitees, invitees_in


def tags(invitees: Invitees) -> list[str]:
    with invitees.database.unit_of_work(invitees.organisation) as work:
        return [event.tag for event in reversed(search(work, Search()))]


def test_whoever_is_invited_gets_a_letter_that_says_all_and_a_link(invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    (body,) = invitees.letters(invitation)
    for words in ("Hello Ann", "ML Engineer", "20 minutes", "Ada Byron", "people@northwind.example", "(UTC)"):
        assert words in body
    assert f"{WEB}/c/{invitees.link(invitation)}" in body
    assert invitees.invitation(invitation).state is InvitationState.INVITED


def test_an_address_is_invited_once_to_an_assessment_and_is_told_the_second_time(invitees: Invitees) -> None:
    invitees.invite("ann@example.org")
    guests = [Guest(1, "Ann", "ann@example.org"), Guest(2, "Bo", "bo@example.org")]
    with invitees.database.unit_of_work(invitees.organisation) as work:
        again = delivery.invite(
            work, invitees.organisation, assessment=invitees.assessment, guests=guests, actor="house", web_url=WEB
        )
    assert [guest.email for guest in again.already] == ["ann@example.org"]
    assert len(again.invitations) == 1


def test_two_hundred_are_invited_at_once(invitees: Invitees) -> None:
    made = invitees.invite(*(f"p{number}@example.org" for number in range(200)))
    assert len(set(made)) == 200
    assert len(invitees.letters(made[199])) == 1
    with invitees.database.unit_of_work(invitees.organisation) as work:
        assert delivery.invitation_counts(work, invitees.assessment) == {InvitationState.INVITED: 200}
        assert len(search(work, Search(tag="recruiter:candidate:invited"), limit=300)) == 200


def test_nobody_is_invited_to_a_closed_or_foreign_assessment_or_for_the_past(
    database: Database, blobs: Blobs, catalogue: Catalogue, invitees: Invitees
) -> None:
    other = invitees_in(database, blobs, catalogue)
    with database.unit_of_work(invitees.organisation) as work, pytest.raises(AssessmentClosedError):
        delivery.invite(work, invitees.organisation, assessment=other.assessment, guests=[], actor="house", web_url=WEB)
    yesterday = clock.now() - timedelta(days=1)
    with database.unit_of_work(invitees.organisation) as work, pytest.raises(DeliveryError, match="passed"):
        delivery.invite(
            work,
            invitees.organisation,
            assessment=invitees.assessment,
            guests=[],
            actor="house",
            web_url=WEB,
            expires_at=yesterday,
        )


def test_another_organisation_finds_no_invitation(
    database: Database, blobs: Blobs, catalogue: Catalogue, invitees: Invitees
) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    other = invitees_in(database, blobs, catalogue)
    with database.unit_of_work(other.organisation) as work, pytest.raises(NoSuchInvitationError):
        delivery.cancel(work, invitation, actor="person:1")


def test_a_reminder_has_a_link_of_its_own_and_both_work(invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    first = invitees.link(invitation)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.remind(work, invitation, actor="person:1", web_url=WEB)
    assert invitees.link(invitation) != first
    for token in (first, invitees.link(invitation)):
        assert delivery.follow_link(invitees.database, token).invitation.id == invitation
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(TooOftenError):
        delivery.remind(work, invitation, actor="person:1", web_url=WEB)


def test_a_cancelled_invitation_opens_nothing_until_that_is_undone(invitees: Invitees) -> None:
    visit, device = invitees.arrive()
    wanted = visit.invitation.id
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.cancel(work, wanted, actor="person:1")
    assert "took back" in invitees.letters(wanted)[0]
    with pytest.raises(DeliveryError):
        delivery.known_device(invitees.database, device)
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(InvitationStateError):
        delivery.remind(work, wanted, actor="person:1", web_url=WEB)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.undo_cancel(work, wanted, actor="person:1", web_url=WEB)
    assert invitees.invitation(wanted).state is InvitationState.OPENED
    assert delivery.follow_link(invitees.database, invitees.link(wanted)).invitation.id == wanted


def test_an_expired_invitation_lives_again_when_it_is_extended(invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    invitees.end_invitation(invitation)
    seen = delivery.follow_link(invitees.database, invitees.link(invitation))
    assert seen.invitation.state is InvitationState.EXPIRED
    later = clock.now() + timedelta(days=3)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        changed = delivery.extend(work, invitation, expires_at=later, actor="person:1", web_url=WEB)
    assert (changed.state, changed.expires_at) == (InvitationState.INVITED, later)
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(DeliveryError, match="not later"):
        delivery.extend(work, invitation, expires_at=later, actor="person:1", web_url=WEB)
    assert tags(invitees) == [
        "manager:role:scoped",
        "recruiter:candidate:invited",
        "house:invitation:ended",
        "recruiter:invitation:extended",
    ]


def test_why_somebody_gets_more_time_is_in_no_event_and_in_no_visit(invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.accommodate(work, invitation, time_factor=1.5, note="dyslexia", person=invitees.person.id)
        event = search(work, Search(tag="recruiter:accommodation:granted"))[0]
        kept = delivery.accommodation(work, invitation)
    assert kept is not None
    assert kept.note == "dyslexia"
    assert event.details == {"invitation": str(invitation), "time_factor": 1.5}
    visit = delivery.follow_link(invitees.database, invitees.link(invitation))
    assert visit.time_factor == 1.5
    assert "dyslexia" not in repr(visit)


@pytest.mark.parametrize("factor", [0.5, 5, float("nan")])
def test_time_is_never_taken_away(invitees: Invitees, factor: float) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(DeliveryError, match="times"):
        delivery.accommodate(work, invitation, time_factor=factor, note="", person=invitees.person.id)


def test_more_time_reaches_a_task_that_runs(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.accommodate(work, visit.invitation.id, time_factor=2, note="", person=invitees.person.id)
    moved = next(each for each in invitees.tasks(visit) if each.id == task.id)
    assert task.deadline_at is not None
    assert moved.deadline_at == task.deadline_at + timedelta(minutes=20)
