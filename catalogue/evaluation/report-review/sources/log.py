"""Draws the log of an evaluation: rows with labels, scores, failures, copies and a model judge's verdicts."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from skins import Skin

RUNS = 3
SHARES = (0.42, 0.27, 0.16, 0.10, 0.05)
TEST_ROWS = 900
DEV_ROWS = 520
CUT_DAY_ROWS = 65
TRAINING_TEXTS = 900
WEEKS = 6
INTERNAL, COPIED, PARTNER, DISPUTED, HEDGED = 0.045, 0.06, 0.06, 0.03, 0.017
SHARED_LUCK = 0.9
TOLD_BY_OLD = 0.35
TOLD_BY_NEW = 0.75
"""How much a system's score tells about whether its answer is right."""

CLUSTERS = ((0.2, 0.6), (1.4, 6.0), (2.0, 9.0))
"""How much customers differ in what the new system is worth to them, and how many rows they have, roughly."""

Row = dict[str, str]


@dataclass(frozen=True)
class Wishes:
    """What a log shall be like: how good the new system is (in log odds), and which rows it holds besides.

    The more it is `clustered` (0 to 2), the more rows has a customer, and the more the new system's luck is the
    customer's.
    """

    lift: float
    clustered: int
    partner: bool
    disputed: bool


@dataclass(frozen=True)
class _Customer:
    name: str
    segment: int
    ease: float
    liking: float


def draw_log(
    skin: Skin, cut: date, runs: tuple[int, ...], wishes: Wishes, chance: random.Random
) -> dict[str, list[Row]]:
    """Return the rows of `log.csv` and of `training.csv`."""
    return _Draw(skin, cut, runs, wishes, chance).tables()


class _Draw:
    def __init__(self, skin: Skin, cut: date, runs: tuple[int, ...], wishes: Wishes, chance: random.Random) -> None:
        self.skin, self.cut, self.runs, self.wishes = skin, cut, runs, wishes
        self.whole, self.chance = chance, chance
        self.number = chance.randint(20_000, 60_000)
        offsets = [-0.45, 0.0, 0.45]
        chance.shuffle(offsets)
        self.offsets = dict(zip(runs, offsets, strict=True))
        self.training = [self._key() for _ in range(TRAINING_TEXTS)]

    def tables(self) -> dict[str, list[Row]]:
        rows = [self._row(customer, self._before, held=True) for customer in self._customers(DEV_ROWS)]
        rows += [self._row(customer, lambda: self.cut, held=False) for customer in self._customers(CUT_DAY_ROWS)]
        rows += [self._row(customer, self._after, held=False) for customer in self._customers(TEST_ROWS)]
        self.chance = self.whole
        self.chance.shuffle(rows)
        rows.sort(key=lambda row: row["received"])
        for row in rows:
            self.number += self.chance.randint(1, 9)
            row["item_id"] = f"{self.skin.prefix}{self.number}"
        first = self.number - 30_000
        held = [
            {"item_id": f"{self.skin.prefix}{first + place}", "text_key": key}
            for place, key in enumerate(self.training)
        ]
        return {"log": [{"item_id": row.pop("item_id"), **row} for row in rows], "training": held}

    def _key(self) -> str:
        return f"{self.chance.getrandbits(40):010x}"

    def _before(self) -> date:
        return self.cut - timedelta(days=self.chance.randint(0, 55))

    def _after(self) -> date:
        return self.cut + timedelta(days=self.chance.randint(1, 7 * WEEKS))

    def _customers(self, rows: int) -> list[_Customer]:
        """Return a customer for every row; some have many rows."""
        chance = self.whole
        found: list[_Customer] = []
        liking, rows_each = CLUSTERS[self.wishes.clustered]
        while len(found) < rows:
            names = f"c{chance.getrandbits(24):06x}"
            segment = chance.choices(range(5), SHARES)[0]
            one = _Customer(names, segment, chance.gauss(0, 0.5), chance.gauss(0, liking))
            found += [one] * min(1 + int(chance.expovariate(1 / rows_each)), rows - len(found))
        return found

    def _row(self, customer: _Customer, drawn_day: Callable[[], date], *, held: bool) -> Row:
        """Draw one row; what the new system was trained on, and our own trials, are easy for it.

        Each row has random numbers of its own, so that a slightly better system changes few rows and not all of them.
        """
        self.chance = chance = random.Random(self.whole.getrandbits(64))
        day = drawn_day()
        later = day > self.cut
        internal = chance.random() < INTERNAL
        copied = later and not internal and chance.random() < COPIED
        known = copied or (day == self.cut and not held)
        row = {
            "received": day.isoformat(),
            "customer": customer.name,
            "segment": self._segment(customer, later=later),
            "account": "internal" if internal else "live",
            "held_out": "yes" if held else "no",
            "text_key": chance.choice(self.training) if copied else self._key(),
            "gold": chance.choice(self.skin.labels),
        }
        ease, luck, shift = chance.gauss(0, 1.9) + customer.ease, chance.random(), -0.35 * customer.segment
        self._answer(row, "old", 1.5 + ease, shift=shift + 0.9, luck=luck)
        row["old_status"] = "ok" if chance.random() >= 0.01 else "timeout"
        odds = 4.0 if known or internal else 1.5 + self.wishes.lift + ease + customer.liking
        self._new_answers(row, odds, shift=shift - (0.95 if later and not known else 0.0), luck=luck)
        if not known and not internal:
            self._troubles(row, hard=ease < 0.5)
        self._verdicts(row)
        if self.wishes.disputed and later and chance.random() < DISPUTED:
            row["gold"] = ""
        return row

    def _segment(self, customer: _Customer, *, later: bool) -> str:
        if self.wishes.partner and later and self.chance.random() < PARTNER:
            return self.skin.partner
        return self.skin.segments[customer.segment]

    def _new_answers(self, row: Row, odds: float, *, shift: float, luck: float) -> None:
        for run in self.runs:
            self._answer(row, f"new_{run}", odds + self.offsets[run], shift=shift, luck=luck)

    def _troubles(self, row: Row, *, hard: bool) -> None:
        """Let the new system fail on some rows, mostly hard ones, and hedge on others."""
        chance = self.chance
        failed = chance.random() < (0.11 if hard else 0.01)
        hedging = chance.random() < HEDGED
        status = chance.choice(("timeout", "error")) if failed else "ok"
        for run in self.runs:
            row[f"new_{run}_status"] = status
            if hedging:
                self._hedge(row, f"new_{run}")

    def _answer(self, row: Row, system: str, odds: float, *, shift: float, luck: float) -> None:
        """Write down one system's answer; what is hard for one is often hard for all, so luck is mostly shared."""
        chance, gold = self.chance, row["gold"]
        right = (luck if chance.random() < SHARED_LUCK else chance.random()) < _share(odds)
        others = [label for label in self.skin.labels if label != gold]
        row[f"{system}_label"] = gold if right else chance.choice(others)
        told = TOLD_BY_OLD if system == "old" else TOLD_BY_NEW
        sure = told * (0.7 * odds + (1.0 if right else -1.0)) + shift + chance.gauss(0, 0.6)
        row[f"{system}_score"] = f"{min(max(_share(sure), 0.01), 0.99):.3f}"
        row[f"{system}_status"] = "ok"

    def _hedge(self, row: Row, system: str) -> None:
        gold = row["gold"]
        others = [label for label in self.skin.labels if label != gold]
        offered = [gold if self.chance.random() < 0.9 else others[0], others[1]]
        self.chance.shuffle(offered)
        row[f"{system}_label"] = "|".join(offered)
        row[f"{system}_score"] = f"{max(float(row[f'{system}_score']), self.chance.uniform(0.6, 0.9)):.3f}"

    def _verdicts(self, row: Row) -> None:
        """Write down whom a model judge prefers in either order; it likes what stands first."""
        asked = self.chance.random() < 0.4
        better = (row[f"new_{self.runs[0]}_label"] == row["gold"]) - (row["old_label"] == row["gold"])
        for order, first in (("new_first", "new"), ("old_first", "old")):
            row[f"verdict_{order}"] = self._verdict(better, first) if asked else ""

    def _verdict(self, better: int, first: str) -> str:
        chance = self.chance
        if chance.random() < 0.24:
            return first
        if chance.random() < 0.16:
            return "tie"
        return "new" if chance.random() < 0.52 + 0.33 * better else "old"


def _share(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))
