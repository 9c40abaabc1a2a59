"""A week's drafts: the one that would be published, and those set aside, which stay within reach.

There is one draft of a week at a time. A new one takes its place unless the old one is better as things are now; the
other of the two is set aside, and a person may take it back. What is taken back is a draft like any: it is held against
today's facts before it is published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.models import Plan, PlanLeader, PlanPlace, PlanSession
from milieu.reasons import as_json
from milieu.services.journal import record
from milieu.services.weeks.editions import lock_community
from milieu.services.weeks.objections import hold
from milieu.services.weeks.sessions import Tables, add_sessions
from milieu.solving.contents import SessionContent, read_plan
from milieu.solving.problem.document import ProblemSource
from milieu.solving.problem.known import source_of
from solver.documents.exchange import ScheduleDocument

DRAFT, SET_ASIDE = "draft", "set aside"
MOST_SHOWN = 6


@dataclass(frozen=True)
class Drafted:
    """A week that was planned and has yet to be kept. `facts_at` is the moment of the facts that it was made from."""

    source: ProblemSource
    schedule: ScheduleDocument
    contents: tuple[SessionContent, ...]
    facts_at: datetime
    by: str | None
    run_id: str


@dataclass(frozen=True)
class Weighed:
    """A draft by the facts of now: what stands against it, and what it is worth where nothing does."""

    plan_id: str
    because: tuple[str, ...]
    objective: int | None


def keep(db: DbSession, drafted: Drafted, plan_id: str, now: datetime) -> None:
    """Make it the week's draft; where the draft that is there keeps every rule and is worth more, set it aside."""
    source, schedule = drafted.source, drafted.schedule
    community_id, week_start = source.rows.community.id, source.week.start
    older = _draft(db, community_id, week_start)
    worth = None if older is None else weigh(db, source, older).objective
    is_worse = worth is not None and schedule.objective is not None and worth > schedule.objective
    if older is not None and not is_worse:
        _set_aside(db, older)
    db.add(
        Plan(
            community_id=community_id,
            id=plan_id,
            week_start=week_start,
            state=SET_ASIDE if is_worse else DRAFT,
            created_at=now,
            created_by=drafted.by,
            run_id=drafted.run_id,
            facts_digest=source.facts_digest,
            facts_at=drafted.facts_at,
            objective=schedule.objective,
            bound=schedule.bound,
            terms=schedule.terms,
        )
    )
    db.flush()
    keep_sessions(db, community_id, plan_id, drafted.contents)


def take_back(
    db: DbSession, community_id: str, plan_id: str, *, version: int, instead_of: str, by: str | None, now: datetime
) -> None:
    """Make a plan that was set aside the week's draft again; the draft that is there, `instead_of`, is set aside.

    `instead_of` is "" where there was none. Done twice it is done once. Raises NotFound; Conflict where the week is
    over, or where either of the two is not as it was seen.
    """
    lock_community(db, community_id)
    plan = db.get(Plan, {"community_id": community_id, "id": plan_id})
    if plan is None:
        raise NotFound("There is no such plan.")
    if plan.state == DRAFT:
        return
    if plan.state != SET_ASIDE or plan.version != version:
        raise Conflict("This draft is not as it was when you looked at it. Please look again.")
    source_of(db, community_id, plan.week_start, now, repair=False)  # refuses a week that is over
    present = _draft(db, community_id, plan.week_start)
    if (present.id if present else "") != instead_of:
        raise Conflict("Another draft has been made or published since you looked. Please look again.")
    if present is not None:
        _set_aside(db, present)
    plan.state = DRAFT
    db.flush()
    before = {"draft": instead_of} if instead_of else None
    record(
        db,
        community_id,
        verb="taken back",
        noun="plan",
        row_id=plan_id,
        by=by,
        now=now,
        before=before,
        after={"draft": plan_id},
    )


def weigh_all(db: DbSession, community_id: str, week_start: date, now: datetime) -> dict[str, Weighed]:
    """A week's draft and those set aside last, by id, all read by the same facts so that they can be compared.

    Raises NotFound; Conflict where the week is over.
    """
    source = source_of(db, community_id, week_start, now, repair=False)
    plans = db.scalars(
        select(Plan)
        .where(Plan.community_id == community_id, Plan.week_start == week_start, Plan.state.in_((DRAFT, SET_ASIDE)))
        .order_by(Plan.state, Plan.created_at.desc(), Plan.id)
        .limit(MOST_SHOWN)
    )
    return {plan.id: weigh(db, source, plan) for plan in plans}


def weigh(db: DbSession, source: ProblemSource, plan: Plan) -> Weighed:
    """One of them."""
    held = hold(db, source, read_plan(db, plan))
    return Weighed(plan.id, held.sentences, None if held.objections else held.checked.objective)


def keep_sessions(db: DbSession, community_id: str, plan_id: str, contents: Sequence[SessionContent]) -> None:
    """The rows of a plan's sessions, leaders and places."""
    add_sessions(
        db,
        contents,
        Tables(PlanSession, PlanLeader, PlanPlace),
        session=lambda each, row_id: {
            "community_id": community_id,
            "id": row_id,
            "plan_id": plan_id,
            "ref": each.ref,
            "activity_id": each.activity_id,
            "space_id": each.space_id,
            "on_date": each.on_date,
            "start_minute": each.start_minute,
            "end_minute": each.end_minute,
        },
        leader=lambda row_id, facilitator_id: {
            "community_id": community_id,
            "plan_session_id": row_id,
            "facilitator_id": facilitator_id,
        },
        place=lambda row_id, place: {
            "community_id": community_id,
            "plan_session_id": row_id,
            "resident_id": place.resident_id,
            "reason": as_json(place.reasons),
        },
    )


def sessions_of(db: DbSession, community_id: str, week_start: date) -> tuple[SessionContent, ...]:
    """The sessions of a week's draft, none where there is none."""
    plan = _draft(db, community_id, week_start)
    return () if plan is None else read_plan(db, plan)


def _draft(db: DbSession, community_id: str, week_start: date) -> Plan | None:
    return db.scalar(
        select(Plan).where(Plan.community_id == community_id, Plan.week_start == week_start, Plan.state == DRAFT)
    )


def _set_aside(db: DbSession, plan: Plan) -> None:
    plan.state = SET_ASIDE
    db.flush()  # before another becomes the draft: a week has one
