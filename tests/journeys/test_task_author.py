"""A task author writes a package, proves it sound, and is told when it is not."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shipworthy.core.held_folder import held_folder
from shipworthy.grading.junk import KINDS
from shipworthy.tasks.loading import load_task
from shipworthy.verification.entities import Extent, Gate, Purpose, Trial, Tried, Verdict
from shipworthy.verification.operations import Laboratory, verify
from shipworthy.verification.rules import determinism, junk, sealed, sealed_unrun
from tests.support.packages import edit, sound_package
from tests.support.setups import real_setup

BRIEF_LOOK = Extent("brief", (1, 2), (1,), (1,))
Change = Callable[[str], str]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return sound_package(tmp_path)


def rewrite(package: Path, file: str, change: Change) -> None:
    path = package / file
    path.write_text(change(path.read_text("utf-8")), "utf-8")


@pytest.fixture
def try_out(package: Path, tmp_path: Path) -> Iterator[Callable[[Trial], Tried]]:
    with held_folder(tmp_path / "bundles") as bundles:

        def run(trial: Trial) -> Tried:
            return Laboratory(load_task(package), real_setup(), bundles).try_out(trial)

        yield run


def test_a_new_package_verifies_green(package: Path) -> None:
    steps: list[str] = []
    report = verify(package, BRIEF_LOOK, setup=lambda _: real_setup(), progress=lambda _d, _t, now: steps.append(now))
    faults = [fault for gate in report.gates for fault in gate.faults]
    assert faults == []
    assert report.holds
    assert [gate.gate for gate in report.gates] == list(Gate)
    assert len(steps) == report.gradings


def test_a_package_that_does_not_load_fails_the_first_gate_and_tries_no_other(package: Path) -> None:
    rewrite(package, "task.toml", lambda text: text.replace("minutes =", "minuets ="))
    report = verify(package, BRIEF_LOOK, setup=lambda _: real_setup())
    assert report.gates[0].verdict is Verdict.FAILS
    assert any("minuets" in fault for fault in report.gates[0].faults)
    assert {gate.verdict for gate in report.gates[1:]} == {Verdict.NOT_TRIED}
    assert not report.holds


def test_a_judge_that_hands_out_hidden_data_is_caught(package: Path, try_out: Callable[[Trial], Tried]) -> None:
    rewrite(
        package,
        "variant.py",
        lambda text: text.replace("json.dumps(tables).encode()", "json.dumps(tables, indent=9).encode()"),
    )
    trial = Trial(Purpose.SEARCH, "search", 1)
    assert sealed([try_out(trial)]).verdict is Verdict.HOLDS
    rewrite(
        package,
        "judge.py",
        lambda text: text.replace("bench.workspace()", "bench.workspace(dict(bench.variant.hidden))"),
    )
    report = sealed([try_out(trial)])
    assert report.verdict is Verdict.FAILS
    assert "hidden tables.json" in report.faults[0]


def test_a_judge_that_depends_on_chance_is_caught(package: Path, try_out: Callable[[Trial], Tried]) -> None:
    rewrite(
        package,
        "judge.py",
        lambda text: (
            "import secrets\n"
            + text.replace('"failed": failed}', '"failed": failed, "luck": secrets.randbelow(10**9)}')
        ),
    )
    report = determinism([try_out(Trial(Purpose.AGAIN, "expert", 1))])
    assert report.verdict is Verdict.FAILS
    assert "outcomes differ" in report.faults[0]


def test_a_judge_that_trusts_what_it_reads_is_caught(package: Path, try_out: Callable[[Trial], Tried]) -> None:
    rewrite(
        package,
        "judge.py",
        lambda text: text.replace(
            "    if not isinstance(answer, dict) or answer.keys() != expected.keys():\n        return False\n", ""
        ).replace("    if not all(type(number) in {int, float} for number in numbers):\n        return False\n", ""),
    )
    try_out(Trial(Purpose.AGAIN, "expert", 1))
    report = junk([try_out(Trial(Purpose.JUNK, kind, 1)) for kind in ("null", "text for numbers")])
    assert report.verdict is Verdict.FAILS
    assert any("TypeError" in fault for fault in report.faults)


def test_a_fault_of_the_judge_is_missing_and_not_a_zero(package: Path, try_out: Callable[[Trial], Tried]) -> None:
    rewrite(package, "judge.py", lambda text: text.replace('"row_order")', '"row_order", "no_such_check")'))
    tried = try_out(Trial(Purpose.REFERENCE, "expert", 1))
    assert "no_such_check" in tried.fault
    assert tried.score == 1.0
    assert tried.failed_checks == 0


JUDGE_OF_FILES = """
from shipworthy.kit import BadAnswer, Bench, decode_json, expect_mapping

def judge(bench: Bench) -> None:
    answer = expect_mapping(decode_json(bench.submission.get("answer.json", b""), "answer.json"), "answer.json")
    right = answer.get("median") == 3
    for check in bench.unobserved:
        bench.observe(check, right, "It was read.")
"""


def of_files(package: Path) -> None:
    edit(package, "task.toml", 'paths = ["*.py", ', 'runs = false\npaths = ["*.json", "*.py", ')
    (package / "judge.py").write_text(JUDGE_OF_FILES)
    (package / "references/expert/answer.json").write_text('{"median": 3}')


def test_a_task_that_only_reads_what_was_handed_in(package: Path, try_out: Callable[[Trial], Tried]) -> None:
    of_files(package)
    expert = try_out(Trial(Purpose.AGAIN, "expert", 1))
    assert (expert.score, expert.same, expert.runs) == (1.0, True, 0)
    spoilt = [try_out(Trial(Purpose.JUNK, kind, 1)) for kind in KINDS]
    assert junk(spoilt).faults == ()
    assert sealed_unrun([expert, try_out(Trial(Purpose.SEARCH, "search", 1))]).verdict is Verdict.HOLDS


def test_a_task_that_says_it_runs_nothing_and_does_is_caught(package: Path, try_out: Callable[[Trial], Tried]) -> None:
    edit(package, "task.toml", 'paths = ["*.py", ', 'runs = false\npaths = ["*.py", ')
    report = sealed_unrun([try_out(Trial(Purpose.REFERENCE, "expert", 1))])
    assert "something was run" in report.faults[0]
