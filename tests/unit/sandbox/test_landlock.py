import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.sandbox import landlock


@given(st.integers(1, 9))
def test_later_versions_restrict_at_least_as_much(abi: int) -> None:
    assert landlock.handled_rights(abi) & ~landlock.handled_rights(abi + 1) == 0


@given(st.integers(1, 9))
def test_reading_is_never_restricted_and_devices_are_never_made(abi: int) -> None:
    assert landlock.handled_rights(abi) & 0b1100 == 0
    assert landlock.work_rights(abi) & (landlock.MAKE_CHAR | landlock.MAKE_BLOCK) == 0


@pytest.mark.parametrize(("abi", "size"), [(1, 8), (3, 8), (4, 16), (5, 16), (6, 24), (7, 24)])
def test_attributes_have_the_size_that_the_version_knows(abi: int, size: int) -> None:
    assert len(landlock.ruleset_attributes(abi)) == size


@pytest.mark.skipif(landlock.version() == 0, reason="the kernel has no Landlock")
@pytest.mark.parametrize("abi", range(1, landlock.version() + 1))
def test_the_kernel_takes_rulesets_of_every_version_it_knows(abi: int, tmp_path: Path) -> None:
    ruleset = landlock.build_ruleset(abi, writable=[str(tmp_path)], executable=["/usr"], devices=["/dev/null"])
    assert os.readlink(f"/proc/self/fd/{ruleset}") == "anon_inode:[landlock-ruleset]"
    os.close(ruleset)


@pytest.mark.skipif(landlock.version() == 0, reason="the kernel has no Landlock")
def test_a_missing_folder_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        landlock.build_ruleset(1, writable=["/no/such/folder"], executable=[], devices=[])
