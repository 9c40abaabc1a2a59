"""Choices are asked for: a run of their own, which goes by the facts as they are when it begins."""

from datetime import date, datetime

from sqlalchemy import select, update

from milieu.calendar.weeks import Week
from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.models import Run
from milieu.queries.published.weeks import is_out
from milieu.queries.settings import settings_of
from milieu.services.choices import CHOICES
from milieu.services.weeks.editions import lock_community
from milieu.services.weeks.plans.requested import queued_run
from milieu.solving.problem.document import WEEK_OVER

ANEW = "Something else was told meanwhile; the choices are looked for anew."
NOT_PUBLISHED = "Nothing is published for this week yet, so there is nothing to mend. Plan it instead."


def request_choices(db: DbSession, community_id: str, week_start: date, *, by: str | None, now: datetime) -> str:
    """Ask for the choices of a published week; the id of the run, which is the one that waits where one does.

    One that has begun goes by older facts: it is ended, and another takes its place. Raises NotFound; Invalid where
    the week starts on no Monday; Conflict where it is over or not published.
    """
    week = Week(week_start, lock_community(db, community_id))
    settings = settings_of(db, community_id)
    if week.is_over(now, settings.slot_minutes):
        raise Conflict(WEEK_OVER)
    if not is_out(db, community_id, week_start):
        raise Conflict(NOT_PUBLISHED)
    open_week = f"c{week_start:%Y%m%d}"
    present = Run.community_id == community_id, Run.open_week == open_week
    waiting = db.scalar(select(Run.id).where(*present, Run.state == "queued"))
    if waiting is not None:
        return waiting
    db.execute(update(Run).where(*present).values(state="stopped", open_week=None, finished_at=now, message=ANEW))
    run = queued_run(community_id, CHOICES, week, seconds=settings.repair_seconds, by=by, now=now, open_week=open_week)
    db.add(run)
    db.flush()
    return run.id
