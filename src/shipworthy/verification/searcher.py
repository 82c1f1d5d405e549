"""Runs inside the sandbox in place of a submission: reads all that it can, and leaves a fingerprint of every line.

It stands alone, on the standard library only, and knows nothing of what it must not find.
"""

import hashlib
import os

FOUND = "search-found.txt"
SHORTEST = 20
LARGEST = 64 * 1024 * 1024
SKIPPED = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/runtime", "/sys", "/dev")


def fingerprint(line: bytes) -> str:
    """Return a short digest of a line without the blanks around it."""
    return hashlib.sha256(line.strip()).hexdigest()[:16]


def readable_files() -> list[str]:
    """Return every path that might be read, the processes' own files included."""
    paths = []
    for top, folders, names in os.walk("/"):
        if top.startswith(SKIPPED) or top.startswith("/proc"):
            folders[:] = []
            continue
        paths += [os.path.join(top, name) for name in names]
    for process in os.listdir("/proc"):
        paths += [f"/proc/{process}/{name}" for name in ("environ", "cmdline", "maps", "mountinfo")]
        paths += [f"/proc/{process}/fd/{number}" for number in range(3, 12)]
    return paths


def lines_of(path: str) -> list[bytes]:
    """Return a file's lines that are long enough to be told apart, or none when it cannot be read."""
    try:
        if not os.path.isfile(path):
            return []
        with open(path, "rb") as file:
            content = file.read(LARGEST)
    except OSError:
        return []
    return [line for line in content.replace(b"\0", b"\n").split(b"\n") if len(line.strip()) >= SHORTEST]


def search() -> None:
    """Write the fingerprints of all lines that can be read into the work folder."""
    found = {fingerprint(line) for path in readable_files() for line in lines_of(path)}
    with open(FOUND, "w", encoding="ascii") as file:
        file.write("\n".join(sorted(found)))


if __name__ != "shipworthy.verification.searcher":  # as a submission it is run or imported under another name
    search()
