"""A draft to change by hand where a week has none: from what is or was published, like last week, or empty."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.ids import new_id
from milieu.models import Plan
from milieu.models.weeks.publications import WITHDRAWN as TAKEN_BACK
from milieu.queries.week.weeks import find_draft
from milieu.services.by_hand.trying import new_ref, source_of
from milieu.services.journal import record
from milieu.services.teller import Teller
from milieu.services.weeks.editions import lock_community
from milieu.services.weeks.history.withdrawing import contents_before
from milieu.services.weeks.objections import hold
from milieu.services.weeks.plans.drafts import DRAFT, keep_sessions
from milieu.solving.contents import SessionContent, read_published
from milieu.solving.problem.document import ProblemSource

PUBLISHED, LAST_WEEK, WITHDRAWN, EMPTY = FROM = ("published", "last week", "withdrawn", "empty")


def begin_draft(db: DbSession, teller: Teller, week_start: date, source_name: str) -> str:
    """Make a week's draft to be changed by hand, and its id; where there is one already, that one's.

    `source_name` is of FROM. Raises NotFound; Conflict where the week is over, or where there is nothing to begin from.
    """
    lock_community(db, teller.community_id)
    if (there := find_draft(db, teller.community_id, week_start)) is not None:
        return there.id
    source = source_of(db, teller.community_id, week_start, teller)
    contents = tuple(_contents(db, teller, source, source_name))
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
    record(
        db,
        teller.community_id,
        verb="begun by hand",
        noun="plan",
        row_id=plan.id,
        by=teller.by,
        now=teller.now,
        after={"from": source_name, "week": week_start.isoformat()},
    )
    return plan.id


def _contents(db: DbSession, teller: Teller, source: ProblemSource, source_name: str) -> Iterable[SessionContent]:
    week_start = source.week.start
    if source_name == EMPTY:
        return ()
    if source_name == WITHDRAWN:
        return contents_before(db, source)
    weeks = {PUBLISHED: week_start, LAST_WEEK: week_start - timedelta(weeks=1)}
    found = read_published(db, teller.community_id, weeks[source_name]) if source_name in weeks else None
    if found is None or found.publication.kind == TAKEN_BACK:
        raise Conflict("Nothing is published that this could begin from.")
    return found.sessions if source_name == PUBLISHED else _a_week_later(source, found.sessions)


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
