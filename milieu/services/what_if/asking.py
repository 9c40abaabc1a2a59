"""A scenario is asked for: a run of its own, which waits in the queue like any other."""

from datetime import date, datetime

from sqlalchemy import func, select

from milieu.calendar.weeks import Week
from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.models import Plan, Publication, Run
from milieu.queries.settings import settings_of
from milieu.services.weeks.editions import WITHDRAWN, lock_community
from milieu.services.weeks.plans.drafts import DRAFT
from milieu.services.weeks.plans.requested import queued_run
from milieu.services.what_if import WHAT_IF
from milieu.services.what_if.supposing import EVENING, EVENINGS, OUTBREAK, TIES, Supposed, suppose
from milieu.solving.contents import SessionContent, read_plan, read_published
from milieu.solving.problem.document import WEEK_OVER
from milieu.solving.problem.rows import load_rows

MOST_WAITING = 4
NOTHING_BESIDE = "There is no draft and nothing is published for this week, so there is nothing to compare with."


def request_what_if(
    db: DbSession, community_id: str, week_start: date, supposed: Supposed, *, by: str | None, now: datetime
) -> str:
    """Ask what a week would be if something were otherwise; the id of the run.

    Raises NotFound; Invalid where it speaks of what is not there, or of no day of the week; Conflict where the week is
    over, where there is nothing beside which it could be, or where as many wait as may.
    """
    week = Week(week_start, lock_community(db, community_id))
    settings = settings_of(db, community_id)
    if week.is_over(now, settings.slot_minutes):
        raise Conflict(WEEK_OVER)
    if supposed.kind not in (OUTBREAK, TIES) and not (supposed.days and set(supposed.days) <= set(week.days)):
        raise Invalid("Please choose at least one day of this week.", at="days")
    beside, sessions = week_beside(db, community_id, week_start)
    if supposed.kind == EVENINGS:
        most = max(sum(_is_evening_of(each, day) for each in sessions) for day in supposed.days)
        supposed = Supposed(EVENINGS, days=supposed.days, least=most + 1)
    suppose(load_rows(db, community_id, week_start, now), supposed)
    mine = Run.community_id == community_id, Run.kind == WHAT_IF, Run.state.in_(("queued", "running"))
    if (db.scalar(select(func.count()).where(*mine)) or 0) >= MOST_WAITING:
        raise Conflict("Several are being planned already. Please wait until one of them is done.")
    run = queued_run(
        community_id,
        WHAT_IF,
        week,
        seconds=settings.repair_seconds,
        by=by,
        now=now,
        asked={"supposed": supposed.as_json(), "beside": beside},
    )
    db.add(run)
    db.flush()
    return run.id


def week_beside(
    db: DbSession, community_id: str, week_start: date
) -> tuple[dict[str, str], tuple[SessionContent, ...]]:
    """What a scenario stands beside: the draft, else what is published; which that is, and its sessions.

    Raises Conflict where there is neither.
    """
    mine = Plan.community_id == community_id, Plan.week_start == week_start, Plan.state == DRAFT
    if (plan := db.scalar(select(Plan).where(*mine))) is not None:
        return {"plan": plan.id}, read_plan(db, plan)
    published = read_published(db, community_id, week_start)
    if published is not None and published.publication.kind != WITHDRAWN:
        publication: Publication = published.publication
        return {"publication": publication.id}, published.sessions
    raise Conflict(NOTHING_BESIDE)


def _is_evening_of(session: SessionContent, day: date) -> bool:
    return session.on_date == day and session.start_minute >= EVENING and not session.is_visit
