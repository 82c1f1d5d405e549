"""From a request to a plan: checks names, finds the program, and adds what every sandbox has."""

import os
import resource
import stat
from pathlib import Path

from shipworthy.sandbox.entities import Limits, RunRequest, RuntimeFolder
from shipworthy.sandbox.errors import RequestRefusedError
from shipworthy.sandbox.plan import Plan

_SYSTEM = Path("/usr")
_MOUNTED_AT = "/runtime"
_ROOT_NAMES = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_LONGEST_NAME = 255
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_ADDRESS_SPACE_FACTOR = 4
_ADDRESS_SPACE_EXTRA = 4 << 30
_OWN_PROCESSES = 4  # launcher, monitor, process 1, and one so that control groups, which are exact, refuse first
_FEWEST_FILES = 32  # bubblewrap needs some before the program starts


def make_plan(request: RunRequest, *, landlock: int) -> Plan:
    """Return the plan of `request` for Landlock version `landlock` (0 for none).

    Raises `RequestRefusedError` for names that could lead out of the sandbox's folders.
    """
    root, mounted_at = place_of(request.runtime)
    system = [(name, _link(name)) for name in _ROOT_NAMES if os.path.isdir(name)]
    folders = [str(_SYSTEM), *(name for name, link in system if not link)]
    return {
        "argv": _program(request, mounted_at),
        "environment": _environment(request, mounted_at),
        "files": [(checked_path(path), len(content)) for path, content in request.files.items()],
        "tools": [(checked_name(name), len(content)) for name, content in request.tools.items()],
        "runtime": root,
        "mounted_at": mounted_at,
        "executable": folders,
        "system": [(str(_SYSTEM), ""), *system],
        "landlock": landlock,
        "sockets": [(checked_name(name), _socket(path)) for name, path in request.sockets.items()],
        "rlimits": rlimits(request.limits),
        "disk_bytes": request.limits.disk_bytes,
        "disk_files": request.limits.disk_files,
    }


def place_of(runtime: RuntimeFolder) -> tuple[str, str]:
    """Return the folder to mount and where it is seen inside; a folder of the system is used in place, unmounted."""
    root = runtime.root.resolve()
    if root == _SYSTEM or _SYSTEM in root.parents:
        return "", str(root)
    return str(root), _MOUNTED_AT


def _link(name: str) -> str:
    return os.readlink(name) if os.path.islink(name) else ""


def _program(request: RunRequest, mounted_at: str) -> list[str]:
    name, *rest = request.argv
    if name == "python":
        name = f"{mounted_at}/{request.runtime.python}"
    elif "/" not in name:
        name = _found(name, request.runtime, mounted_at)
    for argument in (name, *rest):
        _refuse_nul(argument)
    return [name, *rest]


def _found(name: str, runtime: RuntimeFolder, mounted_at: str) -> str:
    if (runtime.root / "bin" / name).exists():
        return f"{mounted_at}/bin/{name}"
    return f"/usr/bin/{name}"


def _environment(request: RunRequest, mounted_at: str) -> dict[str, str]:
    own = {
        "PATH": f"{mounted_at}/bin:/usr/bin:/bin" if mounted_at != str(_SYSTEM) else "/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108  (the sandbox's own)
        "TMPDIR": "/tmp",  # noqa: S108
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        **dict.fromkeys(_ONE_THREAD, "1"),
    }
    for name, value in request.environment.items():
        if not name or "=" in name:
            message = f"The environment variable {name!r} has an impossible name."
            raise RequestRefusedError(message)
        _refuse_nul(name + value)
    return own | dict(request.environment)


def _socket(path: Path) -> str:
    """Return the path of a socket that any user may connect to. Raises `RequestRefusedError`."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        message = f"The socket {path} cannot be reached: {error.strerror}."
        raise RequestRefusedError(message) from error
    if not stat.S_ISSOCK(mode) or not mode & stat.S_IWOTH:
        message = f"{path} is not a Unix socket that everybody may write to."
        raise RequestRefusedError(message, remedy="Listen first, then chmod 0666; guard it by the folder it lies in.")
    return str(path.resolve())


def checked_path(path: str) -> str:
    """Return a relative path of plain names. Raises `RequestRefusedError`."""
    for name in path.split("/"):
        checked_name(name)
    return path


def checked_name(name: str) -> str:
    """Return a plain file name. Raises `RequestRefusedError`."""
    _refuse_nul(name)
    if name in {"", ".", ".."} or "/" in name or len(name.encode()) > _LONGEST_NAME:
        message = f"The file name {name[:80]!r} cannot be used in a sandbox."
        raise RequestRefusedError(message, remedy="Use relative paths of plain names of at most 255 bytes.")
    return name


def _refuse_nul(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        message = f"{text[:80]!r} is not text."
        raise RequestRefusedError(message) from error
    if "\0" in text:
        message = f"{text[:80]!r} contains a NUL character."
        raise RequestRefusedError(message)


def rlimits(limits: Limits) -> list[tuple[int, int, int]]:
    """Return the resource limits as triples of resource, soft and hard limit.

    The kernel counts RLIMIT_NPROC within the sandbox's own user namespace (since Linux 5.14), so it bounds processes
    also without control groups. Address space is left wide: numerical libraries reserve much more than they use.
    """
    cpu = max(1, int(limits.cpu_seconds) + 1)
    space = limits.memory_bytes * _ADDRESS_SPACE_FACTOR + _ADDRESS_SPACE_EXTRA
    processes = limits.processes + _OWN_PROCESSES
    equal = {
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: max(_FEWEST_FILES, limits.open_files),
        resource.RLIMIT_NPROC: processes,
        resource.RLIMIT_AS: space,
        resource.RLIMIT_MEMLOCK: 64 * 1024,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 256,
    }
    return [(resource.RLIMIT_CPU, cpu, cpu + 1), *((number, value, value) for number, value in equal.items())]
