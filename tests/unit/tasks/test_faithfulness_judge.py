"""What the task faithfulness-judge promises of every variant: overlap misleads, and nothing else gives labels away."""

import json
import re
from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.stats import rankdata

from shipworthy.tasks.variants import generate
from tests.architecture.pages import ROOT

FOLDER = ROOT / "catalogue" / "evaluation" / "faithfulness-judge"
SEEDS = (1, 20, 300)
Row = dict[str, Any]


@cache
def drawn(seed: int) -> tuple[list[Row], list[Row], dict[str, Any]]:
    """Return the pilot, the later cases with their faults, and the truth."""
    variant = generate(FOLDER, seed)
    truth = json.loads(variant.hidden["truth.json"])
    shown = rows(variant.hidden["inputs/later.jsonl"])
    later = [{**row, **known} for row, known in zip(shown, truth["later"], strict=True)]
    return rows(variant.starter["data/pilot.jsonl"]), later, truth


def rows(content: bytes) -> list[Row]:
    return [json.loads(line) for line in content.splitlines()]


def words(text: str) -> set[str]:
    return {word.strip(".,:") for word in text.lower().split()}


def overlap(row: Row) -> float:
    said = words(row["answer"])
    return len(said & words(row["context"])) / len(said)


def area(scores: list[float], faulty: list[bool]) -> float:
    ranks, labels = rankdata(scores), np.array(faulty)
    positives = labels.sum()
    return float((ranks[labels].sum() - positives * (positives + 1) / 2) / (positives * (len(labels) - positives)))


@pytest.mark.parametrize("seed", SEEDS)
def test_overlap_is_good_in_the_pilot_and_bad_afterwards(seed: int) -> None:
    pilot, later, _ = drawn(seed)
    assert area([-overlap(row) for row in pilot], [bool(row["unsupported"]) for row in pilot]) >= 0.90
    assert 0.35 <= area([-overlap(row) for row in later], [bool(row["fault"]) for row in later]) <= 0.65


@pytest.mark.parametrize("seed", SEEDS)
def test_every_variant_has_the_same_cases_of_each_kind(seed: int) -> None:
    def kinds(rows: list[Row]) -> Counter[tuple[str, bool]]:
        return Counter((row["fault"], row["paraphrased"]) for row in rows)

    assert kinds(drawn(seed)[1]) == kinds(drawn(SEEDS[0])[1])
    assert sorted(drawn(seed)[2]["rates"].values()) == sorted(drawn(SEEDS[0])[2]["rates"].values())


@pytest.mark.parametrize("seed", SEEDS)
def test_order_ids_and_length_say_nothing_about_later_cases(seed: int) -> None:
    _, later, _ = drawn(seed)
    faulty = [bool(row["fault"]) for row in later]
    for values in (range(len(later)), [int(row["id"], 16) for row in later], [len(row["answer"]) for row in later]):
        assert 0.42 <= area([float(value) for value in values], faulty) <= 0.58


def test_the_system_that_was_best_in_the_pilot_is_not_the_best_now() -> None:
    pilot, _, truth = drawn(SEEDS[0])
    counts = Counter(row["system"] for row in pilot if row["unsupported"])
    assert min(counts, key=counts.__getitem__) != min(truth["rates"], key=truth["rates"].__getitem__)


def test_no_hidden_site_is_among_those_that_candidates_see() -> None:
    pilot, later, _ = drawn(SEEDS[0])
    site = re.compile(r"[A-Z][a-z]+ (?:Road|Lane|Street|Yard|Hill|Bridge|Cross|Quay)")
    seen, hidden = ({name for row in rows for name in site.findall(row["context"])} for rows in (pilot, later))
    assert len(seen) > 40
    assert len(hidden) > 40
    assert not seen & hidden
