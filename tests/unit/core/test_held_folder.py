import subprocess
import sys
from pathlib import Path

from shipworthy.core.held_folder import held_folder, sweep_held

HOLD_AND_DIE = """
import os, sys
from pathlib import Path
from shipworthy.core.held_folder import held_folder
with held_folder(Path(sys.argv[1])) as folder:
    (folder / "half-written").write_text("x")
    os._exit(1)
"""


def test_a_held_folder_goes_away_with_its_block(tmp_path: Path) -> None:
    with held_folder(tmp_path) as folder:
        (folder / "file").write_text("x")
        assert sweep_held(tmp_path) == 0
        assert (folder / "file").exists()
    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_process_held_is_swept(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", HOLD_AND_DIE, str(tmp_path)], check=False)
    assert len(list(tmp_path.iterdir())) == 1
    assert sweep_held(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_folders_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "somebody's").mkdir()
    assert sweep_held(tmp_path) == 0
    assert sweep_held(tmp_path / "absent") == 0
    assert (tmp_path / "somebody's").is_dir()
