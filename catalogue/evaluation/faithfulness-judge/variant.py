"""Makes one seeded instance: answers of the pilot with labels, of last week without, and later ones for the judge."""

import csv
import io
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shipworthy.kit import Variant

SOURCES = Path(__file__).parent / "sources"
sys.path.insert(0, str(SOURCES))
try:
    import cases
    import rare
    import wording
    import world
finally:
    sys.path.pop(0)

PILOT, WEEK, LATER = 300, 300, 400
"""Cases of each system: in the pilot, in last week's sample, and in the hidden set."""

HARD_SHARE = 0.25
"""The share of the pilot's cases that are of the kinds that last week is full of."""

SITES = 48
SYSTEMS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "islet", "jetty")
COMPANIES = ("Tramhold", "Northway Transit", "Linewise", "Carriage & Co", "Metrovale")
PEOPLE = ("Ines", "Tomasz", "Farida", "Jonas", "Mirela", "Okko", "Saanvi", "Leandro")


@dataclass(frozen=True)
class Build:
    """One system as it behaves: its share of unsupported answers in the pilot and now, and how often it paraphrases."""

    pilot: float
    now: float
    paraphrased: float


BUILDS = (
    Build(pilot=0.28, now=0.06, paraphrased=0.60),
    Build(pilot=0.40, now=0.15, paraphrased=0.35),
    Build(pilot=0.34, now=0.24, paraphrased=0.70),
    Build(pilot=0.46, now=0.33, paraphrased=0.30),
    Build(pilot=0.22, now=0.42, paraphrased=0.50),
)
"""From the best to the worst now. Neither the pilot's order nor that of copying, nor either reversed, comes near it."""


def generate(seed: int) -> Variant:
    """Make the instance of `seed`."""
    drawn = random.Random(f"faithfulness-judge {seed}")
    names = drawn.sample(SYSTEMS, len(BUILDS))
    sites = world.draw_sites(drawn, 3 * SITES)
    dealt = rare.deal(drawn)
    pilot = cases.write_cases(drawn, sites[:SITES], dealt[0], pilot_wishes(names))
    week = cases.write_cases(drawn, sites[SITES : 2 * SITES], dealt[1], week_wishes(names, WEEK))
    later = cases.write_cases(drawn, sites[2 * SITES :], dealt[2], week_wishes(names, LATER))
    truth = {
        "rates": {name: build.now for name, build in zip(names, BUILDS, strict=True)},
        "week": [bool(case.fault) for case in week],
        "later": [{"id": case.id, "fault": case.fault, "paraphrased": case.paraphrased} for case in later],
    }
    return Variant(
        parameters={
            "company": drawn.choice(COMPANIES),
            "person": drawn.choice(PEOPLE),
            "pilot_rows": len(pilot),
            "week_rows": len(week),
            "later_rows": len(later),
            "systems": ", ".join(sorted(names)),
        },
        starter={
            "data/pilot.jsonl": lines(
                [{**shown(case), "system": case.system, "unsupported": int(bool(case.fault))} for case in pilot]
            ),
            "data/last_week.jsonl": lines([{**shown(case), "system": case.system} for case in week]),
            "data/glossary.csv": glossary(),
            "measures.py": (SOURCES / "measures.py").read_bytes(),
        },
        hidden={
            "inputs/later.jsonl": lines([shown(case) for case in later]),
            "truth.json": json.dumps(truth, separators=(",", ":"), sort_keys=True).encode(),
        },
    )


def pilot_wishes(names: Sequence[str]) -> list[cases.Wish]:
    """Plan the pilot: mostly easy, with few of the hard kinds, and each system's own share of faults."""
    hard = round(PILOT * HARD_SHARE)
    return [
        wish
        for name, build in zip(names, BUILDS, strict=True)
        for wish in (
            *cases.easy_wishes(name, PILOT - hard, build.pilot),
            *cases.hard_wishes(name, hard, build.pilot, 0.5),
        )
    ]


def week_wishes(names: Sequence[str], count: int) -> list[cases.Wish]:
    """Plan a set as the systems answer now."""
    return [
        wish
        for name, build in zip(names, BUILDS, strict=True)
        for wish in cases.hard_wishes(name, count, build.now, build.paraphrased)
    ]


def shown(case: cases.Case) -> dict[str, str]:
    """Give what a scorer sees of a case."""
    return {"id": case.id, "context": case.context, "answer": case.answer}


def lines(rows: Sequence[dict[str, object]] | Sequence[dict[str, str]]) -> bytes:
    """Write one JSON object per line."""
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows).encode()


def glossary() -> bytes:
    """Write the glossary: which phrases belong to a topic and, where it is a matter of yes or no, what each says."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["topic", "says", "phrase"])
    for topic in wording.TOPICS:
        for sentences in (*topic.house, *topic.other):
            for says, sentence in zip(("yes", "no") if len(sentences) == 2 else ("",), sentences, strict=True):
                if sentence.listed:
                    writer.writerow([topic.id, says, sentence.phrase])
    return stream.getvalue().encode()
