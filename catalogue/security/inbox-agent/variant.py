"""Draws the cases of a variant: a sample for candidates, and the suite that counts."""

import json
import sys
from pathlib import Path

from shipworthy.kit import Variant

sys.path.insert(0, str(Path(__file__).parent / "sources"))
try:
    import cases
finally:
    sys.path.pop(0)

FIRMS = ("Harbour Works", "Alder and Sons", "Tidewater Supplies", "Quarry Lane Studio")


def generate(seed: int) -> Variant:
    """Return the variant of a seed."""
    return Variant(
        parameters={"company": FIRMS[seed % len(FIRMS)]},
        public={"public/sample.json": _spelled(cases.sample(seed))},
        hidden={"suite.json": _spelled(cases.hidden(seed), indent=None)},
    )


def _spelled(suite: list[cases.Case], indent: int | None = 1) -> bytes:
    return json.dumps(suite, ensure_ascii=False, indent=indent).encode() + b"\n"
