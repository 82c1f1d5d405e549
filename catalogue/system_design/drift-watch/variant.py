"""Draws stretches of simulated production, for the candidate and for the judge, from a seed."""

import json
import sys
from pathlib import Path

import numpy as np

from shipworthy.kit import Variant

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "public"), str(HERE / "sources")]
try:
    import desk
    import oracle
    import suite
finally:
    del sys.path[:2]

PRODUCTS = (
    ("Tern & Thistle", "ranks repair requests by how urgent they are"),
    ("Kestrel Claims", "suggests how to settle small insurance claims"),
    ("Lindgren Parts", "tells mechanics which spare part a description means"),
    ("Orchard Desk", "routes customers' mails to the right team"),
    ("Mirabel Travel", "matches travellers' complaints to what they are owed"),
)


def generate(seed: int) -> Variant:
    """Return the public stretches with what happens in them, and the hidden ones in the order of their playing."""
    rng = np.random.default_rng([seed, 2323])
    company, purpose = PRODUCTS[int(rng.integers(len(PRODUCTS)))]
    hidden, public = (int(number) for number in rng.integers(2**31, size=2))
    stretches = suite.hidden_stretches(hidden)
    order = [int(place) for place in rng.permutation(len(stretches))]
    shown = [suite.stretch(public, kind) for kind in suite.PUBLIC]
    opened = [{"scenario": each.to_json(), "known": oracle.anchors(each)} for each in shown]
    known = [oracle.anchors(each) for each in stretches]
    return Variant(
        parameters={
            "company": company,
            "purpose": purpose,
            "stretches": len(stretches),
            "trainings": desk.TRAININGS,
            "review_hours": desk.REVIEW_HOURS,
            "muted_after": desk.FALSE_PAGES_UNTIL_MUTED,
        },
        public={"public/stretches.json": json.dumps(opened).encode()},
        hidden={"suite.json": json.dumps({"seed": hidden, "order": order, "anchors": known}).encode()},
    )
