"""Score customers: chance of cancelling, and whether contacting this customer is worth its cost."""

import json
import math
from pathlib import Path

from features import number, transformed, word

_plan: dict = {}


def load(model_dir: str) -> None:
    """Read what training learned."""
    _plan.update(json.loads((Path(model_dir) / "scorer.json").read_text()))
    effects = iter(_plan["effects"])
    _plan["number_effects"] = [
        (name, mean, scale, next(effects))
        for name, mean, scale in zip(_plan["numbers"], _plan["means"], _plan["scales"])
    ]
    _plan["word_effects"] = {name: {known: next(effects) for known in words} for name, words in _plan["words"].items()}


def predict(rows: list[dict]) -> list[dict]:
    """Answer one {"probability", "contact"} per row; whatever cannot be read counts as average."""
    return [answer(row) for row in rows]


def answer(row: dict) -> dict:
    chance = probability(row)
    return {"probability": chance, "contact": worth_contacting(chance, row)}


def probability(row: dict) -> float:
    score = _plan["level"]
    for name, mean, scale, effect in _plan["number_effects"]:
        value = transformed(name, row.get(name))
        score += 0.0 if math.isnan(value) else effect * (value - mean) / scale
    for name, effects in _plan["word_effects"].items():
        score += effects.get(word(row.get(name)), 0.0)
    return 1 / (1 + math.exp(-score))


def worth_contacting(chance: float, row: dict) -> bool:
    """A contact pays where chance x success x months x price exceeds its cost; the price is the customer's own."""
    price = number("monthly_price", row.get("monthly_price"))
    costs = _plan["costs"]
    saved = costs["success_rate"] * costs["months_saved"] * (_plan["median_price"] if math.isnan(price) else price)
    return bool(chance * saved > costs["contact_cost"])
