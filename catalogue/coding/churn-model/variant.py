"""Makes one seeded instance: a training export in which one column is too new, live rows of later dates."""

import csv
import io
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from shipworthy.kit import Variant

Floats = NDArray[np.float64]
Row = dict[str, object]

SOURCE = Path(__file__).parent / "sources" / "households.csv"
ROWS_PER_DATE = 1400
TRAINING_DATES = 7
QUIET_DATES = 4
LIVE_DATES = 2
LIVE_ROWS_PER_DATE = 4000
DAMAGED_ROWS = 800
QUIET_RATE, LATE_RATE = 0.05, 0.095
SIGNALS = ("desk_minutes_90d", "portal_idle_days", "reminders_90d")
LOCATION = {"desk_minutes_90d": 2.2, "portal_idle_days": 2.6, "reminders_90d": 2.2}
SPREAD = {"desk_minutes_90d": 0.75, "portal_idle_days": 0.7, "reminders_90d": 0.7}
NUMBERS = (
    "tenure_months", "monthly_price", "last_rise_pct", "visits_12m", "inspection_points", "own_share_pct",
    "yearly_credit", *SIGNALS,
)  # fmt: skip
WORDS = ("region", "channel", "system_grade", "restricted_use", "separate_deductible")
FEATURES = ("snapshot_date", *NUMBERS, *WORDS)
LABEL = "cancelled_60d"
REGION_POOL = ("Aldmoor", "Brant", "Corvale", "Dunmere", "Eskby", "Farholt", "Gilden", "Hartsea", "Ingram", "Kelmarsh")
CHANNELS = ("direct", "partner", "web", "installer")
CHANNEL_SHARES = (0.4, 0.22, 0.24, 0.14)
CHANNEL_EFFECTS = {"direct": 0.0, "partner": 0.15, "web": 0.5, "installer": -0.35}
GRADE_EFFECTS = {"A": 0.0, "B": 0.15, "C": 0.5, "D": 0.9}
COMPANIES = ("Warmhold", "Emberline", "Hearthway", "Boilercare North", "Kindle & Co")
PEOPLE = ("Ines", "Tomasz", "Farida", "Jonas", "Mirela", "Okko", "Saanvi", "Leandro")
UNSEEN_WORDS = ("Portmain", "marketplace", "E", "sometimes", "shared", "unknown segment")


@dataclass(frozen=True)
class Population:
    """Customers of one or more snapshot dates: their cells, what each cell adds to the log-odds, their true chance."""

    cells: dict[str, NDArray[np.object_]]
    effects: dict[str, Floats]
    intercept: Floats
    chance: Floats


def generate(seed: int) -> Variant:
    """Make the instance of `seed`: starter files under data/, and the hidden live rows with their true chances."""
    draw = np.random.default_rng([20251, seed])
    late = SIGNALS[int(draw.integers(len(SIGNALS)))]
    year = int(draw.integers(2019, 2024))
    regions = tuple(str(name) for name in draw.choice(REGION_POOL, size=6, replace=False))
    costs = draw_costs(draw)
    dates = quarter_starts(year, TRAINING_DATES + LIVE_DATES)
    past = population(draw, dates[:TRAINING_DATES], ROWS_PER_DATE, regions, late)
    future = population(draw, dates[TRAINING_DATES:], LIVE_ROWS_PER_DATE, regions, late)
    labels = outcomes(draw, past)
    spread_too_new_column(draw, past, late, labels)
    training = damage_naturally(draw, rows_of(past))
    live = damage_naturally(draw, rows_of(future))
    starter = {
        "data/train.csv": csv_bytes(training, labels, draw),
        "data/columns.csv": dictionary_bytes(late),
        "data/costs.json": json_bytes(costs),
        "data/HISTORY.md": history(dates, regions).encode(),
    }
    parameters: dict[str, Any] = {
        "company": str(draw.choice(COMPANIES)),
        "person": str(draw.choice(PEOPLE)),
        "first_date": dates[0],
        "last_date": dates[TRAINING_DATES - 1],
        "next_date": dates[TRAINING_DATES],
        "rows": len(training),
        "cancelled": int(labels.sum()),
        **costs,
    }
    sample = [{**row, "customer_id": f"P{place:05d}"} for place, row in enumerate(training[:40])]
    return Variant(
        parameters=parameters,
        starter=starter,
        public={"public/sample_rows.json": json_bytes(sample)},
        hidden=hidden_files(draw, live, future, late, costs),
    )


def draw_costs(draw: np.random.Generator) -> dict[str, float]:
    """Draw what a contact costs, how often it works and how many months a saved plan then lasts.

    The three are tied so that a plan of the median price breaks even at the same chance in every instance.
    """
    success = float(draw.choice([0.2, 0.25, 0.3, 0.35]))
    months = int(draw.integers(9, 16))
    median_price, break_even = 24.0, 0.13
    return {
        "contact_cost": round(break_even * success * months * median_price, 1),
        "success_rate": success,
        "months_saved": months,
    }


def quarter_starts(year: int, count: int) -> list[str]:
    """Name the first days of `count` quarters from `year` on."""
    return [f"{year + place // 4}-{1 + 3 * (place % 4):02d}-01" for place in range(count)]


def normal_scores(draw: np.random.Generator, size: int) -> Floats:
    """Give `size` standard normal quantiles in random order, so that every instance has the same spread."""
    return np.asarray(ndtri((draw.permutation(size) + 0.5) / size), dtype=np.float64)


def scores_along(draw: np.random.Generator, chance: Floats, block: int = 50) -> Floats:
    """Give normal quantiles, spread evenly among customers of like chance so that money varies little by seed."""
    scores = np.empty(len(chance))
    for places in np.array_split(np.argsort(chance), len(chance) // block):
        scores[places] = normal_scores(draw, len(places))
    return scores


def shares(
    draw: np.random.Generator, names: tuple[str, ...], parts: tuple[float, ...], size: int
) -> NDArray[np.object_]:
    """Deal `names` in fixed shares and random order."""
    edges = np.cumsum(parts) / sum(parts)
    places = np.searchsorted(edges, (draw.permutation(size) + 0.5) / size)
    return np.array(names, dtype=object)[places]


@cache
def read_households() -> dict[str, NDArray[np.object_]]:
    """Read the real records: visits, cost sharing, deductible, credit, restriction, points and grade."""
    with SOURCE.open(newline="", encoding="utf-8") as stream:
        records = list(csv.DictReader(stream))
    return {name: np.array([record[name] for record in records], dtype=object) for name in records[0]}


def population(
    draw: np.random.Generator, dates: list[str], per_date: int, regions: tuple[str, ...], late: str
) -> Population:
    """Draw customers for `dates`: real records, generated columns, effects, and a fixed mean chance per date."""
    size = per_date * len(dates)
    cells = real_cells(draw, size)
    latent = {name: normal_scores(draw, size) for name in (*SIGNALS, "tenure", "rise")}
    cells |= generated_cells(draw, latent, regions, size)
    cells["snapshot_date"] = np.repeat(np.array(dates, dtype=object), per_date)
    effects = effects_of(cells, latent, late)
    logit = np.sum(list(effects.values()), axis=0)
    intercept = np.concatenate(
        [
            np.full(per_date, solve_intercept(logit[cells["snapshot_date"] == date], rate_of(date, dates)))
            for date in dates
        ]
    )
    chance = sigmoid(logit + intercept)
    cells["monthly_price"] = np.round(24.0 * np.exp(0.6 * scores_along(draw, chance)), 2).astype(object)
    return Population(cells, effects, intercept, chance)


def rate_of(date: str, dates: list[str]) -> float:
    """Say the mean chance at `date`: it steps up after the notice period was cut, and stays up."""
    is_past = len(dates) == TRAINING_DATES
    return QUIET_RATE if is_past and dates.index(date) < QUIET_DATES else LATE_RATE


def real_cells(draw: np.random.Generator, size: int) -> dict[str, NDArray[np.object_]]:
    """Sample real records and give them the words of a heating plan."""
    source = read_households()
    picked = draw.permutation(len(source["visits"]))[:size]
    yes_no = {"0": "no", "1": "yes"}
    return {
        "visits_12m": source["visits"][picked].astype(int).astype(object),
        "inspection_points": source["points"][picked].astype(int).astype(object),
        "own_share_pct": source["share_pct"][picked].astype(int).astype(object),
        "yearly_credit": np.rint(source["credit"][picked].astype(float) / 10).astype(int).astype(object),
        "system_grade": source["grade"][picked],
        "restricted_use": np.array([yes_no[flag] for flag in source["restricted"][picked]], dtype=object),
        "separate_deductible": np.array([yes_no[flag] for flag in source["separate_deductible"][picked]], dtype=object),
    }


def generated_cells(
    draw: np.random.Generator, latent: dict[str, Floats], regions: tuple[str, ...], size: int
) -> dict[str, NDArray[np.object_]]:
    """Turn the latent scores into the columns that the real records do not have."""
    cells: dict[str, NDArray[np.object_]] = {
        name: np.rint(np.exp(LOCATION[name] + SPREAD[name] * latent[name])).astype(int).astype(object)
        for name in SIGNALS
    }
    cells["tenure_months"] = np.rint(np.exp(3.3 + 0.8 * latent["tenure"])).clip(1, 240).astype(int).astype(object)
    cells["last_rise_pct"] = np.round(np.clip(4.0 + 3.0 * latent["rise"], 0.0, None), 1).astype(object)
    cells["region"] = shares(draw, regions, (1.0,) * len(regions), size)
    cells["channel"] = shares(draw, CHANNELS, CHANNEL_SHARES, size)
    return cells


def effects_of(cells: dict[str, NDArray[np.object_]], latent: dict[str, Floats], late: str) -> dict[str, Floats]:
    """Say what each column adds to the log-odds; the column that is too new adds nothing before the outcome."""
    effects = {name: 0.6 * signal_score(name, cells[name]) for name in SIGNALS if name != late}
    effects["tenure_months"] = -0.5 * latent["tenure"]
    effects["last_rise_pct"] = 0.12 * np.clip(cells["last_rise_pct"].astype(float) - 3.0, 0.0, 8.0)
    effects["visits_12m"] = 0.25 * np.log1p(cells["visits_12m"].astype(float))
    effects["inspection_points"] = 0.03 * np.clip(cells["inspection_points"].astype(float) - 5.0, 0.0, 25.0)
    effects["own_share_pct"] = 0.005 * cells["own_share_pct"].astype(float)
    effects["system_grade"] = np.array([GRADE_EFFECTS[grade] for grade in cells["system_grade"]])
    effects["channel"] = np.array([CHANNEL_EFFECTS[channel] for channel in cells["channel"]])
    return effects


def signal_score(name: str, values: NDArray[np.object_]) -> Floats:
    """Read a signal's score back from what the cell shows, so that nothing counts that a cell does not tell."""
    return np.asarray((np.log(np.maximum(values.astype(float), 0.5)) - LOCATION[name]) / SPREAD[name])


def sigmoid(logit: Floats) -> Floats:
    """Turn log-odds into chances."""
    return np.asarray(1.0 / (1.0 + np.exp(-logit)), dtype=np.float64)


def solve_intercept(logit: Floats, rate: float) -> float:
    """Find the constant that gives `logit` a mean chance of `rate`, by bisection."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sigmoid(logit + middle).mean() < rate else (low, middle)
    return (low + high) / 2


def outcomes(draw: np.random.Generator, people: Population) -> NDArray[np.int64]:
    """Draw who cancelled: each with their own chance, systematically along it, so that counts hardly vary."""
    labels = np.zeros(len(people.chance), dtype=np.int64)
    for date in np.unique(people.cells["snapshot_date"].astype(str)):
        places = np.flatnonzero(people.cells["snapshot_date"] == date)
        ordered = places[np.argsort(people.chance[places])]
        marks = np.floor(np.cumsum(people.chance[ordered]) + draw.uniform())
        labels[ordered] = np.diff(marks, prepend=0.0).astype(np.int64)
    return labels


def spread_too_new_column(draw: np.random.Generator, past: Population, late: str, labels: NDArray[np.int64]) -> None:
    """Overwrite `late` in the history with its value at the close of the quarter, after the outcome showed in it."""
    lift = np.where(labels == 1, 1.9 * (draw.uniform(size=len(labels)) < 0.85), 0.0)
    score = normal_scores(draw, len(labels)) + lift
    past.cells[late] = np.rint(np.exp(LOCATION[late] + SPREAD[late] * score)).astype(int).astype(object)


def rows_of(people: Population) -> list[Row]:
    """Lay the cells out as rows, numbers as plain Python numbers."""
    columns = [people.cells[name].tolist() for name in FEATURES]
    return [dict(zip(FEATURES, values, strict=True)) for values in zip(*columns, strict=True)]


def damage_naturally(draw: np.random.Generator, rows: list[Row]) -> list[Row]:
    """Damage rows as the exports do: gaps in three columns, and tenure written in words by partners."""
    gaps = {
        name: set(draw.permutation(len(rows))[: round(share * len(rows))].tolist())
        for name, share in (("system_grade", 0.05), ("inspection_points", 0.04), ("visits_12m", 0.03))
    }
    for place, row in enumerate(rows):
        for name, places in gaps.items():
            if place in places:
                row[name] = None
        if row["channel"] == "partner":
            row["tenure_months"] = tenure_in_words(int(str(row["tenure_months"])))
    return rows


def tenure_in_words(months: int) -> str:
    """Write a tenure as partners do."""
    return f"{months // 12} years" if months % 12 == 0 else f"{months} months"


def csv_bytes(rows: list[Row], labels: NDArray[np.int64], draw: np.random.Generator) -> bytes:
    """Write the training export in random order, gaps as empty cells or N/A."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["customer_id", *FEATURES, LABEL])
    for number, place in enumerate(draw.permutation(len(rows)).tolist()):
        cells = [gap_text(number) if rows[place][name] is None else rows[place][name] for name in FEATURES]
        writer.writerow([f"C{number:05d}", *cells, int(labels[place])])
    return stream.getvalue().encode()


def gap_text(number: int) -> str:
    """Write a missing cell: one export writes nothing, the other N/A."""
    return "N/A" if number % 3 == 0 else ""


def json_bytes(value: object) -> bytes:
    """Write canonical, compact JSON."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


MEANINGS = {
    "snapshot_date": "day on which the row was, or will be, scored; first day of a quarter",
    "tenure_months": "months since the plan began; partners send text such as 18 months or 2 years",
    "monthly_price": "EUR a month at snapshot_date",
    "last_rise_pct": "price rise at the last renewal, per cent",
    "visits_12m": "engineer visits in the last 12 months",
    "inspection_points": "points found at the last inspection",
    "own_share_pct": "share of a repair bill that the customer pays, per cent",
    "yearly_credit": "EUR credited to the customer a year",
    "desk_minutes_90d": "minutes with the service desk, rolling 90 days",
    "portal_idle_days": "days since the customer last opened the portal",
    "reminders_90d": "reminders and other notices sent to the customer, rolling 90 days",
    "region": "service region",
    "channel": "how the plan was sold",
    "system_grade": "grade of the heating system, A best to D worst",
    "restricted_use": "system runs with restrictions: yes or no",
    "separate_deductible": "deductible counted per appliance: yes or no",
}
SOURCES = {
    "desk_minutes_90d": "desk roll-up",
    "portal_idle_days": "portal roll-up",
    "reminders_90d": "messaging roll-up",
    "inspection_points": "inspection reports",
    "system_grade": "inspection reports",
    "restricted_use": "inspection reports",
    "visits_12m": "visit planner",
}
NIGHT_BEFORE = "night before snapshot_date"
AS_OF = {
    "billing": "contract record on snapshot_date",
    "inspection reports": "last report before snapshot_date",
    "visit planner": NIGHT_BEFORE,
}
QUARTER_CLOSE = "close of the quarter that begins at snapshot_date"


def dictionary_bytes(late: str) -> bytes:
    """Write the dictionary: what each column means, whence it comes, and as of when, in the history and live."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["column", "meaning", "source", "as_of_in_history", "as_of_when_scoring"])
    for name in FEATURES:
        source = SOURCES.get(name, "billing")
        live = AS_OF.get(source, NIGHT_BEFORE)
        writer.writerow([name, MEANINGS[name], source, QUARTER_CLOSE if name == late else live, live])
    return stream.getvalue().encode()


def history(dates: list[str], regions: tuple[str, ...]) -> str:
    """Tell what happened in the business: the cut notice period, and two events that did nothing to churn."""
    return "\n".join(
        [
            "# What changed, from the product calendar",
            f"- {dates[1]}: the portal got a new look.",
            f"- {dates[2]}: {regions[0]} and {regions[1]} share one depot.",
            f"- {dates[QUIET_DATES]}: by law the notice period of every plan falls from three months to one, for good.",
            f"- {dates[TRAINING_DATES - 1]}: visits are planned by a new tool; visit counts agree with the old one.",
            "",
        ]
    )


def hidden_files(
    draw: np.random.Generator, live: list[Row], people: Population, late: str, costs: dict[str, float]
) -> dict[str, bytes]:
    """Pack the batches that the judge sends, each with the chances an ideal scorer of those very cells would give."""
    picked = draw.permutation(len(live))[:DAMAGED_ROWS].tolist()
    batches = {"live": live}
    ideal = {"live": informed_chance(people, list(range(len(live))), [gaps(row) for row in live])}
    for kind in ("missing", "unseen", "text", "extreme"):
        rows = [dict(live[place]) for place in picked]
        lost = [gaps(row) | DAMAGES[kind](draw, row, late) for row in rows]
        batches[kind], ideal[kind] = rows, informed_chance(people, picked, lost)
    for level, score in (("late_low", -0.5), ("late_high", 1.9)):
        value = round(float(np.exp(LOCATION[late] + SPREAD[late] * score)))
        batches[level] = [{**live[place], late: value} for place in picked]
    truth = {"chance": people.chance.tolist(), "ideal": ideal, "picked": picked, "costs": costs}
    packed = {f"{name}.json": json_bytes(numbered(name, rows)) for name, rows in batches.items()}
    return {**packed, "truth.json": json_bytes(truth)}


def gaps(row: Row) -> set[str]:
    """Name the columns of a row that hold nothing."""
    return {name for name in FEATURES if row.get(name) is None}


def numbered(batch: str, rows: list[Row]) -> list[Row]:
    """Give the rows of a batch identifiers that occur nowhere else."""
    return [{**row, "customer_id": f"{batch}-{place:05d}"} for place, row in enumerate(rows)]


def informed_chance(people: Population, places: list[int], lost: list[set[str]]) -> list[float]:
    """Give the chances as far as they can be known when the columns in `lost` cannot be read: their mean stands in."""
    logit = np.sum(list(people.effects.values()), axis=0) + people.intercept
    means = {name: float(effect.mean()) for name, effect in people.effects.items()}
    known = logit[places]
    for at, (place, names) in enumerate(zip(places, lost, strict=True)):
        known[at] += sum(means[name] - people.effects[name][place] for name in names if name in means)
    return [float(chance) for chance in sigmoid(known)]


def lose_values(draw: np.random.Generator, row: Row, late: str) -> set[str]:
    """Take three columns of a row away: as null, as empty text, and as a key that is not there."""
    names = pick(draw, [name for name in FEATURES if name != late], 3)
    row[names[0]], row[names[1]] = None, ""
    del row[names[2]]
    return set(names)


def rename_words(draw: np.random.Generator, row: Row, late: str) -> set[str]:
    """Put words in two columns that the history does not have."""
    names = pick(draw, [name for name in WORDS if name != late], 2)
    row.update({name: pick(draw, list(UNSEEN_WORDS), 1)[0] for name in names})
    return set(names)


def write_as_text(draw: np.random.Generator, row: Row, late: str) -> set[str]:
    """Write three numbers as text, and two others as a word that says there is none."""
    names = pick(draw, [name for name in NUMBERS if name not in {late, "tenure_months"}], 5)
    row.update({name: f" {row[name]} " for name in names[:3] if row[name] is not None})
    row.update({name: pick(draw, ["N/A", "unknown", "-"], 1)[0] for name in names[3:]})
    return set(names[3:])


def make_absurd(draw: np.random.Generator, row: Row, late: str) -> set[str]:
    """Put a value in two number columns that no customer can have."""
    names = pick(draw, [name for name in NUMBERS if name != late], 2)
    row.update({name: pick(draw, [999999999, -999, 1e300, 7.5e6], 1)[0] for name in names})
    return set(names)


def pick(draw: np.random.Generator, names: list[Any], count: int) -> list[Any]:
    """Draw `count` different entries."""
    return [names[place] for place in draw.permutation(len(names))[:count]]


DAMAGES = {"missing": lose_values, "unseen": rename_words, "text": write_as_text, "extreme": make_absurd}
