"""All attacks, and how one is carried out. Also a script, which attacks as whoever starts it."""

import json
import os
import sys
from pathlib import Path

from shipworthy.sandbox.bubblewrap import CGROUP_LAYERS, BubblewrapSandbox
from shipworthy.sandbox.entities import RunRequest, RuntimeFolder
from tests.hostile import escape, exhaustion, kernel_calls, leftovers
from tests.hostile.attack import PRELUDE, Attack
from tests.hostile.host import Host

ATTACKS = (*exhaustion.ATTACKS, *escape.ATTACKS, *kernel_calls.ATTACKS, *leftovers.ATTACKS)
SYSTEM_PYTHON = RuntimeFolder(root=Path("/usr"), python="bin/python3", digest="system")


def carry_out(sandbox: BubblewrapSandbox, attack: Attack, host: Host, leg: str) -> list[str]:
    """Run one attack and return what is wrong with its outcome, seen from inside and from outside."""
    program = kernel_calls.fill_numbers(host.fill(PRELUDE + attack.program))
    request = RunRequest(
        runtime=SYSTEM_PYTHON,
        argv=("python", "-I", "-S", "-c", program, host.marker),
        limits=attack.limits,
        collection=attack.collection,
    )
    result = sandbox.run(request)
    leaks = [] if host.secret.encode() not in result.stdout + result.stderr else ["the host's secret came out"]
    return attack.faults(result, leg) + leaks + host.faults()


def sandbox_for(data_folder: Path) -> BubblewrapSandbox:
    """Return the sandbox of this user; an ordinary one may lack control groups."""
    missing = frozenset() if os.geteuid() == 0 else frozenset(CGROUP_LAYERS)
    return BubblewrapSandbox(data_folder, allowed_missing=missing)


def main() -> None:
    """Run the attacks named on standard input, and print the faults of each as one line of JSON."""
    folder = Path(sys.argv[1])
    host = Host(folder)
    known = {attack.name: attack for attack in ATTACKS}
    with sandbox_for(folder) as sandbox:
        for line in sys.stdin:
            print(json.dumps(carry_out(sandbox, known[line.strip()], host, sys.argv[2])), flush=True)


if __name__ == "__main__":
    main()
