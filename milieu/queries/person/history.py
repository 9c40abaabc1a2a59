"""What changed about a resident, and who looked at them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from milieu.database import DbSession
from milieu.models import Account, LivingGroup, ResidentRead
from milieu.queries.facts.history import HistoryLine, history_of, plain
from milieu.queries.person.known import things_of
from milieu.queries.person.rows import RESIDENT, TOLD_AS, Rows, lines_about

LOOKED_BACK = timedelta(days=30)
UNDOABLE = ("added", "changed", "ended", "taken out")


@dataclass(frozen=True)
class Changed:
    """A line of the journal about a resident; `thing` is the activity, space or person that its row speaks of.

    `holds`: the row still is what the line made of it, so that it can be undone.
    """

    line: HistoryLine
    thing: str
    holds: bool


@dataclass(frozen=True)
class Look:
    """Who looked at a resident on a page: how often, and when last."""

    name: str
    page: str
    count: int
    last: datetime


def changes_of(db: DbSession, community_id: str, rows: Rows) -> tuple[Changed, ...]:
    """What changed about a resident, the newest first."""
    ids = {line.row_id for line in lines_about(db, community_id, rows)}
    names = things_of(db, community_id).names
    lines = history_of(db, community_id, ids)
    kept: dict[str, str] = {}
    for line in lines:
        for said in (line.before, line.after):
            for name in ("activity_id", "space_id", "facilitator_id"):
                if said.get(name) in names:
                    kept[line.row_id] = names[said[name]]
    for held in rows.of.values():
        for row_id, row in held.items():
            thing = next((row[name] for name in ("activity_id", "space_id", "facilitator_id") if row.get(name)), "")
            if thing in names:
                kept[row_id] = names[thing]
    return tuple(Changed(line, kept.get(line.row_id, ""), _holds(line, rows)) for line in lines)


def group_names(db: DbSession, community_id: str) -> dict[str, str]:
    """The names of all living groups, for lines that tell of a move."""
    rows = db.execute(select(LivingGroup.id, LivingGroup.name).where(LivingGroup.community_id == community_id))
    return {row.id: row.name for row in rows}


def looks_of(db: DbSession, community_id: str, resident_id: str, now: datetime) -> tuple[Look, ...]:
    """Who looked at a resident in the last thirty days, by page; who looked last first."""
    rows = db.execute(
        select(
            Account.name,
            ResidentRead.page,
            func.count().label("often"),
            func.max(ResidentRead.at).label("last"),
        )
        .join(Account, (Account.community_id == ResidentRead.community_id) & (Account.id == ResidentRead.account_id))
        .where(
            ResidentRead.community_id == community_id,
            ResidentRead.resident_id == resident_id,
            ResidentRead.at >= now - LOOKED_BACK,
        )
        .group_by(Account.id, Account.name, ResidentRead.page)
    )
    found = [Look(row.name, row.page, row.often, row.last) for row in rows]
    return tuple(sorted(found, key=lambda look: (look.last, look.name, look.page), reverse=True))


def _holds(line: HistoryLine, rows: Rows) -> bool:
    if line.verb not in UNDOABLE or line.noun in TOLD_AS:
        return False
    row = rows.resident if line.noun == RESIDENT else rows.of.get(line.noun, {}).get(line.row_id)
    if line.noun == RESIDENT and line.verb != "changed":
        return False
    if row is None:
        return line.verb == "taken out"
    return line.verb != "taken out" and all(plain(row.get(name)) == value for name, value in line.after.items())
