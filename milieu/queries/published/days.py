"""What is published for a day: its sessions, who leads them and who is invited."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from milieu.database import DbSession
from milieu.models import Facilitator, Invitation, Publication, PublishedDay, PublishedLeader, PublishedSession
from milieu.reasons import Reason, read_reasons

BASE_WEEKS = 4


@dataclass(frozen=True)
class Slot:
    """A published session: what, where and when, without people. `starts_at` and `ends_at` are UTC, minutes local.

    `id` is the row of one publication, `ref` the session through all of them.
    """

    id: str
    ref: str
    activity_id: str
    title: str
    domains: tuple[str, ...]
    space: str
    on_date: date
    start_minute: int
    end_minute: int
    starts_at: datetime
    ends_at: datetime
    is_visit: bool


@dataclass(frozen=True)
class Leader:
    """A facilitator who leads a session."""

    id: str
    name: str


def day_sessions(db: DbSession, community_id: str, day: date) -> tuple[Slot, ...]:
    """The sessions that the publication of a day holds on it, by start."""
    return sessions_between(db, community_id, day, day)


def sessions_between(db: DbSession, community_id: str, first: date, last: date) -> tuple[Slot, ...]:
    """The sessions that the publications of the days from `first` to `last` hold on them, by day and start."""
    query = _slots(community_id).join(PublishedDay, _holds()).where(PublishedDay.on_date.between(first, last))
    return _sorted(map(_slot, db.execute(query)))


def base_sessions(db: DbSession, community_id: str, day: date) -> tuple[Slot, ...]:
    """The group sessions of the newest published day of the same weekday before a day, at most four weeks back."""
    days = [day - timedelta(weeks=back) for back in range(1, BASE_WEEKS + 1)]
    query = _slots(community_id).join(PublishedDay, _holds()).where(PublishedDay.on_date.in_(days))
    found = [slot for slot in map(_slot, db.execute(query)) if not slot.is_visit]
    newest = max((slot.on_date for slot in found), default=None)
    return _sorted(slot for slot in found if slot.on_date == newest)


def leaders_of(db: DbSession, community_id: str, slot_ids: Collection[str]) -> dict[str, tuple[Leader, ...]]:
    """Who leads the sessions of these row ids, by name."""
    rows = db.execute(
        select(PublishedLeader.published_session_id, Facilitator.id, Facilitator.name)
        .join(
            Facilitator,
            (Facilitator.community_id == PublishedLeader.community_id)
            & (Facilitator.id == PublishedLeader.facilitator_id),
        )
        .where(PublishedLeader.community_id == community_id, PublishedLeader.published_session_id.in_(slot_ids))
        .order_by(Facilitator.name, Facilitator.id)
    )
    leaders: dict[str, tuple[Leader, ...]] = {}
    for slot_id, facilitator_id, name in rows:
        leaders[slot_id] = (*leaders.get(slot_id, ()), Leader(facilitator_id, name))
    return leaders


def invited_to(db: DbSession, community_id: str, slot_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """The ids of the residents invited to the sessions of these row ids."""
    rows = db.execute(
        select(Invitation.published_session_id, Invitation.resident_id).where(
            Invitation.community_id == community_id, Invitation.published_session_id.in_(slot_ids)
        )
    )
    invited: dict[str, set[str]] = defaultdict(set)
    for slot_id, resident_id in rows:
        invited[slot_id].add(resident_id)
    return {slot_id: frozenset(ids) for slot_id, ids in invited.items()}


def newest_places(
    db: DbSession, community_id: str, refs: Collection[str], day: date
) -> tuple[tuple[Slot, ...], dict[str, Slot]]:
    """Of sessions that a day has lost: how they last were on that day, and, by ref, where they are published now."""
    as_they_were: dict[str, Slot] = {}
    for slot in _every_version(db, community_id, refs):
        if slot.on_date == day or slot.ref not in as_they_were or as_they_were[slot.ref].on_date != day:
            as_they_were[slot.ref] = slot
    live = _slots(community_id).join(PublishedDay, _holds()).where(PublishedSession.ref.in_(refs))
    return _sorted(as_they_were.values()), {slot.ref: slot for slot in map(_slot, db.execute(live))}


def slots_by_ref(db: DbSession, community_id: str, refs: Collection[str]) -> dict[str, Slot]:
    """Sessions by ref, each as it was published last, whether or not it still is."""
    return {slot.ref: slot for slot in _every_version(db, community_id, refs)}


def published_days(db: DbSession, community_id: str, days: Collection[date]) -> frozenset[date]:
    """Those of the days for which something is published."""
    found = select(PublishedDay.on_date).where(
        PublishedDay.community_id == community_id, PublishedDay.on_date.in_(days)
    )
    return frozenset(db.scalars(found))


def invitations_of(
    db: DbSession, community_id: str, resident_ids: Collection[str], days: Collection[date]
) -> dict[str, tuple[tuple[Slot, tuple[Reason, ...]], ...]]:
    """What each of these residents is invited to on these days, by time, with the reasons why."""
    query = (
        _slots(community_id)
        .add_columns(Invitation.resident_id, Invitation.reason)
        .join(PublishedDay, _holds())
        .join(
            Invitation,
            (Invitation.community_id == PublishedSession.community_id)
            & (Invitation.published_session_id == PublishedSession.id),
        )
        .where(PublishedDay.on_date.in_(days), Invitation.resident_id.in_(resident_ids))
    )
    invited: dict[str, list[tuple[Slot, tuple[Reason, ...]]]] = defaultdict(list)
    for *slot, resident_id, reason in db.execute(query):
        invited[resident_id].append((_slot(slot), read_reasons(reason)))
    return {resident_id: tuple(sorted(each, key=lambda pair: _when(pair[0]))) for resident_id, each in invited.items()}


def _every_version(db: DbSession, community_id: str, refs: Collection[str]) -> Iterable[Slot]:
    """The sessions of these refs as each publication had them, oldest first."""
    rows = db.execute(
        _slots(community_id)
        .join(
            Publication,
            (Publication.community_id == PublishedSession.community_id)
            & (Publication.id == PublishedSession.publication_id),
        )
        .where(PublishedSession.ref.in_(refs))
        .order_by(Publication.number)
    )
    return map(_slot, rows)


def _slots(community_id: str) -> Select[*tuple[Any, ...]]:
    return select(
        PublishedSession.id,
        PublishedSession.ref,
        PublishedSession.activity_id,
        PublishedSession.title,
        PublishedSession.domains,
        PublishedSession.space_name,
        PublishedSession.on_date,
        PublishedSession.start_minute,
        PublishedSession.end_minute,
        PublishedSession.starts_at,
        PublishedSession.ends_at,
        PublishedSession.is_visit,
    ).where(PublishedSession.community_id == community_id)


def _holds() -> ColumnElement[bool]:
    """The pointer of the session's own day points at the session's publication."""
    return (
        (PublishedDay.community_id == PublishedSession.community_id)
        & (PublishedDay.publication_id == PublishedSession.publication_id)
        & (PublishedDay.on_date == PublishedSession.on_date)
    )


def _slot(columns: Iterable[Any]) -> Slot:
    id, ref, activity_id, title, domains, *rest = columns
    return Slot(id, ref, activity_id, title, tuple(domains), *rest)


def _when(slot: Slot) -> tuple[date, int, int, str, str]:
    return slot.on_date, slot.start_minute, slot.end_minute, slot.title, slot.ref


def _sorted(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    return tuple(sorted(slots, key=_when))
