"""What is published now, as the solver is told: what happened is a fact, what is to come is what people were told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from milieu.calendar.weeks import Moment
from milieu.database import DbSession
from milieu.queries.published.marks import Mark, held_of, marks_of
from milieu.solving.contents import PublishedWeek, SessionContent, read_published
from milieu.solving.problem.programme.seating import Seating
from milieu.solving.problem.rows import Rows
from solver.documents import exchange

NOT_HELD = "not held"


@dataclass(frozen=True)
class Past:
    """`frozen` happened before `until`; `told` is published and still to come. `until` None: the week has not begun."""

    until: Moment | None
    published: PublishedWeek | None
    frozen: tuple[exchange.Session, ...]
    told: tuple[exchange.Session, ...]

    @property
    def previous(self) -> tuple[exchange.Session, ...]:
        return (*self.frozen, *self.told)


def read_past(db: DbSession, rows: Rows, until: Moment | None, seating: Seating) -> Past:
    """The published week, split at a moment on the grid."""
    published = read_published(db, rows.community.id, rows.week.start)
    if published is None:
        return Past(until, None, (), ())
    start = rows.week.start
    begun = [each for each in published.sessions if has_begun(each, start, until)]
    told = [each for each in published.sessions if not has_begun(each, start, until)]
    marks = _marks_by_session(db, rows.community.id, begun)
    held = held_of(db, rows.community.id, refs=[each.ref for each in begun])
    frozen = []
    for each in begun:
        said = held.get(each.ref)
        was_held = None if said is None else said.was_held
        if was_held is None:
            was_held = not _all_not_held(marks[each.ref])
        if was_held:
            is_over = until is not None and moment_of(each, start, each.end_minute) <= until
            frozen.append(as_session(seating, each, start, _who_came(each, marks[each.ref], is_over=is_over)))
    return Past(
        until, published, tuple(frozen), tuple(as_session(seating, each, start, each.residents) for each in told)
    )


def has_begun(session: SessionContent, week_start: date, until: Moment | None) -> bool:
    """Whether a session starts before the moment up to which the week is past."""
    return until is not None and moment_of(session, week_start, session.start_minute) < until


def moment_of(session: SessionContent, week_start: date, minute: int) -> Moment:
    return Moment((session.on_date - week_start).days, minute)


def as_session(
    seating: Seating, session: SessionContent, week_start: date, residents: Iterable[str]
) -> exchange.Session:
    """A session as the solver is told of it."""
    return exchange.Session(
        id=session.ref,
        activity=session.activity_id,
        day=(session.on_date - week_start).days,
        start=exchange.clock(session.start_minute),
        space=seating.told(session.activity_id, session.space_id),
        facilitators=tuple(sorted(session.facilitators)),
        residents=tuple(sorted(set(residents))),
    )


def _marks_by_session(db: DbSession, community_id: str, sessions: list[SessionContent]) -> dict[str, list[Mark]]:
    """The marks that hold, without those that were taken back."""
    by_session: dict[str, list[Mark]] = {each.ref: [] for each in sessions}
    for mark in marks_of(db, community_id, refs=list(by_session)).values():
        if mark.outcome is not None:
            by_session[mark.session_ref].append(mark)
    return by_session


def _all_not_held(marks: list[Mark]) -> bool:
    return bool(marks) and all(mark.outcome == NOT_HELD for mark in marks)


def _who_came(session: SessionContent, marks: list[Mark], *, is_over: bool) -> set[str]:
    """Who was marked as having come, invited or not; where nothing is marked, those invited.

    While a session runs, those without a mark may still be on their way: they are in it, so that nobody asks them
    elsewhere at the same time.
    """
    came = {mark.resident_id for mark in marks if mark.outcome == "attended"}
    if not marks:
        return set(session.residents)
    return came if is_over else came | set(session.residents) - {mark.resident_id for mark in marks}
