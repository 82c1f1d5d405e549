import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.sandbox.connection import open_connection


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "work").mkdir()
    opened = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    yield opened
    os.close(opened)


def test_a_listening_socket_is_connected_to(folder: int, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "work" / "app.sock"))
        assert open_connection(folder, "app.sock") is None
        listener.listen()
        connection = open_connection(folder, "app.sock")
        assert connection is not None
        with connection:
            peer, _ = listener.accept()
            peer.sendall(b"hello")
            peer.close()
            assert connection.recv(10) == b"hello"


def test_nothing_or_something_else_is_waited_for(folder: int, tmp_path: Path) -> None:
    (tmp_path / "work" / "file").touch()
    os.mkfifo(tmp_path / "work" / "pipe")
    assert [open_connection(folder, name) for name in ("absent", "file", "pipe", ".")] == [None] * 4


def test_links_are_not_followed(folder: int, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "outside.sock"))
        listener.listen()
        (tmp_path / "work" / "link").symlink_to(tmp_path / "outside.sock")
        (tmp_path / "work" / "folder").symlink_to(tmp_path)
        assert open_connection(folder, "link") is None
        assert open_connection(folder, "folder/outside.sock") is None
