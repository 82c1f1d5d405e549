"""Draws the tables of one variant from its seed."""

import json
import random

from shipworthy.kit import Variant

COMPANIES = ("Nordwind Parcels", "Olive & Oak", "Meridian Freight", "Karst Bikes")
UNITS = ("hours", "minutes", "days")
GROUPS = ("north", "east", "south", "west", "harbour", "airport")
TABLES = 12

Row = dict[str, str | float | None]


def generate(seed: int) -> Variant:
    """Return the variant of this seed; the same seed always gives the same bytes."""
    drawn = random.Random(seed)
    parameters = {"company": drawn.choice(COMPANIES), "unit": drawn.choice(UNITS)}
    examples = [odd_groups(drawn), even_groups(drawn)]
    tables = {draw.__name__: [draw(drawn) for _ in range(TABLES)] for draw in DRAWS}
    return Variant(
        parameters=parameters,
        public={"public/examples.json": json.dumps(examples, indent=1).encode()},
        hidden={"tables.json": json.dumps(tables).encode()},
    )


def odd_groups(drawn: random.Random) -> list[Row]:
    """Groups of 3 to 9 values, one after the other."""
    return [row for group in some_groups(drawn) for row in rows_of(drawn, group, 2 * drawn.randint(1, 4) + 1)]


def even_groups(drawn: random.Random) -> list[Row]:
    """Groups of 2 to 8 different values, so that the two middle ones always differ."""
    return [row for group in some_groups(drawn) for row in rows_of(drawn, group, 2 * drawn.randint(1, 4))]


def missing_values(drawn: random.Random) -> list[Row]:
    """Groups with missing values in between, and one group with nothing else."""
    *groups, empty = some_groups(drawn)
    rows = [row for group in groups for row in rows_of(drawn, group, 5)]
    rows += [{"group": group, "value": None} for group in (*groups, empty)]
    drawn.shuffle(rows)
    return rows


def row_order(drawn: random.Random) -> list[Row]:
    """Every group's largest value comes last, far from its neighbours."""
    tables = [rows_of(drawn, group, 5) for group in some_groups(drawn)]
    early = [row for rows in tables for row in rows[:-1]]
    drawn.shuffle(early)
    return early + [rows[-1] for rows in tables]


def some_groups(drawn: random.Random) -> list[str]:
    """Three of the groups."""
    return drawn.sample(GROUPS, 3)


def rows_of(drawn: random.Random, group: str, count: int) -> list[Row]:
    """Rows of one group with different values above 0, the largest last."""
    values = drawn.sample(range(100, 10_000), count)
    largest = max(values)
    ordered = [value for value in values if value != largest] + [largest]
    return [{"group": group, "value": value / 10} for value in ordered]


DRAWS = (odd_groups, even_groups, missing_values, row_order)
