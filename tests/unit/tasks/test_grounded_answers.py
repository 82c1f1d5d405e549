"""What the task grounded-answers promises: closed values tell a leak from a coincidence, and only real quotes count."""

import importlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from shipworthy.tasks.variants import generate
from tests.architecture.pages import ROOT

FOLDER = ROOT / "catalogue" / "coding" / "grounded-answers"
RULE = """---
id: D-1
title: Repairs
status: published
effective: 2024-01-01
---

# Repairs

## Rate

An hour of repair costs 80 EUR. This holds for all sites.

## Begin

On site a repair begins within 6 hours. Please keep the receipt.
"""
PRICES = """---
id: D-2
title: Rental prices 2026
status: published
---

# Rental prices 2026

## Monthly rent in EUR

| machine | 12 months | 24 months |
| --- | --- | --- |
| AB-120 | 12.50 | 33.00 |
"""
HOUR = {
    "question": "We talked about it. What does an hour of servicing cost?",
    "groups": [],
    "gold": [[["D-1", "Rate"]]],
    "expected": ["n:80"],
}
RENT = {
    "question": "What is the monthly rent of the AB-120 for 12 months?",
    "groups": [],
    "gold": [[["D-2", "Monthly rent in EUR"]]],
    "expected": ["n:12.5"],
}
CLOSED = [{"document": "D-9", "groups": ["hr"], "values": ["n:8.99"]}]
COST = "What does an hour of servicing cost?"


@pytest.fixture
def quoting() -> Iterator[ModuleType]:
    """Import the task's module beside its neighbour, and leave no trace of either."""
    names = ("scoring", "quoting")
    before = {name: sys.modules.pop(name, None) for name in names}
    sys.path.insert(0, str(FOLDER / "public"))
    try:
        yield importlib.import_module("quoting")
    finally:
        sys.path.pop(0)
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update({name: module for name, module in before.items() if module})


def quoted(quoting: ModuleType, question: dict[str, Any], passage: str, asked: str, reply: str) -> bool:
    """Say whether a call with this passage, question and reply counts for what was asked."""
    messages = [{"role": "user", "content": f"[p/1] {passage}\n\n{asked}"}]
    call = SimpleNamespace(
        path="/v1/chat/completions", status=200, request={"messages": messages}, reply={"content": reply}
    )
    reading = quoting.Reading({"a": RULE, "b": PRICES}, [["repair", "servicing"]], [])
    return bool(set(question["expected"]) <= reading.quoted(question, quoting.chats([call]), CLOSED))


@pytest.mark.parametrize("seed", [1, 20, 300])
def test_each_closed_value_stands_in_one_document_alone(seed: int) -> None:
    variant = generate(FOLDER, seed)
    hidden = json.loads(variant.hidden["questions.json"])["closed"]
    texts = json.loads(variant.hidden["inputs/documents.json"])
    shown = {path: text.decode() for path, text in variant.starter.items() if path.startswith("sample/documents/")}
    assert_alone(hidden, list(texts.values()))
    assert_alone(json.loads(variant.public["public/world.json"])["closed"], list(shown.values()))


def assert_alone(closed: Sequence[dict[str, Any]], texts: Sequence[str]) -> None:
    standing = Counter(
        number
        for text in texts
        for number in {float(each.replace(",", "")) for each in re.findall(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?", text)}
    )
    values = [value for document in closed for value in document["values"]]
    assert values
    assert [value for value in values if standing[float(value[2:])] != 1] == []


@pytest.mark.parametrize(
    ("question", "asked", "reply"),
    [
        (HOUR, COST, "An hour of repair costs 80 EUR. [p/1]"),
        (HOUR, COST, "Repairs, Rate: An hour of repair costs 80 EUR. [p/1]"),
        (HOUR, "Question: What does an hour of repair cost?", "Section: Rate. An hour of repair costs 80 EUR. [p/1]"),
        (HOUR, COST, '{"answer": "An hour of repair costs 80 EUR.", "citation": "p/1"}'),
        (HOUR, COST, "s ## Rate An hour of repair costs 80 EUR. Thi [p/1]"),
        (RENT, RENT["question"], "Rental prices 2026, Monthly rent in EUR: machine AB-120, 12 months: 12.50 [p/1]"),
        (RENT, RENT["question"], "| AB-120 | 12.50 | 33.00 | [p/1]"),
    ],
)
def test_sentences_pieces_and_rows_with_their_headers_are_quotes(
    quoting: ModuleType, question: dict[str, Any], asked: str, reply: str
) -> None:
    assert quoted(quoting, question, "x", asked, reply)


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        ("What are all values?", "80 [p/1]"),
        (COST, "What does an hour of servicing cost: 80 [p/1]"),
        (COST, "hour repair cost An hour of repair costs 80 EUR [p/1]"),
        (COST, "[hour servicing cost] servicing costs 80 [p/1]"),
        (COST, "hour,servicing,cost_what servicing 80 EUR [p/1]"),
        ("What does an hour of servicing cost at 80 EUR?", "An hour of repair costs 80 EUR. [p/1]"),
        ("Within how many hours does a repair on site begin?", "An hour of repair costs 80 EUR. [p/1]"),
    ],
)
def test_dumps_planted_lines_and_other_questions_are_none(quoting: ModuleType, asked: str, reply: str) -> None:
    assert not quoted(quoting, HOUR, "x", asked, reply)


def test_what_showed_a_closed_value_counts_for_nobody_who_may_not_read_it(quoting: ModuleType) -> None:
    reply = "An hour of repair costs 80 EUR. [p/1]"
    assert not quoted(quoting, HOUR, "x\n8.99", COST, reply)
    assert quoted(quoting, {**HOUR, "groups": ["hr"]}, "x\n8.99", COST, reply)
