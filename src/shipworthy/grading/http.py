"""An HTTP request to a server that a candidate wrote, and its answer, as values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HttpQuestion:
    """One request: method, target (path and query), headers and body."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def spelled(self) -> bytes:
        """Spell the question for the record."""
        head = "\n".join([f"{self.method} {self.target}", *(f"{name}: {value}" for name, value in self.headers)])
        return head.encode() + b"\n\n" + self.body + b"\n"


@dataclass(frozen=True)
class HttpAnswer:
    """One response: status code, headers (names in lower case) and body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
