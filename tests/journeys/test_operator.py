"""An operator runs gradings, kills one in the middle, and finds nothing left once the product has run again."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.bootstrap import clean_up
from shipworthy.core.settings import Settings
from tests.support.packages import sound_package
from tests.support.processes import alive, children_of, runs_file, wait_until
from tests.support.setups import missing_layers, real_setup

ALLOWED = [word for layer in missing_layers() for word in ("--allow-missing", layer)]
PRODUCT = "import sys; from shipworthy.cli.main import run; sys.exit(run(sys.argv[1:]))"


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder of its own, with this machine's runtimes, that the sandbox's user can enter."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="shipworthy-test-"))
    folder.chmod(0o755)
    (folder / "runtimes").symlink_to(real_setup().data_folder / "runtimes")
    yield folder
    shutil.rmtree(folder)


def test_a_grading_killed_in_the_middle_leaves_nothing_once_started_again(home: Path) -> None:
    package = sound_package(home / "catalogue")
    (home / "work").mkdir()
    (home / "work" / "medians.py").write_text("import os, time\nfor _ in range(3): os.fork()\ntime.sleep(600)\n")
    environment = os.environ | {"SHIPWORTHY_DATA": str(home), "SHIPWORTHY_CATALOGUE": str(home / "catalogue")}
    order = ["grade", str(home / "work"), "--task", package.name, "--seed", "1", *ALLOWED]
    product = subprocess.Popen([sys.executable, "-c", PRODUCT, *order], env=environment, stderr=subprocess.DEVNULL)
    wait_until(lambda: sum(runs_file(child, "medians.py") for child in children_of(product.pid)) >= 8)
    family = children_of(product.pid)
    assert list((home / "staging").iterdir())

    product.send_signal(signal.SIGKILL)
    product.wait()
    wait_until(lambda: not any(alive(process) for process in family))

    clean_up(Settings(data_folder=home, catalogue_folder=home / "catalogue"))
    assert list((home / "staging").iterdir()) == []
    assert str(home) not in Path("/proc/self/mountinfo").read_text()
