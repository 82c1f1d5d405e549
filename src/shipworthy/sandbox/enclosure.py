"""The launcher's side of one run: from a freshly forked process to bubblewrap, with nothing of the host left.

Order matters. User id first (a sandbox started under host user id 0 could write the host's `/proc/sys`), then
namespaces, the limited tmpfs, its files, Landlock's rules, resource limits, and last bubblewrap with an empty environment.
"""

import fcntl
import mmap
import os
import resource
import signal
import socket
from array import array

from shipworthy.sandbox import kernel, landlock, shield
from shipworthy.sandbox.plan import Plan, decode

INSIDE_USER = 1000
HOST_NAME = "sandbox"
_MOUNT_POINTS = ("/dev/shm", "/mnt", "/media")  # noqa: S108  (covered in a private mount namespace, never written to)
_NEW_MOUNT, _NEW_UTS, _NEW_IPC, _NEW_USER, _NEW_NETWORK = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x40000000
_NAMESPACES = _NEW_USER | _NEW_MOUNT | _NEW_UTS | _NEW_IPC | _NEW_NETWORK
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_FOLDERS = ("work", "tmp", "shm", "tools", "etc", "runtime", "bubblewrap")
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


class Trees:
    """Detached mounts that root makes before dropping its user id, so that folders closed to others can be used."""

    def __init__(self, *, privileged: bool, runtime: str, bubblewrap: str) -> None:
        wanted = {"runtime": runtime, "bubblewrap": bubblewrap}
        self.sources = {name: path for name, path in wanted.items() if path}
        self._trees = {name: kernel.clone_tree(path) for name, path in self.sources.items()} if privileged else {}

    def attach(self, point: str) -> None:
        """Attach the mounts beneath the tmpfs at `point`; without privileges the sources are used where they are."""
        for name, tree in self._trees.items():
            self.sources[name] = f"{point}/{name}"
            kernel.attach_tree(tree, self.sources[name])


def enter(
    streams: list[int],
    reply: socket.socket,
    plan_fd: int,
    *,
    launcher: int,
    bubblewrap: str,
    seccomp: bytes,
    machine: str,
) -> None:
    """Turn this process into the sandbox that the plan describes. Never returns.

    `streams` are standard input, output and error, the status pipe, and the information pipe. `bubblewrap` is the path
    of its executable, `launcher` the process to die with. A fault is sent over `reply` as text.
    """
    try:
        for number in _INHERITED_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        plan, contents = decode(memoryview(mmap.mmap(plan_fd, 0, prot=mmap.PROT_READ)))
        package = os.path.dirname(os.path.dirname(os.path.dirname(bubblewrap)))
        trees = Trees(privileged=plan["user"] >= 0, runtime=plan["runtime"], bubblewrap=package)
        point = _mount_point(plan)
        _leave_host(plan["user"])
        _die_with(launcher)
        _fill(point, plan, contents, machine)
        trees.attach(point)
        ruleset = _ruleset(point, plan, trees)
        _hand_over_folder(reply, point)
        for number, soft, hard in plan["rlimits"]:
            resource.setrlimit(number, (soft, hard))
        executable = trees.sources["bubblewrap"] + bubblewrap.removeprefix(package)
        _arrange_descriptors(streams, ruleset, seccomp)
        os.execve(executable, ["bwrap", *arguments(point, plan, trees.sources.get("runtime", ""))], {})
    except BaseException as error:  # noqa: BLE001  (whatever it is, the supervisor has to be told)
        reply.send(FAULT + str(error).encode("utf-8", "replace")[:4000])
    finally:
        os._exit(127)


def _mount_point(plan: Plan) -> str:
    for point in _MOUNT_POINTS:
        if os.path.isdir(point) and not plan["runtime"].startswith(point):
            return point
    message = f"none of {', '.join(_MOUNT_POINTS)} is a folder that could be mounted on"
    raise OSError(message)


def _leave_host(user: int) -> None:
    """Drop to the slot's user id and enter namespaces of one's own."""
    if user >= 0:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("500")
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        kernel.process_control(kernel.PR_SET_DUMPABLE, 1)
    outside_user, outside_group = os.getuid(), os.getgid()
    kernel.unshare(_NAMESPACES)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{INSIDE_USER} {outside_user} 1"),
        ("gid_map", f"{INSIDE_USER} {outside_group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
    kernel.set_host_name(HOST_NAME)


def _die_with(launcher: int) -> None:
    """Have the kernel end this process with the launcher; only after the user id is settled, a change clears it."""
    kernel.process_control(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != launcher:
        os._exit(127)


def _fill(point: str, plan: Plan, contents: memoryview, machine: str) -> None:
    """Mount the limited tmpfs and write everything that lies in it at the start."""
    own = _OWN_BYTES + sum(length + 4096 for _, length in plan["tools"])
    inodes = _OWN_INODES + len(plan["tools"])
    kernel.mount_tmpfs(point, size=plan["disk_bytes"] + own, files=plan["disk_files"] + inodes)
    for name in _FOLDERS:
        os.mkdir(f"{point}/{name}", 0o755)
    for name, text in _ETC.items():
        _write(f"{point}/etc/{name}", text.encode())
    _write(f"{point}/shield", shield.emit(machine, landlock=plan["landlock"] > 0), mode=0o555)
    _write_all(f"{point}/work", plan["files"], contents)
    _write_all(f"{point}/tools", plan["tools"], contents[sum(length for _, length in plan["files"]) :])


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


def _ruleset(point: str, plan: Plan, trees: Trees) -> int:
    if not plan["landlock"]:
        return os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
    runtime = trees.sources.get("runtime")
    return landlock.build_ruleset(
        plan["landlock"],
        writable=[f"{point}/{name}" for name in ("work", "tmp", "shm")],
        executable=[*plan["executable"], *([runtime] if runtime else [])],
        devices=_DEVICES,
    )


def _hand_over_folder(reply: socket.socket, point: str) -> None:
    folder = os.open(point, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    reply.sendmsg([READY], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [folder]).tobytes())])
    os.close(folder)


def _arrange_descriptors(streams: list[int], ruleset: int, seccomp: bytes) -> None:
    """Put the wanted descriptors where bubblewrap and the shield expect them, and close all others."""
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
    kernel.close_from(_FIRST_FREE_FD)


def _duplicate_high(descriptor: int) -> int:
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY)


def _close(descriptor: int) -> None:
    try:
        os.close(descriptor)
    except OSError:
        return


def arguments(point: str, plan: Plan, runtime: str) -> list[str]:
    """Return bubblewrap's arguments for the tmpfs at `point` and the runtime folder at `runtime`."""
    inside = str(INSIDE_USER)
    given = ["--unshare-user", "--unshare-pid", "--unshare-cgroup", "--uid", inside, "--gid", inside]
    given += ["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL", "--clearenv"]
    for name, value in plan["environment"].items():
        given += ["--setenv", name, value]
    for name, link in plan["system"]:
        given += ["--symlink", link, name] if link else ["--ro-bind", name, name]
    if runtime:
        given += ["--ro-bind", runtime, plan["mounted_at"]]
    given += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    for name, target in (("work", "/work"), ("tmp", "/tmp"), ("shm", "/dev/shm")):  # noqa: S108
        given += ["--bind", f"{point}/{name}", target]
    for name in ("tools", "etc", "shield"):
        given += ["--ro-bind", f"{point}/{name}", f"/{name}"]
    given += ["--remount-ro", "/", "--chdir", "/work", "--seccomp", str(_SECCOMP_FD), "--info-fd", str(_INFO_FD)]
    return [*given, "--", "/shield", *plan["argv"]]
