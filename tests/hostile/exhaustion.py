"""Programs that take more than their share: processes, memory, disk, output, time."""

import dataclasses

from shipworthy.sandbox.entities import MEBIBYTE, RunResult, RunStatus
from tests.hostile.attack import SMALL, Attack

_QUICK = dataclasses.replace(SMALL, cpu_seconds=0.5, wall_seconds=8.0)
_SHORT = dataclasses.replace(SMALL, wall_seconds=0.7)
_WIDE_DISK = dataclasses.replace(
    SMALL, memory_bytes=64 * MEBIBYTE, disk_bytes=512 * MEBIBYTE, file_bytes=512 * MEBIBYTE
)
_PLENTY = dataclasses.replace(SMALL, output_bytes=1000)
_MEMORY = (RunStatus.MEMORY_LIMIT,)


def _few_processes(result: RunResult) -> str:
    peak = result.usage.peak_processes or 0
    return "" if peak <= SMALL.processes + 1 else f"it had {peak} processes"


def _capped(result: RunResult) -> str:
    longest = max(len(result.stdout), len(result.stderr))
    return "" if longest <= SMALL.output_bytes else f"{longest} bytes of output were kept"


def _soon(result: RunResult) -> str:
    return "" if result.usage.wall_seconds < 4 else f"it lasted {result.usage.wall_seconds} seconds"


ATTACKS = (
    Attack(
        "count_processes",
        "cgroup_processes",
        """
made = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60)
        made += 1
except OSError as error:
    print("stopped after", made, errno.errorcode[error.errno], flush=True)
""",
        says="stopped after 15 EAGAIN",
        layer_unprivileged="rlimits",
        says_unprivileged="stopped after 16 EAGAIN",
    ),
    Attack(
        "fork_bomb",
        "cgroup_processes",
        """
while True:
    try:
        os.fork()
    except OSError:
        time.sleep(0.01)
""",
        status=(RunStatus.WALL_LIMIT, RunStatus.CPU_LIMIT),
        limits=_SHORT,
        look=_few_processes,
        layer_unprivileged="rlimits",
    ),
    Attack(
        "thread_bomb",
        "cgroup_processes",
        """
import threading
made = 0
try:
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        made += 1
except RuntimeError:
    print("stopped after", made, flush=True)
    os._exit(0)
""",
        says="stopped after 15",
        layer_unprivileged="rlimits",
        says_unprivileged="stopped after 16",
    ),
    Attack(
        "memory_bytearray",
        "cgroup_memory",
        "kept = []\nwhile True: kept.append(bytearray(b'x') * (8 << 20))",
        status=_MEMORY,
        layer_unprivileged="watchdog",
    ),
    Attack(
        "memory_in_children",
        "cgroup_memory",
        """
for _ in range(8):
    if os.fork() == 0:
        kept = bytearray(b"x") * (24 << 20)
        time.sleep(5)
time.sleep(5)
print("BREACH 192 MiB in children")
""",
        status=_MEMORY,
        layer_unprivileged="watchdog",
    ),
    Attack(
        "memory_in_shared_mapping",
        "cgroup_memory",
        """
import mmap
area = mmap.mmap(-1, 512 << 20)
for at in range(0, 512 << 20, 4096): area[at] = 1
print("BREACH 512 MiB shared")
""",
        status=_MEMORY,
        layer_unprivileged="watchdog",
    ),
    Attack(
        "memory_in_tmpfs",
        "cgroup_memory",
        """
with open("/dev/shm/large", "wb") as file:
    for _ in range(400): file.write(bytes(1 << 20))
time.sleep(1)
print("BREACH 400 MiB in a tmpfs")
""",
        status=_MEMORY,
        limits=_WIDE_DISK,
        layer_unprivileged="watchdog",
    ),
    Attack("memory_in_memfd", "seccomp", "call('memfd_create', @memfd_create@, b'x', 0)", says="memfd_create ENOSYS"),
    Attack("memory_in_sysv_segment", "seccomp", "call('shmget', @shmget@, 0, 1 << 30, 0o1600)", says="shmget ENOSYS"),
    Attack(
        "fill_disk",
        "work_folder",
        """
written = 0
for folder in ("/work", "/tmp", "/dev/shm"):
    try:
        with open(folder + "/filler", "wb", buffering=0) as file:
            while True: written += file.write(bytes(65536))
    except OSError as error:
        print(folder, errno.errorcode[error.errno])
print("BREACH" if written > 9 << 20 else "within", written)
""",
        says="/work ENOSPC.*/tmp ENOSPC.*/dev/shm ENOSPC.*within",
    ),
    Attack(
        "fill_inodes",
        "work_folder",
        """
made = 0
for folder in ("/work", "/tmp", "/dev/shm"):
    try:
        for number in range(100000):
            open(f"{folder}/{number}", "w").close()
            made += 1
    except OSError as error:
        print(folder, errno.errorcode[error.errno])
print("BREACH" if made > 240 else "within", made)
""",
        says="/work ENOSPC.*/tmp ENOSPC.*/dev/shm ENOSPC.*within",
    ),
    Attack(
        "sparse_ten_gigabytes",
        "rlimits",
        "attempt('truncate', lambda: os.truncate(os.open('big', os.O_CREAT | os.O_RDWR), 10 << 30))",
        says="truncate EFBIG",
    ),
    Attack(
        "many_descriptors",
        "rlimits",
        """
opened = []
try:
    while True: opened.append(os.dup(1))
except OSError as error:
    print("BREACH" if len(opened) > 64 else "stopped", errno.errorcode[error.errno])
""",
        says="stopped EMFILE",
    ),
    Attack(
        "endless_output",
        "output_caps",
        "line = b'x' * 4095 + b'\\n'\nwhile True: os.write(1, line)",
        status=(RunStatus.OUTPUT_LIMIT,),
        look=_capped,
    ),
    Attack(
        "endless_error_output",
        "output_caps",
        "line = b'x' * 4095 + b'\\n'\nwhile True: os.write(2, line)",
        status=(RunStatus.OUTPUT_LIMIT,),
        look=_capped,
    ),
    Attack(
        "output_without_newline",
        "output_caps",
        "while True: os.write(1, b'x' * 65536)",
        status=(RunStatus.OUTPUT_LIMIT,),
        look=_capped,
    ),
    Attack(
        "output_in_one_burst",
        "output_caps",
        "os.write(1, b'x' * 5000)",
        status=(RunStatus.OUTPUT_LIMIT,),
        limits=_PLENTY,
        look=lambda result: "" if len(result.stdout) == 1000 else "what came before the cap was not kept",
    ),
    Attack(
        "slow_drip",
        "wall_clock",
        "while True: os.write(1, b'.'); time.sleep(0.05)",
        status=(RunStatus.WALL_LIMIT,),
        limits=_SHORT,
        says=r"^\.+$",
    ),
    Attack(
        "cpu_loop",
        "cgroup_cpu",
        "while True: pass",
        status=(RunStatus.CPU_LIMIT,),
        limits=_QUICK,
        layer_unprivileged="watchdog",
    ),
    Attack(
        "cpu_loop_in_children",
        "cgroup_cpu",
        """
limit = __import__("resource").RLIMIT_CPU
while True:
    child = os.fork()
    if child == 0:
        end = time.process_time() + 0.2
        while time.process_time() < end: pass
        os._exit(0)
    os.waitpid(child, 0)
""",
        status=(RunStatus.CPU_LIMIT,),
        limits=_QUICK,
        look=_soon,
        layer_unprivileged="watchdog",
    ),
    Attack(
        "ignored_cpu_signal",
        "cgroup_cpu",
        "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
        status=(RunStatus.CPU_LIMIT,),
        limits=_QUICK,
        layer_unprivileged="watchdog",
    ),
    Attack(
        "sleep_ignoring_signals",
        "wall_clock",
        """
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: time.sleep(1)
""",
        status=(RunStatus.WALL_LIMIT,),
        limits=_SHORT,
    ),
    Attack(
        "stopped_process",
        "wall_clock",
        "os.kill(os.getpid(), signal.SIGSTOP)",
        status=(RunStatus.WALL_LIMIT,),
        limits=_SHORT,
    ),
    Attack(
        "daemon",
        "namespaces",
        """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 64)
        while True: time.sleep(1)
    os._exit(0)
time.sleep(0.1)
print("left a daemon behind")
""",
        says="left a daemon behind",
        look=_soon,
    ),
    Attack(
        "daemon_holding_output",
        "namespaces",
        """
if os.fork() == 0:
    os.setsid()
    while True: time.sleep(1)
print("main is gone")
""",
        says="main is gone",
        look=_soon,
    ),
)
