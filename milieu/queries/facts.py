"""What people told of the community, day by day: who, when, what it is, and what it still touches or did."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select

from milieu.calendar.weeks import DAY_MINUTES
from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import (
    Account,
    Activity,
    Change,
    Facilitator,
    Invitation,
    LivingGroup,
    PublishedDay,
    PublishedLeader,
    PublishedSession,
    Resident,
    Space,
)
from milieu.queries.names import names_of

TOLD, TAKEN_BACK = "told", "took back"
ABSENCE, CLOSURE, BUSY, OUTBREAK, REFUSAL, APART = KINDS = (
    "absence",
    "closure",
    "busy",
    "outbreak",
    "refusal",
    "apart",
)


@dataclass(frozen=True)
class Touched:
    """A published session to come that a fact stands against, and how many are invited to it."""

    ref: str
    title: str
    on_date: date
    start_minute: int
    invited: int


@dataclass(frozen=True)
class FactTold:
    """A fact as somebody told it; `kind` is one of KINDS.

    `detail` is the kind of a closure or of what takes a resident up; `who` is the colleague, space, resident or
    living group, `other` what a no is to or whom somebody is kept apart from. `withdrawn` is how many invitations it
    took out at once; `taken_back_at` is None where it stands. `people` are the residents that it names.
    """

    id: str
    kind: str
    at: datetime
    by_id: str | None
    by: str
    who: str
    other: str
    detail: str
    first: date | None
    last: date | None
    start_minute: int
    end_minute: int
    withdrawn: int
    taken_back_at: datetime | None
    touches: tuple[Touched, ...]
    people: tuple[str, ...]

    @property
    def invited(self) -> int:
        """How many invitations the sessions hold that it stands against."""
        return sum(each.invited for each in self.touches)

    @property
    def weeks(self) -> tuple[date, ...]:
        """The Mondays of the weeks that hold them."""
        return tuple(sorted({each.on_date - timedelta(days=each.on_date.weekday()) for each in self.touches}))


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen in a form."""

    id: str
    name: str


def facts_told(db: DbSession, community_id: str, day: date, *, timezone: str, now: datetime) -> tuple[FactTold, ...]:
    """What was told on a local day, the newest first."""
    begin = datetime.combine(day, time(), tzinfo=ZoneInfo(timezone))
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(timezone))
    lines = db.execute(
        select(Change, Account.name)
        .outerjoin(Account, (Account.community_id == Change.community_id) & (Account.id == Change.account_id))
        .where(
            Change.community_id == community_id,
            Change.verb == TOLD,
            Change.noun.in_(KINDS),
            Change.at >= begin,
            Change.at < end,
        )
        .order_by(Change.at.desc(), Change.id)
    ).all()
    if not lines:
        return ()
    names, back = names_of(db, community_id), _taken_back(db, community_id, [line.row_id for line, _ in lines])
    return tuple(
        _told(db, line, by or "", names, back.get((line.noun, line.row_id)), local_day(now, timezone), now)
        for line, by in lines
    )


def fact_told(db: DbSession, community_id: str, row_id: str, *, timezone: str, now: datetime) -> FactTold:
    """A fact by its row, as it was told last. Raises NotFound."""
    line = db.execute(
        select(Change, Account.name)
        .outerjoin(Account, (Account.community_id == Change.community_id) & (Account.id == Change.account_id))
        .where(
            Change.community_id == community_id,
            Change.verb == TOLD,
            Change.noun.in_(KINDS),
            Change.row_id == row_id,
        )
        .order_by(Change.at.desc(), Change.id.desc())
        .limit(1)
    ).one_or_none()
    if line is None:
        raise NotFound("There is no such change.")
    change, by = line
    back = _taken_back(db, community_id, [row_id])
    names = names_of(db, community_id)
    return _told(db, change, by or "", names, back.get((change.noun, row_id)), local_day(now, timezone), now)


def days_with_facts(db: DbSession, community_id: str, *, timezone: str, today: date) -> dict[date, int]:
    """How much was told on each of the last fourteen days on which something was, the newest first."""
    since = datetime.combine(today - timedelta(days=13), time(), tzinfo=ZoneInfo(timezone))
    moments = db.scalars(
        select(Change.at)
        .where(Change.community_id == community_id, Change.verb == TOLD, Change.noun.in_(KINDS), Change.at >= since)
        .order_by(Change.at.desc())
    )
    counts: dict[date, int] = {}
    for at in moments:
        day = local_day(at, timezone)
        counts[day] = counts.get(day, 0) + 1
    return counts


def colleagues(db: DbSession, community_id: str, today: date) -> tuple[Choice, ...]:
    """Who leads here now."""
    return _choices(db, community_id, Facilitator, today)


def spaces(db: DbSession, community_id: str, today: date) -> tuple[Choice, ...]:
    """The spaces that are used now."""
    return _choices(db, community_id, Space, today)


def living_groups(db: DbSession, community_id: str, today: date) -> tuple[Choice, ...]:
    """The units of the community."""
    return _choices(db, community_id, LivingGroup, today)


def activities(db: DbSession, community_id: str, today: date) -> tuple[Choice, ...]:
    """What is offered now."""
    return _choices(db, community_id, Activity, today)


def _choices(db: DbSession, community_id: str, table: Any, today: date) -> tuple[Choice, ...]:
    rows = db.execute(
        select(table.id, table.name)
        .where(table.community_id == community_id, table.ended_on.is_(None) | (table.ended_on > today))
        .order_by(table.name, table.id)
    )
    return tuple(Choice(row.id, row.name) for row in rows)


def _taken_back(db: DbSession, community_id: str, row_ids: Iterable[str]) -> dict[tuple[str, str], datetime]:
    rows = db.execute(
        select(Change.noun, Change.row_id, Change.at).where(
            Change.community_id == community_id, Change.verb == TAKEN_BACK, Change.row_id.in_(list(row_ids))
        )
    )
    return {(row.noun, row.row_id): row.at for row in rows}


def _told(
    db: DbSession, line: Change, by: str, names: dict[str, str], back: datetime | None, today: date, now: datetime
) -> FactTold:
    about: dict[str, Any] = line.after or {}
    who = str(about.get(_WHO[line.noun], ""))
    other = next((about[key] for key in _OTHERS if about.get(key)), "") if line.noun in (REFUSAL, APART) else ""
    fact = FactTold(
        id=line.id,
        kind=line.noun,
        at=line.at,
        by_id=line.account_id,
        by=by,
        who=names.get(who, ""),
        other=names.get(other, ""),
        detail=about.get("kind", ""),
        first=_day(about.get("first")),
        last=_day(about.get("last")),
        start_minute=about.get("start_minute", 0),
        end_minute=about.get("end_minute", DAY_MINUTES),
        withdrawn=about.get("withdrawn", 0),
        taken_back_at=back,
        touches=(),
        people=tuple(about[key] for key in ("resident_id", "other_id") if about.get(key)),
    )
    if back is not None or fact.kind not in _STANDS_AGAINST:
        return fact
    return replace(fact, touches=_touched(db, line.community_id, fact, who, today, now))


def _touched(
    db: DbSession, community_id: str, fact: FactTold, who: str, today: date, now: datetime
) -> tuple[Touched, ...]:
    """The sessions to come, as published, that a fact stands against."""
    if fact.first is None or fact.last is None or fact.last < today:
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
            _STANDS_AGAINST[fact.kind](who),
        )
        .order_by(PublishedSession.starts_at, PublishedSession.ref)
    )
    return tuple(
        Touched(row.ref, row.title, row.on_date, row.start_minute, count)
        for row, count in rows
        if _meets(fact, row.on_date, row.start_minute, row.end_minute)
    )


def _meets(fact: FactTold, day: date, start: int, end: int) -> bool:
    """Whether a stretch of a day lies in the time of a fact. What takes a resident up does so anew on each day."""
    is_daily = fact.kind == BUSY
    begin = fact.start_minute if is_daily or day == fact.first else 0
    until = fact.end_minute if is_daily or day == fact.last else DAY_MINUTES
    return start < until and begin < end


def _led_by(who: str) -> ColumnElement[bool]:
    return _has(PublishedLeader, PublishedLeader.facilitator_id == who)


def _in_space(who: str) -> ColumnElement[bool]:
    return PublishedSession.space_id == who


def _invites(who: str) -> ColumnElement[bool]:
    return _has(Invitation, Invitation.resident_id == who)


def _mixes(who: str) -> ColumnElement[bool]:
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
        groups.where(Resident.living_group_id == who).exists(), groups.where(Resident.living_group_id != who).exists()
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


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


_WHO = {
    ABSENCE: "facilitator_id",
    CLOSURE: "space_id",
    OUTBREAK: "living_group_id",
    BUSY: "resident_id",
    REFUSAL: "resident_id",
    APART: "resident_id",
}
_OTHERS = ("other_id", "activity_id", "space_id", "facilitator_id")
_STANDS_AGAINST: dict[str, Callable[[str], ColumnElement[bool]]] = {
    ABSENCE: _led_by,
    CLOSURE: _in_space,
    BUSY: _invites,
    OUTBREAK: _mixes,
}
