"""What is taken in so far from a submission, and the limits that it is held to."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from shipworthy.tasks.entities import MEBIBYTE, SubmissionRules
from shipworthy.tasks.errors import SubmissionRefusedError
from shipworthy.tasks.paths import matches_any, path_fault

CHUNK = 64 * 1024
MAX_ENTRIES = 20_000
"""How many files and folders are looked at, the ignored ones included."""


@dataclass
class Intake:
    """The files that count, as they come in, within the limits of `rules`."""

    rules: SubmissionRules
    files: dict[str, bytes] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    bytes_taken: int = 0
    seen: int = 0

    @property
    def room(self) -> int:
        """How many more bytes may come in."""
        return self.rules.max_mb * MEBIBYTE - self.bytes_taken

    def see(self) -> None:
        """Count one more entry, whatever it is."""
        self.seen += 1
        if self.seen > MAX_ENTRIES:
            raise SubmissionRefusedError(
                f"The submission holds more than {MAX_ENTRIES:,} files and folders.",
                remedy="Hand in only the files that the brief asks for.",
            )

    def counts(self, path: str) -> bool:
        """Say whether the file at `path` counts; one that does must have a safe path."""
        if not matches_any(self.rules.paths, path):
            return False
        fault = path_fault(path)
        if fault:
            raise SubmissionRefusedError(f"The path {shown(path)} {fault}.", remedy="Rename the file.")
        return True

    def ignore(self, path: str) -> None:
        """Leave a path aside."""
        self.ignored.append(shown(path))

    def expect_room(self, path: str, size: int) -> None:
        """Refuse a file whose announced size does not fit any more."""
        if size > self.room:
            raise SubmissionRefusedError(
                f"The submission is larger than {self.rules.max_mb} MB (at {shown(path)}).",
                remedy="Leave out data and trained weights; hand in only what the brief asks for.",
            )

    def take(self, path: str, chunks: Iterator[bytes]) -> None:
        """Take one file in, chunk by chunk, and stop as soon as a limit is passed."""
        if path in self.files:
            raise SubmissionRefusedError(f"The file {shown(path)} is there twice.", remedy="Keep one of them.")
        if len(self.files) >= self.rules.max_files:
            raise SubmissionRefusedError(
                f"The submission holds more than {self.rules.max_files} files that count.",
                remedy="Hand in only the files that the brief asks for.",
            )
        content = bytearray()
        for chunk in chunks:
            self.expect_room(path, len(content) + len(chunk))
            content += chunk
        self.files[path] = bytes(content)
        self.bytes_taken += len(content)


def shown(path: str) -> str:
    """Spell a path, whatever it holds, so that it can be shown on one line."""
    spelled = path.encode("utf-8", "backslashreplace").decode()
    spelled = spelled if spelled.isprintable() else ascii(spelled)[1:-1]
    return spelled if len(spelled) <= 120 else spelled[:117] + "..."
