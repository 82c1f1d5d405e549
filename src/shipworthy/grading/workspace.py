"""A submission's work folder between runs, and the ways to make the submission act on it."""

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from shipworthy.core.canonical import JSONValue
from shipworthy.grading.calls import CALLEE, Calls
from shipworthy.grading.decoding import Cell, decode_csv, decode_json
from shipworthy.grading.errors import BadAnswer
from shipworthy.grading.exchange import Conversation, Exchange
from shipworthy.grading.lending import ENVIRONMENT, LentModels
from shipworthy.grading.runs import Run, run_of
from shipworthy.grading.serving import Server
from shipworthy.sandbox.entities import MEBIBYTE, Limits, RunRequest, RunResult, RuntimeFolder

DEFAULT_READ = 16 * MEBIBYTE
REFUSALS = {
    "symlink": "is a symbolic link",
    "hard_link": "has a second name (a hard link)",
    "not_regular": "is not an ordinary file",
    "too_big": "is larger than allowed",
}


class Workspace:
    """The files of one work folder. Every run starts in a new sandbox with them and leaves behind what it changed."""

    def __init__(
        self, files: Mapping[str, bytes], *, exchange: Exchange, runtime: RuntimeFolder, limits: Limits
    ) -> None:
        self._files = dict(files)
        self._refused: dict[str, str] = {}
        self._exchange = exchange
        self._runtime = runtime
        self._limits = limits

    def write(self, path: str, content: bytes) -> None:
        """Put a file into the folder, over an older one."""
        self._files[path] = content

    def delete(self, path: str) -> None:
        """Take a file out of the folder, if it is there."""
        self._files.pop(path, None)

    def exists(self, path: str) -> bool:
        """Say whether the folder holds an ordinary file at `path`."""
        return path in self._files

    def paths(self, pattern: str = "*") -> list[str]:
        """Return the paths that match a pattern (`*` crosses folders), sorted."""
        return sorted(path for path in self._files if fnmatch.fnmatchcase(path, pattern))

    def read(self, path: str, *, limit: int = DEFAULT_READ) -> bytes:
        """Return a file's bytes. Raises `BadAnswer` when it is missing, was refused, or exceeds `limit` bytes."""
        if path in self._refused:
            reason = self._refused[path]
            raise BadAnswer(f"`{path}` {REFUSALS.get(reason, f'was refused ({reason})')}, so it was not read.")
        if path not in self._files:
            raise BadAnswer(f"`{path}` was not written.")
        if len(self._files[path]) > limit:
            raise BadAnswer(f"`{path}` has {len(self._files[path])} bytes; at most {limit} are read.")
        return self._files[path]

    def csv(
        self, path: str, columns: Mapping[str, type[Cell]], *, max_rows: int = 1_000_000, limit: int = DEFAULT_READ
    ) -> list[dict[str, Cell]]:
        """Return a CSV file's rows with exact types; raises `BadAnswer` with line and column."""
        return decode_csv(self.read(path, limit=limit), columns, what=f"`{path}`", max_rows=max_rows)

    def json(self, path: str, *, limit: int = DEFAULT_READ) -> JSONValue:
        """Return a JSON file's value, read strictly; raises `BadAnswer`."""
        return decode_json(self.read(path, limit=limit), f"`{path}`")

    def run(
        self,
        command: Sequence[str],
        *,
        stdin: bytes = b"",
        cpu_seconds: float | None = None,
        wall_seconds: float | None = None,
        memory_mb: int | None = None,
        disk_mb: int | None = None,
        models: LentModels | None = None,
    ) -> Run:
        """Run a command in the folder to its end; limits default to the manifest's. It can reach `models`."""
        limits = _narrowed(self._limits, cpu_seconds, wall_seconds, memory_mb, disk_mb)
        request = self._request(command, limits, stdin=stdin, models=models)
        return self._took(request, self._exchange.run(request))

    @contextmanager
    def calls(
        self,
        file: str,
        function: str,
        *,
        setup: tuple[str, Sequence[JSONValue]] | None = None,
        cpu_seconds: float | None = None,
        wall_seconds: float | None = None,
        memory_mb: int | None = None,
        call_seconds: float = 5.0,
        setup_seconds: float = 30.0,
        models: LentModels | None = None,
    ) -> Iterator[Calls]:
        """Import `file` in one sandboxed process and call its `function` many times.

        `setup` names a function that is called once first; what it returns, if anything, becomes the first argument
        of every call. Raises `BadAnswer` when the file cannot be imported or the setup fails.
        """
        if not self.exists(file):
            raise BadAnswer(f"`{file}` is not part of the submission.")
        limits = _narrowed(self._limits, cpu_seconds, wall_seconds, memory_mb, None)
        setup_name, setup_arguments = setup or ("", ())
        command = ["python", f"/tools/{CALLEE.name}", file, function, setup_name]
        request = self._request(command, limits, tools={CALLEE.name: CALLEE.read_bytes()}, models=models)
        with self._conversation(request) as conversation:
            calls = Calls(conversation, call_seconds=call_seconds)
            try:
                calls.prepare(list(setup_arguments), seconds=setup_seconds)
                yield calls
            finally:
                calls.run = self._took(request, conversation.finish(grace=1.0), shown_command=f"{file}:{function}")

    @contextmanager
    def serve(
        self,
        command: Sequence[str],
        *,
        socket: str = "api.sock",
        ready: float = 10.0,
        cpu_seconds: float | None = None,
        wall_seconds: float | None = None,
        memory_mb: int | None = None,
        models: LentModels | None = None,
    ) -> Iterator[Server]:
        """Start a server of the submission that listens on the Unix socket `socket` in its folder.

        The first request waits up to `ready` seconds for it to listen.
        """
        limits = _narrowed(self._limits, cpu_seconds, wall_seconds, memory_mb, None)
        request = self._request(command, limits, models=models)
        with self._conversation(request) as conversation:
            server = Server(conversation, socket=socket, ready=ready)
            try:
                yield server
            finally:
                server.run = self._took(request, conversation.finish(grace=0.0))

    @contextmanager
    def _conversation(self, request: RunRequest) -> Iterator[Conversation]:
        yield self._exchange.start(request)

    def _request(
        self,
        command: Sequence[str],
        limits: Limits,
        *,
        stdin: bytes = b"",
        tools: Mapping[str, bytes] | None = None,
        models: LentModels | None = None,
    ) -> RunRequest:
        return RunRequest(
            runtime=self._runtime,
            argv=tuple(command),
            files=dict(self._files),
            tools=tools or {},
            stdin=stdin,
            environment=ENVIRONMENT if models else {},
            sockets=models.sockets if models else {},
            limits=limits,
        )

    def _took(self, request: RunRequest, result: RunResult, *, shown_command: str = "") -> Run:
        self._files = dict(result.files)
        self._refused = {refused.path: refused.reason for refused in result.refused}
        return run_of(shown_command or " ".join(request.argv), result, request.limits)


def _narrowed(
    limits: Limits, cpu_seconds: float | None, wall_seconds: float | None, memory_mb: int | None, disk_mb: int | None
) -> Limits:
    return replace(
        limits,
        cpu_seconds=limits.cpu_seconds if cpu_seconds is None else cpu_seconds,
        wall_seconds=limits.wall_seconds if wall_seconds is None else wall_seconds,
        memory_bytes=limits.memory_bytes if memory_mb is None else memory_mb * MEBIBYTE,
        disk_bytes=limits.disk_bytes if disk_mb is None else disk_mb * MEBIBYTE,
    )
