"""Draws a company's documents twice: a sample to work with, and a larger set with the questions that count."""

import json
import sys
from pathlib import Path

from shipworthy.kit import Variant

sys.path.insert(0, str(Path(__file__).parent / "sources"))
try:
    import words
    import world
finally:
    sys.path.pop(0)

REPEATED = 8


def generate(seed: int) -> Variant:
    """Return the variant of a seed."""
    sample, hidden = world.World(seed, world.SAMPLE, "sample"), world.World(seed, world.HIDDEN, "hidden")
    return Variant(
        parameters={"company": sample.company, "documents": len(hidden.documents), "questions": len(hidden.questions)},
        starter={
            **{f"sample/documents/{name}": text.encode() for name, text in sample.files().items()},
            "sample/questions.jsonl": "".join(json.dumps(each) + "\n" for each in sample.questions).encode(),
        },
        public={"public/world.json": _spelled(_around(sample, seed))},
        hidden={
            "inputs/documents.json": _spelled(hidden.files()),
            "questions.json": _spelled({**_around(hidden, seed), "questions": _with_repetitions(hidden)}),
        },
    )


def _around(drawn: world.World, seed: int) -> dict[str, object]:
    return {
        "seed": 11 + seed % 1_000_003,
        "alike": drawn.alike(),
        "closed": drawn.closed(),
        "names": list(words.PEOPLE),
    }


def _with_repetitions(drawn: world.World) -> list[world.Question]:
    """Mark questions that are asked twice: one of most kinds, by a user without groups."""
    seen: set[str] = set()
    for question in drawn.questions:
        kind = str(question["kind"])
        if not question["groups"] and kind not in seen and len(seen) < REPEATED:
            seen.add(kind)
            question["again"] = True
    return drawn.questions


def _spelled(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
