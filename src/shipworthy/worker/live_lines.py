"""What people may read while something runs."""

from collections.abc import Callable, Sequence

from shipworthy.core.canonical import JSONValue
from shipworthy.core.clock import monotonic
from shipworthy.grading.entities import CheckOutcome
from shipworthy.grading.jobs.errors import LostClaimError

PAUSE_SECONDS = 0.2
LONGEST_TEXT = 500
MOST_LINES = 400


class Listener:
    """Hears what a grading does while it runs: ends it when the claim is lost, and hands lines on where wanted.

    A line has a `kind`, `run` for a command that begins and `check` for a check that has ended, with its id, `outcome`
    and `message`; a `text`; and `seconds` since the start. Lines go out a few times a second at most, the rest by
    `flush`.
    """

    def __init__(
        self, still_held: Callable[[], bool], send: Callable[[Sequence[JSONValue]], None] | None = None
    ) -> None:
        self._still_held = still_held
        self._send = send
        self._started = self._sent_at = monotonic()
        self._waiting: list[JSONValue] = []
        self._count = 0

    def runs(self, command: str) -> None:
        """Hear that a command begins. Raises `LostClaimError` where nobody wants to know any more."""
        self._hear({"kind": "run", "text": command[:LONGEST_TEXT]})

    def saw(self, outcome: CheckOutcome, sentence: str) -> None:
        """Hear how a check ended. Raises `LostClaimError`."""
        words = {"text": sentence[:LONGEST_TEXT], "message": outcome.message[:LONGEST_TEXT]}
        self._hear({"kind": "check", "check": outcome.check_id, "outcome": outcome.outcome.value, **words})

    def flush(self) -> None:
        """Hand on what has not gone out yet."""
        if self._send and self._waiting:
            lines, self._waiting = self._waiting, []
            self._sent_at = monotonic()
            self._send(lines)

    def _hear(self, line: dict[str, JSONValue]) -> None:
        if not self._still_held():
            raise LostClaimError
        now = monotonic()
        self._count += 1
        if self._send is None or self._count > MOST_LINES:
            return
        self._waiting.append({**line, "seconds": round(now - self._started, 2)})
        if now - self._sent_at >= PAUSE_SECONDS or self._count == 1:
            self.flush()
