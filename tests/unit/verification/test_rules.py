from dataclasses import replace
from pathlib import Path

from shipworthy.tasks.entities import Attack, Band, Finding, Reference
from shipworthy.verification import rules
from shipworthy.verification.entities import LADDER, Purpose, Trial, Tried, Verdict

HERE = Path()
REFERENCES = tuple(
    Reference(name, HERE, "", Band(low, high), {"evaluation": Band(low, high)})
    for name, low, high in (("expert", 0.9, 1.0), ("solid", 0.6, 0.8), ("naive", 0.2, 0.5), ("nothing", 0.0, 0.1))
)
ATTACKS = (Attack("forger", HERE, "forged files", "", "nothing"),)
GOOD = {"expert": 0.95, "solid": 0.7, "naive": 0.3, "nothing": 0.0}


def tried(name: str, seed: int, score: float | None, purpose: Purpose = Purpose.REFERENCE, fault: str = "") -> Tried:
    competencies = {} if score is None else {"evaluation": score}
    return Tried(Trial(purpose, name, seed), score, competencies, failed_checks=1, fault=fault, largest_share=0.2)


def ladder(*seeds: dict[str, float]) -> list[Tried]:
    return [tried(name, seed, scores[name]) for seed, scores in enumerate(seeds) for name in LADDER]


def test_a_ladder_in_order_and_in_its_bands_holds() -> None:
    report = rules.ladder(ladder(GOOD, GOOD), REFERENCES)
    assert report.verdict is Verdict.HOLDS
    assert report.figures["gap"] == 0.25


def test_one_seed_out_of_order_fails_the_ladder_and_is_named() -> None:
    report = rules.ladder(ladder(GOOD, GOOD | {"solid": 0.3}), REFERENCES)
    assert report.verdict is Verdict.FAILS
    assert any("seed 1" in fault and "solid (0.300) does not beat naive (0.300)" in fault for fault in report.faults)


def test_a_score_outside_its_band_is_named_with_the_band() -> None:
    report = rules.ladder(ladder(GOOD | {"expert": 0.85}), REFERENCES)
    assert any("0.850 for evaluation, expected 0.9 to 1" in fault for fault in report.faults)


def test_a_fault_of_ours_fails_the_gate_instead_of_passing_silently() -> None:
    broken = [*ladder(GOOD), tried("expert", 9, None, fault="Traceback\nKeyError: 'x'")]
    assert any("KeyError" in fault for fault in rules.ladder(broken, REFERENCES).faults)


def test_an_attack_may_equal_its_baseline_but_not_beat_it() -> None:
    honest = ladder(GOOD)
    assert rules.attacks([*honest, tried("forger", 0, 0.0, Purpose.ATTACK)], ATTACKS).verdict is Verdict.HOLDS
    report = rules.attacks([*honest, tried("forger", 0, 0.01, Purpose.ATTACK)], ATTACKS)
    assert report.verdict is Verdict.FAILS
    assert "forger, seed 0: 0.010, above nothing (0.000)" in report.faults[0]


def test_an_attack_without_a_score_or_a_baseline_is_not_taken_for_harmless() -> None:
    alone = [tried("forger", 0, 0.0, Purpose.ATTACK)]
    assert rules.attacks(alone, ATTACKS).verdict is Verdict.FAILS
    assert rules.attacks([*ladder(GOOD), tried("forger", 0, None, Purpose.ATTACK)], ATTACKS).verdict is Verdict.FAILS


def test_variants_that_differ_in_difficulty_fail() -> None:
    assert rules.equal_variants(ladder(GOOD, GOOD)).verdict is Verdict.HOLDS
    report = rules.equal_variants(ladder(GOOD, GOOD | {"naive": 0.4}))
    assert report.verdict is Verdict.FAILS
    assert "naive" in report.faults[0]


def test_junk_that_fails_no_check_fails_the_gate() -> None:
    harmless = Tried(Trial(Purpose.JUNK, "NaN", 1), 1.0, {}, failed_checks=0, fault="")
    assert rules.junk([harmless]).verdict is Verdict.FAILS
    assert rules.junk([tried("NaN", 1, 0.0, Purpose.JUNK)]).verdict is Verdict.HOLDS


def test_an_expert_near_a_limit_fails_determinism() -> None:
    near = Tried(Trial(Purpose.REFERENCE, "expert", 1), 1.0, {}, 0, "", largest_share=0.9)
    assert "90% of a limit" in rules.determinism([near]).faults[0]


def test_every_finding_is_reported() -> None:
    report = rules.well_formed([Finding("task.toml", "minutes", "Not a number.", "Write one.")])
    assert report.verdict is Verdict.FAILS
    assert "task.toml: minutes" in report.faults[0]


def test_a_task_that_runs_nothing_is_sealed_as_long_as_nothing_was_run() -> None:
    quiet = [tried("search", 1, 0.0, Purpose.SEARCH), *ladder(GOOD)]
    assert rules.sealed_unrun(quiet).verdict is Verdict.HOLDS
    report = rules.sealed_unrun([*quiet, replace(tried("solid", 2, 0.7), runs=1)])
    assert report.verdict is Verdict.FAILS
    assert "solid, seed 2" in report.faults[0]
