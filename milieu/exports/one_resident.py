"""Everything that is kept about one resident, for her to read: no other resident is named in it.

Of a tie it holds what was noted, not with whom; of a session when and where, not who else was there. What strains two
people, and what only the director may see, is the team's working knowledge and protects the other one: it is not in it.
Words that somebody typed freely stand as they were typed.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.exports.tables import Sheet
from milieu.imports.tables.company import TIES
from milieu.imports.tables.description import Column, Table, shown
from milieu.imports.tables.people import RESIDENTS
from milieu.imports.tables.registry import TABLES
from milieu.imports.writing.rows import Held, cell, held_tables
from milieu.models import (
    Account,
    Attendance,
    Change,
    Community,
    Invitation,
    PublishedDay,
    PublishedSession,
    Resident,
    ResidentRead,
    kind_of,
)
from milieu.models.ties import CLOSE
from milieu.queries.published.marks import called_off

MOMENT = "%Y-%m-%d %H:%M"


def resident_sheets(db: DbSession, community_id: str, resident_id: str, *, today: date) -> list[Sheet]:
    """All that is kept about a resident, in tables. Raises NotFound."""
    resident = db.get(Resident, (community_id, resident_id))
    if resident is None:
        raise NotFound("There is no such resident.")
    held = held_tables(db, community_id, today)
    zone = ZoneInfo(db.get_one(Community, community_id).timezone)
    names = _names(held)
    sheets = [_about(held[RESIDENTS.file], resident.key, names)]
    sheets += [_rows(held[table.file], resident.key, names) for table in TABLES if _refers(table)]
    sheets.append(_invitations(db, resident))
    sheets.append(_marks(db, resident, zone))
    sheets.append(_changes(db, resident, zone))
    sheets.append(_reads(db, resident, zone))
    return [sheet for sheet in sheets if sheet.rows]


def _refers(table: Table) -> bool:
    return any(column.refers_to == RESIDENTS.file for column in table.columns)


def _names(held: Mapping[str, Held]) -> dict[tuple[str, str], str]:
    """The names of what has one, by file and key; residents are not among them."""
    return {
        (file, str(record.values["key"])): str(record.values["name"])
        for file, each in held.items()
        for record in each.records
        if each.table.has_key and "name" in record.values
    }


def _about(held: Held, key: str, names: Mapping[tuple[str, str], str]) -> Sheet:
    [values] = [record.values for record in held.records if record.values["key"] == key]
    rows = tuple((column.name.replace("_", " "), _said(column, values, names)) for column in held.table.columns)
    return Sheet("about", ("what", "says"), rows)


def _rows(held: Held, key: str, names: Mapping[tuple[str, str], str]) -> Sheet:
    """The rows of a table that are about her, without the columns that name a resident."""
    whose = [column for column in held.table.columns if column.refers_to == RESIDENTS.file]
    told = [column for column in held.table.columns if column not in whose]
    rows = [
        tuple(_said(column, record.values, names) for column in told)
        for record in held.records
        if key in [record.values[column.attribute] for column in whose] and not _is_private(held.table, record.values)
    ]
    if held.table is TIES:
        rows.sort()  # in the order of the others' keys it would say who they are
    return Sheet(held.table.file.removesuffix(".csv"), tuple(column.name for column in told), tuple(rows))


def _is_private(table: Table, values: Mapping[str, Any]) -> bool:
    """Whether a row is a tie that is not for those of whom it speaks."""
    if table is not TIES:
        return False
    kind = kind_of(values["kind"], values["is_apart"], values["strength"])
    return kind not in CLOSE or values["visibility"] != "team"


def _said(column: Column, values: Mapping[str, Any], names: Mapping[tuple[str, str], str]) -> str:
    value = values[column.attribute]
    if column.refers_to and value is not None:
        return names.get((column.refers_to, str(value)), str(value))
    return cell(column, value)


def _invitations(db: DbSession, resident: Resident) -> Sheet:
    rows = db.scalars(
        select(PublishedSession)
        .join(
            Invitation,
            (Invitation.community_id == PublishedSession.community_id)
            & (Invitation.published_session_id == PublishedSession.id),
        )
        .join(
            PublishedDay,
            (PublishedDay.community_id == PublishedSession.community_id)
            & (PublishedDay.publication_id == PublishedSession.publication_id)
            & (PublishedDay.on_date == PublishedSession.on_date),
        )
        .where(Invitation.community_id == resident.community_id, Invitation.resident_id == resident.id)
        .order_by(PublishedSession.on_date, PublishedSession.start_minute)
    ).all()
    off = called_off(db, resident.community_id, [each.ref for each in rows])
    times = ("start_minute", "end_minute")
    told = tuple(
        (
            each.on_date.isoformat(),
            *(shown(name, getattr(each, name)) for name in times),
            each.title,
            each.space_name,
            "not held" if each.ref in off else "",
        )
        for each in rows
    )
    return Sheet("invitations", ("date", "from", "to", "activity", "space", "what_became"), told)


def _marks(db: DbSession, resident: Resident, zone: ZoneInfo) -> Sheet:
    """What was marked of her, each mark and each that was taken back, as they were tapped."""
    titles = _titles(db, resident.community_id)
    rows = db.scalars(
        select(Attendance)
        .where(Attendance.community_id == resident.community_id, Attendance.resident_id == resident.id)
        .order_by(Attendance.on_date, Attendance.tapped_at, Attendance.number)
    )
    told = tuple(
        (
            mark.on_date.isoformat(),
            titles.get(mark.session_ref, ""),
            mark.outcome or "taken back",
            mark.level or "",
            _local(mark.tapped_at, zone),
        )
        for mark in rows
    )
    return Sheet("marks", ("date", "activity", "what", "how", "marked_at"), told)


def _titles(db: DbSession, community_id: str) -> dict[str, str]:
    told = select(PublishedSession.ref, PublishedSession.title).where(PublishedSession.community_id == community_id)
    return {row.ref: row.title for row in db.execute(told)}


def _changes(db: DbSession, resident: Resident, zone: ZoneInfo) -> Sheet:
    """What was done to her own row, and by whom."""
    rows = db.execute(
        select(Change.at, Change.verb, Account.name)
        .outerjoin(Account, (Account.community_id == Change.community_id) & (Account.id == Change.account_id))
        .where(Change.community_id == resident.community_id, Change.row_id == resident.id)
        .order_by(Change.at)
    )
    told = tuple((_local(at, zone), verb, name or "") for at, verb, name in rows)
    return Sheet("changes", ("at", "what", "by"), told)


def _reads(db: DbSession, resident: Resident, zone: ZoneInfo) -> Sheet:
    rows = db.execute(
        select(ResidentRead.at, ResidentRead.page, Account.name)
        .outerjoin(
            Account, (Account.community_id == ResidentRead.community_id) & (Account.id == ResidentRead.account_id)
        )
        .where(ResidentRead.community_id == resident.community_id, ResidentRead.resident_id == resident.id)
        .order_by(ResidentRead.at)
    )
    told = tuple((_local(at, zone), name or "", page) for at, page, name in rows)
    return Sheet("who_looked", ("at", "who", "page"), told)


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime(MOMENT)


def everybody(db: DbSession, community_id: str) -> Iterator[str]:
    """The ids of all residents of a community, those who have left too: whom a copy of its tables names."""
    yield from db.scalars(select(Resident.id).where(Resident.community_id == community_id))
