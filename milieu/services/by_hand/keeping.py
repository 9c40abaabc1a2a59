"""A draft changed by hand: each change is kept with what was there before, so that it can be undone and done again.

Two people at once: a change names the version of the draft that it was made from, and is refused where somebody else's
came first. Nothing is overwritten.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.models import Account, Plan, PlanEdit, PlanLeader, PlanPlace, PlanSession
from milieu.reasons import as_json, read_reasons
from milieu.services.by_hand.edits import House
from milieu.services.by_hand.fixed import Fixing
from milieu.services.teller import Teller
from milieu.services.weeks.editions import lock_facts
from milieu.services.weeks.plans.drafts import DRAFT, keep_sessions
from milieu.solving.contents import Place, SessionContent, named

CHANGED = "Somebody else has changed this draft since you looked at it. Please look at it as it is now."


@dataclass(frozen=True)
class EditShown:
    """A change by hand: `title`, day and time are the session's after it, or before it was taken out.

    `is_moved`, `is_relocated` and `is_led` say what is different about a session that was placed anew: when it is,
    where it is, who leads it. `by` is a name, "" where no account made it. `more` counts the changes made together with
    it.
    """

    number: int
    kind: str
    title: str
    on_date: date
    start_minute: int
    is_moved: bool
    is_relocated: bool
    is_led: bool
    made_at: datetime
    by: str
    more: int = 0


@dataclass(frozen=True)
class Steps:
    """What can be undone and done again next, None where there is nothing; `count` changes stand."""

    count: int
    back: EditShown | None
    forth: EditShown | None


def find_draft(db: DbSession, teller: Teller, week_start: date, version: int) -> Plan:
    """The week's draft, held against everybody else until the unit of work ends.

    Raises NotFound; Conflict where it is not the version that was seen.
    """
    lock_facts(db, teller.community_id)
    plan = db.scalar(
        select(Plan).where(Plan.community_id == teller.community_id, Plan.week_start == week_start, Plan.state == DRAFT)
    )
    if plan is None:
        raise NotFound("There is no draft of this week any more.")
    if plan.version != version:
        raise Conflict(CHANGED)
    return plan


@dataclass(frozen=True)
class Step:
    """What becomes of one session, and what is fixed no more or newly by that."""

    kind: str
    before: SessionContent | None
    after: SessionContent | None
    gone: tuple[Fixing, ...] = ()
    new: tuple[Fixing, ...] = ()


def keep_edit(db: DbSession, teller: Teller, plan: Plan, step: Step, *, is_joined: bool) -> None:
    """Let one session become another, or come, or go; what was undone before cannot be done again after it.

    `is_joined`: together with the change before it.
    """
    ref = _ref(step.before, step.after)
    mine = PlanEdit.community_id == plan.community_id, PlanEdit.plan_id == plan.id
    db.execute(delete(PlanEdit).where(*mine, PlanEdit.is_undone.is_(True)))
    last = db.scalar(select(PlanEdit.number).where(*mine).order_by(PlanEdit.number.desc()).limit(1))
    db.add(
        PlanEdit(
            community_id=plan.community_id,
            plan_id=plan.id,
            number=(last or 0) + 1,
            kind=step.kind,
            ref=ref,
            made_at=teller.now,
            made_by=teller.by,
            before=_face(step.before),
            after=_face(step.after),
            pins=_fixings(step),
            is_joined=is_joined,
        )
    )
    _write(db, teller, plan, ref, step.after)


def undo(db: DbSession, teller: Teller, plan: Plan, house: House) -> list[PlanEdit]:
    """Take the last change back, and those that it was made together with. Raises Conflict where there is none."""
    edits: list[PlanEdit] = []
    while not edits or edits[-1].is_joined:
        if (edit := _next(db, plan, is_undone=False)) is None:
            raise Conflict("There is nothing to undo.")
        _write(db, teller, plan, edit.ref, _session(house, edit.ref, edit.before))
        edit.is_undone = True
        db.flush()
        edits.append(edit)
    return edits


def redo(db: DbSession, teller: Teller, plan: Plan, house: House) -> list[PlanEdit]:
    """Do again what was undone last, and what belongs to it. Raises Conflict where there is nothing."""
    edit, edits = _next(db, plan, is_undone=True), list[PlanEdit]()
    if edit is None:
        raise Conflict("There is nothing to do again.")
    while edit is not None and (not edits or edit.is_joined):
        _write(db, teller, plan, edit.ref, _session(house, edit.ref, edit.after))
        edit.is_undone = False
        db.flush()
        edits.append(edit)
        edit = _next(db, plan, is_undone=True)
    return edits


def fixings_of(edit: PlanEdit) -> tuple[tuple[Fixing, ...], tuple[Fixing, ...]]:
    """What a change let go of, and what it fixed."""
    pins = edit.pins or {}
    gone, new = (tuple(Fixing(*each) for each in pins.get(name, ())) for name in ("gone", "new"))
    return gone, new


def steps_of(db: DbSession, community_id: str, plan_id: str, titles: Mapping[str, str]) -> Steps:
    """What was changed by hand in a draft; `titles` are the names of activities by id."""
    rows = db.execute(
        select(PlanEdit, Account.name)
        .outerjoin(Account, (Account.community_id == PlanEdit.community_id) & (Account.id == PlanEdit.made_by))
        .where(PlanEdit.community_id == community_id, PlanEdit.plan_id == plan_id)
        .order_by(PlanEdit.number)
    ).all()
    groups: list[list[tuple[PlanEdit, str | None]]] = []
    for edit, by in rows:
        if edit.is_joined and groups:
            groups[-1].append((edit, by))
        else:
            groups.append([(edit, by)])
    told = [(group[0][0].is_undone, shown(group[0][0], group[0][1] or "", titles, len(group) - 1)) for group in groups]
    done = [each for is_undone, each in told if not is_undone]
    undone = [each for is_undone, each in told if is_undone]
    return Steps(len(done), done[-1] if done else None, undone[0] if undone else None)


def _next(db: DbSession, plan: Plan, *, is_undone: bool) -> PlanEdit | None:
    order = PlanEdit.number if is_undone else PlanEdit.number.desc()
    return db.scalar(
        select(PlanEdit)
        .where(
            PlanEdit.community_id == plan.community_id,
            PlanEdit.plan_id == plan.id,
            PlanEdit.is_undone.is_(is_undone),
        )
        .order_by(order)
        .limit(1)
    )


def _write(db: DbSession, teller: Teller, plan: Plan, ref: str, becomes: SessionContent | None) -> None:
    """Let the rows of one session say what it becomes; the draft has another version then."""
    there = db.scalar(
        select(PlanSession.id).where(
            PlanSession.community_id == plan.community_id, PlanSession.plan_id == plan.id, PlanSession.ref == ref
        )
    )
    if there is not None:
        for table in (PlanLeader, PlanPlace):
            db.execute(delete(table).where(table.community_id == plan.community_id, table.plan_session_id == there))
        db.execute(delete(PlanSession).where(PlanSession.community_id == plan.community_id, PlanSession.id == there))
    if becomes is not None:
        keep_sessions(db, plan.community_id, plan.id, [becomes])
    plan.edited_at = teller.now
    flag_modified(plan, "edited_at")  # another version, also within one moment
    db.flush()


def _ref(before: SessionContent | None, after: SessionContent | None) -> str:
    if (one := after or before) is None:
        raise ValueError("an edit is of a session")
    return one.ref


def _fixings(step: Step) -> dict[str, Any] | None:
    if not step.gone and not step.new:
        return None
    both = {"gone": step.gone, "new": step.new}
    return {name: [[each.kind, each.resident_id] for each in those] for name, those in both.items()}


def _face(session: SessionContent | None) -> dict[str, Any] | None:
    """A session as the row of an edit keeps it: ids and times; names are looked up again."""
    if session is None:
        return None
    return {
        "activity": session.activity_id,
        "space": session.space_id,
        "date": session.on_date.isoformat(),
        "start": session.start_minute,
        "end": session.end_minute,
        "leaders": list(session.facilitators),
        "places": [[place.resident_id, as_json(place.reasons)] for place in session.places],
    }


def _session(house: House, ref: str, face: Mapping[str, Any] | None) -> SessionContent | None:
    """The session that a row keeps. Raises Conflict where its activity or space has ended since."""
    if face is None:
        return None
    activity, space = house.activities.get(face["activity"]), house.spaces.get(face["space"])
    if activity is None or space is None:
        raise Conflict("Its activity or its space is not there any more, so that it cannot come back.")
    return named(
        activity,
        space,
        ref=ref,
        on_date=date.fromisoformat(face["date"]),
        start_minute=face["start"],
        end_minute=face["end"],
        facilitators=tuple(face["leaders"]),
        places=tuple(_places(face["places"])),
    )


def _places(rows: Iterable[tuple[str, Any]]) -> Iterable[Place]:
    return (Place(resident_id, read_reasons(reasons)) for resident_id, reasons in rows)


def shown(edit: PlanEdit, by: str, titles: Mapping[str, str], more: int = 0) -> EditShown:
    """A change as pages tell it; `more` were made together with it."""
    face = edit.after or edit.before or {}
    was = edit.before or face
    return EditShown(
        edit.number,
        edit.kind,
        titles.get(face["activity"], ""),
        date.fromisoformat(face["date"]),
        face["start"],
        (was["date"], was["start"]) != (face["date"], face["start"]),
        was["space"] != face["space"],
        was["leaders"] != face["leaders"],
        edit.made_at,
        by,
        more,
    )
