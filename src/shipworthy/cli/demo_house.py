"""Fills an organisation with what a hiring team would have after a week: a role, an assessment, five candidates."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

from shipworthy.access.entities import LinkPurpose, Person
from shipworthy.access.operations import found_organisation, make_link, organisations, people, set_password
from shipworthy.bootstrap import House
from shipworthy.delivery import operations as delivery
from shipworthy.delivery.assessments.entities import Wish
from shipworthy.delivery.assessments.operations import make_assessment
from shipworthy.delivery.entities import Guest, SessionTask, Visit
from shipworthy.delivery.wording import notice
from shipworthy.letters.operations import outbox
from shipworthy.roles.documents import read_text
from shipworthy.roles.kept.entities import Author
from shipworthy.roles.kept.operations import keep_role
from shipworthy.roles.shelf import Shelf
from shipworthy.tasks.brief import AI_RULES
from shipworthy.tasks.entities import Task
from shipworthy.tasks.reference_submissions import ReferenceSubmissions

POSTING = Path(__file__).with_name("demo_posting.md")
OWNER = "ann@northwind.example"
CONTACT = "Ann Okoro, ann@northwind.example"
SEEDS = 2**31
BY = "demo"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Cast:
    """A candidate of the demo, and what they hand in, of known quality: for the first task, for the others."""

    name: str
    email: str
    first: str
    others: str


CASTS = (
    Cast("Imani Sousa", "imani@candidates.example", "expert", "expert"),
    Cast("Tomás Lindqvist", "tomas@candidates.example", "solid", "solid"),
    Cast("Mei Haddad", "mei@candidates.example", "expert", "naive"),
    Cast("Jonas Novak", "jonas@candidates.example", "naive", "naive"),
    Cast("Rae Quinn", "rae@candidates.example", "attack", "attack"),
)


def fill(house: House, *, minutes: int, seed: int, say: Say) -> Person:
    """Set everything up unless it is there already, with every submission handed in, and return the owner."""
    owner = owner_of(house)
    if owner is not None:
        return owner
    with house.database.house_work() as work:
        _, owner = found_organisation(work, name="Northwind Rail", owner_email=OWNER, owner_name="Ann Okoro")
    assessment = _assessment(house, owner, minutes)
    submissions = Submissions(house)
    draw = Random(seed)  # noqa: S311 - chooses variants, guards nothing
    for cast, invitation in zip(CASTS, _invite(house, owner, assessment), strict=True):
        _take_part(house, owner, cast, invitation, submissions, draw=lambda: draw.randrange(SEEDS), say=say)
    return owner


def owner_of(house: House) -> Person | None:
    """Return the owner of the demo's organisation, where it was filled before."""
    with house.database.house_work() as work:
        found = organisations(work)
    if not found:
        return None
    with house.database.unit_of_work(found[0].id) as work:
        return next((person for person in people(work) if person.email == OWNER), None)


def new_password(house: House, owner: Person) -> str:
    """Give the owner a new password and return it."""
    password = secrets.token_urlsafe(12)
    with house.database.unit_of_work(owner.organisation) as work:
        token = make_link(work, owner, LinkPurpose.WELCOME)
    set_password(house.database, token, password)
    return password


def _assessment(house: House, owner: Person, minutes: int) -> UUID:
    by = Author(owner.id, owner.name)
    posting = read_text(POSTING.read_text(encoding="utf-8"), POSTING.name)
    with house.database.unit_of_work(owner.organisation) as work:
        role = keep_role(work, owner.organisation, posting, by=by, minutes=minutes, framework=house.framework)
        wish = Wish(role=role.id, version=1, decider=owner.id, minutes=minutes, contact=CONTACT)
        return make_assessment(work, wish, Shelf(house.catalogue), by=by).id


def _invite(house: House, owner: Person, assessment: UUID) -> list[UUID]:
    guests = [Guest(line, cast.name, cast.email) for line, cast in enumerate(CASTS, 1)]
    with house.database.unit_of_work(owner.organisation) as work:
        invited = delivery.invite(
            work,
            owner.organisation,
            assessment=assessment,
            guests=guests,
            actor=owner.actor,
            web_url=house.settings.web_url,
        )
    return list(invited.invitations)


class Submissions:
    """The submissions of known quality, by task."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._found: dict[str, tuple[Task, ReferenceSubmissions]] = {}

    def of(self, task_id: str, name: str, seed: int) -> tuple[Task, Mapping[str, bytes]]:
        """Return a task with the files of a reference; an `attack` is one that forges a verdict where there is one."""
        if task_id not in self._found:
            loaded = self._house.catalogue.load(task_id)
            self._found[task_id] = (loaded, ReferenceSubmissions(loaded))
        task, references = self._found[task_id]
        chosen = forging(task) if name == "attack" else name
        return task, references.of(chosen, seed).files


def forging(task: Task) -> str:
    """Return the id of an attack on the judge."""
    return next((attack.id for attack in task.attacks if "forged" in attack.kind), task.attacks[0].id)


def _take_part(
    house: House,
    owner: Person,
    cast: Cast,
    invitation: UUID,
    submissions: Submissions,
    *,
    draw: Callable[[], int],
    say: Say,
) -> None:
    """Do what a candidate does: open the link, confirm, agree, and hand in one task after the other."""
    say(cast.name)
    visit = _agreed(house, _arrived(house, owner, invitation), draw)
    with house.database.unit_of_work(owner.organisation) as work:
        tasks = [task for task in delivery.session_tasks(work, visit) if not task.practice]
    for place, task in enumerate(tasks):
        say(f"{cast.name}, {task.task_id}")
        _hand_in(house, visit, task, submissions, cast.others if place else cast.first)


def _arrived(house: House, owner: Person, invitation: UUID) -> str:
    """Confirm a device and return the secret that it is known by."""
    visit = delivery.follow_link(house.database, _read(house, owner, invitation, r"/c/([\w-]+)"))
    delivery.send_code(house.database, visit)
    return delivery.confirm(house.database, visit, _read(house, owner, invitation, r"(?m)^(\d{6})$"))


def _read(house: House, owner: Person, invitation: UUID, pattern: str) -> str:
    """Read the newest letter to a candidate that holds something, as the candidate would."""
    with house.database.unit_of_work(owner.organisation) as work:
        bodies = [letter.body for letter in outbox(work, about=f"invitation:{invitation}")]
    return next(found[1] for body in bodies if (found := re.search(pattern, body)))


def _agreed(house: House, device: str, draw: Callable[[], int]) -> Visit:
    visit = delivery.known_device(house.database, device)
    rules = [AI_RULES[house.catalogue.load(task.task_id).manifest.ai_use.rule] for task in visit.assessment.tasks]
    with house.database.unit_of_work(visit.organisation) as work:
        text = notice(visit.assessment, rules, time_factor=visit.time_factor)
        delivery.consent(work, visit, notice=text, time_zone="Europe/Amsterdam", draw=draw)
    return delivery.known_device(house.database, device)


def _hand_in(house: House, visit: Visit, task: SessionTask, submissions: Submissions, name: str) -> None:
    delivery.start_task(house.database, house.catalogue, house.blobs, visit, task.id)
    package, files = submissions.of(task.task_id, name, task.seed)
    rules = package.manifest.submission
    with house.database.unit_of_work(visit.organisation) as work:
        draft = delivery.draft_of(work, task)
        changes: dict[str, bytes | None] = dict.fromkeys(set(draft.files) - set(files))
        changes.update(files)
        delivery.save(work, visit, task.id, revision=draft.revision, changes=changes, rules=rules, by=BY)
        delivery.hand_in(work, house.blobs, visit, task.id, rules=rules)
