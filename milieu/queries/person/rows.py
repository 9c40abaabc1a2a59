"""The rows that belong to one resident, as plain values; on an earlier day as they were then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Table, or_, select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import (
    ActivityMember,
    Assessment,
    CalmTime,
    Change,
    Limit,
    Refusal,
    Requirement,
    Resident,
    ResidentBusy,
    Target,
    Wish,
    WishAnswer,
)

Values: TypeAlias = dict[str, Any]
RESIDENT = "resident"
OWNED = (
    ResidentBusy,
    CalmTime,
    Wish,
    Refusal,
    Limit,
    Target,
    Requirement,
    ActivityMember,
    Assessment,
    WishAnswer,
)
TABLES: dict[str, Table] = {table.__tablename__: table.__table__ for table in OWNED}  # type: ignore[misc]
TOLD_AS = {"busy": "resident_busy"}
TOLD_DAYS = {"first": "valid_from", "last": "valid_until"}
"""What the journal calls a fact that somebody told, where that is not its table's name."""
NOUNS = (RESIDENT, *TABLES, *TOLD_AS)


@dataclass(frozen=True)
class Rows:
    """A resident's own row, and those that belong to them: by the table's name, by id."""

    resident: Values
    of: Mapping[str, Mapping[str, Values]]

    @property
    def ids(self) -> set[str]:
        """The ids of all of them."""
        return {str(self.resident["id"]), *(row_id for rows in self.of.values() for row_id in rows)}


def read_own(db: DbSession, community_id: str, resident_id: str) -> Values:
    """A resident's own row. Raises NotFound."""
    own = Resident.__table__
    query = select(own).where(own.c.community_id == community_id, own.c.id == resident_id)
    found = db.execute(query).mappings().first()
    if found is None:
        raise NotFound("There is no such resident.")
    return dict(found)


def read_rows(db: DbSession, community_id: str, resident_id: str) -> Rows:
    """What is there now, also what has ended. Raises NotFound. A query a table."""
    found = read_own(db, community_id, resident_id)
    of = {
        name: {
            row["id"]: dict(row)
            for row in db.execute(
                select(table).where(table.c.community_id == community_id, table.c.resident_id == resident_id)
            ).mappings()
        }
        for name, table in TABLES.items()
    }
    return Rows(found, of)


def lines_about(db: DbSession, community_id: str, rows: Rows) -> tuple[Change, ...]:
    """What the journal says of a resident's rows, also of those that are gone, the newest first. Two queries."""
    resident_id = str(rows.resident["id"])
    gone = db.scalars(
        select(Change.row_id).where(
            Change.community_id == community_id,
            Change.noun.in_(NOUNS),
            or_(
                Change.before["resident_id"].as_string() == resident_id,
                Change.after["resident_id"].as_string() == resident_id,
            ),
        )
    )
    ids = rows.ids | set(gone)
    return tuple(
        db.scalars(
            select(Change)
            .where(Change.community_id == community_id, Change.noun.in_(NOUNS), Change.row_id.in_(ids))
            .order_by(Change.at.desc(), Change.id.desc())
        )
    )


def as_of(rows: Rows, lines: Iterable[Change], day: date, timezone: str) -> Rows:
    """The rows as they were at the end of a local day: what the journal tells of later is taken back, newest first.

    What lists brought in is told by no line: such rows are as they are now, and hold from when they say.
    """
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(timezone))
    resident = dict(rows.resident)
    of = {name: {row_id: dict(row) for row_id, row in held.items()} for name, held in rows.of.items()}
    for line in lines:
        if line.at < end:
            continue
        if line.noun == RESIDENT:
            resident.update(_known(Resident.__table__, line.before or {}))  # type: ignore[arg-type]
            continue
        name = TOLD_AS.get(line.noun, line.noun)
        held, table = of[name], TABLES[name]
        if line.before is None:
            held.pop(line.row_id, None)
        elif line.row_id in held:
            held[line.row_id].update(_known(table, line.before))
            if held[line.row_id]["resident_id"] != resident["id"]:  # it was told of somebody else then
                held.pop(line.row_id)
        elif "resident_id" in line.before:
            empty = {column.name: None for column in table.columns}
            held[line.row_id] = {**empty, "id": line.row_id, "version": 0, **_known(table, line.before)}
    return Rows(resident, of)


def _known(table: Table, kept: Mapping[str, Any]) -> Values:
    """Of what a line of the journal kept, the columns of a table, as these hold it."""
    named = {TOLD_DAYS.get(name, name): value for name, value in kept.items()}
    return {
        name: date.fromisoformat(value) if value and isinstance(table.c[name].type, Date) else value
        for name, value in named.items()
        if name in table.c
    }
