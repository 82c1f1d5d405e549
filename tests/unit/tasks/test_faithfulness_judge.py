"""What the task faithfulness-judge promises of every variant: overlap misleads, and nothing else gives labels away."""

import importlib.util
import json
import re
import sys
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


def loaded(path: str) -> Any:
    """Load a module of the package with its neighbours in reach."""
    file = FOLDER / path
    spec = importlib.util.spec_from_file_location(f"faithfulness_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(file.parent))
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


@pytest.mark.parametrize("seed", range(1, 21))
def test_the_phrases_that_the_expert_adds_can_be_found_in_what_candidates_have(seed: int) -> None:
    variant = generate(FOLDER, seed)
    week = " ".join(
        row["context"] + " " + row["answer"] for row in rows(variant.starter["data/last_week.jsonl"])
    ).lower()
    glossary = variant.starter["data/glossary.csv"].decode()
    missing = [phrase for _, _, phrase in loaded("references/expert/reading.py").MISSING]
    assert len(missing) >= 24
    assert [phrase for phrase in missing if phrase not in week] == []
    assert [phrase for phrase in missing if f",{phrase}\n" in glossary] == []


def test_what_is_put_in_a_new_way_later_is_not_in_any_data_that_candidates_have() -> None:
    texts = loaded("sources/rare.py").TEXTS
    stems = [
        max(re.split(r"\{[sv]\}", text), key=len).strip() for ways in texts.values() for way in ways for text in way
    ]
    variant = generate(FOLDER, SEEDS[0])
    shown, hidden = (
        content.decode().lower()
        for content in (
            variant.starter["data/pilot.jsonl"] + variant.starter["data/last_week.jsonl"],
            variant.hidden["inputs/later.jsonl"],
        )
    )
    new = [stem for stem in stems if stem in hidden]
    assert len(new) >= 18
    assert [stem for stem in new if stem in shown] == []


def test_no_new_way_of_putting_things_has_a_phrase_of_the_glossary() -> None:
    texts = loaded("sources/rare.py").TEXTS
    lines = generate(FOLDER, SEEDS[0]).starter["data/glossary.csv"].decode().splitlines()[1:]
    phrases = [line.split(",")[2] for line in lines]
    for ways in texts.values():
        for text in (text for way in ways for text in way):
            assert [phrase for phrase in phrases if phrase in text] == [], text
