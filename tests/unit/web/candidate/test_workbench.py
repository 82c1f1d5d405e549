import io
import json
import zipfile

import pytest
from sqlalchemy import text

from shipworthy.bootstrap import House
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.entities import SessionEventKind, TaskState
from shipworthy.grading.jobs.operations import grading_of, latest_check
from tests.support.candidates import RIGHT, Invitees
from tests.unit.web.candidate.conftest import Candidate, somebody

MEGABYTE = 1024 * 1024


def archive(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return written.getvalue()


def save(
    candidate: Candidate, place: str, revision: int, files: dict[str, str | None]
) -> tuple[int, dict[str, object]]:
    """Save as the editor does."""
    answer = candidate.browser.client.post(
        f"{place}/changes/save",
        json={"revision": revision, "files": files},
        headers={"X-CSRF-Token": candidate.browser.token, "X-Tab": "tab 1"},
    )
    is_json = answer.headers["content-type"] == "application/json"
    return answer.status_code, answer.json() if is_json else {"page": answer.text}


def kept(candidate: Candidate) -> dict[str, bytes]:
    task = next(each for each in candidate.tasks if each.position == 1)
    with candidate.invitees.database.unit_of_work(candidate.invitees.organisation) as work:
        return dict(delivery.draft_of(work, task).files)


def test_everything_works_without_scripts(candidate: Candidate, invitees: Invitees) -> None:
    browser = candidate.browser
    overview = browser.visit("/session")
    place = f"/session/tasks/{candidate.tasks[1].id}"
    assert place in overview.text
    assert "Start, and start the clock" in browser.visit(place).text
    page = browser.follow(browser.send(f"{place}/start"))
    assert "Still needed:" in page.text
    fields = {"revision": "0", "path": "medians.py", "content": RIGHT.decode().replace("\n", "\r\n")}
    page = browser.follow(browser.send(f"{place}/save", fields))
    assert "def median_by_group" in page.text
    assert kept(candidate) == {"medians.py": RIGHT}
    assert browser.send(f"{place}/checks").headers["location"] == f"{place}#checks"
    assert "Waiting for a free place" in browser.visit(f"{place}/checks").text
    assert "after handing in" in browser.visit(f"{place}/hand-in").text.lower()
    page = browser.follow(browser.send(f"{place}/hand-in", {"revision": "1"}))
    assert "It waits to be judged" in page.text
    assert "All done" in browser.visit("/session").text
    assert "being judged" in browser.visit("/session/report").text


def test_the_brief_is_shown_safely_and_in_the_variant_of_the_candidate(candidate: Candidate) -> None:
    page = candidate.browser.visit(candidate.start()).text
    assert "<code>median_by_group(rows)</code>" in page
    assert "{{" not in page


def test_a_conflict_gives_both_versions(candidate: Candidate) -> None:
    place = candidate.start()
    assert save(candidate, place, 0, {"medians.py": "first"})[0] == 200
    status, told = save(candidate, place, 0, {"medians.py": "second"})
    assert status == 409
    assert told["revision"] == 1
    assert told["files"] == {"medians.py": {"text": "first", "size": 5}}
    fields = {"revision": "0", "path": "medians.py", "content": "typed without scripts"}
    page = candidate.browser.send(f"{place}/save", fields)
    assert page.status_code == 409
    assert "first" in page.text
    assert "typed without scripts" in page.text
    with candidate.invitees.database.unit_of_work(candidate.invitees.organisation) as work:
        session = candidate.visit.session
        assert session
        kinds = [event.kind for event in delivery.timeline(work, session.id)]
    assert kinds.count(SessionEventKind.CONFLICT) == 2


@pytest.mark.parametrize("name", ["../../etc/passwd.py", "/etc/x.py", "a\\b.py", "x.exe", "", "a\u202eb.py", ".env.py"])
def test_names_that_lead_out_or_do_not_count_are_refused(candidate: Candidate, name: str) -> None:
    place = candidate.start()
    assert save(candidate, place, 0, {name: "x"})[0] == 422
    assert kept(candidate) == {}


def test_a_hostile_name_that_counts_is_inert(candidate: Candidate) -> None:
    place = candidate.start()
    hostile = '"><svg onload=alert(1)>{{7*7}}.py'
    assert save(candidate, place, 0, {hostile: "</textarea><script>alert(1)</script>"})[0] == 200
    for path in (place, f"{place}/hand-in"):
        page = candidate.browser.visit(path).text
        assert "<svg onload" not in page
        assert "<script>alert" not in page
        assert "</textarea><script>" not in page


def test_what_is_too_large_is_refused(candidate: Candidate) -> None:
    place = candidate.start()
    assert save(candidate, place, 0, {"a.py": "x" * (MEGABYTE + 1)})[0] == 422
    assert save(candidate, place, 0, {"a.py": "x" * (17 * MEGABYTE)})[0] == 413
    assert kept(candidate) == {}


def test_an_upload_takes_the_place_of_the_files_and_can_be_undone(candidate: Candidate) -> None:
    place = candidate.start()
    save(candidate, place, 0, {"medians.py": "typed"})
    content = archive({"work/medians.py": RIGHT, "work/data.bin": b"\0"})
    page = candidate.browser.follow(candidate.browser.send(f"{place}/upload", archive=("work.zip", content)))
    assert "1 files were taken" in page.text
    assert "1 that do not count" in page.text
    assert kept(candidate) == {"medians.py": RIGHT}
    page = candidate.browser.follow(candidate.browser.send(f"{place}/undo-upload"))
    assert "are back" in page.text
    assert kept(candidate) == {"medians.py": b"typed"}


@pytest.mark.parametrize(
    "content",
    [
        b"no zip at all",
        archive({"../medians.py": b""}),
        archive({"medians.py": b"\0" * (30 * MEGABYTE)}),
        archive({"readme.txt": b"nothing that counts"}),
    ],
    ids=["no zip", "leads out", "bomb", "nothing counts"],
)
def test_a_hostile_archive_changes_nothing(candidate: Candidate, content: bytes) -> None:
    place = candidate.start()
    save(candidate, place, 0, {"medians.py": "typed"})
    assert candidate.browser.send(f"{place}/upload", archive=("x.zip", content)).status_code == 422
    assert kept(candidate) == {"medians.py": b"typed"}


def test_an_upload_without_a_file_is_told(candidate: Candidate) -> None:
    place = candidate.start()
    assert candidate.browser.send(f"{place}/upload", {"archive": ""}).status_code == 422


def test_workspace_and_own_files_come_as_archives_and_one_by_one(candidate: Candidate) -> None:
    place = candidate.start()
    save(candidate, place, 0, {"medians.py": "mine"})
    for path, wanted in (("workspace.zip", "public/examples.json"), ("files.zip", "medians.py")):
        answer = candidate.browser.visit(f"{place}/{path}")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            assert any(name.endswith(wanted) for name in packed.namelist())
    shown = candidate.browser.visit(f"{place}/workspace?file=public/examples.json")
    assert json.loads(shown.text)
    assert shown.headers["content-type"] == "text/plain; charset=utf-8"
    assert candidate.browser.visit(f"{place}/workspace?file=../../../etc/passwd").status_code == 404


def test_a_binary_file_is_kept_but_not_edited(candidate: Candidate) -> None:
    place = candidate.start()
    content = archive({"medians.py": RIGHT, "blob.py": b"\xff\xfe\0"})
    candidate.browser.send(f"{place}/upload", archive=("x.zip", content))
    assert "no text" in candidate.browser.visit(place).text
    assert save(candidate, place, 1, {"medians.py": "changed"})[0] == 200
    assert kept(candidate) == {"medians.py": b"changed", "blob.py": b"\xff\xfe\0"}


def test_checks_run_once_at_a_time_and_their_live_words_are_a_stream(candidate: Candidate, invitees: Invitees) -> None:
    place = candidate.start()
    save(candidate, place, 0, {"medians.py": RIGHT.decode()})
    headers = {"X-CSRF-Token": candidate.browser.token}
    assert candidate.browser.client.post(f"{place}/checks", headers=headers).status_code == 202
    assert candidate.browser.client.post(f"{place}/checks", headers=headers).status_code == 409
    task = candidate.tasks[1]
    with invitees.database.unit_of_work(invitees.organisation) as work:
        found = latest_check(work, task.id)
    assert found is not None
    lines = [{"kind": "run", "text": "<b>python medians.py</b>\n\nevent: end", "seconds": 0.1}]
    with invitees.database.unit_of_work(invitees.organisation) as work:
        work.execute(
            text("UPDATE grading_job SET state = 'done', lines = CAST(:lines AS jsonb) WHERE id = :id"),
            {"lines": json.dumps(lines), "id": found.id},
        )
    stream = candidate.browser.client.get(f"{place}/checks/live")
    assert stream.headers["content-type"].startswith("text/event-stream")
    events = [event.split("\n") for event in stream.text.strip().split("\n\n")]
    assert [event[0] for event in events] == ["event: line", "event: state", "event: end"]
    assert json.loads(events[0][1].removeprefix("data: ")) == lines[0]


def test_when_time_ran_out_the_page_says_what_was_handed_in(candidate: Candidate, invitees: Invitees) -> None:
    place = candidate.start()
    save(candidate, place, 0, {"medians.py": RIGHT.decode()})
    task = candidate.tasks[1]
    invitees.let_time_pass(task, 20 * 60 + 31)
    assert save(candidate, place, 1, {"medians.py": "late"})[0] == 409
    page = candidate.browser.visit(place).text
    assert "What you had saved last was handed in for you" in page
    with invitees.database.unit_of_work(invitees.organisation) as work:
        assert grading_of(work, task.id) is not None
    assert candidate.tasks[1].state is TaskState.CLOSED


def test_somebody_else_s_task_is_not_there(house: House, candidate: Candidate, invitees: Invitees) -> None:
    place = candidate.start()
    other = somebody(house, invitees).begin()
    assert other.browser.visit(place).status_code == 404
    assert save(other, place, 0, {"medians.py": "x"})[0] == 404
    assert other.browser.send(f"{place}/hand-in", {"revision": "0"}).status_code == 404


def test_handing_in_needs_the_files_that_were_shown(candidate: Candidate) -> None:
    place = candidate.start()
    assert "is missing" in candidate.browser.visit(f"{place}/hand-in").text
    save(candidate, place, 0, {"medians.py": "first"})
    candidate.browser.visit(f"{place}/hand-in")
    save(candidate, place, 1, {"medians.py": "second"})
    page = candidate.browser.follow(candidate.browser.send(f"{place}/hand-in", {"revision": "1"}))
    assert "changed meanwhile" in page.text
    assert candidate.tasks[1].state is TaskState.RUNNING


def test_only_what_pages_may_tell_reaches_the_timeline(candidate: Candidate, invitees: Invitees) -> None:
    place = candidate.start()
    headers = {"X-CSRF-Token": candidate.browser.token}
    for kind in ("reloaded", "reloaded", "handed_in", "nonsense"):
        candidate.browser.client.post(f"{place}/told", json={"kind": kind}, headers=headers)
    session = candidate.visit.session
    assert session
    with invitees.database.unit_of_work(invitees.organisation) as work:
        kinds = [event.kind for event in delivery.timeline(work, session.id)]
    assert kinds.count(SessionEventKind.RELOADED) == 1
    assert SessionEventKind.HANDED_IN not in kinds
