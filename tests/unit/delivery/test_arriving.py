from datetime import timedelta

import pytest
from sqlalchemy import text

from shipworthy.core.canonical import digest
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.entities import InvitationState, TaskState
from shipworthy.delivery.errors import (
    CodeRefusedError,
    InvitationStateError,
    NotConfirmedError,
    TooOftenError,
    UnknownLinkError,
)
from tests.support.candidates import NOTICE, Invitees


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\udcff", "' OR 1=1 --"])
def test_a_forged_link_leads_nowhere(invitees: Invitees, token: str) -> None:
    with pytest.raises(UnknownLinkError):
        delivery.follow_link(invitees.database, token)
    with pytest.raises(NotConfirmedError):
        delivery.known_device(invitees.database, token)


def test_the_code_of_the_letter_confirms_once(invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    visit = delivery.follow_link(invitees.database, invitees.link(invitation))
    assert visit.invitation.state is InvitationState.INVITED
    delivery.send_code(invitees.database, visit)
    code = invitees.code(invitation)
    device = delivery.confirm(invitees.database, visit, f" {code[:3]} {code[3:]} ")
    assert delivery.known_device(invitees.database, device).invitation.state is InvitationState.OPENED
    with pytest.raises(CodeRefusedError, match="no code"):
        delivery.confirm(invitees.database, visit, code)


def test_five_wrong_codes_end_a_code_even_for_the_right_one(invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    visit = delivery.follow_link(invitees.database, invitees.link(invitation))
    delivery.send_code(invitees.database, visit)
    code = invitees.code(invitation)
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(5):
        with pytest.raises(CodeRefusedError, match="wrong"):
            delivery.confirm(invitees.database, visit, wrong)
    with pytest.raises(CodeRefusedError, match="5 wrong codes"):
        delivery.confirm(invitees.database, visit, code)


def test_a_code_of_one_candidate_is_none_of_another(invitees: Invitees) -> None:
    one, other = invitees.invite("ann@example.org", "bo@example.org")
    visits = [delivery.follow_link(invitees.database, invitees.link(each)) for each in (one, other)]
    for visit in visits:
        delivery.send_code(invitees.database, visit)
    if invitees.code(one) != invitees.code(other):
        with pytest.raises(CodeRefusedError):
            delivery.confirm(invitees.database, visits[1], invitees.code(one))


def test_a_code_expires_and_the_next_one_replaces_it(invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    visit = delivery.follow_link(invitees.database, invitees.link(invitation))
    delivery.send_code(invitees.database, visit)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        statement = "UPDATE invitation SET code_expires_at = now() - CAST('1 second' AS interval) WHERE id = :id"
        work.execute(text(statement), {"id": invitation})
    with pytest.raises(CodeRefusedError, match="expired"):
        delivery.confirm(invitees.database, visit, invitees.code(invitation))
    delivery.send_code(invitees.database, visit)
    assert delivery.confirm(invitees.database, visit, invitees.code(invitation))


def test_codes_cannot_be_had_without_end(invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    visit = delivery.follow_link(invitees.database, invitees.link(invitation))
    for _ in range(5):
        delivery.send_code(invitees.database, visit)
    with pytest.raises(TooOftenError):
        delivery.send_code(invitees.database, visit)


def test_another_machine_goes_on_and_the_first_one_is_told(invitees: Invitees) -> None:
    visit, first = invitees.arrive()
    delivery.send_code(invitees.database, visit)
    second = delivery.confirm(invitees.database, visit, invitees.code(visit.invitation.id))
    assert delivery.known_device(invitees.database, second).invitation.id == visit.invitation.id
    with pytest.raises(NotConfirmedError, match="another one"):
        delivery.known_device(invitees.database, first)


def test_a_device_is_forgotten_after_a_while(invitees: Invitees) -> None:
    visit, device = invitees.arrive()
    with invitees.database.unit_of_work(invitees.organisation) as work:
        values = {"id": visit.invitation.id, "by": timedelta(days=31)}
        work.execute(text("UPDATE invitation SET device_expires_at = device_expires_at - :by WHERE id = :id"), values)
    with pytest.raises(NotConfirmedError):
        delivery.known_device(invitees.database, device)


def test_consent_keeps_the_words_that_were_agreed_to_and_draws_the_form(invitees: Invitees) -> None:
    visit = invitees.begin()
    assert visit.session is not None
    assert (visit.session.notice, visit.session.notice_digest) == (NOTICE, digest(NOTICE.encode()))
    assert visit.time_zone == "Europe/Berlin"
    assert visit.invitation.state is InvitationState.STARTED
    practice, task = invitees.tasks(visit)
    assert (practice.practice, practice.position, practice.task_id) == (True, 0, "practice")
    assert (task.practice, task.position, task.seed, task.state) == (False, 1, 7, TaskState.WAITING)


def test_agreeing_twice_begins_one_session(invitees: Invitees) -> None:
    visit, _ = invitees.arrive()
    invitees.agree(visit)
    invitees.agree(visit)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        count = text("SELECT count(*) FROM session WHERE invitation_id = :id")
        assert work.scalar(count, {"id": visit.invitation.id}) == 1


def test_a_shut_invitation_sends_no_code(invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.cancel(work, invitation, actor="person:1")
    visit = delivery.follow_link(invitees.database, invitees.link(invitation))
    with pytest.raises(InvitationStateError, match="cancelled"):
        delivery.send_code(invitees.database, visit)
