"""What a publication changed for people, against one that held before: told in one sentence each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Invitation, Publication, PublishedSession, SpaceClosure


@dataclass(frozen=True)
class Placement:
    """Where and when a session is, in local time; minutes from midnight."""

    on_date: date
    start_minute: int
    end_minute: int
    space_id: str
    space: str


@dataclass(frozen=True)
class SessionChange:
    """A session that is new (`was` None), gone (`now` None), at another time or in another space.

    `was_closed`: the space it had is closed at the time it had.
    """

    ref: str
    title: str
    is_visit: bool
    was: Placement | None
    now: Placement | None
    was_closed: bool = False

    @property
    def is_moved(self) -> bool:
        """Whether its day or start changed."""
        if self.was is None or self.now is None:
            return False
        return (self.was.on_date, self.was.start_minute) != (self.now.on_date, self.now.start_minute)


@dataclass(frozen=True)
class _Placed:
    title: str
    is_visit: bool
    place: Placement


def base_before(db: DbSession, community_id: str, publication_id: str, moment: datetime) -> str | None:
    """The id of the publication of the same week that held just before a moment, None where there was none."""
    week = select(Publication.week_start).where(
        Publication.community_id == community_id, Publication.id == publication_id
    )
    return db.scalars(
        select(Publication.id)
        .where(
            Publication.community_id == community_id,
            Publication.week_start == week.scalar_subquery(),
            Publication.published_at < moment,
        )
        .order_by(Publication.number.desc())
        .limit(1)
    ).first()


def first_of_week(db: DbSession, community_id: str, week_start: date) -> str | None:
    """The id of the week's newest publication that a person made, not the clock."""
    return db.scalars(
        select(Publication.id)
        .where(
            Publication.community_id == community_id, Publication.week_start == week_start, Publication.kind == "week"
        )
        .order_by(Publication.number.desc())
        .limit(1)
    ).first()


def changes_between(
    db: DbSession,
    community_id: str,
    before_id: str,
    after_id: str,
    days: Collection[date],
    resident_id: str | None = None,
) -> tuple[SessionChange, ...]:
    """What changed on the given days from one publication to another, by time; of one resident's sessions where named.

    A resident's: new and gone then mean invited and no longer invited.
    """
    if before_id == after_id:
        return ()
    before = _sessions(db, community_id, before_id, resident_id)
    after = _sessions(db, community_id, after_id, resident_id)
    changes = []
    for ref in before.keys() | after.keys():
        old, new = before.get(ref), after.get(ref)
        was, now = old.place if old else None, new.place if new else None
        title, is_visit = next((each.title, each.is_visit) for each in (new, old) if each is not None)
        if {each.on_date for each in (was, now) if each is not None} & set(days) and not _same(was, now):
            changes.append(SessionChange(ref, title, is_visit, was, now))
    closed = _closed(db, community_id, [each.was for each in changes if each.was is not None])
    return tuple(
        SessionChange(each.ref, each.title, each.is_visit, each.was, each.now, each.was in closed)
        for each in sorted(changes, key=_when)
    )


def _when(change: SessionChange) -> tuple[date, int, str]:
    place = change.now or change.was
    assert place is not None
    return place.on_date, place.start_minute, change.ref


def _same(was: Placement | None, now: Placement | None) -> bool:
    if was is None or now is None:
        return was is now
    return (was.on_date, was.start_minute, was.space_id) == (now.on_date, now.start_minute, now.space_id)


def _sessions(db: DbSession, community_id: str, publication_id: str, resident_id: str | None) -> dict[str, _Placed]:
    query = select(
        PublishedSession.ref,
        PublishedSession.title,
        PublishedSession.is_visit,
        PublishedSession.on_date,
        PublishedSession.start_minute,
        PublishedSession.end_minute,
        PublishedSession.space_id,
        PublishedSession.space_name,
    ).where(PublishedSession.community_id == community_id, PublishedSession.publication_id == publication_id)
    if resident_id is not None:
        query = query.join(
            Invitation,
            (Invitation.community_id == PublishedSession.community_id)
            & (Invitation.published_session_id == PublishedSession.id),
        ).where(Invitation.resident_id == resident_id)
    return {
        row.ref: _Placed(
            row.title,
            row.is_visit,
            Placement(row.on_date, row.start_minute, row.end_minute, row.space_id, row.space_name),
        )
        for row in db.execute(query)
    }


def _closed(db: DbSession, community_id: str, places: list[Placement]) -> set[Placement]:
    """Those of the places whose space is closed at their time."""
    if not places:
        return set()
    closures = db.scalars(
        select(SpaceClosure).where(
            SpaceClosure.community_id == community_id,
            SpaceClosure.space_id.in_({place.space_id for place in places}),
        )
    ).all()
    return {
        place
        for place in places
        for closure in closures
        if closure.space_id == place.space_id
        and closure.first_date <= place.on_date <= closure.last_date
        and closure.start_minute < place.end_minute
        and place.start_minute < closure.end_minute
    }
