"""Sessions as a calendar program follows them: each with how often it changed, what was taken out as cancelled."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from milieu.calendar.weeks import monday_of
from milieu.database import DbSession
from milieu.models import (
    Activity,
    Invitation,
    Publication,
    PublishedDay,
    PublishedLeader,
    PublishedSession,
    SessionHeld,
)
from milieu.queries.facts.absences import told_at
from milieu.queries.published.absent import absences_between
from milieu.queries.published.marks import Held, held_of, marks_of

BACK, AHEAD = timedelta(weeks=4), timedelta(weeks=26)
SMALL_GROUP = "A small group"
"""What a closed group without a public name is called."""


@dataclass(frozen=True)
class Event:
    """A session for one calendar: `sequence` counts its changes there, `changed_at` is when the last was published.

    `first_at` is when it was first published; minutes are local.
    """

    ref: str
    title: str
    space: str
    on_date: date
    start_minute: int
    end_minute: int
    is_visit: bool
    first_at: datetime
    starts_at: datetime
    ends_at: datetime
    sequence: int
    changed_at: datetime
    is_cancelled: bool


@dataclass(frozen=True)
class _State:
    """A session as one publication has it, by what a calendar shows of it."""

    title: str
    space: str
    on_date: date
    start_minute: int
    end_minute: int
    is_visit: bool
    starts_at: datetime
    ends_at: datetime


@dataclass
class _Course:
    """A session's way through the publications; `is_there`: the newest of them that speaks of its day has it."""

    state: _State
    first_at: datetime
    changed_at: datetime
    sequence: int = 0
    is_there: bool = True


def public_events(db: DbSession, community_id: str, today: date) -> tuple[Event, ...]:
    """What everybody may read: group sessions, closed ones only under a public name."""
    everybodys = or_(Activity.is_closed.is_(False), Activity.public_name != "")
    return _events(db, community_id, today, [everybodys, PublishedSession.is_visit.is_(False)], has_public_names=True)


def resident_events(db: DbSession, community_id: str, resident_id: str, today: date) -> tuple[Event, ...]:
    """What a resident is invited to; closed groups under their public name, so that nothing tells of health.

    What they are away from or in bed for is cancelled like anything else, without a word on what keeps them.
    """
    theirs = PublishedSession.id.in_(
        select(Invitation.published_session_id).where(
            Invitation.community_id == community_id, Invitation.resident_id == resident_id
        )
    )
    events = _events(db, community_id, today, [theirs], has_public_names=True)
    return _as_kept(db, community_id, events, {event.ref: [resident_id] for event in events})


def leader_events(db: DbSession, community_id: str, facilitator_id: str, today: date) -> tuple[Event, ...]:
    """What somebody leads, visits too; these are cancelled where whom they are for is away."""
    theirs = PublishedSession.id.in_(
        select(PublishedLeader.published_session_id).where(
            PublishedLeader.community_id == community_id, PublishedLeader.facilitator_id == facilitator_id
        )
    )
    events = _events(db, community_id, today, [theirs], has_public_names=False)
    return _as_kept(db, community_id, events, _visited(db, community_id, events))


def _events(
    db: DbSession,
    community_id: str,
    today: date,
    conditions: Collection[ColumnElement[bool]],
    *,
    has_public_names: bool,
) -> tuple[Event, ...]:
    first, last = monday_of(today - BACK), today + AHEAD
    pointers = _pointers(db, community_id, first, last)
    rows = _rows(db, community_id, first, last, conditions, has_public_names=has_public_names)
    courses: dict[str, _Course] = {}
    for number, week_start, published_at in _publications(db, community_id, first, last):
        states = rows.get(number, {})
        for ref, state in states.items():
            _follow(courses, ref, state, published_at)
        for ref, course in courses.items():
            held_by = pointers.get(course.state.on_date, number)  # a day that the week was taken back from has none
            is_of_week = week_start <= course.state.on_date < week_start + timedelta(weeks=1)
            if ref not in states and is_of_week and held_by >= number and course.is_there:
                course.is_there, course.changed_at = False, published_at
                course.sequence += 1
    held = held_of(db, community_id, refs=courses.keys())
    said = _times_said(db, community_id, courses.keys())
    return tuple(sorted(_told(courses, held, said), key=lambda event: (event.starts_at, event.title, event.ref)))


def _as_kept(
    db: DbSession, community_id: str, events: tuple[Event, ...], whose: Mapping[str, Sequence[str]]
) -> tuple[Event, ...]:
    """The events as they are where those whom they are for may be away or in bed, by ref in `whose`: cancelled where
    none of them can be asked. Each word of that is a change of what it meets."""
    met = [event for event in events if whose.get(event.ref)]
    if not met:
        return events
    residents = {resident_id for event in met for resident_id in whose[event.ref]}
    only = next(iter(residents)) if len(residents) == 1 else None
    marks = marks_of(db, community_id, refs={event.ref for event in met}, resident_id=only)
    days = [event.on_date for event in met]
    away = absences_between(db, community_id, min(days), max(days), residents, marks.values())
    told = told_at(db, community_id, residents, min(event.first_at for event in met))

    def as_kept(event: Event) -> Event:
        theirs = whose.get(event.ref, ())
        said = [
            word.at
            for resident_id in theirs
            for word in told.get(resident_id, ())
            if word.at >= event.first_at and word.first <= event.on_date <= word.last
        ]
        return replace(
            event,
            sequence=event.sequence + len(said),
            changed_at=max([event.changed_at, *said]),
            is_cancelled=event.is_cancelled
            or (bool(theirs) and all(away.kind(resident_id, event) for resident_id in theirs)),
        )

    return tuple(map(as_kept, events))


def _visited(db: DbSession, community_id: str, events: Iterable[Event]) -> Mapping[str, Sequence[str]]:
    """Whom each visit is for, by ref, as the newest publication that has it says."""
    rows = db.execute(
        select(PublishedSession.ref, Invitation.resident_id)
        .join(
            Publication,
            (Publication.community_id == PublishedSession.community_id)
            & (Publication.id == PublishedSession.publication_id),
        )
        .join(
            Invitation,
            (Invitation.community_id == PublishedSession.community_id)
            & (Invitation.published_session_id == PublishedSession.id),
        )
        .where(
            PublishedSession.community_id == community_id,
            PublishedSession.ref.in_({event.ref for event in events if event.is_visit}),
        )
        .order_by(Publication.number)
    )
    return {ref: [resident_id] for ref, resident_id in rows}


def _follow(courses: dict[str, _Course], ref: str, state: _State, published_at: datetime) -> None:
    course = courses.get(ref)
    if course is None:
        courses[ref] = _Course(state, published_at, published_at)
    elif course.state != state or not course.is_there:
        course.state, course.is_there, course.changed_at = state, True, published_at
        course.sequence += 1


def _told(courses: dict[str, _Course], held: dict[str, Held], times_said: dict[str, int]) -> Iterable[Event]:
    """Whatever was said of a session's being held is one change more, as of when that was said."""
    for ref, course in courses.items():
        said = held.get(ref)
        is_off = said is not None and said.was_held is False
        state = course.state
        yield Event(
            ref=ref,
            title=state.title,
            space=state.space,
            on_date=state.on_date,
            start_minute=state.start_minute,
            end_minute=state.end_minute,
            is_visit=state.is_visit,
            first_at=course.first_at,
            starts_at=state.starts_at,
            ends_at=state.ends_at,
            sequence=course.sequence + times_said.get(ref, 0),
            changed_at=max(course.changed_at, said.at) if said else course.changed_at,
            is_cancelled=is_off or not course.is_there,
        )


def _times_said(db: DbSession, community_id: str, refs: Collection[str]) -> dict[str, int]:
    """How often something was said of whether each session is held."""
    rows = db.execute(
        select(SessionHeld.session_ref, func.max(SessionHeld.number).label("number"))
        .where(SessionHeld.community_id == community_id, SessionHeld.session_ref.in_(refs))
        .group_by(SessionHeld.session_ref)
    )
    return {row.session_ref: row.number for row in rows}


def _pointers(db: DbSession, community_id: str, first: date, last: date) -> dict[date, int]:
    """The number of the publication that holds on each day."""
    rows = db.execute(
        select(PublishedDay.on_date, Publication.number)
        .join(
            Publication,
            (Publication.community_id == PublishedDay.community_id) & (Publication.id == PublishedDay.publication_id),
        )
        .where(PublishedDay.community_id == community_id, PublishedDay.on_date.between(first, last))
    )
    return {row.on_date: row.number for row in rows}


def _publications(db: DbSession, community_id: str, first: date, last: date) -> list[tuple[int, date, datetime]]:
    rows = db.execute(
        select(Publication.number, Publication.week_start, Publication.published_at)
        .where(Publication.community_id == community_id, Publication.week_start.between(first, last))
        .order_by(Publication.number)
    )
    return [(row.number, row.week_start, row.published_at) for row in rows]


def _rows(
    db: DbSession,
    community_id: str,
    first: date,
    last: date,
    conditions: Collection[ColumnElement[bool]],
    *,
    has_public_names: bool,
) -> dict[int, dict[str, _State]]:
    """By publication and ref, the sessions as each publication has them, on the days that it may speak of."""
    rows = db.execute(
        select(PublishedSession, Publication.number, Activity.is_closed, Activity.public_name)
        .join(
            Publication,
            (Publication.community_id == PublishedSession.community_id)
            & (Publication.id == PublishedSession.publication_id),
        )
        .join(
            Activity,
            (Activity.community_id == PublishedSession.community_id) & (Activity.id == PublishedSession.activity_id),
        )
        .where(PublishedSession.community_id == community_id, Publication.week_start.between(first, last), *conditions)
    )
    found: dict[int, dict[str, _State]] = {}
    for row, number, is_closed, public_name in rows:
        title = (public_name or SMALL_GROUP) if is_closed and has_public_names else row.title
        minutes = row.start_minute, row.end_minute
        state = _State(title, row.space_name, row.on_date, *minutes, row.is_visit, row.starts_at, row.ends_at)
        found.setdefault(number, {})[row.ref] = state
    return found
