"""Draws the documents of one goods-in desk, the trouble that the model has with each, and the right records."""

import json
import random
import sys
from collections.abc import Iterable
from pathlib import Path

from shipworthy.kit import Variant

sys.path.insert(0, str(Path(__file__).parent / "sources"))
try:
    import documents
    import trouble
finally:
    sys.path.pop(0)

COMPANIES = ("Marrow & Finch", "Tidewell Kitchens", "Oakhurst Bikes", "Pelikan Lamps", "Saltmarsh Instruments")
CALLS_PER_DOCUMENT = 3
TOKENS = 300_000


def generate(seed: int) -> Variant:
    """Return a sample to work with, and the hidden documents of the nights that are judged."""
    company = random.Random(f"company {seed}").choice(COMPANIES)
    sample = trouble.sample(seed)
    first, later = trouble.draw_from(seed)
    calls = CALLS_PER_DOCUMENT * (len(first) + len(later))
    return Variant(
        parameters={"company": company, "documents": len(first), "calls": calls, "tokens": TOKENS},
        starter={**_texts("sample/documents/", sample), "sample/expected.jsonl": _expected(sample)},
        public={"public/answers.json": _answers(sample)},
        hidden={
            **_texts("inputs/first/", first),
            **_texts("inputs/later/", later),
            "draw.json": json.dumps(seed).encode(),
        },
    )


def _texts(folder: str, cases: Iterable[trouble.Case]) -> dict[str, bytes]:
    return {f"{folder}{case.document.name}": case.document.text.encode() for case in cases}


def _expected(cases: Iterable[trouble.Case]) -> bytes:
    ordered = sorted(cases, key=lambda case: case.document.name)
    return "".join(
        json.dumps({"document": case.document.name, **case.document.record}, ensure_ascii=False) + "\n"
        for case in ordered
    ).encode()


def _answers(cases: Iterable[trouble.Case]) -> bytes:
    """What the sample's model makes of each document, by its stamp, before anything goes wrong with it."""
    known = {
        case.document.stamp: {
            "document": case.document.name,
            "values": {
                field: [value, case.document.written.get(field, "")] for field, value in case.document.record.items()
            }
            | {field: [value, documents.as_written(field, value)] for field, value in case.steps[0].instead},
            "confused": {case.confused: list(case.document.beside[case.confused])} if case.confused else {},
            "long": case.long,
        }
        for case in cases
    }
    return json.dumps(known, indent=1, ensure_ascii=False).encode()
