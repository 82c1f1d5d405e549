from pathlib import Path

import pytest

from shipworthy.core.settings import default_catalogue_folder, default_data_folder


def test_the_data_folder_is_where_the_sandboxs_user_can_reach_it() -> None:
    assert default_data_folder(user_id=0, environment={}) == Path("/var/lib/shipworthy")
    assert default_data_folder(user_id=1000, environment={"XDG_DATA_HOME": "/d"}) == Path("/d/shipworthy")
    assert default_data_folder(user_id=0, environment={"SHIPWORTHY_DATA": "/srv/sw"}) == Path("/srv/sw")


def test_the_catalogue_is_the_named_one_else_the_one_here_else_the_checkouts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (default_catalogue_folder({}) / "coding").is_dir()
    (tmp_path / "catalogue").mkdir()
    assert default_catalogue_folder({}) == tmp_path / "catalogue"
    assert default_catalogue_folder({"SHIPWORTHY_CATALOGUE": "/c"}) == Path("/c")
