"""The seccomp filter: the only kernel calls that a sandboxed program can make.

An allowlist: what is not named gets `ENOSYS`, as on a kernel without it, so that libraries fall back (glibc from
`clone3` to `clone`, for example). A few calls are allowed for harmless arguments only. Calls of another architecture
(32-bit, x32) end the process.
"""

import ctypes.util
import errno
import functools
import importlib
import os
from types import ModuleType

from shipworthy.sandbox.errors import LayerMissingError

_FILES = """
access chdir chown close close_range copy_file_range creat dup dup2 dup3 eventfd eventfd2 faccessat faccessat2
fadvise64 fallocate fchdir fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fstat fstatfs fsync ftruncate
futimesat getcwd getdents getdents64 getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch ioctl
lchown lgetxattr link linkat listxattr llistxattr lseek lstat mkdir mkdirat mkfifo mknod mknodat newfstatat open openat
openat2 pipe pipe2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv rename
renameat renameat2 rmdir sendfile splice stat statfs statx symlink symlinkat sync sync_file_range syncfs tee truncate
umask unlink unlinkat utime utimensat utimes vmsplice write writev
"""
_PROCESSES = """
arch_prctl capget execve execveat exit exit_group fork futex futex_waitv get_robust_list getcpu getegid geteuid getgid
getgroups getpgid getpgrp getpid getppid getpriority getresgid getresuid getrlimit getrusage getsid gettid getuid kill
landlock_add_rule landlock_create_ruleset landlock_restrict_self membarrier pause pidfd_open pidfd_send_signal prctl
prlimit64 restart_syscall rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr
sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_yield set_robust_list set_tid_address
setgid setgroups setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setuid sigaltstack signalfd
signalfd4 sysinfo tgkill time times tkill uname vfork wait4 waitid
"""
_MEMORY = """
brk get_mempolicy madvise mincore mlock mlock2 mmap mprotect mremap msync munlock munmap pkey_alloc pkey_free
pkey_mprotect
"""
_TIME = """
alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer timer_create timer_delete
timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime
"""
_WAITING = """
epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait poll ppoll pselect6 select getrandom
"""
_SOCKETS = """
accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg sendmsg sendto
setsockopt shutdown
"""
ALLOWED = tuple(sorted(f"{_FILES}{_PROCESSES}{_MEMORY}{_TIME}{_WAITING}{_SOCKETS}".split()))

_YOUNG = {  # calls that older versions of libseccomp cannot name; the numbers are those of every architecture
    "pidfd_open": 434,
    "close_range": 436,
    "openat2": 437,
    "faccessat2": 439,
    "epoll_pwait2": 441,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
    "futex_waitv": 449,
}
NAMESPACE_FLAGS = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
SET_ID_BITS = (0o4000, 0o2000)
HARMLESS_PERSONALITIES = (0, 0xFFFFFFFF)
_UNIX_FAMILY = 1
_BAD_ARCHITECTURE = 2  # libseccomp's attribute for what happens to calls of another architecture
_OPTIMIZE = 8
_BINARY_TREE = 2
_SONAMES = {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}
_REMEDY = "Install libseccomp (Debian and Ubuntu: apt-get install libseccomp2)."


@functools.cache
def compiled_filter() -> bytes:
    """Return the filter as a BPF program for this machine. Raises `LayerMissingError` without libseccomp."""
    pyseccomp = _loaded_library()
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.ENOSYS))
    rules.set_attr(_BAD_ARCHITECTURE, pyseccomp.KILL_PROCESS)
    for name in ALLOWED:
        number = pyseccomp.resolve_syscall(pyseccomp.system_arch(), name)
        number = number if number >= 0 else _YOUNG.get(name, -1)
        if number >= 0:
            rules.add_rule(pyseccomp.ALLOW, number)
    _add_conditional_rules(pyseccomp, rules)
    return _exported(rules)


def _soname(name: str) -> str | None:
    return _SONAMES.get(name)


def _loaded_library() -> ModuleType:
    """Load libseccomp's binding without its search for the libraries, which asks other programs and takes 40 ms.

    Raises `LayerMissingError`.
    """
    search = ctypes.util.find_library
    ctypes.util.find_library = _soname
    try:
        return importlib.import_module("pyseccomp")
    except (ImportError, RuntimeError, OSError) as error:
        message = f"The layer seccomp is missing: {error}."
        raise LayerMissingError(message, remedy=_REMEDY) from error
    finally:
        ctypes.util.find_library = search


def _add_conditional_rules(library, rules) -> None:  # type: ignore[no-untyped-def]
    """Allow `clone` without namespaces, `chmod` without set-id bits, Unix sockets, and the ordinary personality."""
    _allow_without_bits(library, rules, "clone", 0, NAMESPACE_FLAGS)
    for name, argument in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("fchmodat2", 2)):
        _allow_without_bits(library, rules, name, argument, SET_ID_BITS)
    for name in ("socket", "socketpair"):
        rules.add_rule(library.ALLOW, name, library.Arg(0, library.EQ, _UNIX_FAMILY))
        rules.add_rule(library.ERRNO(errno.EAFNOSUPPORT), name, library.Arg(0, library.NE, _UNIX_FAMILY))
    for value in HARMLESS_PERSONALITIES:
        rules.add_rule(library.ALLOW, "personality", library.Arg(0, library.EQ, value))


def _allow_without_bits(library, rules, name: str, argument: int, bits: tuple[int, ...]) -> None:  # type: ignore[no-untyped-def]
    """Allow the call where none of `bits` is set in its argument number `argument`; else it gets `EPERM`."""
    if library.resolve_syscall(library.system_arch(), name) < 0:
        return
    mask = functools.reduce(int.__or__, bits)
    rules.add_rule(library.ALLOW, name, library.Arg(argument, library.MASKED_EQ, mask, 0))
    for bit in bits:
        rules.add_rule(library.ERRNO(errno.EPERM), name, library.Arg(argument, library.MASKED_EQ, bit, bit))


def _exported(rules) -> bytes:  # type: ignore[no-untyped-def]
    descriptor = os.memfd_create("seccomp")
    with open(descriptor, "r+b") as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
