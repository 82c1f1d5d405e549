"""What an attack is: a program, the limits it runs under, and what has to come of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from shipworthy.sandbox.entities import MEBIBYTE, Collection, Limits, RunResult, RunStatus

SMALL = Limits(
    cpu_seconds=3.0,
    wall_seconds=6.0,
    memory_bytes=128 * MEBIBYTE,
    processes=16,
    output_bytes=64 * 1024,
    disk_bytes=8 * MEBIBYTE,
    disk_files=200,
    file_bytes=16 * MEBIBYTE,
    open_files=64,
)
Look = Callable[[RunResult], str]

PRELUDE = '''
import ctypes, errno, os, signal, socket, stat, sys, time
libc = ctypes.CDLL(None, use_errno=True)

def attempt(what, action):
    """Try it and say what came of it; whoever succeeds says so in words that fail the test."""
    try:
        got = action()
    except OSError as error:
        print(what, errno.errorcode.get(error.errno, error.errno), flush=True)
        return None
    print("BREACH", what, repr(got)[:200], flush=True)
    return got

def call(what, *arguments):
    ctypes.set_errno(0)
    passed = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    returned = libc.syscall(*passed)
    if returned < 0:
        print(what, errno.errorcode.get(ctypes.get_errno()), flush=True)
    else:
        print("BREACH", what, returned, flush=True)
'''


@dataclass(frozen=True)
class Attack:
    """One hostile program.

    `layer` is the layer that has to stop it, `layer_unprivileged` the one that does where there are no control groups.
    Beside the ids of layers there are `shield`, process 1 of the sandbox, and `watchdog`, which polls `/proc`.
    `says` is a pattern that its standard output has to match, which only that layer brings about. `look` examines the
    result further and returns what is wrong, or nothing.
    """

    name: str
    layer: str
    program: str
    says: str = ""
    status: tuple[RunStatus, ...] = (RunStatus.EXITED,)
    limits: Limits = SMALL
    collection: Collection = field(default_factory=Collection)
    look: Look | None = None
    layer_unprivileged: str = ""
    says_unprivileged: str = ""

    def layer_for(self, leg: str) -> str:
        """Return the layer that stops it as `root` or as an `ordinary` user."""
        return self.layer_unprivileged if leg == "ordinary" and self.layer_unprivileged else self.layer

    def faults(self, result: RunResult, leg: str) -> list[str]:
        """Return what is wrong with the result; nothing when the attack was contained."""
        output = result.stdout.decode("utf-8", "replace")
        found = []
        if "BREACH" in output or b"BREACH" in result.stderr:
            found.append("it says that it broke through")
        if result.status not in self.status:
            found.append(f"it ended as {result.status.value}")
        says = self.says_unprivileged if leg == "ordinary" and self.says_unprivileged else self.says
        if says and not re.search(says, output, re.DOTALL):
            found.append(f"its output does not match {says!r}")
        if self.look is not None:
            found.append(self.look(result))
        return [f"{fault}; {_shown(result)}" for fault in found if fault]


def _shown(result: RunResult) -> str:
    return (
        f"status {result.status.value} code {result.exit_code} signal {result.signal} "
        f"output {result.stdout[-600:]!r} error {result.stderr[-600:]!r} refused {result.refused[:3]}"
    )
