"""Is an attack really stopped by the layer that its test names? Without that layer, the outcome has to be another one.

The two layers that can be taken away without taking the sandbox with them are tried: seccomp and Landlock. The others
still hold meanwhile, so nothing here can harm the host.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shipworthy.sandbox import landlock, seccomp
from shipworthy.sandbox.bubblewrap import CGROUP_LAYERS, BubblewrapSandbox
from shipworthy.sandbox.errors import LayerMissingError
from tests.hostile import battery
from tests.hostile.attack import Attack
from tests.hostile.host import Host

LEG = "root" if os.geteuid() == 0 else "ordinary"
MISSING = frozenset() if os.geteuid() == 0 else frozenset(CGROUP_LAYERS)


_ABSENT_IN_SOME_KERNELS = {
    f"call_{name}"
    for name in ("init_module", "finit_module", "kexec_load", "lookup_dcookie", "memfd_secret", "acct", "unknown")
}


def _no_filter() -> bytes:
    message = "taken away"
    raise LayerMissingError(message)


def _no_landlock() -> int:
    return 0


def _lacking(layer: str, module: object, name: str, instead: Callable[[], object], folder: Path) -> Iterator[object]:
    with (
        pytest.MonkeyPatch.context() as patch,
        BubblewrapSandbox(folder, allowed_missing=MISSING | {layer}) as sandbox,
    ):
        patch.setattr(module, name, instead)
        yield sandbox


@pytest.fixture
def without_seccomp(tmp_path: Path) -> Iterator[object]:
    yield from _lacking("seccomp", seccomp, "compiled_filter", _no_filter, tmp_path)


@pytest.fixture
def without_landlock(tmp_path: Path) -> Iterator[object]:
    yield from _lacking("landlock", landlock, "version", _no_landlock, tmp_path)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    canaries = Host(tmp_path_factory.mktemp("host"))
    yield canaries
    canaries.close()


def _stopped_by(layer: str) -> list[object]:
    return [pytest.param(attack, id=attack.name) for attack in battery.ATTACKS if attack.layer_for(LEG) == layer]


@pytest.mark.parametrize("attack", _stopped_by("seccomp"))
def test_without_seccomp_it_goes_another_way(attack: Attack, without_seccomp: BubblewrapSandbox, host: Host) -> None:
    faults = battery.carry_out(without_seccomp, attack, host, LEG)
    if not faults and attack.name in _ABSENT_IN_SOME_KERNELS:
        pytest.skip("this kernel has no such call, filter or not")
    assert faults != []


@pytest.mark.parametrize("attack", _stopped_by("landlock"))
def test_without_landlock_it_goes_another_way(attack: Attack, without_landlock: BubblewrapSandbox, host: Host) -> None:
    assert battery.carry_out(without_landlock, attack, host, LEG) != []
