"""A draft to change by hand where a week has none: from what is or was published, last week, a base week, or empty.

What was fixed for a date of the week, such as a guest's hour, is laid over it: what would be in its way gives way.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from milieu.calendar.spans import is_valid
from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.ids import new_id
from milieu.models import BaseSession, Plan
from milieu.models.weeks.publications import WITHDRAWN as TAKEN_BACK
from milieu.queries.week.weeks import find_draft
from milieu.services.by_hand.trying import new_ref, source_of
from milieu.services.journal import write_down
from milieu.services.programme.base_weeks.saving import find_base_week
from milieu.services.teller import Teller
from milieu.services.weeks.editions import lock_community
from milieu.services.weeks.history.withdrawing import contents_before
from milieu.services.weeks.objections import hold
from milieu.services.weeks.plans.drafts import DRAFT, keep_sessions
from milieu.solving.contents import Place, SessionContent, named, read_published
from milieu.solving.problem.document import ProblemSource
from milieu.solving.problem.programme.seating import space_of
from solver.documents import exchange

PUBLISHED, LAST_WEEK, BASE_WEEK, WITHDRAWN, EMPTY = FROM = (
    "published",
    "last week",
    "base week",
    "withdrawn",
    "empty",
)


def begin_draft(db: DbSession, teller: Teller, week_start: date, source_name: str, base_week_id: str = "") -> str:
    """Make a week's draft to be changed by hand, and its id; where there is one already, that one's.

    `source_name` is of FROM, `base_week_id` which base week, "" that without a name.
    Raises NotFound; Conflict where the week is over, or where there is nothing to begin from.
    """
    lock_community(db, teller.community_id)
    if (there := find_draft(db, teller.community_id, week_start)) is not None:
        return there.id
    source = source_of(db, teller.community_id, week_start, teller)
    contents = tuple(_contents(db, teller, source, source_name, base_week_id))
    held = hold(db, source, contents)
    plan = Plan(
        community_id=teller.community_id,
        id=new_id(),
        week_start=week_start,
        state=DRAFT,
        created_at=teller.now,
        created_by=teller.by,
        run_id=None,
        facts_digest=source.facts_digest,
        facts_at=teller.now,
        objective=held.checked.objective,
        bound=None,
        terms=held.checked.terms,
        edited_at=teller.now,
    )
    db.add(plan)
    db.flush()
    keep_sessions(db, teller.community_id, plan.id, contents)
    write_down(
        db,
        teller,
        "begun by hand",
        "plan",
        plan.id,
        after={"from": source_name, "week": week_start.isoformat()},
    )
    return plan.id


def _contents(
    db: DbSession, teller: Teller, source: ProblemSource, source_name: str, base_week_id: str
) -> Iterable[SessionContent]:
    week_start = source.week.start
    if source_name == EMPTY:
        return _laid_over(source, ())
    if source_name == WITHDRAWN:
        return contents_before(db, source)
    if source_name == BASE_WEEK:
        if not (found := tuple(_drawn_up(db, source, base_week_id))):
            raise Conflict("There is nothing in this base week that could be held then.")
        return _laid_over(source, found)
    weeks = {PUBLISHED: week_start, LAST_WEEK: week_start - timedelta(weeks=1)}
    published = read_published(db, teller.community_id, weeks[source_name]) if source_name in weeks else None
    if published is None or published.publication.kind == TAKEN_BACK:
        raise Conflict("Nothing is published that this could begin from.")
    if source_name == PUBLISHED:
        return published.sessions
    return _laid_over(source, tuple(_a_week_later(source, published.sessions)))


def _drawn_up(db: DbSession, source: ProblemSource, base_week_id: str) -> Iterable[SessionContent]:
    """The sessions of a base week, as far as they are offered and have a space, those of visits with whom they visit.

    To groups nobody is invited yet.
    """
    rows = source.rows
    if base_week_id:
        find_base_week(db, source.rows.community.id, base_week_id)
    offered = {row.id for row in source.facts.facts.activities}
    for row in db.scalars(
        select(BaseSession)
        .where(BaseSession.community_id == source.rows.community.id, BaseSession.base_week_id == (base_week_id or None))
        .order_by(BaseSession.weekday, BaseSession.start_minute, BaseSession.id)
    ):
        on_date = source.week.days[row.weekday]
        is_here = row.activity_id in offered and row.space_id in rows.spaces
        if not is_here or row.space_id is None or not is_valid(row.valid_from, row.valid_until, on_date, on_date):
            continue
        there = [member.resident_id for member in rows.members.get(row.activity_id, ())]
        visited = [who for who in there if who in rows.residents and rows.stays[who].stays_over(on_date)]
        is_visit = rows.activities[row.activity_id].max_group == 1
        if is_visit and len(visited) != 1:
            continue
        led = (row.facilitator_id,) if row.facilitator_id and row.facilitator_id in rows.facilitators else ()
        yield _session(
            source,
            new_ref(source),
            row.activity_id,
            on_date,
            row.start_minute,
            row.space_id,
            led,
            visited if is_visit else (),
        )


def _laid_over(source: ProblemSource, sessions: Iterable[SessionContent]) -> tuple[SessionContent, ...]:
    """With what is fixed in the week besides; what shares its space or who leads it, at its time, gives way."""
    fixed = []
    for each in source.document.pins:
        if isinstance(each, exchange.SessionPin) and each.session.space and each.session.facilitators:
            pin, day = each.session, source.week.days[each.session.day]
            led = tuple(sorted(each.session.facilitators))
            space = space_of(each.session.space)
            fixed.append(_session(source, pin.id, pin.activity, day, pin.begin, space, led, ()))
    return (*(each for each in sessions if not any(_meet(each, other) for other in fixed)), *fixed)


def _meet(one: SessionContent, other: SessionContent) -> bool:
    is_shared = one.space_id == other.space_id or set(one.facilitators) & set(other.facilitators)
    at_once = one.start_minute < other.end_minute and other.start_minute < one.end_minute
    return one.ref == other.ref or (one.on_date == other.on_date and at_once and bool(is_shared))


def _session(
    source: ProblemSource,
    ref: str,
    activity_id: str,
    on_date: date,
    start_minute: int,
    space_id: str,
    facilitators: tuple[str, ...],
    residents: Iterable[str],
) -> SessionContent:
    activity = source.rows.activities[activity_id]
    return named(
        activity,
        source.rows.spaces[space_id],
        ref=ref,
        on_date=on_date,
        start_minute=start_minute,
        end_minute=start_minute + activity.duration_minutes,
        facilitators=facilitators,
        places=tuple(Place(each) for each in residents),
    )


def _a_week_later(source: ProblemSource, sessions: Iterable[SessionContent]) -> Iterable[SessionContent]:
    """The same a week later, with those who live here then; what is not offered any more is left out."""
    rows = source.rows
    for each in sessions:
        on_date = each.on_date + timedelta(weeks=1)
        there = {who for who in each.residents if who in rows.residents and rows.stays[who].stays_over(on_date)}
        if each.activity_id not in rows.activities or each.space_id not in rows.spaces or (each.places and not there):
            continue
        yield replace(
            each,
            ref=new_ref(source),
            on_date=on_date,
            facilitators=tuple(who for who in each.facilitators if who in rows.facilitators),
            places=tuple(place for place in each.places if place.resident_id in there),
        )
