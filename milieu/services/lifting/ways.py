"""Ways out of a week that cannot be planned: each demand that clashes, what it costs to lift it, and lifting it.

The solver names demands of which all others can be met without any one. What is lifted is changed where it is kept,
with its line in the journal, so that it can be asked for again there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from milieu.calendar.spans import is_valid
from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import Activity, Pin, Requirement, Run
from milieu.queries.facts.special_days import special_days
from milieu.queries.names import names_of
from milieu.services.editing.saving import change_row, end_row, texts
from milieu.services.house.things.kinds import ACTIVITIES
from milieu.services.journal import write_down
from milieu.services.residents.parts import DEMANDS
from milieu.services.teller import Teller
from milieu.services.weeks.editions import lock_community
from milieu.services.weeks.plans.drafts import sessions_of
from milieu.solving.contents import read_published
from solver.documents import exchange

COUNT, OTHERWISE, DEMAND, BIRTHDAY, FIXED, KEPT_IN, KEPT_OUT, SPECIAL = KINDS = (
    "count",
    "otherwise",
    "demand",
    "birthday",
    "fixed",
    "kept in",
    "kept out",
    "special day",
)
MAY_LIFT = frozenset({COUNT, DEMAND, FIXED, KEPT_IN, KEPT_OUT})
"""The rest is changed on a page of its own: what is asked of an activity for newcomers or in another's place, and
birthdays, on the activities'; a special day where it was told.
"""


@dataclass(frozen=True)
class WayOut:
    """A demand that clashes with others, and what lifting it means.

    `kind` is of KINDS. `number` is how many sessions a week are asked for, `like` how many people of the week like the
    activity: they may be invited to fewer of it. `told` is the journal's line of a special day.
    """

    key: str
    kind: str
    activity: str
    activity_id: str
    number: int = 0
    like: int = 0
    who: str = ""
    resident_id: str = ""
    on_date: date | None = None
    start_minute: int = 0
    told: str = ""


def ways_out(db: DbSession, community_id: str, run_id: str) -> tuple[WayOut, ...]:
    """What could be lifted of a week that a run found impossible, what is blamed first first. Raises NotFound."""
    run = _run(db, community_id, run_id)
    if run.state != "impossible" or run.problem is None or run.schedule is None:
        return ()
    try:
        problem = exchange.read_problem(run.problem.encode())
        conflict = exchange.read_schedule(run.schedule.encode(), problem).conflict or ()
    except exchange.DocumentErrors:  # of a run that an older release did
        return ()
    return tuple(_ways(db, run, problem, conflict))


def lift(db: DbSession, teller: Teller, run_id: str, key: str, least: int = 0) -> Run:
    """Lift one of them, a count down to `least`; the run that stumbled over it, so that the same can be asked again.

    Raises NotFound; Invalid where that is no smaller count; Conflict where it is another by now.
    """
    lock_community(db, teller.community_id)
    run = _run(db, teller.community_id, run_id)
    way = next((each for each in ways_out(db, teller.community_id, run_id) if each.key == key), None)
    if way is None or way.kind not in MAY_LIFT:
        raise NotFound("There is no such demand any more.")
    if way.kind == COUNT:
        _ask_for_fewer(db, teller, way, least)
    elif way.kind == DEMAND:
        _end_demand(db, teller, run, way)
    else:
        _let_go(db, teller, run, way)
    return run


def _run(db: DbSession, community_id: str, run_id: str) -> Run:
    run = db.get(Run, (community_id, run_id))
    if run is None:
        raise NotFound("There is no such run.")
    return run


def _ways(
    db: DbSession, run: Run, problem: exchange.ProblemDocument, conflict: tuple[exchange.Demand, ...]
) -> Iterator[WayOut]:
    names = names_of(db, run.community_id)
    special = {each.pin_id: each.told for each in special_days(db, run.community_id, run.week_start)}
    for demand in conflict:
        if isinstance(demand, exchange.CountDemand):
            yield _of_count(db, run, problem, demand.activity, names)
        elif isinstance(demand, exchange.RequiredDemand):
            yield _of_plan(db, run, demand, names)
        elif (pin := _pin(db, run, problem.pins[demand.pin])) is not None:
            yield _of_pin(db, run, pin, special.get(pin.id, ""), names)


def _of_count(
    db: DbSession, run: Run, problem: exchange.ProblemDocument, activity_id: str, names: Mapping[str, str]
) -> WayOut:
    like = sum(each.interests.get(activity_id, 0) > 0 for each in problem.residents)
    number = next(each.sessions.min for each in problem.activities if each.id == activity_id)
    row = db.get(Activity, (run.community_id, activity_id))
    kind = COUNT if row is not None and row.sessions_min else OTHERWISE
    return WayOut(f"R6|{activity_id}", kind, names.get(activity_id, ""), activity_id, number, like)


def _of_plan(db: DbSession, run: Run, demand: exchange.RequiredDemand, names: Mapping[str, str]) -> WayOut:
    is_charted = _demand(db, run, demand.resident, demand.activity) is not None
    return WayOut(
        f"R14|{demand.resident}|{demand.activity}",
        DEMAND if is_charted else BIRTHDAY,
        names.get(demand.activity, ""),
        demand.activity,
        who=names.get(demand.resident, ""),
        resident_id=demand.resident,
    )


def _of_pin(db: DbSession, run: Run, row: Pin, told: str, names: Mapping[str, str]) -> WayOut:
    fixed = row.fixed or _session(db, run, row.session_ref)
    activity = fixed.get("activity", "")
    return WayOut(
        f"R18|{row.id}",
        SPECIAL if told else {"session": FIXED, "attend": KEPT_IN, "absent": KEPT_OUT}[row.kind],
        names.get(activity, ""),
        activity,
        who=names.get(row.resident_id or "", ""),
        resident_id=row.resident_id or "",
        on_date=run.week_start + timedelta(days=fixed["day"]) if "day" in fixed else None,
        start_minute=exchange.minutes(fixed["start"]) if "start" in fixed else 0,
        told=told,
    )


def _session(db: DbSession, run: Run, ref: str) -> dict[str, Any]:
    """What a session is that somebody is fixed in or out of, as a pin would fix it; empty where it is not known."""
    mine = Pin.community_id == run.community_id, Pin.week_start == run.week_start
    pinned = db.scalars(select(Pin.fixed).where(*mine, Pin.kind == "session", Pin.session_ref == ref)).first()
    if pinned is not None:
        return dict(pinned)
    stands = sessions_of(db, run.community_id, run.week_start)
    if not stands and (published := read_published(db, run.community_id, run.week_start)) is not None:
        stands = published.sessions
    for each in stands:
        if each.ref == ref:
            day = (each.on_date - run.week_start).days
            return {"activity": each.activity_id, "day": day, "start": exchange.clock(each.start_minute)}
    return {}


def _pin(db: DbSession, run: Run, pin: exchange.Pin) -> Pin | None:
    """The row that a pin of the problem was made of, None where it is there no more."""
    if isinstance(pin, exchange.SessionPin):
        kind, ref, who = "session", pin.session.id, None
    elif isinstance(pin, exchange.AttendPin):
        kind, ref, who = "attend", pin.session, pin.attend
    else:
        kind, ref, who = "absent", pin.session, pin.absent
    whose = Pin.resident_id.is_(None) if who is None else Pin.resident_id == who
    return db.scalar(
        select(Pin)
        .where(
            Pin.community_id == run.community_id,
            Pin.week_start == run.week_start,
            Pin.kind == kind,
            Pin.session_ref == ref,
            whose,
        )
        .order_by(Pin.id)
        .limit(1)
    )


def _demand(db: DbSession, run: Run, resident_id: str, activity_id: str) -> Requirement | None:
    rows = db.scalars(
        select(Requirement)
        .where(
            Requirement.community_id == run.community_id,
            Requirement.resident_id == resident_id,
            Requirement.activity_id == activity_id,
        )
        .order_by(Requirement.id)
    )
    last = run.week_start + timedelta(days=6)
    return next((row for row in rows if is_valid(row.valid_from, row.valid_until, run.week_start, last)), None)


def _ask_for_fewer(db: DbSession, teller: Teller, way: WayOut, least: int) -> None:
    """Its least count becomes so many, as its own form would say it."""
    if not 0 <= least < way.number:
        raise Invalid("Please choose a smaller number than it is asked for now.")
    row = db.get(Activity, (teller.community_id, way.activity_id))
    if row is None or row.sessions_min <= least:
        raise Conflict("It is not asked for any more.")
    typed = {**texts(ACTIVITIES.part, row), "sessions_min": str(least)}
    change_row(db, teller, ACTIVITIES.part, row.id, row.version, typed)


def _end_demand(db: DbSession, teller: Teller, run: Run, way: WayOut) -> None:
    row = _demand(db, run, way.resident_id, way.activity_id)
    if row is None:
        raise Conflict("The care plan does not ask for it any more.")
    end_row(db, teller, DEMANDS, row.id, getattr(row, "version", -1), owner_id=way.resident_id)


def _let_go(db: DbSession, teller: Teller, run: Run, way: WayOut) -> None:
    row = db.get(Pin, (teller.community_id, way.key.partition("|")[2]))
    if row is None:
        raise Conflict("It is not fixed any more.")
    before = {"kind": row.kind, "session": row.session_ref, "resident_id": row.resident_id, "fixed": row.fixed}
    db.delete(row)
    db.flush()
    write_down(db, teller, "let go", "pin", row.id, before=before)
