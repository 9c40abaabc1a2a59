"""Which published sessions to come a told fact stands against, and which were published otherwise because of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from milieu import causes
from milieu.calendar.weeks import DAY_MINUTES, DAYS
from milieu.database import DbSession
from milieu.models import Invitation, PublishedDay, PublishedLeader, PublishedSession, Resident
from milieu.queries.facts.kinds import ABSENCE, BUSY, CLOSURE, OUTBREAK, WEATHER, Done, FactTold, Touched
from milieu.queries.published.kept import kept_changes
from milieu.queries.published.marks import called_off


def touched_by(
    db: DbSession, community_id: str, fact: FactTold, ids: Sequence[str], today: date, now: datetime
) -> tuple[Touched, ...]:
    """The sessions to come, as published, that a fact about `ids` stands against; not what is called off already."""
    if fact.kind not in _STANDS_AGAINST or fact.first is None or fact.last is None or fact.last < today:
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
            PublishedSession.on_date.between(max(fact.first, today), fact.last),
            PublishedSession.starts_at > now,
            _STANDS_AGAINST[fact.kind](ids),
        )
        .order_by(PublishedSession.starts_at, PublishedSession.ref)
    )
    met = [(row, count) for row, count in rows if _meets(fact, row.on_date, row.start_minute, row.end_minute)]
    off = called_off(db, community_id, [row.ref for row, _count in met]) if met else frozenset()
    return tuple(
        Touched(row.ref, row.title, row.on_date, row.start_minute, count) for row, count in met if row.ref not in off
    )


def done_for(db: DbSession, community_id: str, fact: FactTold, ids: Collection[str]) -> tuple[Done, ...]:
    """How many sessions were published otherwise since a fact was told, and because of it, by week."""
    if fact.kind not in _CAUSES or fact.first is None or fact.last is None:
        return ()
    days = [each for each in (fact, *fact.earlier) if each.first is not None and each.last is not None]
    first, last = min(each.first for each in days if each.first), max(each.last for each in days if each.last)
    monday = first - timedelta(days=first.weekday())
    weeks = [monday + timedelta(days=DAYS * place) for place in range((last - monday).days // DAYS + 1)]
    refs: dict[date, set[str]] = {}
    for each in kept_changes(db, community_id, weeks, fact.at):
        if any(cause.kind in _CAUSES[fact.kind] and _is_about(cause, ids) for cause in each.causes):
            refs.setdefault(each.week_start, set()).add(each.ref)
    return tuple(Done(week, len(refs[week])) for week in sorted(refs))


def _is_about(cause: causes.Cause, ids: Collection[str]) -> bool:
    return cause.id in ids or any(each in ids for each in cause.people)


def _meets(fact: FactTold, day: date, start: int, end: int) -> bool:
    """Whether a stretch of a day lies in the time of a fact. What takes a resident up does so anew on each day."""
    is_daily = fact.kind == BUSY
    begin = fact.start_minute if is_daily or day == fact.first else 0
    until = fact.end_minute if is_daily or day == fact.last else DAY_MINUTES
    return start < until and begin < end


def _led_by(ids: Sequence[str]) -> ColumnElement[bool]:
    return _has(PublishedLeader, PublishedLeader.facilitator_id.in_(ids))


def _in_space(ids: Sequence[str]) -> ColumnElement[bool]:
    return PublishedSession.space_id.in_(ids)


def _invites(ids: Sequence[str]) -> ColumnElement[bool]:
    return _has(Invitation, Invitation.resident_id.in_(ids))


def _mixes(ids: Sequence[str]) -> ColumnElement[bool]:
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
    OUTBREAK: (causes.OUTBREAK,),
}
_STANDS_AGAINST: Mapping[str, Callable[[Sequence[str]], ColumnElement[bool]]] = {
    ABSENCE: _led_by,
    CLOSURE: _in_space,
    WEATHER: _in_space,
    BUSY: _invites,
    OUTBREAK: _mixes,
}
