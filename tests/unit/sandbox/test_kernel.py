import errno
import os
from pathlib import Path

import pytest

from shipworthy.sandbox import kernel


@pytest.fixture
def folder(tmp_path: Path) -> int:
    (tmp_path / "inside").write_text("mine")
    (tmp_path / "link").symlink_to("inside")
    (tmp_path / "sub").mkdir()
    return os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)


def test_a_plain_file_beneath_is_opened(folder: int) -> None:
    with open(kernel.open_confined(folder, b"inside", os.O_RDONLY)) as file:
        assert file.read() == "mine"


@pytest.mark.parametrize(
    ("path", "number"),
    [
        (b"link", errno.ELOOP),
        (b"../x", errno.EXDEV),
        (b"/etc/passwd", errno.EXDEV),
        (b"sub/../../x", errno.EXDEV),
        (b"absent", errno.ENOENT),
    ],
)
def test_everything_else_is_refused(folder: int, path: bytes, number: int) -> None:
    with pytest.raises(OSError, match=os.strerror(number)) as raised:
        kernel.open_confined(folder, path, os.O_RDONLY)
    assert raised.value.errno == number


def test_other_devices_and_magic_links_are_refused() -> None:
    root = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
    for path in (b"proc/version", b"proc/self/fd/0"):
        with pytest.raises(OSError, match=r"cross-device|symbolic"):
            kernel.open_confined(root, path, os.O_RDONLY)
    os.close(root)


def test_a_failing_call_says_which_and_why() -> None:
    with pytest.raises(OSError, match="system call 446") as raised:
        kernel.syscall(446, -1, 0)
    assert raised.value.errno in {errno.EBADFD, errno.EBADF, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM}
