"""What the host has that an attack must not reach: a secret file, a secret variable, listening sockets, processes."""

import os
import secrets
import socket
import threading
from pathlib import Path


class Host:
    """Canaries. `tokens` are the words in programs that are replaced by where the canaries are."""

    def __init__(self, folder: Path) -> None:
        self.secret = secrets.token_hex(16)
        self.file = folder / "expected.json"
        self.file.write_text(self.secret)
        self.file.chmod(0o644)
        os.environ["HOSTILE_SECRET"] = self.secret
        self.touched: list[str] = []
        self._sockets = [self._listen(socket.AF_INET, ("127.0.0.1", 0))]
        self.port = self._sockets[0].getsockname()[1]
        self.abstract = f"hostile-{self.secret}"
        self._sockets.append(self._listen(socket.AF_UNIX, f"\0{self.abstract}"))
        self.path = str(folder / "host.sock")
        self._sockets.append(self._listen(socket.AF_UNIX, self.path))
        Path(self.path).chmod(0o777)
        self.marker = f"marker-{self.secret}"
        self.tokens = {
            "@SECRET@": self.secret,
            "@FILE@": str(self.file),
            "@PORT@": str(self.port),
            "@ABSTRACT@": self.abstract,
            "@SOCKET@": self.path,
            "@MARKER@": self.marker,
            "@PID@": str(os.getpid()),
        }

    def _listen(self, family: socket.AddressFamily, address: object) -> socket.socket:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.bind(address)  # type: ignore[arg-type]
        listener.listen()
        threading.Thread(target=self._accept, args=(listener, str(address)), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket, name: str) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.touched.append(name)
            connection.close()

    def fill(self, program: str) -> str:
        """Replace the tokens in a program."""
        for token, value in self.tokens.items():
            program = program.replace(token, value)
        return program

    def faults(self) -> list[str]:
        """Return which canaries were reached."""
        found = [f"the host's socket {name} was reached" for name in self.touched]
        if self.file.read_text() != self.secret:
            found.append("the host's secret file was changed")
        found += [f"process {process} of the sandbox still lives" for process in self._marked()]
        return found

    def _marked(self) -> list[str]:
        """Return processes whose command line has the marker, which every hostile program is given as an argument."""
        living = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    command = Path(f"/proc/{entry}/cmdline").read_bytes()
                except OSError:
                    continue
                if self.marker.encode() in command:
                    living.append(entry)
        return living

    def close(self) -> None:
        """Stop listening."""
        for listener in self._sockets:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
