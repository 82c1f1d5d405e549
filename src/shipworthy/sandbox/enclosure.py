"""The launcher's side of one run: from a freshly forked process to bubblewrap, with nothing of the host left.

Order matters. Once per launcher the user id comes first (a sandbox started under host user id 0 could write the host's
`/proc/sys`), then namespaces. Per run: the limited tmpfs, its files, Landlock's rules, resource limits, and last
bubblewrap with an empty environment, which makes user, process, mount and control group namespaces anew.
"""

import fcntl
import mmap
import os
import resource
import signal
import socket
from array import array
from typing import TypedDict

from shipworthy.sandbox import kernel, landlock, shield
from shipworthy.sandbox.plan import Plan, decode

INSIDE_USER = 1000
HOST_NAME = "sandbox"
_MOUNT_POINTS = ("/dev/shm", "/mnt", "/media")  # noqa: S108  (covered in a private mount namespace, never written to)
_NEW_MOUNT, _NEW_UTS, _NEW_IPC, _NEW_USER, _NEW_NETWORK = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x40000000
_NAMESPACES = _NEW_USER | _NEW_MOUNT | _NEW_UTS | _NEW_IPC | _NEW_NETWORK
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_DEVICE_LINKS = {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
_FOLDERS = ("work", "tmp", "shm", "tools", "etc", "runtime", "sockets")
_INHERITED_SIGNALS = (signal.SIGCHLD, signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ)  # ignored in the launcher
_OWN_INODES = 24
_OWN_BYTES = 64 * 1024
_SECCOMP_FD = 10
_INFO_FD = 11
_FIRST_FREE_FD = 12
_OUT_OF_THE_WAY = 100
_ETC = {
    "passwd": f"candidate:x:{INSIDE_USER}:{INSIDE_USER}::/tmp:/bin/sh\n",
    "group": f"candidate:x:{INSIDE_USER}:\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "hosts": f"127.0.0.1 localhost {HOST_NAME}\n",
}
READY = b"D"
FAULT = b"E"


class Fixed(TypedDict):
    """What is the same for all runs of a launcher.

    `launcher` is its process id, `point` the folder that it made for runs, `bubblewrap` the path of the executable,
    `seccomp` the compiled filter or nothing, `machine` the architecture.
    """

    launcher: int
    point: str
    bubblewrap: str
    seccomp: bytes
    machine: str


def settle(*, user: int, bubblewrap: int) -> str:
    """Bring the launcher itself into namespaces of its own, under the slot's user id; done once for all its runs.

    `user` is the id to drop to, -1 to stay; `bubblewrap` is a detached mount of bubblewrap's package, -1 where it can
    be reached as it is. Returns the folder under which runs are mounted. Raises `OSError`.
    """
    if user >= 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        kernel.process_control(kernel.PR_SET_DUMPABLE, 1)
    _enter_namespaces(os.getuid(), os.getgid())
    kernel.set_host_name(HOST_NAME)
    point = _mount_point()
    kernel.mount_tmpfs(point, size=_OWN_BYTES, files=_OWN_INODES)
    os.mkdir(f"{point}/run")
    if bubblewrap >= 0:
        os.mkdir(f"{point}/bubblewrap")
        kernel.attach_tree(bubblewrap, f"{point}/bubblewrap")
    return point


def _enter_namespaces(outside_user: int, outside_group: int) -> None:
    kernel.unshare(_NAMESPACES)
    maps = {
        "setgroups": b"deny",
        "uid_map": b"%d %d 1" % (INSIDE_USER, outside_user),
        "gid_map": b"%d %d 1" % (INSIDE_USER, outside_group),
    }
    for name, text in maps.items():
        _put(f"/proc/self/{name}", text)


def _put(path: str, text: bytes) -> None:
    """Write to a file of the kernel. Nothing may be imported after the user id is dropped, codecs neither."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    os.write(descriptor, text)
    os.close(descriptor)


def _mount_point() -> str:
    for point in _MOUNT_POINTS:
        if os.path.isdir(point):
            return point
    message = f"none of {', '.join(_MOUNT_POINTS)} is a folder that could be mounted on"
    raise OSError(message)


def enter(streams: list[int], reply: socket.socket, plan_fd: int, trees: list[int], fixed: Fixed) -> None:
    """Turn this process into the sandbox that the plan describes. Never returns.

    `streams` are standard input, output and error, the status pipe, and the information pipe. `trees` are detached
    mounts of the plan's `mounted_paths`, none where these are used from where they are. A fault is sent over `reply`
    as text.
    """
    try:
        _belong_to(fixed["launcher"])
        plan, contents = decode(memoryview(mmap.mmap(plan_fd, 0, prot=mmap.PROT_READ)))
        kernel.unshare(_NEW_MOUNT)
        point = f"{fixed['point']}/run"
        _fill(point, plan, contents, fixed["machine"])
        if trees:
            _attach(point, plan, trees)
        ruleset = _ruleset(point, plan)
        _hand_over_folder(reply, point)
        _arrange_descriptors(streams, ruleset, fixed["seccomp"])
        for number, soft, hard in plan["rlimits"]:
            resource.setrlimit(number, (soft, hard))
        given = arguments(point, plan, seccomp=bool(fixed["seccomp"]))
        os.execve(fixed["bubblewrap"], ["bwrap", *given], {})  # noqa: S606
    except BaseException as error:  # whatever it is, the supervisor has to be told
        reply.send(FAULT + str(error).encode("utf-8", "replace")[:4000])
    finally:
        os._exit(127)


def _belong_to(launcher: int) -> None:
    """Have the kernel end this process with the launcher, and prefer it to others when memory is out."""
    kernel.process_control(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != launcher:
        os._exit(127)
    for number in _INHERITED_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    _put("/proc/self/oom_score_adj", b"500")


def _fill(point: str, plan: Plan, contents: memoryview, machine: str) -> None:
    """Mount the limited tmpfs and write everything that lies in it at the start."""
    own = _OWN_BYTES + sum(length + 4096 for _, length in plan["tools"])
    inodes = _OWN_INODES + len(plan["tools"]) + len(plan["sockets"])
    kernel.mount_tmpfs(point, size=plan["disk_bytes"] + own, files=plan["disk_files"] + inodes)
    for name in _FOLDERS:
        os.mkdir(f"{point}/{name}", 0o755)
    for name, text in _ETC.items():
        _write(f"{point}/etc/{name}", text.encode())
    _write(f"{point}/shield", shield.emit(machine, landlock=plan["landlock"] > 0), mode=0o555)
    _write_all(f"{point}/work", plan["files"], contents)
    _write_all(f"{point}/tools", plan["tools"], contents[sum(length for _, length in plan["files"]) :])


def _attach(point: str, plan: Plan, trees: list[int]) -> None:
    """Attach the detached mounts beneath the tmpfs, and have the plan name them there."""
    waiting = list(trees)
    if plan["runtime"]:
        kernel.attach_tree(waiting.pop(0), f"{point}/runtime")
        plan["runtime"] = f"{point}/runtime"
    for at, (name, _) in enumerate(plan["sockets"]):
        target = f"{point}/sockets/{name}"
        _write(target, b"")
        kernel.attach_tree(waiting.pop(0), target)
        plan["sockets"][at] = (name, target)


def _write_all(folder: str, files: list[tuple[str, int]], contents: memoryview) -> None:
    position = 0
    for path, length in files:
        if "/" in path:
            os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)
        _write(f"{folder}/{path}", contents[position : position + length])
        position += length


def _write(path: str, content: bytes | memoryview, *, mode: int = 0o644) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def _ruleset(point: str, plan: Plan) -> int:
    if not plan["landlock"]:
        return os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
    return landlock.build_ruleset(
        plan["landlock"],
        writable=[f"{point}/{name}" for name in ("work", "tmp", "shm")],
        executable=[*plan["executable"], *([plan["runtime"]] if plan["runtime"] else [])],
        devices=_DEVICES,
    )


def _hand_over_folder(reply: socket.socket, point: str) -> None:
    folder = os.open(point, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    reply.sendmsg([READY], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [folder]).tobytes())])
    os.close(folder)


def _arrange_descriptors(streams: list[int], ruleset: int, seccomp: bytes) -> None:
    """Put the wanted descriptors where bubblewrap and the shield expect them, and no others."""
    memory = os.memfd_create("seccomp", os.MFD_CLOEXEC)
    os.write(memory, seccomp)
    os.lseek(memory, 0, os.SEEK_SET)
    *standard, status, information = streams
    wanted = {shield.STATUS_FD: status, shield.RULESET_FD: ruleset, _SECCOMP_FD: memory, _INFO_FD: information}
    wanted.update(enumerate(standard))
    high = {target: _duplicate_high(source) for target, source in wanted.items()}
    for target, source in high.items():
        os.dup2(source, target)
    for number in range(shield.STATUS_FD + 1, shield.RULESET_FD):
        _close(number)
    kernel.close_from_on_execution(_FIRST_FREE_FD)


def _duplicate_high(descriptor: int) -> int:
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY)


def _close(descriptor: int) -> None:
    try:
        os.close(descriptor)
    except OSError:
        return


def arguments(point: str, plan: Plan, *, seccomp: bool) -> list[str]:
    """Return bubblewrap's arguments for the run whose tmpfs is at `point`, with or without a seccomp filter."""
    inside = str(INSIDE_USER)
    given = ["--unshare-user", "--unshare-pid", "--unshare-cgroup", "--uid", inside, "--gid", inside]
    given += ["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL", "--clearenv"]
    for name, value in plan["environment"].items():
        given += ["--setenv", name, value]
    given += [*_system_mounts(plan), *_own_mounts(point, plan)]
    given += ["--seccomp", str(_SECCOMP_FD)] if seccomp else []
    given += ["--remount-ro", "/", "--chdir", "/work", "--info-fd", str(_INFO_FD)]
    return [*given, "--", "/shield", *plan["argv"]]


def _system_mounts(plan: Plan) -> list[str]:
    given: list[str] = []
    for name, link in plan["system"]:
        given += ["--symlink", link, name] if link else ["--ro-bind", name, name]
    if plan["runtime"]:
        given += ["--ro-bind", plan["runtime"], plan["mounted_at"]]
    given += ["--proc", "/proc"]
    for device in _DEVICES:
        given += ["--dev-bind", device, device]
    for name, target in _DEVICE_LINKS.items():
        given += ["--symlink", target, f"/dev/{name}"]
    return given


def _own_mounts(point: str, plan: Plan) -> list[str]:
    given: list[str] = []
    for name, target in (("work", "/work"), ("tmp", "/tmp"), ("shm", "/dev/shm")):  # noqa: S108
        given += ["--bind", f"{point}/{name}", target]
    for name in ("tools", "etc", "shield"):
        given += ["--ro-bind", f"{point}/{name}", f"/{name}"]
    for name, path in plan["sockets"]:
        given += ["--ro-bind", path, f"/sockets/{name}"]
    return given
