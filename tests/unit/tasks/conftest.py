from pathlib import Path

import pytest

from tests.support.packages import sound_package


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return sound_package(tmp_path / "catalogue")
