"""What is told of one thing that still holds or is to come: a space's closures, a colleague's absences, outbreaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from milieu.calendar.weeks import DAY_MINUTES
from milieu.database import DbSession
from milieu.models import Absence, Change, Outbreak, SpaceClosure
from milieu.models.validity import is_not_over
from milieu.queries.facts.kinds import ABSENCE, CLOSURE, CORRECTABLE, OUTBREAK, TOLD, FactTold, Touched
from milieu.queries.facts.touched import touched_by


@dataclass(frozen=True)
class Holding:
    """A fact about a thing as its row says it, and the published sessions to come that it stands against.

    `change_id` is the line of the journal that it can be corrected by, "" where it came with a list or belongs to more.
    """

    fact: FactTold
    why: str
    touches: tuple[Touched, ...]
    change_id: str


def told_of(
    db: DbSession, community_id: str, kind: str, thing_id: str, name: str, *, today: date, now: datetime
) -> tuple[Holding, ...]:
    """What holds today or later of a thing, what begins first before; `kind` is of ABSENCE, CLOSURE, OUTBREAK."""
    rows = _rows(db, community_id, kind, thing_id, today)
    if not rows:
        return ()
    lines = _lines(db, community_id, kind, [row.id for row in rows])
    found = []
    for row in rows:
        fact = _fact(kind, row, name, now)
        since = replace(fact, first=fact.first or today)
        touches = touched_by(db, community_id, since, [thing_id], today, now)
        why = row.note if kind == OUTBREAK else row.reason
        found.append(Holding(fact, why, touches, lines.get(row.id, "")))
    return tuple(found)


def _rows(db: DbSession, community_id: str, kind: str, thing_id: str, today: date) -> Sequence[Any]:
    if kind == OUTBREAK:
        return db.scalars(
            select(Outbreak)
            .where(
                Outbreak.community_id == community_id,
                Outbreak.living_group_id == thing_id,
                is_not_over(Outbreak, today),
            )
            .order_by(Outbreak.valid_from, Outbreak.id)
        ).all()
    table, mine = _AWAY[kind]
    return db.scalars(
        select(table)
        .where(table.community_id == community_id, mine == thing_id, table.last_date >= today)
        .order_by(table.first_date, table.start_minute, table.id)
    ).all()


def _lines(db: DbSession, community_id: str, kind: str, row_ids: Sequence[str]) -> dict[str, str]:
    """The lines of the journal that told these rows, by row."""
    if kind not in CORRECTABLE:
        return {}
    lines = db.execute(
        select(Change.row_id, Change.id)
        .where(
            Change.community_id == community_id,
            Change.verb == TOLD,
            Change.noun == kind,
            Change.row_id.in_(row_ids),
        )
        .order_by(Change.at, Change.id)
    )
    return {line.row_id: line.id for line in lines}


def _fact(kind: str, row: Any, name: str, now: datetime) -> FactTold:
    """What a row says now, whoever told it and whenever."""
    is_dated = kind == OUTBREAK
    return FactTold(
        id=row.id,
        kind=kind,
        at=now,
        by_id=None,
        by="",
        who=name,
        other="",
        detail=getattr(row, "kind", ""),
        first=row.valid_from if is_dated else row.first_date,
        last=row.valid_until if is_dated else row.last_date,
        start_minute=getattr(row, "start_minute", 0),
        end_minute=getattr(row, "end_minute", DAY_MINUTES),
        withdrawn=0,
        taken_back_at=None,
        touches=(),
        people=(),
    )


_AWAY: Mapping[str, tuple[type[Any], Any]] = {
    ABSENCE: (Absence, Absence.facilitator_id),
    CLOSURE: (SpaceClosure, SpaceClosure.space_id),
}
