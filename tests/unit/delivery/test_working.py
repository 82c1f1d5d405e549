import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.audit.operations import search, verify
from shipworthy.audit.repository import Search
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.entities import HandedInBy, InvitationState, SessionEventKind, TaskState, Visit
from shipworthy.delivery.errors import (
    DraftConflictError,
    FilesRefusedError,
    InvitationStateError,
    NoSuchTaskError,
    TaskStateError,
    TimeIsOverError,
)
from shipworthy.delivery.form_tasks import workspace
from shipworthy.grading.jobs.errors import CheckUnderWayError
from shipworthy.grading.jobs.operations import grading_of, latest_check
from shipworthy.tasks.errors import SubmissionRefusedError
from shipworthy.tasks.packing import unpacked
from tests.support.candidates import RIGHT, Invitees


def kinds(invitees: Invitees, visit: Visit) -> list[SessionEventKind]:
    assert visit.session
    with invitees.database.unit_of_work(invitees.organisation) as work:
        return [event.kind for event in delivery.timeline(work, visit.session.id)]


def archive(folder: Path, **files: bytes) -> Path:
    place = folder / f"{uuid4().hex}.zip"
    with zipfile.ZipFile(place, "w") as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "/") + ".py", content)
    return place


def test_the_clock_starts_when_the_workspace_is_ready(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    assert task.state is TaskState.RUNNING
    assert task.started_at is not None
    assert task.deadline_at is not None
    assert (task.deadline_at - task.started_at).total_seconds() == 20 * 60
    assert {"brief.md", "public/examples.json"} <= set(workspace(invitees.blobs, task.workspace or ""))


def test_practice_has_no_clock_and_is_not_graded(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit, 0)
    assert task.deadline_at is None
    invitees.save(visit, task, 0, medians=RIGHT)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        delivery.hand_in(work, invitees.blobs, visit, task.id, rules=invitees.rules)
        assert grading_of(work, task.id) is None
    assert [each.state for each in invitees.tasks(visit)] == [TaskState.HANDED_IN, TaskState.WAITING]
    assert invitees.invitation(visit.invitation.id).state is InvitationState.STARTED


def test_nobody_reaches_a_task_of_somebody_else(invitees: Invitees) -> None:
    mine, theirs = invitees.begin(), invitees.begin()
    task = invitees.start(theirs)
    with pytest.raises(NoSuchTaskError):
        delivery.start_task(invitees.database, invitees.catalogue, invitees.blobs, mine, task.id)
    with pytest.raises(NoSuchTaskError):
        invitees.save(mine, task, 0, medians=RIGHT)
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(NoSuchTaskError):
        delivery.hand_in(work, invitees.blobs, mine, task.id, rules=invitees.rules)


def test_a_save_from_an_older_revision_gets_both_versions_and_changes_nothing(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    assert invitees.save(visit, task, 0, medians=b"first tab") == 1
    with pytest.raises(DraftConflictError) as refused:
        invitees.save(visit, task, 0, medians=b"second tab")
    assert refused.value.current.files == {"medians.py": b"first tab"}
    assert refused.value.current.revision == 1
    assert invitees.save(visit, task, 1, medians=b"second tab, chosen") == 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=12))
def test_of_saves_in_any_order_every_accepted_one_saw_all_before_it(
    invitees: Invitees, saves: list[tuple[int, int]]
) -> None:
    """Tabs save a word each on top of what they know; a word is lost only if a save was refused."""
    visit = invitees.begin()
    task = invitees.start(visit)
    known = dict.fromkeys(range(4), (0, b""))
    accepted = []
    for number, (tab, _) in enumerate(saves):
        revision, words = known[tab]
        mine = words + b"%d " % number
        try:
            known[tab] = (invitees.save(visit, task, revision, medians=mine), mine)
            accepted.append(number)
        except DraftConflictError as refused:
            known[tab] = (refused.current.revision, refused.current.files["medians.py"])
    with invitees.database.unit_of_work(invitees.organisation) as work:
        kept = delivery.draft_of(work, task)
    assert kept.files["medians.py"] == b"".join(b"%d " % number for number in accepted)
    assert kept.revision == len(accepted)


def test_saves_are_told_once_a_minute(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    for revision in range(5):
        invitees.save(visit, task, revision, medians=b"%d" % revision)
    assert kinds(invitees, visit).count(SessionEventKind.SAVED) == 1


@pytest.mark.parametrize(
    "path",
    ["../medians.py", "/etc/passwd.py", "a\\b.py", "data.bin", ".hidden.py", "__pycache__/x.py", "a\u202e.py", ""],
)
def test_a_name_that_would_not_count_or_leads_out_is_refused(invitees: Invitees, path: str) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(FilesRefusedError):
        delivery.save(work, visit, task.id, revision=0, changes={path: b""}, rules=invitees.rules, by="a test")


def test_files_are_held_to_the_limits_of_the_task(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    with pytest.raises(FilesRefusedError, match="larger than 1 MB"):
        invitees.save(visit, task, 0, medians=b"x" * (1024 * 1024 + 1))
    with pytest.raises(FilesRefusedError, match="21 files"):
        invitees.save(visit, task, 0, **{f"f{number}": b"" for number in range(21)})


def test_an_upload_replaces_all_files_and_can_be_undone(invitees: Invitees, tmp_path: Path) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    invitees.save(visit, task, 0, medians=b"typed", extra=b"typed too")
    place = archive(tmp_path, work__medians=RIGHT, work__more=b"")
    with invitees.database.unit_of_work(invitees.organisation) as work:
        uploaded, _ = delivery.upload(work, visit, task.id, place, rules=invitees.rules, by="a test")
    assert set(uploaded.files) == {"medians.py", "more.py"}
    with invitees.database.unit_of_work(invitees.organisation) as work:
        assert delivery.draft_of(work, task).can_undo_upload
        undone = delivery.undo_upload(work, visit, task.id, by="a test")
    assert undone.files == {"medians.py": b"typed", "extra.py": b"typed too"}
    assert undone.revision == 3


@pytest.mark.parametrize("name", ["../medians.py", "/medians.py", "a/../../medians.py"])
def test_an_archive_that_leads_out_changes_nothing(invitees: Invitees, tmp_path: Path, name: str) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    invitees.save(visit, task, 0, medians=b"typed")
    place = tmp_path / "hostile.zip"
    with zipfile.ZipFile(place, "w") as packed:
        packed.writestr(name, b"")
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(SubmissionRefusedError):
        delivery.upload(work, visit, task.id, place, rules=invitees.rules, by="a test")
    with invitees.database.unit_of_work(invitees.organisation) as work:
        assert delivery.draft_of(work, task).files == {"medians.py": b"typed"}


def test_what_is_no_archive_is_refused(invitees: Invitees, tmp_path: Path) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    place = tmp_path / "x.zip"
    place.write_bytes(io.BytesIO(b"no zip").getvalue())
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(SubmissionRefusedError):
        delivery.upload(work, visit, task.id, place, rules=invitees.rules, by="a test")


def test_checks_run_on_what_was_saved_and_once_at_a_time(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    invitees.save(visit, task, 0, medians=RIGHT)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        wanted = delivery.run_checks(work, invitees.blobs, visit, task.id)
        found = latest_check(work, task.id)
    assert found is not None
    assert (found.id, found.seed, found.task_id) == (wanted, 7, task.task_id)
    assert unpacked(invitees.blobs.get(found.blob)) == {"medians.py": RIGHT}
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(CheckUnderWayError):
        delivery.run_checks(work, invitees.blobs, visit, task.id)


def test_handing_in_queues_the_grading_finishes_the_session_and_is_logged(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    invitees.save(visit, task, 0, medians=RIGHT)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        facts = delivery.hand_in(work, invitees.blobs, visit, task.id, rules=invitees.rules, revision=1)
    with invitees.database.unit_of_work(invitees.organisation) as work:
        grading = grading_of(work, task.id)
        assert grading is not None
        assert grading.blob == facts.blob
        assert verify(work, invitees.organisation).holds
        assert search(work, Search(tag="candidate:submission:handed_in"))[0].details["blob"] == facts.blob
    assert facts.handed_in_by is HandedInBy.CANDIDATE
    assert invitees.invitation(visit.invitation.id).state is InvitationState.FINISHED
    with pytest.raises(TaskStateError):
        invitees.save(visit, task, 1, medians=b"later")


def test_handing_in_twice_at_once_hands_in_once(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    invitees.save(visit, task, 0, medians=RIGHT)

    def hand_in(_: int) -> object:
        with invitees.database.unit_of_work(invitees.organisation) as work:
            return delivery.hand_in(work, invitees.blobs, visit, task.id, rules=invitees.rules).id

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(hand_in, range(4)))) == 1


def test_a_required_file_must_be_there_and_the_revision_the_one_that_was_seen(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(FilesRefusedError, match="lacks"):
        delivery.hand_in(work, invitees.blobs, visit, task.id, rules=invitees.rules)
    invitees.save(visit, task, 0, medians=RIGHT)
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(DraftConflictError):
        delivery.hand_in(work, invitees.blobs, visit, task.id, rules=invitees.rules, revision=0)


def test_what_was_on_its_way_at_the_deadline_is_taken_and_later_things_are_not(invitees: Invitees) -> None:
    visit = invitees.begin()
    task = invitees.start(visit)
    invitees.let_time_pass(task, 20 * 60 + 20)
    invitees.save(visit, task, 0, medians=RIGHT)
    invitees.let_time_pass(task, 20)
    with pytest.raises(TimeIsOverError):
        invitees.save(visit, task, 1, medians=b"late")
    with invitees.database.unit_of_work(invitees.organisation) as work, pytest.raises(TimeIsOverError):
        delivery.hand_in(work, invitees.blobs, visit, task.id, rules=invitees.rules)


def test_no_task_starts_twice_or_after_the_end(invitees: Invitees) -> None:
    visit = invitees.begin()
    invitees.start(visit)
    with pytest.raises(TaskStateError):
        invitees.start(visit)
    late = invitees.begin()
    invitees.end_invitation(late.invitation.id)
    with pytest.raises(InvitationStateError):
        invitees.start(late)
