"""Candidates in a test's database: an assessment with a quick task, an invitation, a session."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text

from shipworthy.core import clock
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.entities import Guest, Invitation, SessionTask, Visit
from shipworthy.delivery.form_tasks import practice_task
from shipworthy.letters.operations import outbox
from shipworthy.roles.documents import read_text
from shipworthy.roles.kept.entities import Author
from shipworthy.roles.kept.operations import keep_role
from shipworthy.store.blobs import Blobs
from shipworthy.store.database import Database
from shipworthy.tasks.catalogue import Catalogue
from shipworthy.tasks.entities import SubmissionRules
from tests.support.organisations import author_in, organisation_in
from tests.support.packages import sound_package
from tests.support.postings import LLM

WEB = "https://vetting.example"
QUICK = "median-of-groups"
RIGHT = b"""import statistics

def median_by_group(rows):
    groups = {}
    for row in rows:
        if row["value"] is not None:
            groups.setdefault(row["group"], []).append(row["value"])
    return {group: statistics.median(values) for group, values in groups.items()}
"""
ASSESSMENT = """
INSERT INTO assessment
    (id, organisation_id, role_id, role_version, title, tasks, limit_minutes, contact, decider_id, valid_days,
     created_by, created_at)
VALUES (:id, :of, :role, 1, 'ML Engineer', CAST(:tasks AS jsonb), 60, 'people@northwind.example', :by, 14, :by, now())
"""
NOTICE = "What is recorded: what you save."


def quick_catalogue(folder: Path) -> Catalogue:
    """Write a catalogue with one task that is generated and graded within a second, and one to practise with."""
    sound_package(folder, QUICK)
    sound_package(folder / "elsewhere", "practice").rename(folder / "practice")
    return Catalogue(folder)


@dataclass
class Invitees:
    """An organisation with an assessment, and what candidates of it need."""

    database: Database
    blobs: Blobs
    catalogue: Catalogue
    organisation: UUID
    person: Author
    assessment: UUID

    @property
    def rules(self) -> SubmissionRules:
        return self.catalogue.load(QUICK).manifest.submission

    def invite(self, *emails: str) -> list[UUID]:
        """Invite people; return their invitations."""
        guests = [Guest(line, email.split("@")[0].title(), email) for line, email in enumerate(emails, 1)]
        with self.database.unit_of_work(self.organisation) as work:
            invited = delivery.invite(
                work,
                self.organisation,
                assessment=self.assessment,
                guests=guests,
                actor=self.person.actor,
                web_url=WEB,
            )
        return list(invited.invitations)

    def invitation(self, wanted: UUID) -> Invitation:
        with self.database.unit_of_work(self.organisation) as work:
            return delivery.invitation(work, wanted)

    def letters(self, invitation: UUID) -> list[str]:
        """Return what was written to a candidate, the newest letter first."""
        with self.database.unit_of_work(self.organisation) as work:
            return [letter.body for letter in outbox(work, about=f"invitation:{invitation}")]

    def link(self, invitation: UUID) -> str:
        """Return the token of the newest link."""
        found = [match[1] for body in self.letters(invitation) if (match := re.search(r"/c/([\w-]+)", body))]
        return found[0]

    def code(self, invitation: UUID) -> str:
        """Return the newest code."""
        return next(match[1] for body in self.letters(invitation) if (match := re.search(r"^(\d{6})$", body, re.M)))

    def arrive(self, email: str = "") -> tuple[Visit, str]:
        """Invite somebody and confirm a device; return the visit and the device's secret."""
        (invitation,) = self.invite(email or f"{uuid4().hex}@example.org")
        visit = delivery.follow_link(self.database, self.link(invitation))
        delivery.send_code(self.database, visit)
        device = delivery.confirm(self.database, visit, self.code(invitation))
        return delivery.known_device(self.database, device), device

    def begin(self, email: str = "") -> Visit:
        """Bring somebody as far as the overview of tasks."""
        visit, device = self.arrive(email)
        self.agree(visit)
        return delivery.known_device(self.database, device)

    def agree(self, visit: Visit) -> None:
        with self.database.unit_of_work(visit.organisation) as work:
            delivery.consent(
                work,
                visit,
                notice=NOTICE,
                time_zone="Europe/Berlin",
                draw=lambda: 7,
                practice=practice_task(self.catalogue),
            )

    def tasks(self, visit: Visit) -> list[SessionTask]:
        with self.database.unit_of_work(visit.organisation) as work:
            return delivery.session_tasks(work, visit)

    def start(self, visit: Visit, position: int = 1) -> SessionTask:
        """Start a task; 0 is practice."""
        task = next(task for task in self.tasks(visit) if task.position == position)
        return delivery.start_task(self.database, self.catalogue, self.blobs, visit, task.id)

    def save(self, visit: Visit, task: SessionTask, revision: int, **changes: bytes | None) -> int:
        """Save `.py` files by their names; return the new revision."""
        files = {f"{name}.py": content for name, content in changes.items()}
        with self.database.unit_of_work(visit.organisation) as work:
            saved = delivery.save(work, visit, task.id, revision=revision, changes=files, rules=self.rules, by="a test")
        return saved.revision

    def let_time_pass(self, task: SessionTask, seconds: float) -> None:
        """Move a task's start and deadline into the past."""
        with self.database.unit_of_work(self.organisation) as work:
            statement = (
                "UPDATE session_task SET deadline_at = deadline_at - :by, started_at = started_at - :by WHERE id = :id"
            )
            work.execute(text(statement), {"by": timedelta(seconds=seconds), "id": task.id})

    def end_invitation(self, invitation: UUID) -> None:
        """Let the end of an invitation be a minute ago."""
        with self.database.unit_of_work(self.organisation) as work:
            values = {"at": clock.now() - timedelta(minutes=1), "id": invitation}
            work.execute(text("UPDATE invitation SET expires_at = :at WHERE id = :id"), values)


def invitees_in(
    database: Database, blobs: Blobs, catalogue: Catalogue, *, minutes: float = 20, tasks: int = 1
) -> Invitees:
    """Add an organisation with an assessment of the quick task, once or several times."""
    organisation = organisation_in(database)
    person = author_in(database, organisation)
    task = catalogue.load(QUICK)
    pinned = {"task_id": QUICK, "version": task.manifest.version, "package_digest": task.digest, "minutes": minutes}
    assessment = _assessment(database, organisation, person, [pinned] * tasks)
    return Invitees(database, blobs, catalogue, organisation, person, assessment)


def _assessment(database: Database, organisation: UUID, person: Author, tasks: list[dict[str, object]]) -> UUID:
    assessment = uuid4()
    with database.unit_of_work(organisation) as work:
        role = keep_role(work, organisation, read_text(LLM), by=person)
        values = {"role": role.id, "id": assessment, "of": organisation, "by": person.id, "tasks": json.dumps(tasks)}
        work.execute(text(ASSESSMENT), values)
    return assessment
