"""What people told of the community, day by day: who, when, what it is, and what it still touches or did."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from milieu.calendar.weeks import DAY_MINUTES
from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import (
    Account,
    Activity,
    ActivityMember,
    Change,
    Facilitator,
    LivingGroup,
    PublishedDay,
    PublishedSession,
    Space,
)
from milieu.models.validity import is_there
from milieu.queries.facts.kinds import (
    ABSENCE,
    APART,
    ARRIVAL,
    BED,
    BUSY,
    CANCELLED,
    CLOSURE,
    CORRECTED,
    DEATH,
    DEPARTURE,
    GIVEN_BACK,
    GUEST,
    HANDS,
    HOSPITAL,
    KINDS,
    MOVE,
    OUTBREAK,
    REFUSAL,
    TAKEN_BACK,
    TOLD,
    WEATHER,
    FactTold,
)
from milieu.queries.facts.touched import done_for, touched_by
from milieu.queries.names import names_of


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
    later = _Later.of(db, community_id, [line.row_id for line, _ in lines])
    return tuple(_told(db, line, by or "", later, local_day(now, timezone), now) for line, by in lines)


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
    return _told(db, change, by or "", _Later.of(db, community_id, [row_id]), local_day(now, timezone), now)


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
    """What is offered now. What is for one resident alone, as a visit, is called so with their name."""
    is_theirs = (Activity.community_id == ActivityMember.community_id) & (Activity.id == ActivityMember.activity_id)
    alone = db.execute(
        select(ActivityMember.activity_id, ActivityMember.resident_id)
        .join(Activity, is_theirs)
        .where(ActivityMember.community_id == community_id, Activity.max_group == 1)
    ).all()
    names = names_of(db, community_id) if alone else {}
    whose = {row.activity_id: names.get(row.resident_id, "") for row in alone}
    found = [
        replace(each, name=f"{each.name}, {whose[each.id]}") if each.id in whose else each
        for each in _choices(db, community_id, Activity, today)
    ]
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.id)))


def outdoor_spaces(db: DbSession, community_id: str, today: date) -> frozenset[str]:
    """Where activities are held that something takes the place of in the wet."""
    wanted = [
        set(row.needs_features)
        for row in db.execute(
            select(Activity.needs_features).where(
                Activity.community_id == community_id,
                Activity.wet_twin != "",
                is_there(Activity, today),
            )
        )
    ]
    rows = db.execute(select(Space.id, Space.features).where(Space.community_id == community_id))
    return frozenset(row.id for row in rows if any(each and each <= set(row.features) for each in wanted))


def _choices(db: DbSession, community_id: str, table: Any, today: date) -> tuple[Choice, ...]:
    rows = db.execute(
        select(table.id, table.name)
        .where(table.community_id == community_id, is_there(table, today))
        .order_by(table.name, table.id)
    )
    return tuple(Choice(row.id, row.name) for row in rows)


@dataclass(frozen=True)
class _Later:
    """What became of facts after they were told, by (kind, row): corrections and takings back, in their order.

    Of one row a fact may be told again after it was taken back: that somebody has left, or lives elsewhere.
    """

    names: Mapping[str, str]
    corrections: Mapping[tuple[str, str], Sequence[tuple[Change, str]]]
    backs: Mapping[tuple[str, str], Sequence[Change]]

    @classmethod
    def of(cls, db: DbSession, community_id: str, row_ids: Iterable[str]) -> "_Later":
        rows = db.execute(
            select(Change, Account.name)
            .outerjoin(Account, (Account.community_id == Change.community_id) & (Account.id == Change.account_id))
            .where(
                Change.community_id == community_id,
                Change.verb.in_((CORRECTED, TAKEN_BACK)),
                Change.row_id.in_(list(row_ids)),
            )
            .order_by(Change.at, Change.id)
        ).all()
        corrections: dict[tuple[str, str], list[tuple[Change, str]]] = defaultdict(list)
        backs: dict[tuple[str, str], list[Change]] = defaultdict(list)
        for line, by in rows:
            if line.verb == CORRECTED:
                corrections[line.noun, line.row_id].append((line, by or ""))
            else:
                backs[line.noun, line.row_id].append(line)
        return cls(names_of(db, community_id), corrections, backs)

    def back_of(self, told: Change) -> Change | None:
        """The line that took back what another told."""
        return next((each for each in self.backs.get((told.noun, told.row_id), ()) if each.at >= told.at), None)


def _told(db: DbSession, line: Change, by: str, later: _Later, today: date, now: datetime) -> FactTold:
    corrections = later.corrections.get((line.noun, line.row_id), ())
    said = [line, *(each for each, _by in corrections)]
    about: dict[str, Any] = said[-1].after or {}
    earlier = tuple(_as_said(line, by, each.after or {}, later.names) for each in said[:-1])
    back = later.back_of(line)
    fact = replace(
        _as_said(line, by, about, later.names),
        taken_back_at=None if back is None else back.at,
        given_back=0 if back is None else (back.after or {}).get(GIVEN_BACK, 0),
        corrected_at=corrections[-1][0].at if corrections else None,
        corrected_by=corrections[-1][1] if corrections else "",
        earlier=earlier,
    )
    ids = _ids(line.noun, about)
    did = done_for(db, line.community_id, fact, ids)
    if fact.taken_back_at is not None:
        return replace(fact, did=did)
    touches = touched_by(db, line.community_id, fact, ids, today, now)
    asks_for = _awaited(db, line, fact, about, today) if fact.kind == GUEST else None
    return replace(fact, touches=touches, asks_for=asks_for, did=did)


def _as_said(line: Change, by: str, about: Mapping[str, Any], names: Mapping[str, str]) -> FactTold:
    """A fact in the words of one line, as first told or as corrected."""
    others = [each for key in _OTHERS.get(line.noun, ()) for each in _listed(about.get(key))]
    return FactTold(
        id=line.id,
        kind=line.noun,
        at=line.at,
        by_id=line.account_id,
        by=by,
        who=", ".join(names.get(each, "") for each in _ids(line.noun, about)),
        other=", ".join(names.get(each, "") for each in others),
        detail=about.get("kind") or about.get("room") or "",
        first=_day(about.get("first")),
        last=_day(about.get("last")),
        start_minute=about.get("start_minute", 0),
        end_minute=about.get("end_minute", DAY_MINUTES),
        withdrawn=about.get("withdrawn", 0),
        taken_back_at=None,
        touches=(),
        people=(*(about[key] for key in ("resident_id", "other_id") if about.get(key)), *about.get("resident_ids", ())),
        meant_for=", ".join(names.get(each, "") for key in _MEANT_FOR for each in about.get(key, ())),
        helpers=about.get("helpers"),
    )


def _ids(kind: str, about: Mapping[str, Any]) -> list[str]:
    """Whom or what a fact is about."""
    return _listed(about.get(_WHO[kind]))


def _listed(given: Any) -> list[str]:
    """One id or several, as the journal keeps them."""
    return [given] if isinstance(given, str) and given else list(given or ())


def _awaited(db: DbSession, line: Change, fact: FactTold, about: dict[str, Any], today: date) -> date | None:
    """The Monday of a guest's week where that is published without the guest's session, and the day is to come."""
    if fact.first is None or fact.first < today:
        return None
    published = select(PublishedDay.publication_id).where(
        PublishedDay.community_id == line.community_id, PublishedDay.on_date == fact.first
    )
    publication_id = db.scalar(published)
    here = PublishedSession.community_id == line.community_id, PublishedSession.publication_id == publication_id
    holds = select(PublishedSession.id).where(*here, PublishedSession.ref == about.get("ref", ""))
    if publication_id is None or db.scalar(holds.limit(1)) is not None:
        return None
    return fact.first - timedelta(days=fact.first.weekday())


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


_WHO = {
    ABSENCE: "facilitator_id",
    CLOSURE: "space_id",
    WEATHER: "space_ids",
    OUTBREAK: "living_group_id",
    BUSY: "resident_id",
    HOSPITAL: "resident_id",
    BED: "resident_id",
    REFUSAL: "resident_id",
    APART: "resident_id",
    ARRIVAL: "resident_id",
    MOVE: "resident_id",
    DEPARTURE: "resident_id",
    DEATH: "resident_id",
    GUEST: "activity_id",
    CANCELLED: "facilitator_id",
    HANDS: "facilitator_ids",
}
_OTHERS = {
    REFUSAL: ("activity_id", "space_id", "facilitator_id"),
    APART: ("other_id",),
    ARRIVAL: ("living_group_id",),
    MOVE: ("living_group_id",),
    GUEST: ("space_id", "facilitator_id"),
    CANCELLED: ("activity_id",),
}
_MEANT_FOR = ("group_ids", "resident_ids")
