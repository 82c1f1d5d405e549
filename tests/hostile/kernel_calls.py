"""Programs that make kernel calls which no candidate's program needs. Numbers are filled in by name."""

import platform

import pyseccomp

from shipworthy.sandbox.entities import RunResult, RunStatus
from tests.hostile.attack import Attack

_REFUSED_OUTRIGHT = {
    "ptrace": "16, 1, 0, 0",
    "process_vm_readv": "1, None, 0, None, 0, 0",
    "process_vm_writev": "1, None, 0, None, 0, 0",
    "io_uring_setup": "8, b'\\0' * 256",
    "unshare": "0x10000000",
    "clone3": "b'\\0' * 88, 88",
    "setns": "0, 0",
    "keyctl": "0, -3, 0",
    "add_key": "b'user', b'x', b'y', 1, -3",
    "request_key": "b'user', b'x', None, -3",
    "mount": "b'none', b'/tmp', b'tmpfs', 0, None",
    "umount2": "b'/tmp', 2",
    "pivot_root": "b'/tmp', b'/tmp'",
    "open_tree": "-100, b'/', 1",
    "move_mount": "-100, b'/', -100, b'/', 0",
    "fsopen": "b'tmpfs', 0",
    "mount_setattr": "-100, b'/', 0, None, 0",
    "bpf": "0, b'\\0' * 64, 64",
    "perf_event_open": "b'\\0' * 128, 0, -1, -1, 0",
    "userfaultfd": "1",
    "init_module": "b'', 0, b''",
    "finit_module": "0, b'', 0",
    "kexec_load": "0, 0, None, 0",
    "reboot": "0, 0, 0, None",
    "swapon": "b'/tmp/x', 0",
    "settimeofday": "None, None",
    "clock_settime": "0, b'\\0' * 16",
    "sethostname": "b'x', 1",
    "syslog": "3, b' ' * 64, 64",
    "quotactl": "0, None, 0, None",
    "name_to_handle_at": "-100, b'/', None, None, 0",
    "open_by_handle_at": "0, b'\\0' * 64, 0",
    "acct": "None",
    "pidfd_getfd": "0, 0, 0",
    "kcmp": "1, 2, 0, 0, 0",
    "fanotify_init": "0, 0",
    "seccomp": "1, 0, None",
    "msgget": "0, 0o1600",
    "semget": "0, 1, 0o1600",
    "mq_open": "b'x', 0o102, 0o600, None",
    "memfd_secret": "0",
    "remap_file_pages": "0, 0, 0, 0, 0",
    "migrate_pages": "0, 0, None, None",
    "move_pages": "0, 0, None, None, None, 0",
    "vhangup": "",
    "process_madvise": "0, None, 0, 0, 0",
    "lookup_dcookie": "0, None, 0",
}


def number(name: str) -> int:
    """Return the number of a kernel call on this machine, negative where it has none."""
    return int(pyseccomp.resolve_syscall(pyseccomp.system_arch(), name))


def fill_numbers(program: str) -> str:
    """Replace `@name@` by the number of that kernel call."""
    for name in (*_REFUSED_OUTRIGHT, "memfd_create", "shmget", "clone", "personality", "fchmodat2"):
        program = program.replace(f"@{name}@", str(number(name)))
    return program


def _killed_by_filter(result: RunResult) -> str:
    return "" if result.signal == 31 else f"it ended by signal {result.signal}"


_KILLED = (RunStatus.SIGNALLED,)
_MACHINE_CODE = """
import mmap
page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes.fromhex(%r))
run = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
print("BREACH returned", run(), flush=True)
"""
_FOREIGN = (
    Attack(
        "call_of_32_bit",
        "seccomp",
        _MACHINE_CODE % "b814000000cd80c3",  # mov eax, 20 (getpid); int 0x80; ret
        status=_KILLED,
        look=_killed_by_filter,
    ),
    Attack(
        "call_of_x32",
        "seccomp",
        _MACHINE_CODE % "b8270000400f05c3",  # mov eax, 0x40000000 + 39 (getpid); syscall; ret
        status=_KILLED,
        look=_killed_by_filter,
    ),
)

ATTACKS = (
    *(
        Attack(f"call_{name}", "seccomp", f"call('{name}', @{name}@, {given})", says=f"{name} ENOSYS")
        for name, given in _REFUSED_OUTRIGHT.items()
        if number(name) >= 0
    ),
    Attack("call_unknown", "seccomp", "call('unknown', 9999)", says="unknown ENOSYS"),
    Attack(
        "clone_into_namespaces",
        "seccomp",
        """
for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
    call(hex(flag), @clone@, flag | 17, 0, 0, 0, 0)
""",
        says="(0x[0-9]+ EPERM\n){7}",
    ),
    Attack(
        "set_id_bits",
        "seccomp",
        """
open("tool", "w").close()
for mode in (0o4755, 0o2755, 0o6777):
    attempt(oct(mode), lambda: os.chmod("tool", mode))
    attempt(oct(mode), lambda: os.fchmod(os.open("tool", os.O_RDONLY), mode))
os.chmod("tool", 0o755)
print("plain mode is fine")
""",
        says="(0o[0-9]+ EPERM\n){6}plain mode is fine",
    ),
    Attack("odd_personality", "seccomp", "call('personality', @personality@, 0x0040000)", says="personality ENOSYS"),
    *(_FOREIGN if platform.machine() == "x86_64" else ()),
)
