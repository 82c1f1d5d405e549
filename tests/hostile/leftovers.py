"""Programs that leave traps for whoever reads their results, or forge them."""

import dataclasses

from shipworthy.sandbox.entities import MEBIBYTE, Collection, RunResult, RunStatus
from tests.hostile.attack import SMALL, Attack, Look

_MANY_FILES = dataclasses.replace(
    SMALL, disk_files=120_000, disk_bytes=64 * MEBIBYTE, wall_seconds=20.0, cpu_seconds=20.0
)
_FEW = Collection(total_bytes=MEBIBYTE, files=50)


def _refuses(*wanted: tuple[str, str]) -> Look:
    def look(result: RunResult) -> str:
        refused = {(one.path, one.reason) for one in result.refused}
        missing = [one for one in wanted if one not in refused]
        return f"not refused: {missing} of {sorted(refused)[:8]}" if missing else _nothing_foreign(result)

    return look


def _nothing_foreign(result: RunResult) -> str:
    foreign = [path for path, content in result.files.items() if b"candidate:x" in content or b"root:x" in content]
    return f"a file from elsewhere was collected: {foreign}" if foreign else ""


def _stops_early(result: RunResult) -> str:
    if len(result.files) > _FEW.files:
        return f"{len(result.files)} files were collected"
    return _refuses(("", "too_many_files"))(result)


def _odd_names(result: RunResult) -> str:
    escaped = {one.path for one in result.refused if one.reason == "bad_name"}
    expected = {"two\\nlines", "bell\\x07", "\\\\xff\\\\xfe", "\\u202e right to left"}
    if "n" * 255 not in result.files:
        return "a name of 255 plain bytes was not collected"
    return "" if expected <= escaped else f"refused {escaped}"


def _only_bytes(result: RunResult) -> str:
    forged = b'{"status": "exited", "score": 100, "verdict": "passed"}'
    if result.files.get("result.json") != forged or result.exit_code != 0:
        return "the forged file did not come back as it is"
    return "" if result.stdout == forged else "standard output did not come back as it is"


ATTACKS = (
    Attack(
        "leave_symlinks",
        "collection",
        """
os.symlink("/etc/passwd", "passwd")
os.symlink("/", "root")
os.symlink("../../../../etc/passwd", "relative")
os.symlink("/proc/self/fd/0", "magic")
os.symlink("loop", "loop")
""",
        look=_refuses(*((name, "symlink") for name in ("passwd", "root", "relative", "magic", "loop"))),
    ),
    Attack(
        "leave_hard_links",
        "collection",
        """
open("one", "w").close(); os.link("one", "two"); open("/tmp/three", "w").close()
attempt("from outside", lambda: os.link("/etc/passwd", "passwd"))
""",
        says="from outside (EXDEV|EPERM|EACCES|EROFS)",
        look=_refuses(("one", "hard_link"), ("two", "hard_link")),
    ),
    Attack("leave_fifo", "collection", "os.mkfifo('pipe')", look=_refuses(("pipe", "not_regular"))),
    Attack(
        "leave_socket",
        "collection",
        "one = socket.socket(socket.AF_UNIX); one.bind('listening'); one.listen()",
        look=_refuses(("listening", "not_regular")),
    ),
    Attack(
        "leave_sparse_file",
        "collection",
        "os.truncate(os.open('sparse', os.O_CREAT | os.O_RDWR), 15 << 20)",
        collection=_FEW,
        look=_refuses(("sparse", "too_big")),
    ),
    Attack(
        "leave_100000_files",
        "collection",
        "for number in range(100000): os.close(os.open(str(number), os.O_CREAT | os.O_WRONLY))",
        limits=_MANY_FILES,
        collection=_FEW,
        look=_stops_early,
    ),
    Attack(
        "leave_100000_names_in_folders",
        "collection",
        """
for number in range(300):
    os.mkdir(str(number))
    for inner in range(100): os.close(os.open(f"{number}/{inner}", os.O_CREAT | os.O_WRONLY))
""",
        limits=_MANY_FILES,
        collection=_FEW,
        look=_stops_early,
    ),
    Attack(
        "leave_deep_folders",
        "collection",
        """
for _ in range(150):
    os.mkdir("d"); os.chdir("d")
open("bottom", "w").close()
""",
        look=_refuses(("/".join(["d"] * 33), "too_deep")),
    ),
    Attack(
        "leave_odd_names",
        "collection",
        """
for name in (b"two\\nlines", b"bell\\x07", b"\\xff\\xfe", b"n" * 255, "\\u202e right to left".encode()):
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
attempt("dots", lambda: os.close(os.open("..", os.O_CREAT | os.O_WRONLY)))
attempt("longer", lambda: os.close(os.open("n" * 256, os.O_CREAT | os.O_WRONLY)))
""",
        says="dots EISDIR.*longer ENAMETOOLONG",
        look=_odd_names,
    ),
    Attack(
        "leave_mount_point",
        "seccomp",
        "os.mkdir('m')\ncall('mount', @mount@, b'proc', b'/work/m', b'proc', 0, None)",
        says="mount ENOSYS",
        look=_nothing_foreign,
    ),
    Attack(
        "leave_closed_folder",
        "collection",
        """
os.mkdir("closed"); open("closed/file", "w").write("x"); os.chmod("closed", 0)
open("f", "w").close(); os.chmod("f", 0)
""",
        look=_nothing_foreign,
    ),
    Attack(
        "swap_during_collection",
        "collection",
        """
open("plain", "w").write("mine"); os.symlink("/etc/passwd", "link")
if os.fork() == 0:
    os.setsid()
    while True:
        try:
            os.rename("plain", "kept"); os.rename("link", "plain")
            os.rename("plain", "link"); os.rename("kept", "plain")
        except OSError: pass
time.sleep(0.2)
""",
        look=_nothing_foreign,
    ),
    Attack(
        "forged_verdict",
        "collection",
        """
forged = '{"status": "exited", "score": 100, "verdict": "passed"}'
open("result.json", "w").write(forged)
os.write(1, forged.encode())
os._exit(0)
""",
        look=_only_bytes,
    ),
    Attack(
        "close_descriptors",
        "shield",
        "os.closerange(0, 1000)\nopen('alive', 'w').close()\nos._exit(7)",
        look=lambda result: "" if result.exit_code == 7 and "alive" in result.files else "its ending was not seen",
    ),
    Attack(
        "inherited_descriptors",
        "shield",
        """
leaked = []
for number in range(3, 4096):
    try: os.fstat(number)
    except OSError: continue
    leaked.append(number)
print("BREACH" if leaked else "none leaked", leaked)
""",
        says="none leaked",
    ),
    Attack(
        "forged_exit_status",
        "shield",
        """
attempt("pipe", lambda: os.write(3, b"\\0\\0\\0\\0"))
attempt("through process one", lambda: os.open("/proc/1/fd/3", os.O_WRONLY))
os._exit(9)
""",
        says="pipe EBADF.*through process one EACCES",
        look=lambda result: "" if result.exit_code == 9 else "the exit code was forged",
    ),
    Attack(
        "die_by_signal",
        "shield",
        "os.kill(os.getpid(), signal.SIGSEGV)",
        status=(RunStatus.SIGNALLED,),
        look=lambda result: "" if result.signal == 11 else "the signal was not reported",
    ),
    Attack(
        "exit_code_like_a_signal",
        "shield",
        "os._exit(137)",
        look=lambda result: "" if result.exit_code == 137 else "an exit code was taken for a signal",
    ),
)
