import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from shipworthy.audit.operations import record
from shipworthy.audit.tags import Tag
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.main import run
from shipworthy.delivery.operations import hand_in, run_checks
from shipworthy.store.blobs import open_blobs
from shipworthy.store.database import Database, open_database
from shipworthy.store.restoring import read_contents
from tests.support.candidates import invitees_in, quick_catalogue
from tests.support.databases import fresh_url


@contextmanager
def configured(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Database]:
    """Let commands use a database and a data folder of their own."""
    with fresh_url() as url:
        monkeypatch.setenv("SHIPWORTHY_DATABASE_URL", url)
        monkeypatch.setenv("SHIPWORTHY_DATA", str(folder))
        monkeypatch.delenv("SHIPWORTHY_BLOBS", raising=False)
        database = open_database(url=url, data_folder=folder)
        yield database
        database.close()


def add_organisation(database: Database, *, changed_detail: bool = False) -> None:
    organisation = uuid4()
    with database.house_work() as work:
        values = {"id": organisation}
        work.execute(text("INSERT INTO organisation (id, name, created_at) VALUES (:id, 'Northwind', now())"), values)
        record(
            work, organisation, Tag.OWNER_ORGANISATION_CREATED, actor="house", subject=f"organisation:{organisation}"
        )
    if changed_detail:
        with database.engine.begin() as owner:
            owner.execute(text("ALTER TABLE audit_event DISABLE TRIGGER append_only"))
            owner.execute(text("ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY"))
            owner.execute(text("UPDATE audit_event SET actor = 'person:x'"))


def test_an_operator_backs_up_here_and_restores_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "all.backup"
    with configured(monkeypatch, tmp_path / "here") as database:
        add_organisation(database)
        assert run(["backup", str(file), "--json"]) == ExitCode.DONE
        assert json.loads(capsys.readouterr().out)["rows"]["audit_event"] == 1
        assert run(["backup", str(file)]) == ExitCode.BAD_INPUT
        assert "there already" in capsys.readouterr().err
    with configured(monkeypatch, tmp_path / "there") as database:
        assert run(["restore", str(file)]) == ExitCode.DONE
        assert "signs in again" in capsys.readouterr().out
        with database.house_work() as work:
            assert work.scalars(text("SELECT name FROM organisation")).all() == ["Northwind"]
        assert run(["restore", str(file)]) == ExitCode.BAD_INPUT
        assert "--replace" in capsys.readouterr().err
        assert run(["restore", str(file), "--replace"]) == ExitCode.DONE


def test_an_audit_log_that_does_not_hold_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with configured(monkeypatch, tmp_path / "here") as database:
        add_organisation(database, changed_detail=True)
        assert run(["backup", str(tmp_path / "b")]) == ExitCode.DONE
    with configured(monkeypatch, tmp_path / "there"):
        assert run(["restore", str(tmp_path / "b")]) == ExitCode.ANSWER_IS_NO
        assert "does not hold" in capsys.readouterr().out


def test_every_blob_of_a_candidate_s_day_is_in_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with configured(monkeypatch, tmp_path / "here") as database:
        (tmp_path / "catalogue").mkdir()
        blobs, catalogue = open_blobs(None, tmp_path / "here"), quick_catalogue(tmp_path / "catalogue")
        invitees = invitees_in(database, blobs, catalogue)
        visit = invitees.begin()
        task = invitees.start(visit)
        invitees.save(visit, task, 0, medians=b"def median_by_group(rows):\n    return {}\n")
        with database.unit_of_work(visit.organisation) as work:
            run_checks(work, blobs, visit, task.id)
            hand_in(work, blobs, visit, task.id, rules=invitees.rules)
        assert run(["backup", str(tmp_path / "b")]) == ExitCode.DONE
        kept = set(blobs.names())
    assert len(kept) >= 2
    assert set(read_contents(tmp_path / "b").blobs) == kept
