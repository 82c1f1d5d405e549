"""What is asked of a sandbox and what comes back, the same for every mechanism."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one run may use.

    Seconds for `cpu_seconds` (summed over all its processes) and `wall_seconds`; bytes for `memory_bytes` (all
    processes and the work folder together), `output_bytes` (each of standard output and error), `disk_bytes`
    (work folder and temporary files) and `file_bytes` (one file); counts for the rest.
    """

    cpu_seconds: float = 60.0
    wall_seconds: float = 120.0
    memory_bytes: int = 1024 * MEBIBYTE
    processes: int = 64
    output_bytes: int = 1 * MEBIBYTE
    disk_bytes: int = 256 * MEBIBYTE
    disk_files: int = 4096
    file_bytes: int = 256 * MEBIBYTE
    open_files: int = 256


@dataclass(frozen=True)
class Collection:
    """Which files are read back after a run: at most `files` files, `total_bytes` in all."""

    total_bytes: int = 64 * MEBIBYTE
    files: int = 2000


@dataclass(frozen=True)
class RuntimeFolder:
    """A self-contained folder that programs run in, mounted read-only.

    `root` is the folder; `python` is its interpreter, relative to `root`; `digest` identifies its content.
    """

    root: Path
    python: str
    digest: str


@dataclass(frozen=True)
class RunRequest:
    """One run of one program.

    `argv[0]` of `python` means the runtime's interpreter. `files` (relative paths to content) fill the work folder
    `/work`, which is also the current folder. `tools` (file names to content) lie read-only in `/tools`. The
    environment also holds the sandbox's own few variables, nothing of the launcher's. `sockets` (names to paths of Unix
    sockets of the host) can be connected to as `/sockets/NAME`; everybody has to be allowed to write to them.
    """

    runtime: RuntimeFolder
    argv: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    tools: Mapping[str, bytes] = field(default_factory=dict)
    stdin: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)
    sockets: Mapping[str, Path] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    collection: Collection = field(default_factory=Collection)


class RunStatus(StrEnum):
    """How a run ended."""

    EXITED = "exited"
    SIGNALLED = "signalled"
    WALL_LIMIT = "wall_limit"
    CPU_LIMIT = "cpu_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    STOPPED = "stopped"
    """The judge ended it on purpose, for example a server after its last request."""


@dataclass(frozen=True)
class RefusedFile:
    """A file left behind that was not read back, and why (`symlink`, `hard_link`, `not_regular`, `too_big`, ...)."""

    path: str
    reason: str


@dataclass(frozen=True)
class Usage:
    """What a run used: seconds of wall clock and CPU, bytes of memory at its peak, `processes` at its peak.

    A figure that the machine could not measure is `None`.
    """

    wall_seconds: float
    cpu_seconds: float | None
    peak_memory_bytes: int | None
    peak_processes: int | None


@dataclass(frozen=True)
class RunResult:
    """What came back from one run: bytes and numbers, nothing that was interpreted.

    `exit_code` is set when the program exited by itself, `signal` when a signal ended it. `files` are the regular
    files left in the work folder, by relative path, the unchanged ones included; `refused` are those left behind.
    """

    status: RunStatus
    exit_code: int | None
    signal: int | None
    stdout: bytes
    stderr: bytes
    files: Mapping[str, bytes]
    refused: tuple[RefusedFile, ...]
    usage: Usage


@dataclass(frozen=True)
class LayerReport:
    """One layer of protection: its id, what it does, whether it holds here, what was seen, and how to get it."""

    layer: str
    purpose: str
    holds: bool
    detail: str
    remedy: str = ""


class LiveRun(Protocol):
    """A program that is running and is talked to. Always ended by `finish`, also after an error."""

    def send(self, data: bytes) -> None:
        """Write to its standard input. Raises `RunEndedError` when nothing reads it any more."""

    def read_line(self, *, timeout: float, limit: int) -> bytes:
        """Return its next line without the newline.

        Raises `RunEndedError` at the end of its output, `AnswerTimeoutError` after `timeout` seconds, and
        `AnswerTooLongError` when a line exceeds `limit` bytes.
        """

    def connect(self, path: str, *, timeout: float) -> socket.socket:
        """Connect to the Unix socket that the program listens on at `path` in its work folder.

        Waits until it listens; raises `RunEndedError` or `AnswerTimeoutError`. Never follows a symlink.
        """

    def finish(self, *, grace: float = 0.0) -> RunResult:
        """Close its input, give it `grace` seconds to end by itself, end it, and collect what it left."""


class Sandbox(Protocol):
    """A mechanism that runs programs under all layers."""

    name: str

    def layers(self) -> tuple[LayerReport, ...]:
        """Try every layer on this machine and report whether it holds."""

    def run(self, request: RunRequest) -> RunResult:
        """Run one program to its end. Raises `SandboxError` only for a fault that is not the program's."""

    def start(self, request: RunRequest) -> LiveRun:
        """Start a program that will be talked to."""

    def close(self) -> None:
        """Release the slot: no process, mount, cgroup or folder stays behind."""
