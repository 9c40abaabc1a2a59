"""A week's drafts side by side: the one there is, and those set aside last; and what a person fixed in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select

from milieu.database import DbSession
from milieu.models import Account, Activity, Pin, Plan, PlanPlace, PlanSession, Run


@dataclass(frozen=True)
class DraftShown:
    """A draft as one chooses among several. `is_set_aside`: it is not the week's draft; `is_by_hand`: a person began
    it, and no search made it.
    """

    id: str
    version: int
    is_set_aside: bool
    created_at: datetime
    created_by: str
    was_stopped: bool
    seconds: float | None
    groups: int
    visits: int
    people: int
    invitations: int
    is_by_hand: bool


def count_set_aside(db: DbSession, community_id: str, week_start: date) -> int:
    """How many drafts of a week are set aside."""
    mine = Plan.community_id == community_id, Plan.week_start == week_start, Plan.state == "set aside"
    return db.scalar(select(func.count()).where(*mine)) or 0


def has_session(db: DbSession, community_id: str, plan_id: str, ref: str) -> bool:
    """Whether a draft holds the session of that ref."""
    mine = PlanSession.community_id == community_id, PlanSession.plan_id == plan_id, PlanSession.ref == ref
    return db.scalar(select(PlanSession.id).where(*mine)) is not None


def show_drafts(db: DbSession, community_id: str, plan_ids: Collection[str]) -> tuple[DraftShown, ...]:
    """The plans of those ids, the week's draft first, then the newest first. Three queries."""
    rows = db.execute(
        select(
            Plan.id,
            Plan.version,
            Plan.state,
            Plan.created_at,
            Account.name,
            Run.state.label("run"),
            Run.seconds,
            (Plan.run_id.is_(None) & Plan.edited_at.is_not(None)).label("is_by_hand"),
        )
        .outerjoin(Account, Account.id == Plan.created_by)
        .outerjoin(Run, (Run.community_id == Plan.community_id) & (Run.id == Plan.run_id))
        .where(Plan.community_id == community_id, Plan.id.in_(plan_ids))
        .order_by(Plan.state, Plan.created_at.desc(), Plan.id)
    ).all()
    here = PlanSession.community_id == community_id, PlanSession.plan_id.in_(plan_ids)
    sessions = {
        plan_id: (count - visits, visits)
        for plan_id, count, visits in db.execute(
            select(PlanSession.plan_id, func.count(), func.sum(case((Activity.max_group == 1, 1), else_=0)))
            .join(
                Activity,
                (Activity.community_id == PlanSession.community_id) & (Activity.id == PlanSession.activity_id),
            )
            .where(*here)
            .group_by(PlanSession.plan_id)
        )
    }
    places = {
        plan_id: (people, invitations)
        for plan_id, people, invitations in db.execute(
            select(PlanSession.plan_id, func.count(PlanPlace.resident_id.distinct()), func.count(PlanPlace.id))
            .join(
                PlanPlace,
                (PlanPlace.community_id == PlanSession.community_id) & (PlanPlace.plan_session_id == PlanSession.id),
            )
            .where(*here)
            .group_by(PlanSession.plan_id)
        )
    }
    return tuple(
        DraftShown(
            row.id,
            row.version,
            row.state == "set aside",
            row.created_at,
            row.name or "",
            row.run == "stopped",
            row.seconds,
            *sessions.get(row.id, (0, 0)),
            *places.get(row.id, (0, 0)),
            is_by_hand=row.is_by_hand,
        )
        for row in rows
    )


def pinned_refs(db: DbSession, community_id: str, week_start: date) -> frozenset[str]:
    """The sessions of a week that a person fixed."""
    refs = db.scalars(
        select(Pin.session_ref).where(
            Pin.community_id == community_id, Pin.week_start == week_start, Pin.kind == "session"
        )
    )
    return frozenset(refs)
