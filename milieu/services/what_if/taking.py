"""A scenario is taken over: the whole of it as the week's draft, or some of its sessions together, by hand."""

from collections.abc import Collection

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.ids import new_id
from milieu.models import Plan, Run
from milieu.queries.week.weeks import find_draft
from milieu.services.by_hand import edits
from milieu.services.by_hand.beginning import PUBLISHED, begin_draft
from milieu.services.by_hand.keeping import CHANGED
from milieu.services.by_hand.trying import Asked, change, source_of
from milieu.services.journal import write_down
from milieu.services.teller import Teller
from milieu.services.weeks.editions import lock_community, lock_facts
from milieu.services.weeks.objections import hold
from milieu.services.weeks.plans.drafts import DRAFT, SET_ASIDE, keep_sessions
from milieu.services.what_if import SCENARIO, WHAT_IF
from milieu.solving.answer.checking import is_same_week
from milieu.solving.contents import SessionContent, read_plan


def take_whole(db: DbSession, teller: Teller, run_id: str, version: int) -> str:
    """Make a scenario the week's draft; the draft that was there, of that version, is set aside. The draft's id.

    By the facts as they are it may not hold: the draft says what stands against it. Raises NotFound; Conflict where the
    week is over, or where the draft is not as it was seen.
    """
    lock_community(db, teller.community_id)
    plan = _scenario(db, teller.community_id, run_id)
    source = source_of(db, teller.community_id, plan.week_start, teller)
    present = find_draft(db, teller.community_id, plan.week_start)
    _as_seen(present.version if present else 0, version)
    held = hold(db, source, read_plan(db, plan))
    if present is not None:
        db.get_one(Plan, (teller.community_id, present.id)).state = SET_ASIDE
        db.flush()  # before another becomes the draft: a week has one
    made = Plan(
        community_id=teller.community_id,
        id=new_id(),
        week_start=plan.week_start,
        state=DRAFT,
        created_at=teller.now,
        created_by=teller.by,
        run_id=run_id,
        facts_digest=plan.facts_digest,
        facts_at=plan.facts_at,
        objective=held.checked.objective,
        bound=None,
        terms=held.checked.terms,
    )
    db.add(made)
    db.flush()
    keep_sessions(db, teller.community_id, made.id, held.checked.contents)
    write_down(
        db,
        teller,
        "taken over",
        "plan",
        made.id,
        before={"draft": present.id} if present else None,
        after={"draft": made.id, "run": run_id},
    )
    return made.id


def take_parts(
    db: DbSession, teller: Teller, run_id: str, version: int, refs: Collection[str], *, on_purpose: bool
) -> int:
    """Change the draft by hand so that these sessions are as in a scenario; how many that were.

    Where there is no draft (version 0), one is begun from what is published. Raises NotFound; Conflict where the draft
    is not as it was seen; Breaks where together they would break something new and it is not `on_purpose`.
    """
    lock_facts(db, teller.community_id)
    scenario = _scenario(db, teller.community_id, run_id)
    week_start = scenario.week_start
    present = find_draft(db, teller.community_id, week_start)
    _as_seen(present.version if present else 0, version)
    plan_id = present.id if present else begin_draft(db, teller, week_start, PUBLISHED)
    plan = db.get_one(Plan, (teller.community_id, plan_id))
    was, now = ({each.ref: each for each in read_plan(db, each)} for each in (plan, scenario))
    wanted = [ref for ref in dict.fromkeys(refs) if ref in was or ref in now]
    changes = [_becomes(ref, was.get(ref), now.get(ref)) for ref in wanted if not _is_same(was.get(ref), now.get(ref))]
    if changes:
        change(db, teller, week_start, plan.version, *changes, on_purpose=on_purpose)
    return len(changes)


def _scenario(db: DbSession, community_id: str, run_id: str) -> Plan:
    mine = Run.community_id == community_id, Run.id == run_id, Run.kind == WHAT_IF
    plan_id = db.scalar(select(Run.plan_id).where(*mine))
    plan = db.get(Plan, {"community_id": community_id, "id": plan_id}) if plan_id else None
    if plan is None or plan.state != SCENARIO:
        raise NotFound("There is no such scenario.")
    return plan


def _as_seen(present: int, version: int) -> None:
    if present != version:
        raise Conflict(CHANGED)


def _is_same(one: SessionContent | None, other: SessionContent | None) -> bool:
    return is_same_week([one] if one else [], [other] if other else [])


def _becomes(ref: str, before: SessionContent | None, after: SessionContent | None) -> Asked:
    """That a session becomes what it is in a scenario, where it is there at all."""
    kind = edits.ADDED if before is None else edits.REMOVED if after is None else edits.PLACED

    def edit(sessions: edits.Sessions, house: edits.House) -> SessionContent | None:
        return after

    return Asked(kind, ref, edit)
