"""Draws a pull request with planted faults, and works out what each of them changes by mending it and running again."""

import json
import random
import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from shipworthy.kit import Variant

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "sources"))
try:
    import faults as known
    import log
    import pages
    import running
    import skins
finally:
    sys.path.pop(0)

TEMPLATES = HERE / "sources" / "pr"
FILES = (
    "DESCRIPTION.md",
    "config.toml",
    "evaluate.py",
    "judge_prompt.md",
    "metrics.py",
    "plot.py",
    "prepare.py",
    "report.md",
    "test_metrics.py",
)
COMPUTED = ("config.toml", "evaluate.py", "metrics.py", "prepare.py")
NEAR = 0.2
"""How exact, in points, the corrected gain has to be."""

LEAST_BAR = 12.0
"""The lowest value of a segment that is drawn, in points: bars below zero would need another picture."""

ATTEMPTS = 6
STEPS = 5
STEEP = 13.0
"""By how many points the gain rises, roughly, when the new system is better by one (in log odds)."""

CLEAR, WIDE = 1.0, 5.0
"""How far from zero the lower end of the right interval lies, in points: at least, and about at most."""

OUTER = {"approve_with_changes": (CLEAR, CLEAR + WIDE), "reject": (-CLEAR - WIDE, -CLEAR)}
"""Where the right lower end may lie at all; running the draft as it was handed in tells more."""

FIRST_LIFT = {"approve_with_changes": 1.3, "reject": 0.3}


@dataclass(frozen=True)
class Draft:
    """A drawn pull request: its words, templates and data, what is planted, and the decision that is right."""

    skin: skins.Skin
    cut: date
    runs: tuple[int, ...]
    luck: int
    words: Mapping[str, str]
    templates: Mapping[str, str]
    faults: tuple[str, ...]
    decoys: tuple[str, ...]
    decision: str
    tables: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def hidden_faults(self) -> list[str]:
        """The faults that are left when the plain ones are mended."""
        return [name for name in self.faults if not known.BY_ID[name].plain]

    def with_data(self, lift: float) -> "Draft":
        """Return the draft with its log, in which the new system is better by `lift`."""
        clustered = 0 if "unpaired_interval" in self.faults else 2 if "item_resampling" in self.faults else 1
        wishes = log.Wishes(lift, clustered, "scope_filter" in self.decoys, "disputed" in self.decoys)
        tables = log.draw_log(self.skin, self.cut, self.runs, wishes, random.Random(self.luck))
        return replace(self, tables={name: running.as_csv(rows) for name, rows in tables.items()})

    def sources(self, planted: Collection[str]) -> dict[str, str]:
        """Return the programs and their settings with these faults planted."""
        switched = {*planted, *(f"decoy:{name}" for name in self.decoys)}
        return {name: pages.filled(self.templates[name], switched, self.words).text for name in COMPUTED}


@dataclass(frozen=True)
class Aim:
    """What running a draft gave as it was handed in, with the plain faults mended, and with everything mended."""

    reported: dict[str, Any]
    plain: dict[str, Any]
    mended: dict[str, Any]

    def window(self, decision: str) -> tuple[float, float]:
        """Return where the right lower end may lie, so that the report says ship and plain mending decides right."""
        told = _low(self.reported) - _low(self.mended)
        still = _low(self.plain) - _low(self.mended)
        if decision == "reject":
            return max(0.6 - told, -CLEAR - WIDE), min(-CLEAR, -0.3 - still)
        return max(CLEAR, 0.6 - told, 0.3 - still), CLEAR + WIDE


@dataclass(frozen=True)
class Worked:
    """What running a draft gave: the report as it was handed in, with everything mended, and with one fault mended."""

    reported: dict[str, Any]
    mended: dict[str, Any]
    without: Mapping[str, dict[str, Any]]
    plain_gain: float


def generate(seed: int) -> Variant:
    """Draw until the planted faults matter, and the right decision is clear."""
    chance = random.Random(f"report-review {seed}")
    decision = chance.choice(("approve_with_changes", "reject"))
    while True:
        planted, decoys = _planted(chance)
        for _ in range(ATTEMPTS):
            draft = _draft(chance, planted, decoys, decision)
            with running.data_folder({}) as folder, suppress(ZeroDivisionError):  # faults may empty a segment
                aimed = _aimed(draft, folder)
                worked = aimed and _worked(*aimed, folder)
                if aimed and worked:
                    return _variant(seed, aimed[0], worked, folder)


def _aimed(draft: Draft, folder: Path) -> tuple[Draft, Aim] | None:
    """Draw the data with a better or worse new system until reported, plainly mended and right interval lie right."""
    lift, steep, before = FIRST_LIFT[draft.decision], STEEP, None
    low, high = OUTER[draft.decision]
    for _ in range(STEPS):
        drawn = draft.with_data(lift)
        running.write_data(folder, drawn.tables)
        mended = running.evaluated(folder, drawn.sources(()))
        reached = _low(mended)
        if low <= reached <= high:
            aim = Aim(
                reported=running.evaluated(folder, drawn.sources(draft.faults)),
                plain=running.evaluated(folder, drawn.sources(draft.hidden_faults)),
                mended=mended,
            )
            low, high = aim.window(draft.decision)
            if low > high:
                return None
            if low <= reached <= high:
                return drawn, aim
        if before is not None and before[0] != lift:
            steep = min(max((reached - before[1]) / (lift - before[0]), STEEP / 2), 2 * STEEP)
        before = (lift, reached)
        lift += ((low + high) / 2 - reached) / steep
    return None


def layout(seed: int) -> list[tuple[known.Fault, list[list[Any]]]]:
    """Return the faults of a pull request that might be drawn for a seed, and their lines; nothing is run."""
    chance = random.Random(f"report-review {seed}")
    decision = chance.choice(("approve_with_changes", "reject"))
    planted, decoys = _planted(chance)
    draft = _draft(chance, planted, decoys, decision)
    numbers = {"numbers": dict.fromkeys(known.FIGURES, 50.0), "thresholds": {"old": 0.5, "new": 0.5}}
    table = {name: {"items": 50, "old": 40.0, "new": 50.0, "gain": 10.0} for name in draft.skin.segments}
    words = {**draft.words, **_report_words({**numbers, "segments": table})}
    switched = {*planted, *(f"decoy:{name}" for name in decoys)}
    filled = {name: pages.filled(draft.templates[name], switched, words) for name in FILES}
    return [(known.BY_ID[name], _places(filled, name)[1]) for name in planted]


def _planted(chance: random.Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    while True:
        names: list[str] = []
        for (weight, plain), number in known.DRAWN:
            pool = [fault.id for fault in known.FAULTS if (fault.weight, fault.plain) == (weight, plain)]
            names += chance.sample(pool, number)
        if not any(set(pair) <= set(names) for pair in known.APART):
            break
    barred = {decoy for name in names for decoy in known.NOT_WITH.get(name, ())}
    open_to = [decoy for decoy in known.DECOYS if decoy not in barred]
    return tuple(names), tuple(chance.sample(open_to, known.DECOYS_DRAWN))


def _draft(chance: random.Random, planted: tuple[str, ...], decoys: tuple[str, ...], decision: str) -> Draft:
    skin = chance.choice(skins.SKINS)
    cut = date.fromisoformat(chance.choice(skin.cuts))
    runs = tuple(sorted(chance.sample(range(1, 60), log.RUNS)))
    templates = {
        name: pages.drawn_template((TEMPLATES / f"{name}.template").read_text(encoding="utf-8"), chance)
        for name in (*FILES, "PLAN.md")
    }
    words = _words(skin, cut, runs, chance)
    return Draft(skin, cut, runs, chance.getrandbits(60), words, templates, planted, decoys, decision)


def _words(skin: skins.Skin, cut: date, runs: tuple[int, ...], chance: random.Random) -> dict[str, str]:
    return {
        "company": skin.company,
        "old": skin.old,
        "new": skin.new,
        "item": skin.item,
        "items": skin.items,
        "Items": skin.items.capitalize(),
        "items_cap": skin.items.capitalize(),
        "customer": skin.customer,
        "customers": f"{skin.customer}s",
        "segment_word": skin.segment_word,
        "partner": skin.partner,
        "label_a": skin.labels[0],
        "label_b": skin.labels[1],
        "cut": cut.isoformat(),
        "weeks": str(log.WEEKS),
        "run_a": str(runs[0]),
        "run_b": str(runs[1]),
        "run_c": str(runs[2]),
        "draw": str(chance.choice((7, 42, 1234, 2025, 20250101))),
        "resamples": "400",
    }


def _worked(draft: Draft, aim: Aim, folder: Path) -> Worked | None:
    """Run with one fault mended at a time; nothing where the draft does not serve."""
    reported = aim.reported
    claims = "segment_claim" in draft.faults
    if _least_value(reported) < LEAST_BAR or (claims and _claimed(reported)[1]["gain"] <= 0):
        return None
    if abs(_gain(aim.plain) - _gain(aim.mended)) <= 2 * NEAR:
        return None
    without = {}
    for name in sorted(draft.faults, key=lambda name: known.BY_ID[name].weight == known.GAIN):
        without[name] = running.evaluated(folder, draft.sources([other for other in draft.faults if other != name]))
        fault = known.BY_ID[name]
        if fault.least and abs(_change(reported, without[name], fault.figure)) < fault.least:
            return None
    running.evaluated(folder, draft.sources(draft.faults))
    return Worked(reported, aim.mended, without, _gain(aim.plain))


def _low(report: Mapping[str, Any]) -> float:
    return float(report["numbers"]["gain_low"])


def _least_value(report: Mapping[str, Any]) -> float:
    return float(min(row[which] for row in report["segments"].values() for which in ("old", "new")))


def _gain(report: Mapping[str, Any]) -> float:
    return float(report["numbers"]["gain"])


def _change(reported: Mapping[str, Any], without: Mapping[str, Any], figure: str) -> float:
    return round(float(reported["numbers"][figure] - without["numbers"][figure]), 1)


def _claimed(reported: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the segment that is claimed: of the three smallest the one with the largest gain."""
    smallest = sorted(reported["segments"].items(), key=lambda entry: entry[1]["items"])[:3]
    best: tuple[str, dict[str, Any]] = max(smallest, key=lambda entry: entry[1]["gain"])
    return best


def _report_words(reported: Mapping[str, Any]) -> dict[str, str]:
    """Return what the report and the figure say about the numbers."""
    name, claimed = _claimed(reported)
    table = [
        f"| {segment} | {row['items']} | {row['old']} | {row['new']} | {row['gain']} |"
        for segment, row in reported["segments"].items()
    ]
    values = [row[which] for row in reported["segments"].values() for which in ("old", "new")]
    limits = reported["thresholds"]
    return {
        **{f"n:{figure}": str(number) for figure, number in reported["numbers"].items()},
        "th:old": f"{limits['old']:.2f}",
        "th:runs": ", ".join(f"{limit:.2f}" for system, limit in limits.items() if system != "old"),
        "segment_rows": "\n".join(table),
        "claim": name,
        "claim_items": str(claimed["items"]),
        "claim_gain": str(claimed["gain"]),
        "floor": str(max(5, int(min(values) // 5 * 5 - 5))),
        "top": str(int(max(values) // 5 * 5 + 5)),
    }


def _variant(seed: int, draft: Draft, worked: Worked, folder: Path) -> Variant:
    words = {**draft.words, **_report_words(worked.reported)}
    switched = {*draft.faults, *(f"decoy:{name}" for name in draft.decoys)}
    filled = {name: pages.filled(draft.templates[name], switched, words) for name in FILES}
    plan = pages.filled(draft.templates["PLAN.md"], switched, words).text
    results = (folder / "results.csv").read_bytes()
    numbers = (folder / "numbers.json").read_bytes()
    picture = running.drawn(folder, {"plot.py": filled["plot.py"].text})
    starter = {f"pr/{name}": page.text.encode() for name, page in filled.items()}
    starter |= {"pr/values.svg": picture.encode(), "pr/results.csv": results, "pr/numbers.json": numbers}
    starter |= {f"data/{name}.csv": content for name, content in draft.tables.items()}
    truth = {
        "seed": seed,
        "faults": [_fault_truth(name, filled, worked, picture) for name in draft.faults],
        "decoys": [{"id": name, "places": _places(filled, f"decoy:{name}")[0]} for name in draft.decoys],
        "asides": _asides(filled, draft.faults) + (_all_lines(picture) if "cut_axis" in draft.faults else []),
        "headline": _gain(worked.mended),
        "reported": _gain(worked.reported),
        "plain_mended": worked.plain_gain,
        "near": NEAR,
        "decision": draft.decision,
    }
    return Variant(
        parameters={name: draft.words[name] for name in ("company", "new", "old")},
        starter={**starter, "PLAN.md": plan.encode()},
        hidden={"truth.json": json.dumps(truth, indent=1).encode()},
    )


def _places(filled: Mapping[str, pages.Page], name: str) -> tuple[list[list[Any]], list[list[Any]]]:
    places = [[f"pr/{file}", line] for file, page in filled.items() for line in page.places.get(name, [])]
    cores = [[f"pr/{file}", line] for file, page in filled.items() for line in page.cores.get(name, [])]
    return places, cores


def _all_lines(picture: str) -> list[list[Any]]:
    return [["pr/values.svg", line] for line in range(1, len(picture.splitlines()) + 1)]


def _asides(filled: Mapping[str, pages.Page], faults: Collection[str]) -> list[list[Any]]:
    """Return the lines that are wrong only because of a fault elsewhere: summaries, tables, untrue sentences."""
    asides, _ = _places(filled, "aside")
    for name in faults:
        places, cores = _places(filled, name)
        files = {file for file, _ in cores}
        asides += [place for place in places if place[0] not in files]
    return asides


def _fault_truth(name: str, filled: Mapping[str, pages.Page], worked: Worked, picture: str) -> dict[str, Any]:
    """Return where a fault is, which figures change when it alone is mended, and by how much."""
    fault = known.BY_ID[name]
    places, cores = _places(filled, name)
    if name == "cut_axis":
        places += _all_lines(picture)
    changes = {figure: _change(worked.reported, worked.without[name], figure) for figure in known.FIGURES}
    changes = {figure: change for figure, change in changes.items() if change}
    if fault.told:
        effects: dict[str, Any] = {fault.figure: [fault.told, None]}
    elif fault.figure == "none":
        effects = {"none": ["none", None]}
    else:
        effects = {figure: ["too_high" if change > 0 else "too_low", abs(change)] for figure, change in changes.items()}
    return {
        "id": name,
        "weight": fault.weight,
        "plain": fault.plain,
        "kinds": list(fault.kinds),
        "figure": fault.figure,
        "effects": effects,
        "places": places,
        "cores": cores,
        "reason": fault.reason,
        "fix": fault.fix,
    }
