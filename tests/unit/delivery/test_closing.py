import pytest

from shipworthy.audit.operations import verify
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.entities import HandedInBy, InvitationState, TaskState
from shipworthy.delivery.errors import InvitationStateError, NotConfirmedError
from shipworthy.grading.jobs.operations import grading_of
from shipworthy.store.blobs import Blobs
from shipworthy.store.database import Database
from shipworthy.tasks.catalogue import Catalogue
from shipworthy.tasks.packing import unpacked
from tests.support.candidates import RIGHT, WEB, Invitees, invitees_in

PAST = 20 * 60 + 31


def sweep(invitees: Invitees) -> None:
    delivery.close_overdue(invitees.database, invitees.blobs, limit=10_000)


def test_when_time_runs_out_what_was_saved_last_is_handed_in_once(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    invitees.save(visit, task, 0, medians=RIGHT)
    invitees.let_time_pass(task, PAST)
    sweep(invitees)
    sweep(invitees)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        facts = delivery.submission_of(work, task)
        assert grading_of(work, task.id) is not None
        assert verify(work, invitees.organisation).holds
    assert facts is not None
    assert facts.handed_in_by is HandedInBy.HOUSE
    assert unpacked(invitees.blobs.get(facts.blob)) == {"medians.py": RIGHT}
    assert [each.state for each in invitees.tasks(visit)] == [TaskState.WAITING, TaskState.CLOSED]
    assert invitees.invitation(visit.invitation.id).state is InvitationState.FINISHED


def test_a_task_in_which_nothing_was_saved_is_closed_without_a_submission(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    invitees.let_time_pass(task, PAST)
    sweep(invitees)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        assert delivery.submission_of(work, task) is None
        assert grading_of(work, task.id) is None
    assert invitees.tasks(visit)[1].state is TaskState.CLOSED


def test_within_the_grace_nothing_is_closed(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    invitees.let_time_pass(task, PAST - 15)
    sweep(invitees)
    assert invitees.tasks(visit)[1].state is TaskState.RUNNING


def test_a_cancelled_session_waits_for_the_cancellation_to_be_undone(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    invitees.save(visit, task, 0, medians=RIGHT)
    wanted = visit.invitation.id
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.cancel(work, wanted, actor="person:1")
    invitees.let_time_pass(task, PAST)
    sweep(invitees)
    assert invitees.tasks(visit)[1].state is TaskState.RUNNING
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.undo_cancel(work, wanted, actor="person:1", web_url=WEB)
    sweep(invitees)
    assert invitees.tasks(visit)[1].state is TaskState.CLOSED


def test_an_invitation_that_passed_its_end_is_ended_by_the_sweep(invitees: Invitees) -> None:
    (invitation,) = invitees.invite("ann@example.org")
    invitees.end_invitation(invitation)
    sweep(invitees)
    assert invitees.invitation(invitation).state is InvitationState.EXPIRED


def test_a_task_that_runs_when_the_invitation_ends_may_be_finished(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    invitees.end_invitation(visit.invitation.id)
    sweep(invitees)
    invitees.save(visit, task, 0, medians=RIGHT)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.hand_in(work, invitees.blobs, visit, task.id, rules=invitees.rules)
    assert invitees.invitation(visit.invitation.id).state is InvitationState.FINISHED


def test_a_session_that_is_finished_by_the_end_has_no_open_task(
    database: Database, blobs: Blobs, catalogue: Catalogue
) -> None:
    invitees = invitees_in(database, blobs, catalogue, tasks=2)
    visit = invitees.begin()
    task = invitees.start(visit, 1)
    invitees.save(visit, task, 0, medians=RIGHT)
    with database.unit_of_work(invitees.organisation) as work:
        delivery.hand_in(work, blobs, visit, task.id, rules=invitees.rules)
    assert invitees.invitation(visit.invitation.id).state is InvitationState.STARTED
    invitees.end_invitation(visit.invitation.id)
    sweep(invitees)
    assert invitees.invitation(visit.invitation.id).state is InvitationState.FINISHED
    assert [each.state for each in invitees.tasks(visit)] == [TaskState.WAITING, TaskState.HANDED_IN, TaskState.CLOSED]


def test_whoever_withdraws_is_left_alone_and_what_was_handed_in_stays(invitees: Invitees) -> None:
    visit, device = invitees.arrive()
    invitees.agree(visit)
    visit = delivery.known_device(invitees.database, device)
    task = invitees.start(visit)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.withdraw(work, visit)
    assert {each.state for each in invitees.tasks(visit)} == {TaskState.WITHDRAWN}
    assert "you withdrew" in invitees.letters(visit.invitation.id)[0]
    invitees.let_time_pass(task, PAST)
    sweep(invitees)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        assert delivery.submission_of(work, task) is None
    with pytest.raises(NotConfirmedError):
        delivery.known_device(invitees.database, device)
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(InvitationStateError):
        delivery.withdraw(work, visit)
