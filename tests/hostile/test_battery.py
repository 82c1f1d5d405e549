"""Every attack, as root and as an ordinary user. The id of a test names the layer that has to stop it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.sandbox.bubblewrap import BubblewrapSandbox
from tests.hostile import battery
from tests.hostile.attack import Attack
from tests.hostile.host import Host
from tests.hostile.ordinary_user import OrdinaryUser, why_not

OWN_LEG = "root" if os.geteuid() == 0 else "ordinary"


def _named(attack: Attack, leg: str) -> object:
    return pytest.param(attack, id=f"{attack.name}-stopped_by_{attack.layer_for(leg)}")


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    canaries = Host(tmp_path_factory.mktemp("host"))
    yield canaries
    canaries.close()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BubblewrapSandbox]:
    with battery.sandbox_for(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture(scope="module")
def ordinary_user() -> Iterator[OrdinaryUser]:
    reason = why_not()
    if OWN_LEG != "root" or reason:
        pytest.skip(reason or "the tests run as an ordinary user already")
    with OrdinaryUser() as user:
        yield user


@pytest.mark.parametrize("attack", [_named(attack, OWN_LEG) for attack in battery.ATTACKS])
def test_attack_gains_nothing(attack: Attack, sandbox: BubblewrapSandbox, host: Host) -> None:
    assert battery.carry_out(sandbox, attack, host, OWN_LEG) == []


@pytest.mark.parametrize("attack", [_named(attack, "ordinary") for attack in battery.ATTACKS])
def test_attack_gains_nothing_as_ordinary_user(attack: Attack, ordinary_user: OrdinaryUser) -> None:
    assert ordinary_user.attack(attack.name) == []


def test_there_are_at_least_forty_attacks_of_different_names() -> None:
    names = {attack.name for attack in battery.ATTACKS}
    assert len(names) == len(battery.ATTACKS)
    assert len(names) >= 40


def test_host_notices_a_breach(tmp_path: Path) -> None:
    canaries = Host(tmp_path)
    canaries.file.write_text("changed")
    assert canaries.faults() == ["the host's secret file was changed"]
    canaries.close()


def test_an_attack_that_succeeds_is_reported(sandbox: BubblewrapSandbox, host: Host) -> None:
    harmless = Attack("harmless", "none", "attempt('pwd', os.getcwd)")
    faults = battery.carry_out(sandbox, harmless, host, OWN_LEG)
    assert any("broke through" in fault for fault in faults)
