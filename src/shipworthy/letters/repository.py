"""The SQL of letters."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Table,
    Text,
    Uuid,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
    update,
)

from shipworthy.letters.entities import Letter, LetterState
from shipworthy.store.tables import TABLES, belongs_to_organisation, key, moment

LETTER = Table(
    "letter",
    TABLES,
    key(),
    belongs_to_organisation(),
    Column("recipient", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("fault", Text, nullable=False),
    Column("secret", Text, nullable=False),
    moment("created_at"),
    moment("next_at", optional=True),
    moment("sent_at", optional=True),
)


def add(work: Connection, letters: Sequence[Letter]) -> None:
    """Write letters."""
    work.execute(insert(LETTER), [_row(letter) for letter in letters])


def claim(work: Connection, *, now: datetime, until: datetime) -> Letter | None:
    """Take the letter that has been due for longest, if there is one, and keep others from it until a moment."""
    due = (
        select(LETTER.c.id)
        .where(LETTER.c.state == LetterState.WAITING, LETTER.c.next_at <= now)
        .order_by(LETTER.c.next_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = work.execute(update(LETTER).where(LETTER.c.id == due).values(next_at=until).returning(LETTER)).first()
    return _letter(row) if row else None


def change(work: Connection, letter: Letter) -> None:
    """Write what became of a letter."""
    values = _row(letter)
    work.execute(update(LETTER).where(LETTER.c.id == values.pop("id")).values(values))


def one(work: Connection, letter: UUID) -> Letter | None:
    """Return a letter."""
    row = work.execute(select(LETTER).where(LETTER.c.id == letter)).first()
    return _letter(row) if row else None


def newest(
    work: Connection,
    *,
    state: LetterState | None,
    about: str,
    kinds: Sequence[str],
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Letter]:
    """Return letters, the newest first, that were written before a place in the list."""
    query = select(LETTER).order_by(LETTER.c.created_at.desc(), LETTER.c.id.desc()).limit(limit)
    if state:
        query = query.where(LETTER.c.state == state)
    if about:
        query = query.where(LETTER.c.about == about)
    query = query.where(_is_about(kinds))
    if before:
        place = tuple_(literal(before[0]), literal(before[1], Uuid))
        query = query.where(tuple_(LETTER.c.created_at, LETTER.c.id) < place)
    return [_letter(row) for row in work.execute(query)]


def _is_about(kinds: Sequence[str]) -> ColumnElement[bool]:
    named = [LETTER.c.about.startswith(f"{kind}:", autoescape=True) for kind in kinds]
    return or_(*named) if named else true()


def counts(work: Connection, *, kinds: Sequence[str], most: int) -> dict[LetterState, int]:
    """Return how many letters stand where, counting to `most` and one more."""
    parts = []
    for state in LetterState:
        counted = select(LETTER.c.id).where(LETTER.c.state == state, _is_about(kinds)).limit(most + 1).subquery()
        parts.append(select(literal(state.value).label("state"), func.count().label("count")).select_from(counted))
    return {LetterState(row.state): int(row[1]) for row in work.execute(union_all(*parts))}


def _row(letter: Letter) -> dict[str, Any]:
    values = asdict(letter)
    values["organisation_id"] = values.pop("organisation")
    values["state"] = letter.state.value
    return values


def _letter(row: Row[Any]) -> Letter:
    values = dict(row._mapping)
    values["organisation"] = values.pop("organisation_id")
    values["state"] = LetterState(values["state"])
    return Letter(**values)
