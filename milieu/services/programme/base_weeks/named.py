"""Base weeks with names, as pages show them: what is in each, and on which days planning starts from it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import BaseSession, BaseWeek
from milieu.queries.names import names_of
from milieu.queries.programme.base_week import Chosen, habit_of, kept_base_weeks
from milieu.services.programme.base_weeks.unnamed import HabitShown, in_words


@dataclass(frozen=True)
class Named:
    """A base week with a name; `choices` are those that are not over."""

    id: str
    version: int
    name: str
    count: int
    choices: tuple[Chosen, ...]


@dataclass(frozen=True)
class Line:
    """A session of a base week in words, and the row that it is; `space_id` and `facilitator_id` "" where none is."""

    id: str
    activity_id: str
    space_id: str
    facilitator_id: str
    said: HabitShown


def base_weeks(db: DbSession, community_id: str, today: date) -> tuple[Named, ...]:
    """All that can be chosen, by name."""
    counted = db.execute(
        select(BaseSession.base_week_id, func.count().label("sessions"))
        .where(BaseSession.community_id == community_id, BaseSession.base_week_id.is_not(None))
        .group_by(BaseSession.base_week_id)
    )
    counts = {row.base_week_id: row.sessions for row in counted}
    kept = kept_base_weeks(db, community_id)
    rows = db.scalars(select(BaseWeek).where(BaseWeek.community_id == community_id, BaseWeek.ended_on.is_(None)))
    found = (
        Named(
            row.id,
            row.version,
            row.name,
            counts.get(row.id, 0),
            tuple(
                each
                for each in sorted(kept.choices, key=lambda each: each.first)
                if each.base_week_id == row.id and (each.last is None or each.last >= today)
            ),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda each: each.name.casefold()))


def base_week_named(db: DbSession, community_id: str, base_week_id: str, today: date) -> Named:
    """One of them. Raises NotFound."""
    found = next((each for each in base_weeks(db, community_id, today) if each.id == base_week_id), None)
    if found is None:
        raise NotFound("There is no such base week.")
    return found


def lines_of(db: DbSession, community_id: str, base_week_id: str) -> tuple[Line, ...]:
    """Its sessions in the order of time."""
    rows = db.scalars(
        select(BaseSession)
        .where(BaseSession.community_id == community_id, BaseSession.base_week_id == base_week_id)
        .order_by(BaseSession.weekday, BaseSession.start_minute, BaseSession.activity_id, BaseSession.id)
    ).all()
    said = in_words(names_of(db, community_id), [habit_of(row) for row in rows])
    return tuple(
        Line(row.id, row.activity_id, row.space_id or "", row.facilitator_id or "", each)
        for row, each in zip(rows, said, strict=True)
    )
