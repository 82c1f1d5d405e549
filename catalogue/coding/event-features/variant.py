"""Draws one event log, its label rows, and the answers, from a seed."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from shipworthy.kit import Variant

sys.path.insert(0, str(Path(__file__).parent / "sources"))
try:
    import cases
    import files
    import truth
    import zones
finally:
    sys.path.pop(0)

COMPANIES = ("Nordlicht Outdoor", "Pampelmuse Kitchen", "Velo & Vale", "Lumen Books", "Kaisa Ceramics")
INPUTS = "inputs"
REPLAY_MB = 210
REPLAY_CUSTOMERS = 40


@dataclass(frozen=True)
class Asked:
    """One label row and what is known about it: its check, the right features, and the columns that count."""

    check: str
    trap: str
    run: str
    question: truth.Question
    right: dict[str, int]
    counts: tuple[str, ...]


@dataclass
class Log:
    """Everything that was drawn for one log."""

    deliveries: list[truth.Delivery]
    homes: dict[str, str]
    asked: list[Asked]


def generate(seed: int) -> Variant:
    """Return the workspace's sample log and the hidden log, both drawn from `seed`."""
    rng = np.random.default_rng([seed, 20250])
    calendar = _calendar(rng)
    sample = _log(cases.Story(rng, calendar, "S"), sample=True)
    hidden = _log(cases.Story(rng, calendar, "C"), sample=False)
    return Variant(
        parameters=_parameters(rng, calendar),
        starter=_sample_files(rng, calendar, sample),
        hidden=_hidden_files(rng, calendar, hidden),
    )


def _calendar(rng: np.random.Generator) -> cases.Calendar:
    year = int(rng.choice([2022, 2023, 2024, 2025]))
    switch = zones.sunday(year, 11, 0).toordinal() + int(rng.integers(4, 7))
    start = datetime(year, 1, 1, tzinfo=UTC).timestamp() + (switch - 30 - date(year, 1, 1).toordinal()) * truth.DAY
    return cases.Calendar(year, int(start), short=int(rng.integers(6, 9)), long=int(rng.integers(20, 25)))


def _parameters(rng: np.random.Generator, calendar: cases.Calendar) -> dict[str, str | int]:
    switch = files.utc_text(calendar.switch)[:10]
    company = COMPANIES[int(rng.integers(len(COMPANIES)))]
    return {
        "company": company,
        "switch": switch,
        "short": calendar.short,
        "long": calendar.long,
        "replay_mb": REPLAY_MB,
    }


def _log(story: cases.Story, *, sample: bool) -> Log:
    log = Log([], {}, [])
    for trap in cases.TRAPS:
        rows = trap.sample if sample else trap.rows
        values: Counter[tuple[str, int]] = Counter()
        for _ in range(rows):
            case, asked = _ask(story, trap, values, (rows + 1) // 2)
            values.update((column, asked.right[column]) for column in asked.counts)
            log.deliveries += case.deliveries
            log.homes |= case.homes
            log.asked.append(asked)
    return log


def _ask(story: cases.Story, trap: cases.Trap, values: Counter[tuple[str, int]], most: int) -> tuple[cases.Case, Asked]:
    """Draw until a case tells something; no value may answer more than `most` rows, unless nothing else comes."""
    for attempt in range(400):
        story.begin()
        case = trap.build(story)
        question = _question(story.calendar, case)
        right = truth.answer(question, list(_delivered(case.deliveries, trap.run, story.calendar)))
        counts = _telling(story.calendar, trap, case, question, right)
        counts = tuple(column for column in counts if values[column, right[column]] < most + attempt // 80)
        if counts:
            return case, Asked(trap.check, trap.build.__name__, trap.run, question, right, counts)
    raise RuntimeError(f"the case {trap.build.__name__} never shows what it should")


def _question(calendar: cases.Calendar, case: cases.Case) -> truth.Question:
    home = case.homes[case.customer]
    return truth.Question(case.customer, home, case.as_of, calendar.short, calendar.long, calendar.year)


def _delivered(deliveries: Iterable[truth.Delivery], run: str, calendar: cases.Calendar) -> Iterator[truth.Delivery]:
    ends = {"first": calendar.archived, "second": calendar.second_end, "third": calendar.broken_day}
    end = ends.get(run, calendar.broken_day + truth.DAY)
    for delivery in deliveries:
        if delivery.received < end and (run == "fourth" or not _missed(delivery)):
            yield delivery


def _missed(delivery: truth.Delivery) -> bool:
    return delivery.event_id.startswith("m")


def _telling(
    calendar: cases.Calendar, trap: cases.Trap, case: cases.Case, question: truth.Question, right: dict[str, int]
) -> tuple[str, ...]:
    """Return the columns in which every mistake of the trap shows, and no unrelated one does."""
    columns = [column for column in trap.columns if right[column] > 0]
    for mistake in trap.mistakes:
        wrong = _wrong(calendar, trap.run, case, question, mistake)
        columns = [column for column in columns if wrong[column] != right[column]]
    for mistake in truth.MISTAKES:
        if columns and mistake not in (*trap.mistakes, *trap.related, "drop_late"):
            wrong = _wrong(calendar, trap.run, case, question, mistake)
            columns = [column for column in columns if wrong[column] == right[column]]
    return tuple(columns)


def _wrong(
    calendar: cases.Calendar, run: str, case: cases.Case, question: truth.Question, mistake: str
) -> dict[str, int]:
    delivered = list(_delivered(case.deliveries, run, calendar))
    if mistake in truth.MISTAKES:
        return truth.answer(question, delivered, truth.MISTAKES[mistake])
    kept: dict[str, Callable[[truth.Delivery], bool]] = {
        "new_files_only": lambda row: row.received >= calendar.archived,
        "old_files_only": lambda row: row.received < calendar.archived,
        "without_missed": lambda row: not _missed(row),
        "without_broken": lambda row: row.received < calendar.broken_day,
    }
    if mistake == "with_broken":
        return truth.answer(question, case.deliveries)
    return truth.answer(question, [row for row in delivered if kept[mistake](row)])


def _pings(
    rng: np.random.Generator, calendar: cases.Calendar, homes: dict[str, str], days: int
) -> list[truth.Delivery]:
    """Device pings: most of the log, and no feature's business."""
    names, rows = sorted(homes), []
    for number in range(days * 20):
        received = calendar.start + number // 20 * truth.DAY + int(rng.integers(600, truth.DAY))
        customer = names[int(rng.integers(len(names)))]
        schema = 1 if received < calendar.switch else 2
        at, zone = received - int(rng.integers(1, 500)), homes[customer]
        rows.append(
            truth.Delivery(
                f"p{number:07d}", 1, "ping", customer, at, zone, 0, "", void=False, received=received, schema=schema
            )
        )
    return rows


def _customers(homes: dict[str, str]) -> bytes:
    rows = ({"customer_id": name, "home_tz": homes[name]} for name in sorted(homes))
    return files.table(("customer_id", "home_tz"), rows)


def _labels(asked: Iterable[Asked]) -> bytes:
    rows = ({"customer_id": row.question.customer, "as_of": files.utc_text(row.question.as_of)} for row in asked)
    return files.table(("customer_id", "as_of"), rows)


def _shuffled(rng: np.random.Generator, asked: list[Asked]) -> list[Asked]:
    return [asked[int(place)] for place in rng.permutation(len(asked))]


def _sample_files(rng: np.random.Generator, calendar: cases.Calendar, log: Log) -> dict[str, bytes]:
    asked = _shuffled(rng, log.asked)
    rows = [*log.deliveries, *_pings(rng, calendar, log.homes, calendar.first_days)]
    kept = _delivered(rows, "first", calendar)
    found = {f"sample/events/{name}": content for name, content in files.day_files(rng, kept, calendar.year).items()}
    expected = (
        {"customer_id": row.question.customer, "as_of": files.utc_text(row.question.as_of), **row.right}
        for row in asked
    )
    found["sample/customers.csv"] = _customers(log.homes)
    found["sample/labels.csv"] = _labels(asked)
    found["sample/expected.csv"] = files.table(("customer_id", "as_of", *truth.COLUMNS), expected)
    return found


def _hidden_files(rng: np.random.Generator, calendar: cases.Calendar, log: Log) -> dict[str, bytes]:
    found = {f"{INPUTS}/customers.csv": _customers(log.homes)}
    rows = [*log.deliveries, *_pings(rng, calendar, log.homes, 54)]
    known = [row for row in rows if not _missed(row)]
    for run, low, high in (
        ("first", 0, calendar.archived),
        ("second", calendar.archived, calendar.second_end),
        ("third", calendar.second_end, calendar.broken_day),
    ):
        part = [row for row in known if low <= row.received < high]
        found |= {
            f"{INPUTS}/{run}/{name}": content for name, content in files.day_files(rng, part, calendar.year).items()
        }
    _late_files(found, calendar, rows)
    for run in ("first", "second", "third", "fourth"):
        asked = _shuffled(rng, [row for row in log.asked if row.run == run])
        found[f"{INPUTS}/{run}.labels.csv"] = _labels(asked)
        found[f"answers/{run}.json"] = _answers(asked)
    return found | _replay(rng, calendar)


def _late_files(found: dict[str, bytes], calendar: cases.Calendar, rows: list[truth.Delivery]) -> None:
    """Add the broken file, the same file whole, the day that is exported again, and an unchanged old day."""
    broken = [row for row in rows if calendar.broken_day <= row.received < calendar.broken_day + truth.DAY]
    orders, others = [row for row in broken if row.kind != "ping"], [row for row in broken if row.kind == "ping"]
    name = files.day_name(calendar.broken_day, 2)
    whole = files.leading_file(orders, others, 2, calendar.year)
    found[f"{INPUTS}/third/{name}"] = whole[: len(whole) * 4 // 5]
    found[f"{INPUTS}/fourth/{name}"] = whole
    again = calendar.archived + 4 * truth.DAY
    day = [row for row in rows if again <= row.received < again + truth.DAY]
    found[f"{INPUTS}/fourth/{files.day_name(again, 2)}"] = files.leading_file(day, [], 2, calendar.year)
    old = files.day_name(calendar.start + 20 * truth.DAY, 1)
    found[f"{INPUTS}/fourth/{old}"] = found[f"{INPUTS}/first/{old}"]


def _answers(asked: list[Asked]) -> bytes:
    rows = [
        {
            "check": row.check,
            "trap": row.trap,
            "customer_id": row.question.customer,
            "as_of": files.utc_text(row.question.as_of),
            "counts": {column: row.right[column] for column in row.counts},
        }
        for row in asked
    ]
    return json.dumps(rows).encode()


def _replay(rng: np.random.Generator, calendar: cases.Calendar) -> dict[str, bytes]:
    """Draw the rows of the replay: a month of one exporter, received on one day. The judge puts pings between them."""
    story = cases.Story(rng, calendar, "R")
    day = calendar.start + 29 * truth.DAY
    rows: list[truth.Delivery] = []
    homes: dict[str, str] = {}
    asked: list[Asked] = []
    for _ in range(REPLAY_CUSTOMERS):
        story.begin()
        customer = story.customer("UTC")
        story.routine(customer, last=28, orders=8)
        for order in story.deliveries[:3]:
            story.again(order, order.received + 60)
        received = [story.again(row, day + story.between(0, truth.DAY)) for row in tuple(story.deliveries)]
        question = truth.Question(
            customer, "UTC", calendar.switch + 20 * 3600, calendar.short, calendar.long, calendar.year
        )
        right = truth.answer(question, received)
        asked.append(Asked("memory", "replay", "replay", question, right, truth.COLUMNS))
        rows += received
        homes |= story.homes
    ordered = [rows[int(place)] for place in rng.permutation(len(rows))]
    return {
        f"{INPUTS}/replay.customers.csv": _customers(homes),
        f"{INPUTS}/replay.labels.csv": _labels(asked),
        "answers/replay.json": _answers(asked),
        f"{INPUTS}/replay.rows.csv": "".join(files.old_row(row, calendar.year) for row in ordered).encode(),
    }
