"""Pipes to and from a program: bytes are kept up to a cap, and nothing here ever blocks."""

import os


class CappedOutput:
    """One output of the program, read from `descriptor`; at most `cap` bytes are kept."""

    def __init__(self, descriptor: int, cap: int) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.kept = bytearray()
        self.ended = False
        self.overflowed = False
        self._cap = cap

    def pump(self) -> bool:
        """Read what is there, at most 64 KiB. Returns whether anything was read."""
        try:
            chunk = os.read(self.descriptor, 65536)
        except BlockingIOError:
            return False
        if not chunk:
            self.ended = True
            return False
        room = self._cap - len(self.kept)
        self.overflowed = self.overflowed or len(chunk) > room
        self.kept += chunk[: max(0, room)]
        return True

    def drain(self) -> None:
        """Read all that is left after the program's end, up to the cap."""
        while not self.overflowed and self.pump():
            continue


class Input:
    """The program's standard input, with what is still to be written."""

    def __init__(self, descriptor: int, waiting: bytes = b"") -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.broken = False
        self._waiting = memoryview(waiting)

    @property
    def pending(self) -> bool:
        """Say whether there are bytes to be written."""
        return bool(self._waiting) and not self.broken

    def add(self, data: bytes) -> None:
        """Append to what is to be written."""
        self._waiting = memoryview(bytes(self._waiting) + data if self._waiting else data)

    def push(self) -> None:
        """Write what fits."""
        try:
            self._waiting = self._waiting[os.write(self.descriptor, self._waiting) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self.broken = True

    def close(self) -> None:
        """Close it, which the program sees as the end of its input. Closing twice is fine."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
            self.broken = True
