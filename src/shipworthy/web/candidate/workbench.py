"""One task: its brief, its files, its clock, and handing in."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, File, Form, Header, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from shipworthy.bootstrap import House
from shipworthy.core import clock
from shipworthy.delivery.entities import Draft, SessionEventKind, SessionTask, SubmissionFacts, TaskState, Visit
from shipworthy.delivery.errors import DeliveryError, DraftConflictError, FilesRefusedError
from shipworthy.delivery.form_tasks import as_archive, brief, missing_files, package_of, workspace
from shipworthy.delivery.operations import (
    draft_of,
    hand_in,
    save,
    start_task,
    submission_of,
    tell,
    tell_sparingly,
    undo_upload,
    upload,
)
from shipworthy.delivery.rules import GRACE, seconds_left
from shipworthy.grading.jobs.operations import latest_check
from shipworthy.tasks.brief import BRIEF
from shipworthy.tasks.entities import Manifest, SubmissionRules
from shipworthy.tasks.workspaces import NOTE
from shipworthy.web.candidate.briefs import brief_html
from shipworthy.web.candidate.checks import is_under_way
from shipworthy.web.candidate.visits import TaskHere, VisitHere, show, words_of_task
from shipworthy.web.notices import go
from shipworthy.web.who import HouseHere

router = APIRouter()


class NoSuchFileError(DeliveryError):
    """The task did not come with such a file."""

    code = "workspace_file_unknown"


LARGEST_SHOWN = 512 * 1024
TOLD_BY_PAGES = frozenset(
    {SessionEventKind.RELOADED, SessionEventKind.SECOND_TAB, SessionEventKind.RECONNECTED, SessionEventKind.OPENED}
)


@dataclass(frozen=True)
class ShownFile:
    """A file of a draft: its text where it is one that can be edited here."""

    path: str
    text: str | None
    size: int


@router.get("/session/tasks/{task}")
def task_page(request: Request, visit: VisitHere, task: TaskHere, house: HouseHere, file: str = "") -> Response:
    """Show a task as far as it is: what it will be, the workbench, or what was handed in."""
    words = words_of_task(house, task, task.minutes * visit.time_factor)
    if task.state is TaskState.WAITING:
        return show(request, visit, "waiting.html", task=task, words=words)
    if task.state is not TaskState.RUNNING:
        return show(request, visit, "over.html", task=task, words=words, submission=_submission(house, task))
    return _workbench(request, visit, task, house, file=file)


@router.post("/session/tasks/{task}/start")
def start(request: Request, visit: VisitHere, task: TaskHere, house: HouseHere) -> Response:
    """Make the workspace, then start the clock."""
    if task.state is TaskState.WAITING:
        start_task(house.database, house.catalogue, house.blobs, visit, task.id)
    return go(request, f"/session/tasks/{task.id}")


@router.post("/session/tasks/{task}/save")
def save_fields(
    *,
    request: Request,
    visit: VisitHere,
    task: TaskHere,
    house: HouseHere,
    revision: Annotated[int, Form()],
    path: Annotated[str, Form()],
    content: Annotated[str, Form()] = "",
    then: Annotated[str, Form()] = "save",
) -> Response:
    """Save one file that was edited without scripts, delete it, or add one."""
    changes = {path: None if then == "delete" else _with_plain_lines(content)}
    try:
        _save(house, visit, task, revision=revision, changes=changes, by="page")
    except DraftConflictError as conflict:
        return _workbench(request, visit, task, house, file=path, mine=content, conflict=conflict)
    place = f"/session/tasks/{task.id}"
    return go(request, f"{place}?file={path}" if then != "delete" else place, "Saved.")


@router.post("/session/tasks/{task}/changes/save")
def save_changes(
    *,
    visit: VisitHere,
    task: TaskHere,
    house: HouseHere,
    revision: Annotated[int, Body()],
    files: Annotated[dict[str, str | None], Body()],
    x_tab: Annotated[str, Header(max_length=40)] = "page",
) -> JSONResponse:
    """Save what the editor changed: texts by path, null for a file that was deleted."""
    changes = {path: None if text is None else text.encode("utf-8", "replace") for path, text in files.items()}
    try:
        saved = _save(house, visit, task, revision=revision, changes=changes, by=x_tab)
    except DraftConflictError as conflict:
        return JSONResponse(_plain(conflict.current, task), 409)
    return JSONResponse({**_clock(task), "revision": saved.revision, "saved_at": saved.saved_at.isoformat()})


@router.get("/session/tasks/{task}/files.json")
def files_json(visit: VisitHere, task: TaskHere, house: HouseHere) -> JSONResponse:
    """Give the files as they were saved last, and how much time is left."""
    with house.database.unit_of_work(visit.organisation) as work:
        return JSONResponse(_plain(draft_of(work, task), task))


@router.post("/session/tasks/{task}/told")
def told(
    visit: VisitHere, task: TaskHere, house: HouseHere, kind: Annotated[SessionEventKind, Body(embed=True)]
) -> Response:
    """Write into the timeline what only the page knows: a reload, a second tab, a connection that came back."""
    if kind in TOLD_BY_PAGES and task.state is TaskState.RUNNING:
        with house.database.unit_of_work(visit.organisation) as work:
            tell_sparingly(work, task, kind)
    return Response(status_code=204)


@router.post("/session/tasks/{task}/upload")
def upload_archive(
    request: Request, visit: VisitHere, task: TaskHere, house: HouseHere, archive: Annotated[UploadFile, File()]
) -> Response:
    """Take a zip in place of the files, with a way back."""
    place = f"/session/tasks/{task.id}"
    with tempfile.NamedTemporaryFile(suffix=".zip") as kept:
        while chunk := archive.file.read(1 << 20):
            kept.write(chunk)
        kept.flush()
        with house.database.unit_of_work(visit.organisation) as work:
            rules = package_of(house.catalogue, task).manifest.submission
            saved, ignored = upload(work, visit, task.id, Path(kept.name), rules=rules, by="upload")
    aside = f" {len(ignored)} that do not count were left aside." if ignored else ""
    words = f"{len(saved.files)} files were taken in place of those before.{aside}"
    return go(request, place, words, undo=f"{place}/undo-upload")


@router.post("/session/tasks/{task}/undo-upload")
def undo(request: Request, visit: VisitHere, task: TaskHere, house: HouseHere) -> Response:
    """Give back the files that the last upload replaced."""
    with house.database.unit_of_work(visit.organisation) as work:
        undo_upload(work, visit, task.id, by="upload")
    return go(request, f"/session/tasks/{task.id}", "Your files from before the upload are back.")


@router.get("/session/tasks/{task}/workspace.zip")
def workspace_archive(visit: VisitHere, task: TaskHere, house: HouseHere) -> Response:
    """Give everything that the task came with."""
    files = _came_with(house, task)
    with house.database.unit_of_work(visit.organisation) as work:
        tell_sparingly(work, task, SessionEventKind.WORKSPACE_FETCHED)
    return _archive(files, task.task_id)


@router.get("/session/tasks/{task}/workspace")
def workspace_file(task: TaskHere, house: HouseHere, file: str = BRIEF) -> Response:
    """Give one file that the task came with, as plain text or as bytes; nothing of it is ever run by a browser."""
    content = _came_with(house, task).get(file)
    if content is None:
        raise NoSuchFileError(remedy="Choose one from the list.")
    if _text(content) is None:
        name = quote(file.rsplit("/", 1)[-1])
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(content, media_type="application/octet-stream", headers=headers)
    return Response(content, media_type="text/plain; charset=utf-8")


@router.get("/session/tasks/{task}/files.zip")
def own_archive(visit: VisitHere, task: TaskHere, house: HouseHere) -> Response:
    """Give the candidate's own files as they were saved last."""
    with house.database.unit_of_work(visit.organisation) as work:
        return _archive(draft_of(work, task).files, f"{task.task_id}-mine")


@router.get("/session/tasks/{task}/hand-in")
def ask_to_hand_in(request: Request, visit: VisitHere, task: TaskHere, house: HouseHere) -> Response:
    """Show what would be handed in, and ask."""
    if task.state is not TaskState.RUNNING:
        return go(request, f"/session/tasks/{task.id}")
    manifest = package_of(house.catalogue, task).manifest
    with house.database.unit_of_work(visit.organisation) as work:
        draft = draft_of(work, task)
    missing = missing_files(draft.files, manifest.submission)
    return show(
        request,
        visit,
        "hand_in.html",
        task=task,
        title=manifest.title,
        draft=draft,
        files=_shown(draft),
        missing=missing,
        clock=_clock(task),
    )


@router.post("/session/tasks/{task}/hand-in")
def hand_in_now(
    request: Request, visit: VisitHere, task: TaskHere, house: HouseHere, revision: Annotated[int, Form()]
) -> Response:
    """Hand in what was saved last, if that is what was shown."""
    rules = package_of(house.catalogue, task).manifest.submission
    try:
        with house.database.unit_of_work(visit.organisation) as work:
            hand_in(work, house.blobs, visit, task.id, rules=rules, revision=revision)
    except DraftConflictError:
        words = "The files were changed meanwhile. Look at them once more, then hand in."
        return go(request, f"/session/tasks/{task.id}/hand-in", words)
    return go(request, f"/session/tasks/{task.id}", "Handed in. Thank you.")


def _workbench(
    request: Request,
    visit: Visit,
    task: SessionTask,
    house: House,
    *,
    file: str = "",
    mine: str = "",
    conflict: DraftConflictError | None = None,
) -> Response:
    manifest = package_of(house.catalogue, task).manifest
    with house.database.unit_of_work(visit.organisation) as work:
        draft = conflict.current if conflict else draft_of(work, task)
        check = latest_check(work, task.id)
        if not conflict:
            tell_sparingly(work, task, SessionEventKind.OPENED)
    files = _shown(draft)
    came = workspace(house.blobs, task.workspace or "")
    return show(
        request,
        visit,
        "workbench.html",
        status=409 if conflict else 200,
        task=task,
        manifest=manifest,
        words=words_of_task(house, task, task.minutes * visit.time_factor),
        brief=brief_html(brief(came)),
        came=sorted(set(came) - {BRIEF, NOTE}),
        draft=draft,
        files=files,
        chosen=_chosen(files, file, manifest),
        state=_plain(draft, task),
        check=check,
        under_way=is_under_way(check),
        missing=missing_files(draft.files, manifest.submission),
        suggested=_suggested(manifest.submission, draft),
        conflict=conflict,
        mine=mine,
    )


def _came_with(house: House, task: SessionTask) -> Mapping[str, bytes]:
    if task.workspace is None or task.state is TaskState.WAITING:
        raise FilesRefusedError("There is no workspace before the task is started.", remedy="Start the task first.")
    return workspace(house.blobs, task.workspace)


def _suggested(rules: SubmissionRules, draft: Draft) -> str:
    """Return a name that would count: one that is needed, one that the task names, or one of the first kind."""
    plain = [path for path in (*rules.required, *rules.paths) if "*" not in path and path not in draft.files]
    return (plain or [rules.paths[0].replace("**/", "").replace("*", "more")])[0]


def _chosen(files: list[ShownFile], wanted: str, manifest: Manifest) -> ShownFile | None:
    """Return the file to open: the wanted one, one that the task needs, or the first that can be edited."""
    texts = {shown.path: shown for shown in files if shown.text is not None}
    paths = [path for path in (wanted, *manifest.submission.required, *texts) if path in texts]
    return texts[paths[0]] if paths else None


def _save(
    house: House, visit: Visit, task: SessionTask, *, revision: int, changes: Mapping[str, bytes | None], by: str
) -> Draft:
    rules = package_of(house.catalogue, task).manifest.submission
    try:
        with house.database.unit_of_work(visit.organisation) as work:
            return save(work, visit, task.id, revision=revision, changes=changes, rules=rules, by=by)
    except DraftConflictError as conflict:
        with house.database.unit_of_work(visit.organisation) as work:
            details = {"kept": conflict.current.revision, "based_on": revision}
            tell(work, task, SessionEventKind.CONFLICT, details)
        raise


def _submission(house: House, task: SessionTask) -> SubmissionFacts | None:
    with house.database.unit_of_work(task.organisation) as work:
        return submission_of(work, task)


def _shown(draft: Draft) -> list[ShownFile]:
    return [ShownFile(path, _text(content), len(content)) for path, content in draft.files.items()]


def _text(content: bytes) -> str | None:
    """Return a file's text, nothing for one that is no text or too large to edit in a page."""
    if len(content) > LARGEST_SHOWN or b"\0" in content:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _with_plain_lines(content: str) -> bytes:
    """Return what a page's text area sent with the line ends that a file has."""
    return content.replace("\r\n", "\n").encode("utf-8", "replace")


def _plain(draft: Draft, task: SessionTask) -> dict[str, Any]:
    files = {shown.path: {"text": shown.text, "size": shown.size} for shown in _shown(draft)}
    kept = {"revision": draft.revision, "saved_at": draft.saved_at.isoformat(), "saved_by": draft.saved_by}
    return {**_clock(task), **kept, "files": files}


def _clock(task: SessionTask) -> dict[str, Any]:
    return {"seconds_left": seconds_left(task, clock.now()), "grace": GRACE.total_seconds()}


def _archive(files: Mapping[str, bytes], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(as_archive(files, name), media_type="application/zip", headers=headers)
