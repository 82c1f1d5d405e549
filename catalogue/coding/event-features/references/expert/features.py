"""Point-in-time features from the event log.

Every version of every event that a feature can need is kept in one SQLite table, with the moment when it was first
delivered. Features are computed from that table only, so files may come late, twice, or never again.
"""

import argparse
import csv
import gzip
import json
import sqlite3
import sys
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

DAY = 86400
BROKEN_FILE = 3
KINDS = {"order.placed": "order", "order.refunded": "refund", "session.started": "session", "ticket.opened": "ticket"}
NEEDED = frozenset(KINDS.values())
COLUMNS = ("orders_short", "orders_long", "net_spend_long_cents", "active_days_long", "days_since_last_order")
UNREADABLE = (EOFError, OSError, zlib.error, UnicodeDecodeError, ValueError, KeyError, csv.Error)
SCHEMA = """
create table if not exists version (
    event_id text, rev integer, received integer, kind text, customer text, at integer, cents integer, ref text,
    void integer, primary key (event_id, rev)) without rowid;
create index if not exists by_customer on version (customer, event_id);
create index if not exists by_ref on version (ref, event_id) where ref <> '';
"""
# At-least-once delivery: a version is known from its first delivery on, in whichever order files bring it.
STORE = """
insert into version values (?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (event_id, rev) do update set received = min(received, excluded.received)
"""
FETCH = """
with own as (select distinct event_id from version where customer = :customer),
     wanted as (select event_id from own union select event_id from version where ref in own and ref <> '')
select event_id, kind, customer, at, cents, ref, void from version
where event_id in wanted and received <= :as_of order by event_id, rev
"""


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def old_rows(path: Path) -> Iterator[tuple]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        place = {name: number for number, name in enumerate(next(rows))}
        kind, zone, amount = place["kind"], place["tz"], place["amount"]
        for row in rows:
            if row[kind] not in NEEDED:
                continue
            wall = datetime.fromisoformat(row[place["event_time"]]).replace(tzinfo=ZoneInfo(row[zone]), fold=0)
            cents = int(Decimal(row[amount]) * 100) if row[amount] else 0
            yield (
                row[place["event_id"]], int(row[place["rev"]]), instant(row[place["ingested_at"]]), row[kind],
                row[place["customer_id"]], int(wall.timestamp()), cents, row[place["ref"]], row[place["status"]] == "void",
            )  # fmt: skip


def new_rows(path: Path) -> Iterator[tuple]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["type"] not in KINDS:
                continue
            yield (
                row["id"], row["rev"], instant(row["received_at"]), KINDS[row["type"]], row["customer"]["id"],
                instant(row["occurred_at"]), row["amount_cents"] or 0, row["refers_to"] or "", row["deleted"],
            )  # fmt: skip


def absorb(state: sqlite3.Connection, path: Path) -> None:
    """Store a file's rows, all or none."""
    rows = old_rows(path) if path.name.endswith(".csv.gz") else new_rows(path)
    with state:
        state.execute("begin")
        state.executemany(STORE, rows)


def absorb_all(state: sqlite3.Connection, events: Path) -> list[str]:
    broken = []
    for path in sorted(events.glob("events-*.gz")):
        try:
            absorb(state, path)
        except UNREADABLE as fault:
            broken.append(path.name)
            print(f"{path.name} cannot be read to its end, nothing of it counts: {fault!r}", file=sys.stderr)
    return broken


def known(state: sqlite3.Connection, customer: str, as_of: int) -> list[tuple]:
    """The current version, as of then, of the events that concern a customer; versions come in ascending order."""
    current = {row[0]: row for row in state.execute(FETCH, {"customer": customer, "as_of": as_of})}
    return [row for row in current.values() if not row[6] and row[3] <= as_of]


def features(events: Iterable[tuple], customer: str, home: ZoneInfo, as_of: int, short: int, long: int) -> tuple:
    refunded: dict[str, int] = {}
    for _, kind, _, _, cents, ref, _ in events:
        if kind == "refund":
            refunded[ref] = refunded.get(ref, 0) + cents
    own = [event for event in events if event[2] == customer]
    worth = [(at, max(0, cents - refunded.get(name, 0))) for name, kind, _, at, cents, _, _ in own if kind == "order"]
    orders = [(at, cents) for at, cents in worth if cents > 0]
    recent = [cents for at, cents in orders if at > as_of - long * DAY]
    active = {day(at, home) for _, kind, _, at, *_ in own if kind != "refund" and at > as_of - long * DAY}
    last = max((at for at, _ in orders), default=None)
    since = -1 if last is None else day(as_of, home) - day(last, home)
    return sum(at > as_of - short * DAY for at, _ in orders), len(recent), sum(recent), len(active), since


def day(at: int, home: ZoneInfo) -> int:
    return datetime.fromtimestamp(at, tz=home).toordinal()


def write(state: sqlite3.Connection, options: argparse.Namespace) -> None:
    with open(options.customers, newline="", encoding="utf-8") as lines:
        homes = {row["customer_id"]: ZoneInfo(row["home_tz"]) for row in csv.DictReader(lines)}
    waiting = options.out.with_suffix(".part")
    with open(options.labels, newline="", encoding="utf-8") as lines, open(waiting, "w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("customer_id", "as_of", *COLUMNS))
        for label in csv.DictReader(lines):
            customer, as_of = label["customer_id"], instant(label["as_of"])
            events, home = known(state, customer, as_of), homes.get(customer, ZoneInfo("UTC"))
            row = features(events, customer, home, as_of, options.short_days, options.long_days)
            table.writerow((customer, label["as_of"], *row))
    waiting.replace(options.out)


def main() -> int:
    parser = argparse.ArgumentParser()
    for name in ("events", "customers", "labels", "state", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--short-days", type=int, required=True)
    parser.add_argument("--long-days", type=int, required=True)
    options = parser.parse_args()
    options.state.mkdir(parents=True, exist_ok=True)
    state = sqlite3.connect(options.state / "versions.sqlite", isolation_level=None)
    state.executescript(SCHEMA)
    broken = absorb_all(state, options.events)
    write(state, options)
    state.close()
    return BROKEN_FILE if broken else 0


if __name__ == "__main__":
    sys.exit(main())
