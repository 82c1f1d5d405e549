"""Slots: who may run a sandbox now, under which user id, in which control group; and sweeping up after a sudden death.

A slot is a lock file. Whoever holds the lock owns the slot's user id and control group; the kernel releases the lock
when its holder dies, however it dies. The file lists the slot's control groups so that a later start finds them.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from shipworthy.sandbox import cgroups
from shipworthy.sandbox.errors import SandboxError

FIRST_USER = 64000
SLOTS = 500
ROOT_FOLDER = Path("/run/shipworthy/slots")


class Slot:
    """A claimed slot: its `number`, the unprivileged `user` id its programs run under, and its control `group`."""

    def __init__(self, number: int, lock: int, path: Path) -> None:
        self.number = number
        self.user = FIRST_USER + number if os.geteuid() == 0 else os.geteuid()
        self.group: cgroups.Group | None = None
        self._lock = lock
        self._path = path

    def make_group(self, places: cgroups.Places) -> None:
        """Make the slot's control group in `places` and note it in the lock file."""
        name = group_name(self._path.parent, self.number)
        self._note(folder / name for folder in places.folders.values())
        self.group = cgroups.make_group(places, name)

    def _note(self, folders: Iterable[Path]) -> None:
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, "\n".join(sorted({str(folder) for folder in folders})).encode(), 0)

    def release(self) -> None:
        """Kill what is left in the slot, remove its control group, and give the slot back."""
        if self._lock >= 0:
            clean(self._path, self._lock)
            self.abandon()

    def abandon(self) -> None:
        """Give the lock back and leave everything else, as a killed process does."""
        if self.group:
            self.group.close()
        os.close(self._lock)
        self._lock = -1


def slot_folder(data_folder: Path) -> Path:
    """Return the folder of lock files: one for the whole machine when root, since user ids are the machine's."""
    return ROOT_FOLDER if os.geteuid() == 0 else data_folder / "slots"


def group_name(folder: Path, number: int) -> str:
    """Return a control group name that no other slot has."""
    owner = hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]
    return f"shipworthy-{owner}-{number}"


def claim(data_folder: Path) -> Slot:
    """Claim a free slot. Raises `SandboxError` when all are in use."""
    folder = _made(slot_folder(data_folder))
    for number in range(SLOTS):
        path = folder / f"{number}.lock"
        lock = _try_lock(path)
        if lock is not None:
            clean(path, lock)
            return Slot(number, lock, path)
    message = f"All {SLOTS} sandbox slots of this machine are in use."
    raise SandboxError(message, remedy="Run fewer judges at once, or wait for the running ones.")


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        message = f"The folder {folder} for the sandbox's locks cannot be made: {error.strerror}."
        raise SandboxError(message, remedy="Make it writable for the user that grades.") from error
    return folder


def sweep(data_folder: Path) -> int:
    """Kill and remove whatever a killed product left behind; slots that are in use are left alone.

    Returns how many abandoned slots held something.
    """
    swept = 0
    folder = slot_folder(data_folder)
    for path in sorted(folder.glob("*.lock")) if folder.is_dir() else ():
        lock = _try_lock(path)
        if lock is not None:
            swept += clean(path, lock)
            os.close(lock)
    return swept


def clean(path: Path, lock: int) -> bool:
    """Kill and remove what the locked slot's last owner left. Returns whether there was anything."""
    noted = os.pread(lock, 65536, 0).decode("utf-8", "replace").splitlines()
    folders = {Path(line) for line in noted if Path(line).name == group_name(path.parent, int(path.stem))}
    left = any(folder.is_dir() for folder in folders)
    cgroups.remove_groups(folders)
    with suppress(OSError):
        os.ftruncate(lock, 0)
    return left


def _try_lock(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
