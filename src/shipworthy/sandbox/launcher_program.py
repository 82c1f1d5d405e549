"""The launcher: a small process that stays up and forks once per run. Started as a script, with an empty environment.

It is given a Unix socket as standard input. The first message holds what is the same for all runs; every further message
is one byte with the descriptors of one run. It ends when the supervisor closes the socket or dies; then everything that
it started dies with it.
"""

import gc
import json
import os
import signal
import socket
import struct
import sys
from array import array

_PER_RUN = 7  # standard input, output, error, status pipe, information pipe, reply socket, plan


def main() -> None:
    """Serve until the supervisor is gone."""
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    from shipworthy.sandbox import enclosure  # noqa: PLC0415  (found only through the path set above)

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for children: the kernel reaps them
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=0)
    hello, filter_descriptors = _receive(control, 1)
    settings = json.loads(hello)
    with open(filter_descriptors[0], "rb") as file:
        file.seek(0)
        seccomp = file.read()
    own = os.getpid()
    gc.collect()
    gc.freeze()
    while True:
        message, descriptors = _receive(control, _PER_RUN)
        if not message:
            return
        *streams, reply_fd, plan_fd = descriptors
        reply = socket.socket(fileno=reply_fd)
        child = os.fork()
        if child == 0:
            control.close()
            enclosure.enter(
                streams,
                reply,
                plan_fd,
                launcher=own,
                bubblewrap=settings["bubblewrap"],
                seccomp=seccomp,
                machine=settings["machine"],
            )
        _announce(reply, child)
        reply.close()
        for descriptor in (*streams, plan_fd):
            os.close(descriptor)


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


def _receive(control: socket.socket, descriptors: int) -> tuple[bytes, list[int]]:
    received = array("i")
    size = descriptors * received.itemsize
    message, ancillary, _, _ = control.recvmsg(65536, socket.CMSG_SPACE(size), socket.MSG_CMSG_CLOEXEC)
    for _, _, payload in ancillary:
        received.frombytes(payload[: len(payload) - len(payload) % received.itemsize])
    return message, list(received)


if __name__ == "__main__":
    main()
