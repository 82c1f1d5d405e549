"""The only way from a judge to a submission: everything that is asked and answered goes through here."""

from contextlib import AbstractContextManager
from typing import Protocol

from shipworthy.grading.http import HttpAnswer, HttpQuestion
from shipworthy.grading.lending import ModelSetup, OpenModel
from shipworthy.sandbox.entities import RunRequest, RunResult


class Conversation(Protocol):
    """A running submission that the judge talks to."""

    def ask(self, line: bytes, *, timeout: float, limit: int) -> bytes:
        """Send one line and return the next line of its output. Raises what `LiveRun.read_line` raises."""

    def ask_http(self, path: str, question: HttpQuestion, *, timeout: float) -> HttpAnswer:
        """Send one HTTP request over the Unix socket `path`. Raises `RunEndedError` or `AnswerTimeoutError`."""

    def finish(self, *, grace: float) -> RunResult:
        """End it and collect what it left."""


class Exchange(Protocol):
    """The only way from the judge to a submission."""

    def run(self, request: RunRequest) -> RunResult:
        """Run a program to its end."""

    def start(self, request: RunRequest) -> Conversation:
        """Start a program to talk to."""

    def open_model(self, setup: ModelSetup) -> AbstractContextManager[OpenModel]:
        """Serve models that runs can be lent; they are served until the block ends."""
