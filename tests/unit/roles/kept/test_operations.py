from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from shipworthy.audit.operations import search, verify
from shipworthy.audit.repository import Search
from shipworthy.framework import RequirementLevel, load_framework
from shipworthy.roles.blends import choices_of
from shipworthy.roles.documents import read_bytes, read_text
from shipworthy.roles.errors import PostingError, ProfileError
from shipworthy.roles.kept.entities import Author, KeptRole, Place
from shipworthy.roles.kept.errors import ArchivedRoleError, OutdatedProfileError, UnknownRoleError
from shipworthy.roles.kept.operations import (
    archive_role,
    change_profile,
    keep_role,
    read_again,
    restore_role,
    role,
    roles,
    settle_blend,
    stamps,
    take_change_back,
    titles,
    version,
)
from shipworthy.roles.profile_file import profile_digest
from shipworthy.store.database import Database, open_database
from tests.support.databases import fresh_url
from tests.support.organisations import author_in, organisation_in
from tests.support.postings import BLENDED, LLM

RAG = "needs.rag_vector_db"


@dataclass(frozen=True)
class Team:
    database: Database
    organisation: UUID
    ada: Author

    def keep(self, text: str = LLM) -> KeptRole:
        with self.database.unit_of_work(self.organisation) as work:
            return keep_role(work, self.organisation, read_text(text, "posting.md"), by=self.ada)

    def tags(self) -> list[str]:
        with self.database.unit_of_work(self.organisation) as work:
            assert verify(work, self.organisation).holds
            return [event.tag for event in search(work, Search())]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with fresh_url() as url:
        opened = open_database(url=url, data_folder=tmp_path_factory.mktemp("data"))
        yield opened
        opened.close()


@pytest.fixture
def team(database: Database) -> Team:
    organisation = organisation_in(database)
    return Team(database, organisation, author_in(database, organisation))


def test_a_role_is_kept_as_it_was_scoped(team: Team) -> None:
    kept = team.keep()
    with team.database.unit_of_work(team.organisation) as work:
        found = version(work, kept.id)
        assert (found.number, found.profile.title, found.stamp.created_by) == (1, "Senior LLM Engineer", team.ada.id)
        assert found.digest == profile_digest(found.profile)
        assert found.posting == read_text(LLM, "posting.md")
        assert roles(work) == [role(work, kept.id)]
    assert team.tags() == ["manager:role:scoped"]


def test_the_page_of_a_role_shows_the_kept_profile_beside_its_sentences(team: Team) -> None:
    kept = team.keep()
    with team.database.unit_of_work(team.organisation) as work:
        change_profile(work, kept.id, [(RAG, "not_needed")], by=team.ada, reason="Search is another team's.")
        read = read_again(version(work, kept.id))
    assert read.scoped.profile.needs["rag_vector_db"] is RequirementLevel.NOT_NEEDED
    assert any("vector database" in sentence.text for sentence in read.scoped.posting.sentences)


def test_an_uploaded_file_is_kept_with_its_name_and_digest(team: Team) -> None:
    document = read_bytes(LLM.encode(), "posting.txt")
    with team.database.unit_of_work(team.organisation) as work:
        kept = keep_role(work, team.organisation, document, by=team.ada, minutes=120)
        profile = version(work, kept.id).profile
    assert (profile.source.name, profile.source.digest, profile.minutes) == ("posting.txt", document.digest, 120)


def test_what_is_no_job_description_leaves_nothing(team: Team) -> None:
    with pytest.raises(PostingError):
        team.keep("Wir suchen eine Ingenieurin für maschinelles Lernen, die unsere Modelle baut und betreibt. " * 3)
    with team.database.unit_of_work(team.organisation) as work:
        assert roles(work) == []
    assert team.tags() == []


def test_a_change_makes_a_version_with_reason_and_the_earlier_one_stays(team: Team) -> None:
    kept = team.keep()
    with team.database.unit_of_work(team.organisation) as work:
        changed = change_profile(
            work,
            kept.id,
            [(RAG, "not_needed"), ("minutes", "120"), ("title", "Assistant Engineer")],
            by=team.ada,
            reason="Search is another team's.",
            expected=1,
        )
        assert changed.number == 4
        assert [(made.what, made.by, made.reason) for made in changed.profile.changes] == [
            (what, "Ada Byron", "Search is another team's.") for what in (RAG, "minutes", "title")
        ]
        assert (role(work, kept.id).title, role(work, kept.id).version) == ("Assistant Engineer", 4)
        assert [stamp.number for stamp in stamps(work, kept.id)] == [4, 3, 2, 1]
        assert version(work, kept.id, 1).profile.needs["rag_vector_db"] is RequirementLevel.REQUIRED
        assert version(work, kept.id, 4) == changed
    assert team.tags() == ["manager:profile:changed", "manager:role:scoped"]


def test_a_change_is_taken_back_by_a_new_version(team: Team) -> None:
    kept = team.keep()
    with team.database.unit_of_work(team.organisation) as work:
        change_profile(work, kept.id, [(RAG, "preferred")], by=team.ada, reason="We learn it together.")
        back = take_change_back(work, kept.id, by=team.ada, reason="It is needed on day one.", expected=2)
    assert back.number == 3
    assert back.profile.needs["rag_vector_db"] is RequirementLevel.REQUIRED


def test_a_change_to_a_profile_that_somebody_changed_meanwhile_is_refused(team: Team) -> None:
    kept = team.keep()
    with team.database.unit_of_work(team.organisation) as work:
        change_profile(work, kept.id, [("minutes", "100")], by=team.ada, reason="Short.", expected=1)
        with pytest.raises(OutdatedProfileError, match="You saw version 1, and there is version 2"):
            change_profile(work, kept.id, [("minutes", "90")], by=team.ada, reason="Shorter.", expected=1)


@pytest.mark.parametrize(
    ("edits", "reason"),
    [([], "Why."), ([(RAG, "perhaps")], "Why."), ([(RAG, "not_needed")], " "), ([("salary", "9")], "Why.")],
)
def test_a_change_that_is_none_leaves_the_profile(team: Team, edits: list[tuple[str, str]], reason: str) -> None:
    kept = team.keep()
    with team.database.unit_of_work(team.organisation) as work, pytest.raises(ProfileError):
        change_profile(work, kept.id, edits, by=team.ada, reason=reason)
    with team.database.unit_of_work(team.organisation) as work:
        assert role(work, kept.id).version == 1


def test_an_archived_role_leaves_the_list_and_comes_back(team: Team) -> None:
    kept = team.keep()
    with team.database.unit_of_work(team.organisation) as work:
        archive_role(work, kept.id, by=team.ada)
        archive_role(work, kept.id, by=team.ada)
        assert roles(work) == []
        assert [each.id for each in roles(work, archived=True)] == [kept.id]
        with pytest.raises(ArchivedRoleError):
            change_profile(work, kept.id, [("minutes", "90")], by=team.ada, reason="Short.")
        restore_role(work, kept.id, by=team.ada)
        assert [each.id for each in roles(work)] == [kept.id]
    assert team.tags() == ["manager:role:restored", "manager:role:archived", "manager:role:scoped"]


def test_the_list_goes_on_where_a_page_ends(team: Team) -> None:
    made = [team.keep().id for _ in range(5)]
    with team.database.unit_of_work(team.organisation) as work:
        first = roles(work, limit=3)
        rest = roles(work, after=Place(first[-1].created_at, first[-1].id))
        assert [each.id for each in [*first, *rest]] == list(reversed(made))
        assert titles(work, made[:2]) == dict.fromkeys(made[:2], "Senior LLM Engineer")


def test_a_blended_role_is_split_into_roles_of_their_own(team: Team) -> None:
    kept = team.keep(BLENDED)
    with team.database.unit_of_work(team.organisation) as work:
        before = version(work, kept.id).profile
        split = next(each for each in choices_of(before, load_framework()) if each.id == "split")
        made = settle_blend(work, kept.id, "split", by=team.ada)
        profiles = [version(work, each.id).profile for each in made]
        assert [profile.primary_context for profile in profiles] == [one.context_ids[0] for one in split.roles]
        assert [profile.needs for profile in profiles] == [one.needs for one in split.roles]
        assert not any(profile.blended for profile in profiles)
        assert not any(caution.code == "blended_role" for one in profiles for caution in one.warnings)
        assert all(change.reason.startswith("Split it into 2 roles") for one in profiles for change in one.changes)
        assert role(work, kept.id).archived_at is not None


def test_leaving_a_blend_as_it_is_needs_no_deed(team: Team) -> None:
    kept = team.keep(BLENDED)
    with team.database.unit_of_work(team.organisation) as work:
        for choice in ("keep", "nonsense"):
            with pytest.raises(ProfileError):
                settle_blend(work, kept.id, choice, by=team.ada)


def test_another_organisation_finds_nothing(team: Team) -> None:
    kept = team.keep()
    other = organisation_in(team.database)
    with team.database.unit_of_work(other) as work:
        assert roles(work) == []
        for ask in (role, version, restore_role_of_nobody):
            with pytest.raises(UnknownRoleError):
                ask(work, kept.id)


def restore_role_of_nobody(work, role_id: UUID) -> None:  # type: ignore[no-untyped-def]
    restore_role(work, role_id, by=Author(uuid4(), "Nobody"))
