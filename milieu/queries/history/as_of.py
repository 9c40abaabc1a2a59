"""What people read of a week at an earlier moment: the sessions that held then, and which of them were called off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from milieu.calendar.weeks import Week
from milieu.database import DbSession
from milieu.models import Publication, PublishedSession, SessionHeld
from milieu.models.weeks.publications import WITHDRAWN
from milieu.queries.week.weeks import DAYS, Card, cards_issued


@dataclass(frozen=True)
class Then:
    """A week as it stood at a moment: the sessions of its days, and the refs of those said not to be held by then.

    `number` is that of the publication that was the newest then, None where there was none; `is_withdrawn`: it was the
    one that took the week back.
    """

    at: datetime
    number: int | None
    is_withdrawn: bool
    cards: tuple[Card, ...]
    off: frozenset[str]


def week_as_of(db: DbSession, community_id: str, week_start: date, at: datetime) -> Then:
    """The board of a week as it was at a moment. Five queries."""
    rows = db.execute(
        select(Publication.id, Publication.number, Publication.kind, Publication.published_at, Publication.timezone)
        .where(
            Publication.community_id == community_id,
            Publication.week_start == week_start,
            Publication.published_at <= at,
        )
        .order_by(Publication.number)
    ).all()
    if not rows:
        return Then(at, None, False, (), frozenset())
    holding = _holding(db, community_id, week_start, rows)
    cards = cards_issued(db, community_id, holding)
    newest = rows[-1]
    return Then(at, newest.number, newest.kind == WITHDRAWN, cards, _off(db, community_id, cards, at))


def _holding(db: DbSession, community_id: str, week_start: date, rows: Sequence[Any]) -> dict[date, str]:
    """By day the publication that its pointer named: each took the days that were not over, and those without one.

    One that took the week back left nothing to days on which it holds nothing.
    """
    holding: dict[date, str] = {}
    days = [week_start + timedelta(days=number) for number in range(DAYS)]
    for row in rows:
        rest_from = Week(week_start, row.timezone).rest_from(row.published_at)
        kept = _days_of(db, community_id, row.id) if row.kind == WITHDRAWN else frozenset(days)
        for day in days:
            if day >= rest_from and day not in kept:
                holding.pop(day, None)
            elif day >= rest_from or (day not in holding and row.kind != WITHDRAWN):
                holding[day] = row.id
    return holding


def _days_of(db: DbSession, community_id: str, publication_id: str) -> frozenset[date]:
    return frozenset(
        db.scalars(
            select(PublishedSession.on_date).where(
                PublishedSession.community_id == community_id, PublishedSession.publication_id == publication_id
            )
        )
    )


def _off(db: DbSession, community_id: str, cards: Iterable[Card], at: datetime) -> frozenset[str]:
    """The refs of those of which was said last, up to a moment, that they are not held."""
    rows = db.execute(
        select(SessionHeld.session_ref, SessionHeld.was_held)
        .where(
            SessionHeld.community_id == community_id,
            SessionHeld.session_ref.in_({card.ref for card in cards}),
            SessionHeld.marked_at <= at,
        )
        .order_by(SessionHeld.number)
    )
    return frozenset(
        ref for ref, was_held in {row.session_ref: row.was_held for row in rows}.items() if was_held is False
    )
