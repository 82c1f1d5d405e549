"""The launcher: a small process that stays up and forks once per run. Started as a script, with an empty environment.

It is given a Unix socket as standard input. The first message holds what is the same for all runs; every further
message is one byte with the descriptors of one run. It ends when the supervisor closes the socket or dies; then
everything that it started dies with it.
"""

import gc
import json
import os
import signal
import socket
import struct
import sys
from array import array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.sandbox import enclosure

_MOST_DESCRIPTORS = 64
_STREAMS = 5  # standard input, output, error, status, information; then reply socket, plan, and mounts


def main() -> None:
    """Serve until the supervisor is gone."""
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    from shipworthy.sandbox import enclosure  # noqa: PLC0415  (found only through the path set above)

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for children: the kernel reaps them
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=0)
    try:
        hello, descriptors = _receive(control)
        if not hello:
            return
        fixed = _prepare(hello, descriptors)
    except Exception as error:  # told to the supervisor, who raises it
        control.send(enclosure.FAULT + str(error).encode())
        return
    gc.collect()
    gc.freeze()
    while True:
        message, descriptors = _receive(control)
        if not message:
            return
        streams, (reply_fd, plan, *trees) = descriptors[:_STREAMS], descriptors[_STREAMS:]
        reply = socket.socket(fileno=reply_fd)
        child = os.fork()
        if child == 0:
            control.close()
            enclosure.enter(streams, reply, plan, trees, fixed)
        _announce(reply, child)
        reply.close()
        for descriptor in (*streams, plan, *trees):
            os.close(descriptor)


def _prepare(hello: bytes, descriptors: list[int]) -> "enclosure.Fixed":
    """Take in the first message and settle under the slot's user id."""
    from shipworthy.sandbox import enclosure  # noqa: PLC0415

    settings = json.loads(hello)
    with open(descriptors[0], "rb") as file:
        file.seek(0)
        seccomp = file.read()
    attached = len(descriptors) > 1
    point = enclosure.settle(user=settings["user"], bubblewrap=descriptors[1] if attached else -1)
    folder = f"{point}/bubblewrap" if attached else settings["package"]
    return {
        "launcher": os.getpid(),
        "point": point,
        "bubblewrap": f"{folder}/{settings['executable']}",
        "seccomp": seccomp,
        "machine": settings["machine"],
    }


def _announce(reply: socket.socket, child: int) -> None:
    """Send the child's id and a descriptor of it, which stays true when the id is used again."""
    try:
        handle = os.pidfd_open(child)
    except ProcessLookupError:
        return
    try:
        ancillary = array("i", [handle]).tobytes()
        reply.sendmsg([b"P" + struct.pack("<q", child)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, ancillary)])
    except OSError:
        os.kill(child, signal.SIGKILL)
    finally:
        os.close(handle)


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    received = array("i")
    size = _MOST_DESCRIPTORS * received.itemsize
    message, ancillary, _, _ = control.recvmsg(65536, socket.CMSG_SPACE(size), socket.MSG_CMSG_CLOEXEC)
    for _, _, payload in ancillary:
        received.frombytes(payload[: len(payload) - len(payload) % received.itemsize])
    return message, list(received)


if __name__ == "__main__":
    main()
