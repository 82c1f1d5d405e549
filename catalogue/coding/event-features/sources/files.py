"""Writes deliveries as the two exporters did: day files of CSV, then of JSON lines, gzipped."""

import gzip
import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import numpy as np
from truth import DAY, Delivery, shown_amount
from zones import offset

HEADER = "event_id,rev,kind,customer_id,event_time,tz,amount,ref,status,ingested_at,context\n"
NEW_KINDS = {
    "order": "order.placed",
    "refund": "order.refunded",
    "session": "session.started",
    "ticket": "ticket.opened",
    "ping": "device.ping",
}
SCREENS = ("home", "search", "list", "item", "basket", "checkout", "orders", "help")
PING_ROWS = 1500


def utc_text(instant: int) -> str:
    """Write an instant as `2025-10-26T01:30:00Z`."""
    return datetime.fromtimestamp(instant, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _wall(delivery: Delivery, year: int) -> datetime:
    return datetime.fromtimestamp(delivery.at + offset(delivery.zone, delivery.at, year), tz=UTC)


def _context(number: int, screens: int) -> dict[str, object]:
    seen = [SCREENS[(number * 3 + step) % len(SCREENS)] for step in range(screens)]
    return {"app": f"4.{number % 9}", "battery": number % 100, "screens": seen}


def old_row(delivery: Delivery, year: int, screens: int = 2) -> str:
    """Write one delivery as a line of the CSV schema."""
    wall = _wall(delivery, year).strftime("%Y-%m-%d %H:%M:%S")
    context = json.dumps(_context(int(delivery.event_id[1:]) % 32, screens)).replace('"', '""')
    amount = shown_amount(delivery.cents) if delivery.kind in {"order", "refund"} else ""
    status = "void" if delivery.void else "ok"
    cells = (
        delivery.event_id,
        delivery.rev,
        delivery.kind,
        delivery.customer,
        wall,
        delivery.zone,
        amount,
        delivery.ref,
        status,
    )
    return ",".join(map(str, cells)) + f',{utc_text(delivery.received)},"{context}"\n'


def new_row(delivery: Delivery, year: int) -> str:
    """Write one delivery as a line of the JSON schema."""
    ahead = offset(delivery.zone, delivery.at, year)
    sign, minutes = ("-" if ahead < 0 else "+"), abs(ahead) // 60
    at = _wall(delivery, year).strftime("%Y-%m-%dT%H:%M:%S") + f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    row = {
        "id": delivery.event_id,
        "rev": delivery.rev,
        "type": NEW_KINDS[delivery.kind],
        "customer": {"id": delivery.customer},
        "occurred_at": at,
        "received_at": utc_text(delivery.received),
        "amount_cents": delivery.cents if delivery.kind in {"order", "refund"} else None,
        "refers_to": delivery.ref or None,
        "deleted": delivery.void,
        "context": _context(int(delivery.event_id[1:]), 2),
    }
    return json.dumps(row) + "\n"


def day_name(midnight: int, schema: int) -> str:
    """Return the name of a day's file."""
    day = datetime.fromtimestamp(midnight, tz=UTC).strftime("%Y-%m-%d")
    return f"events-{day}.{'csv' if schema == 1 else 'jsonl'}.gz"


def packed(text: str) -> bytes:
    """Gzip without a time stamp, so that the same rows give the same bytes."""
    return gzip.compress(text.encode(), 6, mtime=0)


def day_files(rng: np.random.Generator, deliveries: Iterable[Delivery], year: int) -> dict[str, bytes]:
    """Write each delivery to the file of the day on which it was received, rows in no order."""
    days: dict[tuple[int, int], list[Delivery]] = {}
    for delivery in deliveries:
        days.setdefault((delivery.received // DAY * DAY, delivery.schema), []).append(delivery)
    files = {}
    for (midnight, schema), rows in sorted(days.items()):
        ordered = [rows[int(place)] for place in rng.permutation(len(rows))]
        files[day_name(midnight, schema)] = packed(_text(ordered, schema, year))
    return files


def _text(rows: Iterable[Delivery], schema: int, year: int) -> str:
    if schema == 1:
        return HEADER + "".join(old_row(row, year) for row in rows)
    return "".join(new_row(row, year) for row in rows)


def leading_file(first: list[Delivery], rest: list[Delivery], schema: int, year: int) -> bytes:
    """Write one file whose first rows are given, so that a cut leaves them readable."""
    return packed(_text([*first, *rest], schema, year))


def _pings(day: int) -> tuple[bytes, bytes]:
    rows = []
    for number in range(PING_ROWS):
        at = day - (number % 28) * DAY + number
        rows.append(
            Delivery(
                f"p{number:07d}",
                1,
                "ping",
                f"D{number % 200:04d}",
                at,
                "UTC",
                0,
                "",
                void=False,
                received=day + number,
                schema=1,
            )
        )
    text = "".join(old_row(row, 0, 64) for row in rows).encode()
    return text, _deflated(text)


def _deflated(text: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)


def replay(rows: list[str], day: int, megabytes: int) -> bytes:
    """Write one CSV file of `megabytes` (unpacked): the rows that are given, and far more pings between them.

    The pings repeat one block that is packed once: deflate allows packed parts to be joined after a full flush.
    """
    text, block = _pings(day)
    total, check, packed_parts = 0, 0, []
    for number, part in enumerate(_parts(rows, megabytes * 1_000_000 // len(text))):
        shown = ((HEADER if number == 0 else "") + "".join(part)).encode()
        for plain, deflated in ((shown, _deflated(shown)), (text, block)):
            total, check = total + len(plain), zlib.crc32(plain, check)
            packed_parts.append(deflated)
    last = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS).flush()
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    return head + b"".join(packed_parts) + last + struct.pack("<II", check, total % 2**32)


def _parts(rows: list[str], count: int) -> list[list[str]]:
    return [rows[len(rows) * number // count : len(rows) * (number + 1) // count] for number in range(count)]


def table(columns: tuple[str, ...], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Write a small CSV table."""
    lines = [",".join(columns), *(",".join(str(row[column]) for column in columns) for row in rows)]
    return ("\n".join(lines) + "\n").encode()
