"""Planning a week: a run is asked for, done by whoever claims it, and ends in a draft or in words.

The draft that was there stays until another is whole that is as good as things are then.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeAlias

import structlog
from sqlalchemy import func, select, true, update
from sqlalchemy.exc import IntegrityError

from milieu.calendar.weeks import Week
from milieu.clock import Clock, local_day
from milieu.coordination.adoption import adopt
from milieu.database import DbSession, Engines, reading, retrying
from milieu.errors import Conflict, MilieuError, NotFound
from milieu.ids import new_id
from milieu.models import Run
from milieu.queries.names import names_of
from milieu.queries.settings import plan_seconds_of, settings_of
from milieu.services.weeks.editions import lock_community
from milieu.services.weeks.plans.again import ANEW, Again, around, read_again
from milieu.services.weeks.plans.drafts import Drafted, keep, sessions_of
from milieu.services.weeks.plans.requested import LIFTING, queued_run
from milieu.services.weeks.plans.solves import PLAN, Solved, Ticket, beating, hold_run, is_ours, persisting, solve
from milieu.settings import Settings
from milieu.solving.answer.answers import contents_of
from milieu.solving.answer.checking import check_week
from milieu.solving.answer.sentences import Sentences
from milieu.solving.backend import SolveBackend
from milieu.solving.places import backend_of
from milieu.solving.problem.document import ProblemSource, make_problem
from milieu.solving.process.child import Interrupted
from milieu.solving.repair.beginning import begin_from
from solver.documents import exchange

STAYS = "If there was a draft, it stays as it is."
FAULT = "Something went wrong on our side while the week was planned."
FARTHEST = timedelta(days=365)
"""How far from today the Monday of a week that is planned may be."""

MOST_OPEN_RUNS = 4
"""How many weeks of one community may be planned or wait for it at a time: this one and those of a month."""

Work: TypeAlias = Callable[[Engines, Clock, Ticket, SolveBackend, datetime], None]
"""Does a run that was claimed, by the facts of a moment, and ends its row."""

_NOTHING_ELSE: Mapping[str, Work] = MappingProxyType({})
_log = structlog.get_logger(__name__)


def request_run(
    db: DbSession,
    community_id: str,
    week_start: date,
    *,
    by: str | None,
    now: datetime,
    seconds: int | None = None,
    again: Again = ANEW,
) -> str:
    """Ask for a plan of a week; the id of the run, which is the one under way where there is one.

    `seconds` is how long to search, None as the community is used to; `again` is how near to the draft that there is,
    and which part of it. Whatever still tries ways out of that week ends, so that this comes next.
    Raises NotFound; Invalid where the week starts on no Monday; Conflict where it is over, begins more than a year from
    now, or where as many weeks of the community wait as may.
    """
    timezone = lock_community(db, community_id)
    settings = settings_of(db, community_id)
    week = Week(week_start, timezone)
    if week.is_over(now, settings.slot_minutes):
        raise Conflict("This week is over; only this week and those to come can be planned.")
    if week_start > local_day(now, timezone) + FARTHEST:
        raise Conflict("This week is more than a year away. Weeks can be planned up to a year ahead.")
    if (open_run := _open_run(db, community_id, week_start)) is not None:
        return open_run
    if _open_runs(db, community_id) >= MOST_OPEN_RUNS:
        raise Conflict(
            f"{MOST_OPEN_RUNS} weeks are being planned or wait for it already. Please wait until one of them is done."
        )
    run = queued_run(
        community_id,
        PLAN,
        week,
        seconds=seconds or plan_seconds_of(db, community_id, max(week.start, local_day(now, timezone))),
        by=by,
        now=now,
        open_week=week_start.isoformat(),
        asked=again.as_json(),
    )
    try:
        with db.begin_nested():
            db.add(run)
    except IntegrityError:  # somebody else's click came first
        if (open_run := _open_run(db, community_id, week_start)) is None:
            raise
        return open_run
    trials = select(Run.id).where(
        Run.community_id == community_id, Run.kind == LIFTING, Run.week_start == week_start, Run.finished_at.is_(None)
    )
    for trial in db.scalars(trials).all():  # of a week that could not be planned: nobody waits for them any more
        request_stop(db, community_id, trial, now=now)
    return run.id


def request_stop(db: DbSession, community_id: str, run_id: str, *, now: datetime) -> None:
    """Ask a run to stop; what it has found by then becomes the draft. One that has ended stays as it is.

    Raises NotFound.
    """
    mine = Run.community_id == community_id, Run.id == run_id
    if db.scalar(select(Run.id).where(*mine)) is None:
        raise NotFound("There is no such run.")
    db.execute(
        update(Run)
        .where(*mine, Run.state == "queued")
        .values(state="stopped", stop_requested_at=now, finished_at=now, open_week=None)
    )
    db.execute(
        update(Run).where(*mine, Run.state == "running", Run.stop_requested_at.is_(None)).values(stop_requested_at=now)
    )


def execute_next_run(
    engines: Engines,
    settings: Settings,
    clock: Clock,
    *,
    child: SolveBackend | None = None,
    others: Mapping[str, Work] = _NOTHING_ELSE,
) -> bool:
    """Do the run whose turn it is; False where none waits. Nothing is solved inside a transaction.

    `others` are the kinds of run besides plans that are done here, and how. What goes wrong is said in the run's row;
    what is no error of Milieu's own is raised as well, to be logged.
    """
    child = child or backend_of(settings)  # before a run is claimed that could not be done
    ticket = retrying(engines, lambda db: _claim(db, settings, clock.now(), kinds=(PLAN, *others)))
    if ticket is None:
        return False
    work = others.get(ticket.kind, _execute)
    _execute_claimed(engines, clock, ticket, child, clock.now(), work)
    return True


def plan_now(
    engines: Engines,
    settings: Settings,
    clock: Clock,
    community_id: str,
    week_start: date,
    *,
    by: str | None,
    seconds: int | None = None,
    as_of: datetime | None = None,
    child: SolveBackend | None = None,
) -> str:
    """Ask for a plan of a week and do it here, as if it were the moment `as_of`; the run's id.

    Where somebody else has it under way, it is left to them: the run is still open then. Raises as `request_run` does.
    """
    moment, child = as_of or clock.now(), child or backend_of(settings)

    def begin(db: DbSession) -> tuple[str, Ticket | None]:
        adopt(db, clock.now())  # where no server runs, nobody else takes up what a killed one left
        run_id = request_run(db, community_id, week_start, by=by, now=moment, seconds=seconds)
        return run_id, _claim(db, settings, clock.now(), run_id)

    run_id, ticket = retrying(engines, begin)
    if ticket is not None:
        _execute_claimed(engines, clock, ticket, child, moment, _execute)
    return run_id


def _execute_claimed(
    engines: Engines, clock: Clock, ticket: Ticket, child: SolveBackend, facts_at: datetime, work: Work
) -> None:
    try:
        with beating(engines, clock, ticket):
            work(engines, clock, ticket, child, facts_at)
    except Interrupted:
        retrying(engines, lambda db: _hand_back(db, ticket))
        raise
    except MilieuError as error:
        sentence = error.sentence
        retrying(engines, lambda db: end_run(db, ticket, clock.now(), {"state": "failed", "message": sentence}))
    except Exception:
        fault = {"state": "failed", "message": f"{FAULT} {STAYS}"}
        retrying(engines, lambda db: end_run(db, ticket, clock.now(), fault))
        raise


def _hand_back(db: DbSession, ticket: Ticket) -> None:
    """Queue a run again that is ours and was not done; whoever comes next begins it anew."""
    db.execute(
        update(Run)
        .where(*is_ours(ticket))
        .values(state="queued", worker=None, started_at=None, heartbeat_at=None, progress=None)
    )


def _open_run(db: DbSession, community_id: str, week_start: date) -> str | None:
    return db.scalar(select(Run.id).where(Run.community_id == community_id, Run.open_week == week_start.isoformat()))


def _open_runs(db: DbSession, community_id: str) -> int:
    mine = Run.community_id == community_id, Run.kind == PLAN, Run.open_week.is_not(None)
    return db.scalar(select(func.count()).where(*mine)) or 0


def _waiting(db: DbSession, run_id: str | None, kinds: Sequence[str]) -> Sequence[Any]:
    """The queued runs, or the one named, in the order of their turns.

    Communities take turns, the one first that has waited longest since a run of its was begun, so that who asks for
    many weeks makes nobody else wait for more than one of them; of one community what is short first, for somebody
    waits before it, then the plan that was asked for first.
    """
    named = true() if run_id is None else Run.id == run_id
    waiting = db.execute(
        select(Run.community_id, Run.id, Run.kind, Run.seconds_limit, Run.seed, Run.requested_at).where(
            Run.state == "queued", Run.kind.in_(kinds), named
        )
    ).all()
    last_turns: dict[str, datetime] = {
        community_id: begun
        for community_id, begun in db.execute(
            select(Run.community_id, func.max(Run.started_at))
            .where(Run.community_id.in_({row.community_id for row in waiting}), Run.kind.in_(kinds))
            .group_by(Run.community_id)
        )
        if begun is not None
    }
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(
        waiting,
        key=lambda row: (last_turns.get(row.community_id, never), row.kind == PLAN, row.requested_at, row.id),
    )


def _claim(
    db: DbSession, settings: Settings, now: datetime, run_id: str | None = None, *, kinds: Sequence[str] = (PLAN,)
) -> Ticket | None:
    """Take the queued run whose turn it is, or the one named; of two who try, one gets it."""
    for row in _waiting(db, run_id, kinds):
        worker = new_id()
        taken: Any = db.execute(
            update(Run)
            .where(Run.community_id == row.community_id, Run.id == row.id, Run.state == "queued")
            .values(state="running", worker=worker, started_at=now, heartbeat_at=now, workers=settings.solver_workers)
        )
        if taken.rowcount == 1:
            return Ticket(
                row.community_id, row.id, worker, row.seconds_limit, settings.solver_workers, row.seed, row.kind
            )
    return None


def _execute(engines: Engines, clock: Clock, ticket: Ticket, child: SolveBackend, facts_at: datetime) -> None:
    with reading(engines) as db:
        run = db.get_one(Run, {"community_id": ticket.community_id, "id": ticket.run_id})
        plain = make_problem(db, ticket.community_id, run.week_start, facts_at, repair=False)
        names, again = names_of(db, ticket.community_id), read_again(run.asked)
        stands = sessions_of(db, ticket.community_id, run.week_start) if again else ()
    source = around(plain, stands, again)
    solved = solve(engines, clock, ticket, source, child, start=begin_from(source, stands) if again else None)
    fixed = [pin.session for pin in plain.facts.facts.pins if isinstance(pin, exchange.SessionPin)]
    words = Sentences(names, source.document, fixed, source.birthdays)  # also of what cannot be held as it was fixed
    ending, drafted = ending_of(solved, words, source, STAYS), None
    if (schedule := solved.schedule) is not None:
        contents = contents_of(source, schedule.sessions, ticket.run_id)
        if again:  # what it is worth to whoever looks at it, not with what its changes cost on the way
            checked = check_week(plain, contents)
            worth = {"objective": checked.objective, "bound": None}
            schedule = schedule.model_copy(update={**worth, "terms": checked.terms})
            ending = {**ending, **worth}
        drafted = Drafted(plain, schedule, contents, facts_at, run.requested_by, ticket.run_id)
    blamed = () if solved.proof is None else solved.proof.conflict or ()
    persisting(engines, lambda db: _finish(db, ticket, source.week, ending, drafted, len(blamed), clock.now()))


def ending_of(solved: Solved, words: Sentences, source: ProblemSource, stays: str) -> dict[str, Any]:
    """What a run's row says in the end, by column: its state, its scores, and why where there is no schedule.

    `stays` says what holds in that case.
    """
    notes = [words.of_note(each) for each in source.notes]
    ending = {
        "seconds": solved.seconds,
        "schedule": None if solved.raw is None else solved.raw.decode(),
        "because": {"because": list(_because(words, solved)), "notes": notes},
    }
    if (schedule := solved.schedule) is not None:
        state = "stopped" if solved.was_stopped else "done"
        return {**ending, "state": state, "objective": schedule.objective, "bound": schedule.bound}
    state = "impossible" if solved.proof else "stopped" if solved.was_stopped else "failed"
    return {**ending, "state": state, "message": f"{solved.message} {stays}".strip()}


def _because(words: Sentences, solved: Solved) -> Sequence[str]:
    """Why there is no schedule: the solver's own sentences, where it is proved else its clashing demands."""
    if solved.proof is None:
        return [words.named(text) for text in solved.clues]
    return [words.named(text) for text in solved.proof.because or ()] or [
        words.of_demand(each) for each in solved.proof.conflict or ()
    ]


def _finish(
    db: DbSession,
    ticket: Ticket,
    week: Week,
    ending: dict[str, Any],
    drafted: Drafted | None,
    blamed: int,
    now: datetime,
) -> None:
    """The draft and the end of its run, in one unit; nothing where the run is no longer ours. Where so many demands are
    `blamed`, what lifting each comes to is tried next.
    """
    if not hold_run(db, ticket):
        return
    if blamed:
        seconds = blamed * settings_of(db, ticket.community_id).repair_seconds
        by = db.scalar(select(Run.requested_by).where(*is_ours(ticket)))
        of = {"of": ticket.run_id}
        db.add(queued_run(ticket.community_id, LIFTING, week, seconds=seconds, by=by, now=now, asked=of))
    lock_community(db, ticket.community_id)
    plan_id = None if drafted is None else new_id()
    if end_run(db, ticket, now, {**ending, "plan_id": plan_id}) and drafted is not None and plan_id is not None:
        keep(db, drafted, plan_id, now)


def end_run(db: DbSession, ticket: Ticket, now: datetime, values: dict[str, Any]) -> bool:
    """End a run's row with the given columns; False where it is no longer ours."""
    ended: Any = db.execute(
        update(Run).where(*is_ours(ticket)).values(**{"message": "", **values}, finished_at=now, open_week=None)
    )
    return bool(ended.rowcount)
