import numpy as np

from shipworthy.simulator.rollout.sequential import SequentialRecord

REQUESTS = np.array([400.0, 40.0])


def ever_worse(seed: int, extra: float, *, shock: float = 0.0) -> bool:
    rng = np.random.default_rng(seed)
    record = SequentialRecord(2)
    for interval in range(300):
        rate = 0.02 + shock * (100 <= interval < 120)
        seen = REQUESTS * (1 + interval // 60)
        stable = 20 * REQUESTS
        record.add(
            (seen, rng.binomial(seen.astype(int), rate + extra).astype(float)),
            (stable, rng.binomial(stable.astype(int), rate).astype(float)),
        )
        if record.verdicts(0.002, 0.05).worse.any():
            return True
    return False


def test_an_equal_candidate_is_rarely_called_worse_however_often_one_looks() -> None:
    assert sum(ever_worse(seed, 0.0) for seed in range(100)) <= 5


def test_a_worse_candidate_is_found() -> None:
    assert all(ever_worse(seed, 0.02) for seed in range(20))


def test_an_outage_that_hits_both_versions_is_not_held_against_the_candidate() -> None:
    assert sum(ever_worse(seed, 0.0, shock=0.3) for seed in range(60)) <= 3


def test_enough_evidence_also_clears_a_candidate() -> None:
    rng = np.random.default_rng(3)
    record = SequentialRecord(1)
    assert not record.verdicts(0.01, 0.05).not_worse[0]
    for _ in range(200):
        seen = np.array([500.0])
        record.add((seen, rng.binomial(500, 0.02, 1).astype(float)), (seen, rng.binomial(500, 0.02, 1).astype(float)))
    assert record.verdicts(0.01, 0.05).not_worse[0]
    assert not record.verdicts(0.01, 0.05).worse[0]


def test_nothing_seen_decides_nothing() -> None:
    record = SequentialRecord(1)
    nothing = np.zeros(1)
    record.add((nothing, nothing), (nothing, nothing))
    verdicts = record.verdicts(0.0, 0.01)
    assert not verdicts.worse[0]
    assert not verdicts.not_worse[0]
