"""The few Linux calls that Python does not offer, each with its errors raised as `OSError`.

The call numbers used here are the same on every architecture that has them (all were added after Linux 5.0).
"""

import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)

OPEN_TREE = 428
MOVE_MOUNT = 429
CLOSE_RANGE = 436
OPENAT2 = 437
LANDLOCK_CREATE_RULESET = 444
LANDLOCK_ADD_RULE = 445

AT_FDCWD = -100
MS_NOSUID = 2
MS_NODEV = 4
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
RESOLVE_NO_XDEV = 0x01
RESOLVE_NO_MAGICLINKS = 0x02
RESOLVE_NO_SYMLINKS = 0x04
RESOLVE_BENEATH = 0x08
RESOLVE_CONFINED = RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH

_CLOSE_RANGE_CLOEXEC = 4
_OPEN_TREE_CLONE = 1
_MOVE_MOUNT_F_EMPTY_PATH = 4


class _OpenHow(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


def _checked(returned: int, what: str) -> int:
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
    return returned


def syscall(number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Make the system call `number`; whole numbers are passed as 64 bits. Raises `OSError`."""
    passed = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _checked(int(_libc.syscall(ctypes.c_long(number), *passed)), f"system call {number}")


def open_confined(folder: int, path: bytes, flags: int) -> int:
    """Open `path` beneath the open `folder`: no symlink, no other device, nothing above. Raises `OSError`."""
    how = _OpenHow(flags | os.O_CLOEXEC, 0, RESOLVE_CONFINED)
    size = ctypes.sizeof(how)
    returned = _libc.syscall(
        ctypes.c_long(OPENAT2), ctypes.c_int(folder), path, ctypes.byref(how), ctypes.c_size_t(size)
    )
    return _checked(int(returned), os.fsdecode(path))


def clone_tree(path: str) -> int:
    """Return a descriptor of a detached mount of `path`, which can be attached in another mount namespace."""
    return syscall(OPEN_TREE, AT_FDCWD, os.fsencode(path), _OPEN_TREE_CLONE | os.O_CLOEXEC)


def attach_tree(tree: int, target: str) -> None:
    """Attach a detached mount at `target` in the own mount namespace."""
    syscall(MOVE_MOUNT, tree, b"", AT_FDCWD, os.fsencode(target), _MOVE_MOUNT_F_EMPTY_PATH)


def mount_tmpfs(target: str, *, size: int, files: int) -> None:
    """Mount a tmpfs of at most `size` bytes and `files` inodes at `target`."""
    options = f"size={size},nr_inodes={files},mode=0755".encode()
    _checked(_libc.mount(b"tmpfs", os.fsencode(target), b"tmpfs", MS_NOSUID | MS_NODEV, options), f"mount on {target}")


def unshare(flags: int) -> None:
    """Leave the namespaces named by the `CLONE_NEW*` bits in `flags`."""
    _checked(_libc.unshare(flags), "unshare")


def set_host_name(name: str) -> None:
    """Set the host name of the own UTS namespace."""
    encoded = name.encode()
    _checked(_libc.sethostname(encoded, len(encoded)), "sethostname")


def process_control(option: int, value: int) -> None:
    """Call `prctl` with one argument."""
    _checked(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")


def close_from_on_execution(first: int) -> None:
    """Mark every descriptor from `first` up to be closed when another program is executed."""
    syscall(CLOSE_RANGE, first, 0xFFFFFFFF, _CLOSE_RANGE_CLOEXEC)
