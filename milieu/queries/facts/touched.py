"""Which published sessions to come a told fact stands against, and which were published otherwise because of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from milieu import causes
from milieu.calendar.weeks import DAY_MINUTES, DAYS
from milieu.database import DbSession
from milieu.models import Invitation, PublishedDay, PublishedLeader, PublishedSession, Resident, ShortHanded
from milieu.queries.facts.brought import bedsides, too_many_to_bring
from milieu.queries.facts.kinds import (
    ABSENCE,
    BED,
    BUSY,
    CANCELLED,
    CLOSURE,
    HANDS,
    HOSPITAL,
    OUTBREAK,
    WEATHER,
    Done,
    FactTold,
    Touched,
)
from milieu.queries.published.kept import kept_changes
from milieu.queries.published.marks import called_off

OPEN_ENDED = timedelta(days=91)
"""So long after its beginning a fact without an end is looked for in what was published."""


def touched_by(
    db: DbSession, community_id: str, fact: FactTold, ids: Sequence[str], today: date, now: datetime
) -> tuple[Touched, ...]:
    """The sessions to come, as published, that a fact about `ids` stands against; not what is called off already."""
    if fact.kind not in _STANDS_AGAINST or fact.first is None or (fact.last or today) < today:
        return ()
    invited = (
        select(func.count())
        .where(
            Invitation.community_id == PublishedSession.community_id,
            Invitation.published_session_id == PublishedSession.id,
        )
        .correlate(PublishedSession)
        .scalar_subquery()
    )
    rows = db.execute(
        select(PublishedSession, invited)
        .join(
            PublishedDay,
            (PublishedDay.community_id == PublishedSession.community_id)
            & (PublishedDay.publication_id == PublishedSession.publication_id)
            & (PublishedDay.on_date == PublishedSession.on_date),
        )
        .where(
            PublishedSession.community_id == community_id,
            PublishedSession.on_date.between(max(fact.first, today), fact.last or date.max),
            PublishedSession.starts_at > now,
            _STANDS_AGAINST[fact.kind](db, community_id, fact, ids),
        )
        .order_by(PublishedSession.starts_at, PublishedSession.ref)
    )
    met = [
        (row, count)
        for row, count in rows
        if fact.kind == HANDS or _meets(fact, row.on_date, row.start_minute, row.end_minute)
    ]
    off = called_off(db, community_id, [row.ref for row, _count in met]) if met else frozenset()
    return tuple(
        Touched(row.ref, row.title, row.on_date, row.start_minute, count) for row, count in met if row.ref not in off
    )


def done_for(db: DbSession, community_id: str, fact: FactTold, ids: Collection[str]) -> tuple[Done, ...]:
    """How many sessions were published otherwise since a fact was told, and because of it, by week."""
    said = [each for each in (fact, *fact.earlier) if each.first is not None]
    if fact.kind not in _CAUSES or not said:
        return ()
    first = min(each.first for each in said if each.first)
    last = max(each.last or each.first + OPEN_ENDED for each in said if each.first)
    monday = first - timedelta(days=first.weekday())
    weeks = [monday + timedelta(days=DAYS * place) for place in range((last - monday).days // DAYS + 1)]
    refs: dict[date, set[str]] = {}
    for each in kept_changes(db, community_id, weeks, fact.at):
        if any(cause.kind in _CAUSES[fact.kind] and _is_about(cause, ids) for cause in each.causes):
            refs.setdefault(each.week_start, set()).add(each.ref)
    return tuple(Done(week, len(refs[week])) for week in sorted(refs))


def _is_about(cause: causes.Cause, ids: Collection[str]) -> bool:
    return cause.kind == causes.HANDS or cause.id in ids or any(each in ids for each in cause.people)


def _meets(fact: FactTold, day: date, start: int, end: int) -> bool:
    """Whether a stretch of a day lies in the time of a fact. What takes a resident up does so anew on each day."""
    is_daily = fact.kind in (BUSY, HOSPITAL, BED)
    begin = fact.start_minute if is_daily or day == fact.first else 0
    until = fact.end_minute if is_daily or day == fact.last else DAY_MINUTES
    return start < until and begin < end


def _led_by(_db: DbSession, _community_id: str, _fact: FactTold, ids: Sequence[str]) -> ColumnElement[bool]:
    return _has(PublishedLeader, PublishedLeader.facilitator_id.in_(ids))


def _in_space(_db: DbSession, _community_id: str, _fact: FactTold, ids: Sequence[str]) -> ColumnElement[bool]:
    return PublishedSession.space_id.in_(ids)


def _invites(_db: DbSession, _community_id: str, _fact: FactTold, ids: Sequence[str]) -> ColumnElement[bool]:
    return _has(Invitation, Invitation.resident_id.in_(ids))


def _gets_up(db: DbSession, community_id: str, _fact: FactTold, ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether it invites somebody who stays in bed to anything but a visit at the bedside."""
    is_elsewhere = PublishedSession.space_id.not_in(bedsides(db, community_id))
    return and_(_has(Invitation, Invitation.resident_id.in_(ids)), is_elsewhere)


def _lacks_hands(db: DbSession, community_id: str, fact: FactTold, ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether somebody leads it who leads nothing meanwhile, or more have to be brought than there are helpers."""
    time = ShortHanded(
        first_date=fact.first or date.min,
        last_date=fact.last or date.max,
        start_minute=fact.start_minute,
        end_minute=fact.end_minute,
    )
    led = [
        row.id
        for row in db.execute(
            select(
                PublishedSession.id,
                PublishedSession.on_date,
                PublishedSession.start_minute,
                PublishedSession.end_minute,
            ).where(
                PublishedSession.community_id == community_id,
                PublishedSession.on_date.between(time.first_date, time.last_date),
                _has(PublishedLeader, PublishedLeader.facilitator_id.in_(ids)),
            )
        )
        if _meets(fact, row.on_date, row.start_minute, row.end_minute)
    ]
    if fact.helpers is not None:
        led += too_many_to_bring(db, community_id, time, fact.helpers, time.first_date)
    return PublishedSession.id.in_(led)


def _mixes(_db: DbSession, _community_id: str, _fact: FactTold, ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether somebody of a living group is invited together with somebody of another."""
    lives = (Resident.community_id == Invitation.community_id) & (Resident.id == Invitation.resident_id)
    groups = (
        select(Invitation.id)
        .join(Resident, lives)
        .where(
            Invitation.community_id == PublishedSession.community_id,
            Invitation.published_session_id == PublishedSession.id,
        )
        .correlate(PublishedSession)
    )
    return and_(
        groups.where(Resident.living_group_id.in_(ids)).exists(),
        groups.where(Resident.living_group_id.not_in(ids)).exists(),
    )


def _has(table: type[PublishedLeader] | type[Invitation], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(table.id)
        .where(
            table.community_id == PublishedSession.community_id,
            table.published_session_id == PublishedSession.id,
            condition,
        )
        .correlate(PublishedSession)
        .exists()
    )


_CAUSES: Mapping[str, tuple[str, ...]] = {
    ABSENCE: (causes.STAFF,),
    CLOSURE: (causes.SPACE, causes.WEATHER),
    WEATHER: (causes.WEATHER,),
    BUSY: (causes.BUSY,),
    HOSPITAL: (causes.BUSY,),
    BED: (causes.BUSY,),
    OUTBREAK: (causes.OUTBREAK,),
    CANCELLED: (causes.STAFF,),
    HANDS: (causes.STAFF, causes.HANDS),
}
_STANDS_AGAINST: Mapping[str, Callable[[DbSession, str, FactTold, Sequence[str]], ColumnElement[bool]]] = {
    ABSENCE: _led_by,
    CLOSURE: _in_space,
    WEATHER: _in_space,
    BUSY: _invites,
    HOSPITAL: _invites,
    BED: _gets_up,
    CANCELLED: _led_by,
    HANDS: _lacks_hands,
    OUTBREAK: _mixes,
}
