"""What an inspector asks of some residents over some months: what was on, what changed, what they came to and wish.

Nobody but the residents that were asked for is named in it, and no tie.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from milieu.calendar.spans import is_valid
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Activity, Community, Publication, PublishedChange, PublishedSession, Resident, Target, Wish
from milieu.models.validity import is_valid_within
from milieu.queries.records.entries import Entry, Period, Records, records_of
from milieu.queries.residents.people import full_name


@dataclass(frozen=True)
class Changed:
    """A change of a session that a publication made after its week was published first. `title` as in that one."""

    at: datetime
    title: str
    on_date: date
    start_minute: int
    kind: str


@dataclass(frozen=True)
class WishKept:
    """A wish or a dislike (`strength` -2 to 5), and how often the resident was invited to it and came."""

    activity: str
    strength: int
    said_by: str
    said_on: date | None
    invited: int
    came: int


@dataclass(frozen=True)
class AimKept:
    """An aim of the care plan: so often a week of a domain, from a day to a day; how often invited and came in all."""

    domain: str
    min_sessions: int
    valid_from: date | None
    valid_until: date | None
    invited: int
    came: int


@dataclass(frozen=True)
class Pages:
    """One resident's part of the folder."""

    resident_id: str
    name: str
    unit: str
    room: str
    groups: tuple[Entry, ...]
    visits: tuple[Entry, ...]
    wishes: tuple[WishKept, ...]
    aims: tuple[AimKept, ...]


@dataclass(frozen=True)
class Folder:
    """The whole folder; `records` are the community's, for the calendar and the figures."""

    community: str
    timezone: str
    period: Period
    records: Records
    changes: tuple[Changed, ...]
    people: tuple[Pages, ...]


def folder_of(db: DbSession, community_id: str, resident_ids: Collection[str], period: Period) -> Folder:
    """Raises NotFound where one of the residents is not of the community."""
    community = db.get_one(Community, community_id)
    rows = db.scalars(
        select(Resident).where(Resident.community_id == community_id, Resident.id.in_(resident_ids))
    ).all()
    if len(rows) != len(set(resident_ids)):
        raise NotFound("There is no such resident.")
    records = records_of(db, community_id, period)
    people = [_pages(db, resident, records) for resident in rows]
    return Folder(
        community.name,
        community.timezone,
        period,
        records,
        _changes(db, community_id, period),
        tuple(sorted(people, key=lambda each: (each.name.casefold(), each.resident_id))),
    )


def _pages(db: DbSession, resident: Resident, records: Records) -> Pages:
    own = [each for each in records.entries if each.resident_id == resident.id]
    unit = own[0].unit.name if own else ""
    return Pages(
        resident_id=resident.id,
        name=full_name(resident.given_name, resident.family_name, resident.called),
        unit=unit,
        room=resident.room,
        groups=tuple(each for each in own if not each.session.is_visit),
        visits=tuple(each for each in own if each.session.is_visit),
        wishes=_wishes(db, resident, own, records.period),
        aims=_aims(db, resident, own, records.period),
    )


def _wishes(db: DbSession, resident: Resident, own: list[Entry], period: Period) -> tuple[WishKept, ...]:
    """The wishes that held on any day of the period, the strongest first."""
    rows = db.execute(
        select(Wish, Activity.name)
        .join(Activity, (Activity.community_id == Wish.community_id) & (Activity.id == Wish.activity_id))
        .where(
            Wish.community_id == resident.community_id,
            Wish.resident_id == resident.id,
            is_valid_within(Wish, period.first, period.last),
        )
        .order_by(Wish.strength.desc(), Activity.name, Wish.id)
    )
    kept = []
    for wish, name in rows:
        of_it = [each for each in own if each.session.activity_id == wish.activity_id]
        counts = sum(each.is_invited for each in of_it), sum(each.came for each in of_it)
        kept.append(WishKept(name, wish.strength, wish.said_by, wish.said_on, *counts))
    return tuple(kept)


def _aims(db: DbSession, resident: Resident, own: list[Entry], period: Period) -> tuple[AimKept, ...]:
    """The aims of the care plan that held on any day of the period."""
    rows = db.scalars(
        select(Target)
        .where(
            Target.community_id == resident.community_id,
            Target.resident_id == resident.id,
            is_valid_within(Target, period.first, period.last),
        )
        .order_by(Target.domain, Target.id)
    )
    kept = []
    for aim in rows:
        of_it = [each for each in own if aim.domain in each.session.domains and _holds(aim, each.session.on_date)]
        counts = sum(each.is_invited for each in of_it), sum(each.came for each in of_it)
        kept.append(AimKept(aim.domain, aim.min_sessions, aim.valid_from, aim.valid_until, *counts))
    return tuple(kept)


def _holds(aim: Target, day: date) -> bool:
    return is_valid(aim.valid_from, aim.valid_until, day, day)


def _changes(db: DbSession, community_id: str, period: Period) -> tuple[Changed, ...]:
    """What publications changed of sessions of these days, as they came; titles and times as they were before."""
    rows = db.execute(
        select(Publication.published_at, PublishedChange.session_ref, PublishedChange.kind, Publication.id)
        .join(
            Publication,
            (Publication.community_id == PublishedChange.community_id)
            & (Publication.id == PublishedChange.publication_id),
        )
        .where(PublishedChange.community_id == community_id, Publication.previous_id.is_not(None))
        .order_by(Publication.number, PublishedChange.session_ref)
    ).all()
    last: dict[str, PublishedSession] = {}
    for session in db.scalars(
        select(PublishedSession)
        .join(
            Publication,
            (Publication.community_id == PublishedSession.community_id)
            & (Publication.id == PublishedSession.publication_id),
        )
        .where(
            PublishedSession.community_id == community_id, PublishedSession.on_date.between(period.first, period.last)
        )
        .order_by(Publication.number)
    ):
        last[session.ref] = session
    return tuple(
        Changed(row.published_at, found.title, found.on_date, found.start_minute, row.kind)
        for row in rows
        if (found := last.get(row.session_ref)) is not None and not found.is_visit
    )
