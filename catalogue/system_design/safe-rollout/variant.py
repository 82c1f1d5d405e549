"""Draws one week after another of simulated production, for the candidate and for the judge, from a seed."""

import json
import sys
from pathlib import Path

import numpy as np

from shipworthy.kit import Variant

sys.path.insert(0, str(Path(__file__).parent / "sources"))
try:
    import measuring
    import suite
finally:
    sys.path.pop(0)

PRODUCTS = (
    ("Tern & Thistle", "ranks repair requests by how urgent they are"),
    ("Kestrel Claims", "suggests how to settle small insurance claims"),
    ("Lindgren Parts", "answers mechanics' questions about spare parts"),
    ("Orchard Desk", "drafts answers to customers of a furniture shop"),
    ("Mirabel Travel", "matches travellers' complaints to what they are owed"),
)


def generate(seed: int) -> Variant:
    """Return the public weeks, and the hidden ones with what never shipping and shipping at once come to in them."""
    rng = np.random.default_rng([seed, 1717])
    company, purpose = PRODUCTS[int(rng.integers(len(PRODUCTS)))]
    hidden, public = (int(number) for number in rng.integers(2**31, size=2))
    known = [measuring.anchors(week) for week in suite.hidden_weeks(hidden)]
    return Variant(
        parameters={"company": company, "purpose": purpose},
        public={"public/weeks.json": json.dumps({"seed": public, "weeks": suite.public_weeks(public)}).encode()},
        hidden={"suite.json": json.dumps({"seed": hidden, "anchors": known}).encode()},
    )
