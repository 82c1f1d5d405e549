"""Connecting to a Unix socket that a sandboxed program made, without being led anywhere else."""

import os
import socket
import stat

from shipworthy.sandbox.kernel import open_confined

_FURTHER = (ConnectionRefusedError, FileNotFoundError, BlockingIOError)


def open_connection(folder: int, path: str) -> socket.socket | None:
    """Connect to the socket `path` in the work folder beneath the open `folder`.

    Returns `None` while nothing listens there. The socket is opened first and looked at by its descriptor, so neither a
    symlink nor an exchange of the file leads to a socket of the host.
    """
    try:
        found = open_confined(folder, os.fsencode(f"work/{path}"), os.O_PATH)
    except OSError:
        return None
    try:
        if not stat.S_ISSOCK(os.fstat(found).st_mode):
            return None
        return _connected(found)
    finally:
        os.close(found)


def _connected(found: int) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(f"/proc/self/fd/{found}")
    except _FURTHER:
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    return connection
