"""Draws the tenants of a variant: a sample for candidates, and those that count."""

import json
import sys
from pathlib import Path
from typing import Any

from shipworthy.kit import Variant

sys.path.insert(0, str(Path(__file__).parent / "sources"))
try:
    import world
finally:
    sys.path.pop(0)

FIRMS = ("Lanternworks", "Paperboat", "Fieldnote", "Glasshouse")


def generate(seed: int) -> Variant:
    """Return the variant of a seed."""
    drawn, sample = world.draw(seed, "judge"), world.draw(seed, "sample")
    shown = {f"inputs/{name}.json": _spelled(drawn.pop(name)) for name in ("documents", "people")}
    return Variant(
        parameters={"company": FIRMS[seed % len(FIRMS)]},
        starter={f"data/{name}.json": _spelled(sample[name]) for name in ("documents", "people")},
        public={"public/sample.json": _spelled(sample)},
        hidden={**shown, "world.json": _spelled(drawn)},
    )


def _spelled(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
