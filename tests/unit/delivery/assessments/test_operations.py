from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest

from shipworthy.audit.operations import search, verify
from shipworthy.audit.repository import Search
from shipworthy.delivery.assessments.entities import Assessment, Wish
from shipworthy.delivery.assessments.errors import AssessmentUnknownError, NoTasksError, WishError
from shipworthy.delivery.assessments.operations import (
    assessment,
    assessments,
    assessments_per_role,
    close_assessment,
    make_assessment,
    reopen_assessment,
)
from shipworthy.framework import load_framework
from shipworthy.roles.blueprint.errors import BlueprintError
from shipworthy.roles.documents import read_text
from shipworthy.roles.errors import ProfileError
from shipworthy.roles.kept.entities import Author, Place
from shipworthy.roles.kept.errors import ArchivedRoleError, UnknownRoleError
from shipworthy.roles.kept.operations import archive_role, change_profile, keep_role, version
from shipworthy.roles.shelf import Shelf
from shipworthy.runtimes.definitions import known_runtimes
from shipworthy.store.database import Database, open_database
from shipworthy.tasks.catalogue import Catalogue
from tests.support.databases import fresh_url
from tests.support.organisations import author_in, organisation_in
from tests.support.postings import LLM

CATALOGUE = Path(__file__).parents[4] / "catalogue"


@dataclass(frozen=True)
class Team:
    database: Database
    shelf: Shelf
    organisation: UUID
    ada: Author
    role: UUID

    @property
    def wish(self) -> Wish:
        return Wish(role=self.role, version=1, decider=self.ada.id, minutes=90, contact="people@example.org")

    def make(self, wish: Wish | None = None) -> Assessment:
        with self.database.unit_of_work(self.organisation) as work:
            return make_assessment(work, wish or self.wish, self.shelf, by=self.ada)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_url() as url:
        opened = open_database(url=url, data_folder=tmp_path_factory.mktemp("data"))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf(Catalogue(CATALOGUE, load_framework(), runtimes=known_runtimes()))


@pytest.fixture
def team(database: Database, shelf: Shelf) -> Team:
    organisation = organisation_in(database)
    ada = author_in(database, organisation)
    with database.unit_of_work(organisation) as work:
        role = keep_role(work, organisation, read_text(LLM), by=ada)
    return Team(database, shelf, organisation, ada, role.id)


def test_an_assessment_is_the_blueprint_of_a_version_with_its_tasks_pinned(team: Team) -> None:
    made = team.make()
    with team.database.unit_of_work(team.organisation) as work:
        profile = version(work, team.role, 1).profile
        assert assessment(work, made.id) == made
        assert [tag.tag for tag in search(work, Search(subject=f"assessment:{made.id}"))] == [
            "manager:assessment:configured"
        ]
        assert verify(work, team.organisation).holds
    assert [task.task_id for task in made.tasks] == list(team.shelf.blueprint(profile, minutes=90).task_ids)
    assert 0 < made.minutes <= made.limit_minutes == 90
    for task in made.tasks:
        loaded = team.shelf.catalogue.load(task.task_id)
        assert (task.version, task.package_digest) == (loaded.manifest.version, loaded.digest)
    assert made.title == "Senior LLM Engineer"


def test_wishes_choose_tasks_within_the_profile(team: Team) -> None:
    first = team.make()
    unwanted = first.tasks[0].task_id
    made = team.make(replace(team.wish, excluded=(unwanted,), title="  Spring round "))
    assert unwanted not in [task.task_id for task in made.tasks]
    assert made.title == "Spring round"
    with pytest.raises(BlueprintError):
        team.make(replace(team.wish, pinned=("no-such-task",)))
    with pytest.raises(ProfileError, match="allows 180 minutes, not 240"):
        team.make(replace(team.wish, minutes=240))


def test_wishes_that_make_no_sense_are_refused(team: Team) -> None:
    for wish in (
        replace(team.wish, valid_days=0),
        replace(team.wish, valid_days=1000),
        replace(team.wish, title="x" * 201),
        replace(team.wish, contact="x" * 301),
    ):
        with pytest.raises(WishError):
            team.make(wish)
    with pytest.raises(NoTasksError):
        team.make(replace(team.wish, minutes=1))
    with pytest.raises(UnknownRoleError):
        team.make(replace(team.wish, version=7))


def test_an_archived_role_gets_no_assessments(team: Team) -> None:
    with team.database.unit_of_work(team.organisation) as work:
        archive_role(work, team.role, by=team.ada)
    with pytest.raises(ArchivedRoleError):
        team.make()


def test_an_assessment_stays_bound_to_its_version_when_the_profile_changes(team: Team) -> None:
    made = team.make()
    with team.database.unit_of_work(team.organisation) as work:
        change_profile(work, team.role, [("minutes", "60")], by=team.ada, reason="Candidates have jobs.")
        assert assessment(work, made.id).role_version == 1
        assert version(work, made.role, made.role_version).profile.minutes == 180


def test_an_assessment_is_closed_and_opened_again(team: Team) -> None:
    made = team.make()
    with team.database.unit_of_work(team.organisation) as work:
        assert close_assessment(work, made.id, by=team.ada).closed_at is not None
        close_assessment(work, made.id, by=team.ada)
        assert reopen_assessment(work, made.id, by=team.ada).closed_at is None
        tags = [event.tag.split(":")[-1] for event in search(work, Search(subject=f"assessment:{made.id}"))]
    assert tags == ["reopened", "closed", "configured"]


def test_the_list_goes_on_where_a_page_ends(team: Team) -> None:
    made = [team.make().id for _ in range(3)]
    with team.database.unit_of_work(team.organisation) as work:
        first = assessments(work, limit=2)
        rest = assessments(work, role=team.role, after=Place(first[-1].created_at, first[-1].id))
        assert [each.id for each in (*first, *rest)] == made[::-1]
        assert assessments_per_role(work, [team.role]) == {team.role: 3}


def test_another_organisation_finds_nothing(team: Team) -> None:
    made = team.make()
    other = organisation_in(team.database)
    stranger = author_in(team.database, other)
    with team.database.unit_of_work(other) as work:
        assert assessments(work) == []
        with pytest.raises(AssessmentUnknownError):
            assessment(work, made.id)
        with pytest.raises(AssessmentUnknownError):
            close_assessment(work, made.id, by=stranger)
        with pytest.raises(UnknownRoleError):
            make_assessment(work, team.wish, team.shelf, by=stranger)
