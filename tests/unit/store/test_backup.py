import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from shipworthy.audit.operations import record, verify
from shipworthy.audit.tags import Tag
from shipworthy.core import clock
from shipworthy.store.backing_up import LEFT_OUT, QUEUE, BackupContents, back_up, columns_of
from shipworthy.store.blobs import Blobs, open_blobs
from shipworthy.store.database import Database, open_database
from shipworthy.store.errors import BackupFileError, NewerSchemaError, NotEmptyError
from shipworthy.store.restoring import read_contents, restore
from tests.support.databases import fresh_url

FILLINGS: dict[str, Callable[[], object]] = {
    "uuid": uuid4, "text": lambda: "x", "timestamp with time zone": clock.now, "integer": lambda: 1,
    "bigint": lambda: 1, "numeric": lambda: 1, "jsonb": lambda: "[]", "ARRAY": list, "boolean": lambda: False,
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A database and blobs with something in them."""

    database: Database
    blobs: Blobs
    one: UUID
    other: UUID
    blob: str


def put(database: Database, table: str, **given: object) -> UUID:
    """Insert a row, with something in every column that wants a value, and return its id."""
    wanted = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = :table"
    wanted += " AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'"
    with database.house_work() as work:
        columns = work.execute(text(wanted), {"table": table}).all()
        values = {name: FILLINGS[kind]() for name, kind in columns if name not in given} | given
        marks = ", ".join(f":{name}" for name in values)
        work.execute(text(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"), values)
    return UUID(str(values["id"])) if "id" in values else UUID(int=0)


def fill(database: Database, blob: str) -> tuple[UUID, UUID]:
    """Make two organisations, and in one of them a submission whose grading waits."""
    one, other = put(database, "organisation", name="Northwind"), put(database, "organisation", name="Southwind")
    of = {"organisation_id": one}
    ann = put(database, "person", name="Ann\tO'Neil \\ x\n\\N", accesses=["owner"], **of)
    role = put(database, "role", created_by=ann, **of)
    put(database, "role_version", role_id=role, created_by=ann, posting="line\nline", **of)
    assessment = put(database, "assessment", role_id=role, role_version=1, decider_id=ann, created_by=ann, **of)
    ada = put(database, "candidate", **of)
    invited = {"assessment_id": assessment, "candidate_id": ada, "state": "started"}
    invitation = put(database, "invitation", **invited, **of)
    session = put(database, "session", invitation_id=invitation, candidate_id=ada, **of)
    task = put(database, "session_task", session_id=session, state="handed_in", **of)
    put(database, "session_event", session_id=session, **of)
    put(database, "submission", session_task_id=task, blob=blob, handed_in_by="candidate", **of)
    graded = {"candidate_id": ada, "session_task_id": task, "kind": "grading", "blob": blob, "state": "waiting"}
    put(database, "grading_job", **graded, **of)
    return one, other


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("place")
    with fresh_url() as url:
        database, blobs = open_database(url=url, data_folder=folder), open_blobs(None, folder)
        blob = blobs.put(b"what was handed in")
        one, other = fill(database, blob)
        for organisation in (one, other):
            for _ in range(3):
                with database.unit_of_work(organisation) as work:
                    record(work, organisation, Tag.OWNER_PERSON_ADDED, actor="person:x", subject="person:y")
        yield Place(database, blobs, one, other, blob)
        database.close()


@pytest.fixture(scope="module")
def backup(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "all.backup"
    back_up(place.database, place.blobs, path, version="1.2.3", say=lambda _: None)
    return path


def put_back(url: str, folder: Path, backup: Path, *, replace: bool = False) -> tuple[BackupContents, Database, Blobs]:
    blobs = open_blobs(None, folder)
    contents = restore(url, folder, blobs, backup, replace=replace, say=lambda _: None)
    return contents, open_database(url=url, data_folder=folder), blobs


def rows_of(database: Database, table: str) -> list[tuple[object, ...]]:
    with database.house_work() as work:
        return [tuple(row) for row in work.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]


def test_a_backup_is_restored_elsewhere_with_every_row_and_blob(place: Place, backup: Path, tmp_path: Path) -> None:
    with fresh_url() as url:
        contents, database, blobs = put_back(url, tmp_path, backup)
        assert contents.product_version == "1.2.3"
        assert contents.missing == ()
        assert {table.name for table in contents.tables} >= {"organisation", "audit_event", "letter", "webhook"}
        for table in contents.tables:
            if table.name != "session_event":
                assert rows_of(database, table.name) == rows_of(place.database, table.name), table.name
        assert blobs.get(place.blob) == b"what was handed in"
        database.close()


def test_after_restoring_chains_hold_organisations_are_apart_and_work_goes_on(
    place: Place, backup: Path, tmp_path: Path
) -> None:
    with fresh_url() as url:
        _, database, _ = put_back(url, tmp_path, backup)
        with database.unit_of_work(place.one) as work:
            assert work.scalars(text("SELECT id FROM organisation")).all() == [place.one]
            assert verify(work, place.one).holds
            event = record(work, place.one, Tag.OWNER_PERSON_ADDED, actor="person:x", subject="person:z")
            assert event.number == 4
            work.execute(
                text(
                    "INSERT INTO session_event (organisation_id, session_id, at, kind, details) "
                    "SELECT organisation_id, id, now(), 'saved', '{}' FROM session"
                )
            )
        with database.engine.connect() as owner:
            assert owner.scalar(text("SELECT count(*) FROM person")) == 0  # security is forced on the owner again
            assert owner.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")) == 1
        database.close()


def test_what_commits_meanwhile_is_not_in_it(place: Place, tmp_path: Path) -> None:
    """The backup reads as of one moment, so a row that comes while it is written cannot appear without its others."""

    def busy(table: str) -> None:
        if table == "candidate":
            put(place.database, "letter", organisation_id=put(place.database, "organisation"), state="kept")

    contents = back_up(place.database, place.blobs, tmp_path / "b", version="1", say=busy)
    assert {table.name: table.rows for table in contents.tables}["letter"] == 0
    assert len(rows_of(place.database, "letter")) == 1


def test_every_table_is_in_the_backup_or_is_left_out_on_purpose(place: Place) -> None:
    with place.database.engine.connect() as connection:
        held = set(columns_of(connection))
        every = connection.scalars(
            text("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        ).all()
    assert {name for name in every if not name.startswith(QUEUE)} == held | LEFT_OUT


def test_a_blob_that_is_lost_is_named(place: Place, tmp_path: Path) -> None:
    contents = back_up(place.database, open_blobs(None, tmp_path), tmp_path / "b", version="1", say=lambda _: None)
    assert contents.missing == (place.blob,)
    assert read_contents(tmp_path / "b").missing == (place.blob,)


def test_nothing_is_overwritten_unless_that_is_asked_for(place: Place, backup: Path, tmp_path: Path) -> None:
    with fresh_url() as url:
        database = open_database(url=url, data_folder=tmp_path)
        kept = put(database, "organisation")
        with pytest.raises(NotEmptyError, match="holds 1 organisation"):
            put_back(url, tmp_path, backup)
        assert [row[0] for row in rows_of(database, "organisation")] == [kept]
        database.close()
        _, database, _ = put_back(url, tmp_path, backup, replace=True)
        assert {row[0] for row in rows_of(database, "organisation")} >= {place.one, place.other}
        assert kept not in {row[0] for row in rows_of(database, "organisation")}
        database.close()


def test_tables_of_another_program_are_never_touched(backup: Path, tmp_path: Path) -> None:
    with fresh_url() as url:
        database = open_database(url=url, data_folder=tmp_path)
        with database.engine.begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))
        database.close()
        with pytest.raises(NotEmptyError, match="another program"):
            put_back(url, tmp_path, backup, replace=True)


def test_a_backup_is_for_its_owner_and_never_replaces_a_file(place: Place, backup: Path) -> None:
    assert stat.S_IMODE(os.stat(backup).st_mode) == 0o600
    before = backup.read_bytes()
    with pytest.raises(BackupFileError, match="there already"):
        back_up(place.database, place.blobs, backup, version="1", say=lambda _: None)
    assert backup.read_bytes() == before
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def test_a_damaged_or_foreign_file_is_refused_and_changes_nothing(backup: Path, tmp_path: Path) -> None:
    content = backup.read_bytes()
    (tmp_path / "cut").write_bytes(content[:-200])
    (tmp_path / "foreign").write_bytes(b"no backup at all")
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(tmp_path / "changed", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"Northwind", b"Westwind!"))
    with fresh_url() as url:
        for name in ("cut", "foreign", "changed"):
            with pytest.raises(BackupFileError, match="no backup, or it is damaged"):
                put_back(url, tmp_path, tmp_path / name)
        database = open_database(url=url, data_folder=tmp_path)
        assert rows_of(database, "organisation") == []
        database.close()


def test_a_backup_of_a_newer_schema_is_refused(backup: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(tmp_path / "newer", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "backup.json":
                content = json.dumps({**json.loads(content), "schema": "9999"}).encode()
            new.writestr(name, content)
    with pytest.raises(NewerSchemaError, match="9999"):
        read_contents(tmp_path / "newer")
