"""The published week held against the facts of the day, and mended with the fewest people told otherwise.

Only weeks that a person has published are touched. Whatever fails, the last good one stands; done again, or after
being killed anywhere, it comes to the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from milieu.clock import Clock
from milieu.coordination import ledger
from milieu.coordination.adoption import end_fenced_off
from milieu.coordination.due import Duty
from milieu.database import DbSession, Engines, reading, retrying
from milieu.errors import Busy, NotFound
from milieu.ids import new_id
from milieu.models import Community, Publication, Run
from milieu.queries.names import names_of
from milieu.queries.published.weeks import published_mondays
from milieu.queries.settings import settings_of
from milieu.services.choices.asking import request_choices
from milieu.services.choices.limiting import told_at_most, withdraw_rights
from milieu.services.teller import Teller
from milieu.services.weeks.changes import Changes
from milieu.services.weeks.editions import (
    REPAIR,
    WITHDRAWN,
    Edition,
    changes_made,
    changes_of,
    hold_fence,
    issue,
    lock_community,
)
from milieu.services.weeks.plans.planning import end_run, ending_of
from milieu.services.weeks.plans.solves import Solved, Ticket, beating, hold_run, persisting, solve
from milieu.settings import Settings
from milieu.solving.answer.answers import contents_of
from milieu.solving.answer.checking import Checked, check_week, is_same_week
from milieu.solving.answer.sentences import Sentences
from milieu.solving.backend import SolveBackend
from milieu.solving.contents import SessionContent, read_published
from milieu.solving.places import backend_of
from milieu.solving.problem.document import ProblemSource
from milieu.solving.problem.known import source_of
from milieu.solving.process.child import Interrupted
from milieu.solving.repair.mending import mend
from milieu.solving.repair.sparing import spare
from solver.model import check

PUBLISHED, UNCHANGED, WAITING, KEPT, ASKED = "published", "unchanged", "waiting", "kept", "asked"
NOTHING_YET = "Nothing is published yet; a person publishes a new week."
NOTHING_NEW = "Nothing has changed."
NO_BETTER = "Things have changed, but nothing needs to be told otherwise."
MENDED = "Mended with as few changes as could be."
MENDED_SIMPLY = "Mended by simple rules, for no better week could be found in time."
TO_DECIDE = "{told} would be told otherwise, more than the clock may tell by itself. A person decides."
STANDS = "What was published before stands."
UNDER_WAY = "This week is being checked right now."
OVERTAKEN = "The week changed while it was being checked; it will be checked again."


@dataclass(frozen=True)
class Outcome:
    """What became of a check. `state` is published, unchanged, waiting (nothing published yet), kept or asked.

    asked: more people would be told otherwise than the clock may tell; choices are looked for, and a person decides.
    kept: no week that keeps every rule could be had, the last good one stands; `message` says why. `publication_id` is
    what holds now; `run_id` the solve, where there was one. `is_short`: it had less time to search than the community
    gives it.
    """

    state: str
    publication_id: str | None
    message: str
    run_id: str | None = None
    is_short: bool = False


Settle = Callable[[DbSession, Outcome, datetime], None]
"""Called in the unit of work that publishes, to end the duty that it is the effect of."""


def repair_day(
    engines: Engines, duty: Duty, settings: Settings, clock: Clock, *, child: SolveBackend | None = None
) -> Outcome:
    """The duty of a local day: every published week that is not over is checked, the present one last.

    Where the present week is published anew, the ledger's row ends in the same unit of work. Raises FenceLost; Busy
    where a check is under way or the database is taken: trying again later is right.
    """
    with reading(engines) as db:
        weeks = _published_weeks(db, duty.community_id, duty.local_day)

    def settle(db: DbSession, outcome: Outcome, now: datetime) -> None:
        ledger.finish(
            db,
            duty.community_id,
            duty.local_day,
            state=outcome.state,
            fence=duty.fence,
            now=now,
            publication_id=outcome.publication_id,
            message=outcome.message,
            kind=duty.kind,
        )

    outcomes = [Outcome(WAITING, None, NOTHING_YET)]
    for week_start in sorted(weeks, reverse=True):
        settles = settle if week_start == weeks[0] else None
        again = duty.kind == ledger.AGAIN
        order = _Order(duty.community_id, week_start, None, duty.fence, settles, duty.most_seconds, again)
        outcomes.append(_repair(engines, order, settings, clock, child))
    told = _of_the_day(outcomes, is_present=bool(weeks) and weeks[0] <= duty.local_day)
    return replace(told, is_short=any(each.is_short for each in outcomes))


def repair_now(
    engines: Engines,
    community_id: str,
    week_start: date,
    *,
    settings: Settings,
    clock: Clock,
    by: str | None,
    child: SolveBackend | None = None,
) -> Outcome:
    """The same for one week, asked for by a person. Raises NotFound, Conflict where the week is over, Busy."""
    return _repair(engines, _Order(community_id, week_start, by, None, None), settings, clock, child)


@dataclass(frozen=True)
class _Order:
    """Which week to check, for whom, under which fence, and what to do with the outcome.

    `most_seconds` are all that the search gets; `is_again`: also where these facts were looked at, in too little time.
    """

    community_id: str
    week_start: date
    by: str | None
    fence: int | None
    settle: Settle | None
    most_seconds: int | None = None
    is_again: bool = False


def _published_weeks(db: DbSession, community_id: str, local_day: date) -> list[date]:
    """The Mondays of the published weeks that are not over, in order. Raises NotFound."""
    if db.scalar(select(Community.id).where(Community.id == community_id)) is None:
        raise NotFound("There is no such community.")
    return published_mondays(db, community_id, local_day)


def _of_the_day(outcomes: list[Outcome], *, is_present: bool) -> Outcome:
    """What to say of the day: what became of the present week, which is the last; where nothing did, of the others."""
    if is_present and outcomes[-1].state in (PUBLISHED, KEPT, ASKED):
        return outcomes[-1]
    rank = (ASKED, PUBLISHED, UNCHANGED, KEPT, WAITING)
    return min(reversed(outcomes), key=lambda each: rank.index(each.state))


def _repair(engines: Engines, order: _Order, settings: Settings, clock: Clock, child: SolveBackend | None) -> Outcome:
    now = clock.now()
    with reading(engines) as db:
        source = source_of(db, order.community_id, order.week_start, now, repair=True)
        published = source.past.published
        if published is None or published.publication.kind == WITHDRAWN:
            return Outcome(WAITING, None, NOTHING_YET)
        if not order.is_again and source.facts_digest in _known_facts(db, published.publication):
            return Outcome(UNCHANGED, published.publication.id, NOTHING_NEW)
        names = names_of(db, order.community_id)
    ticket = retrying(engines, lambda db: _begin(db, order, source, settings, now))
    try:
        with beating(engines, clock, ticket):
            solved = solve(engines, clock, ticket, source, child or backend_of(settings))
            found = _find(source, solved, ticket)
            ending = ending_of(solved, Sentences(names, source.document, birthdays=source.birthdays), source, STANDS)
            with reading(engines) as db:
                reckoned = _reckon(db, order, found, clock.now())
            outcome = persisting(engines, lambda db: _conclude(db, order, ticket, reckoned, ending, clock.now()))
        return replace(outcome, is_short=ticket.seconds == order.most_seconds)
    except Interrupted:
        retrying(engines, lambda db: end_run(db, ticket, clock.now(), {"state": "stopped", "message": STANDS}))
        raise
    except Exception:
        end = {"state": "failed", "message": STANDS}
        retrying(engines, lambda db: end_run(db, ticket, clock.now(), end))
        raise


def _known_facts(db: DbSession, publication: Publication) -> set[str]:
    """The digests of the facts under which the publication is known to stand: its own, and those looked at since."""
    looked_at = db.scalars(
        select(Run.facts_digest).where(
            Run.community_id == publication.community_id,
            Run.week_start == publication.week_start,
            Run.kind == REPAIR,
            Run.state == "done",
            Run.requested_at >= publication.published_at,
        )
    )
    return {publication.facts_digest, *(digest for digest in looked_at if digest)}


def _begin(db: DbSession, order: _Order, source: ProblemSource, settings: Settings, now: datetime) -> Ticket:
    """A run of our own. Raises Busy where the week is being checked by somebody who may still live."""
    end_fenced_off(db, now)
    open_week = f"r{order.week_start:%Y%m%d}"
    open_run = select(Run.id).where(Run.community_id == order.community_id, Run.open_week == open_week)
    if db.scalar(open_run) is not None:
        raise Busy(UNDER_WAY)
    seconds = settings_of(db, order.community_id).repair_seconds
    ticket = Ticket(
        order.community_id,
        new_id(),
        new_id(),
        seconds if order.most_seconds is None else min(seconds, order.most_seconds),
        settings.solver_workers,
        source.seed,
        is_waited_for=order.by is not None,
    )
    db.add(
        Run(
            community_id=order.community_id,
            id=ticket.run_id,
            kind=REPAIR,
            state="running",
            open_week=open_week,
            week_start=order.week_start,
            requested_at=now,
            requested_by=order.by,
            started_at=now,
            heartbeat_at=now,
            worker=ticket.worker,
            workers=ticket.workers,
            seconds_limit=ticket.seconds,
            seed=ticket.seed,
            fence=order.fence,
        )
    )
    db.flush()
    return ticket


@dataclass(frozen=True)
class _Found:
    """A week to publish instead, None where there is none. `is_solved`: a schedule of the solver's, with its bound."""

    source: ProblemSource
    contents: tuple[SessionContent, ...] | None
    is_solved: bool
    bound: int | None = None

    @property
    def label(self) -> str:
        """In words how it came about."""
        return MENDED if self.is_solved else MENDED_SIMPLY


def _find(source: ProblemSource, solved: Solved, ticket: Ticket) -> _Found:
    """The solver's week without its needless changes, else the published one mended by simple rules."""
    if (schedule := solved.schedule) is not None:
        sessions = spare(source, schedule.sessions)
        return _Found(source, contents_of(source, sessions, ticket.run_id), True, schedule.bound)
    return _Found(source, mend(source), False)


@dataclass(frozen=True)
class _Reckoned:
    """What was found, held against a problem: `checked` and `changes` are None where there is nothing to publish."""

    found: _Found
    source: ProblemSource
    checked: Checked | None
    changes: Changes | None


def _reckon(db: DbSession, order: _Order, found: _Found, now: datetime) -> _Reckoned:
    """Hold it against the facts of now, before anything is written: nobody waits to write meanwhile."""
    source = source_of(db, order.community_id, order.week_start, now, repair=True)
    return _reckoned(db, found, source)


def _reckoned(db: DbSession, found: _Found, source: ProblemSource) -> _Reckoned:
    if found.contents is None or source.past.published is None:
        return _Reckoned(found, source, None, None)
    checked = check_week(source, found.contents)
    return _Reckoned(found, source, checked, changes_made(db, source, checked.contents))


def _conclude(
    db: DbSession, order: _Order, ticket: Ticket, reckoned: _Reckoned, ending: dict[str, Any], now: datetime
) -> Outcome:
    """Publish what was found, if it still fits and differs, and end the run, all in one unit of work.

    What was reckoned before holds where the problem is still that one; else it is reckoned again here.
    """
    if not hold_run(db, ticket):
        raise Busy(UNDER_WAY)
    lock_community(db, order.community_id)
    source, found = source_of(db, order.community_id, order.week_start, now, repair=True), reckoned.found
    current, known = source.past.published, found.source.past.published
    if current is None or known is None or current.publication.id != known.publication.id:
        raise Busy(OVERTAKEN)
    if source is not reckoned.source:
        reckoned = _reckoned(db, found, source)
    if reckoned.checked is None:
        outcome = Outcome(KEPT, current.publication.id, str(ending["message"]), ticket.run_id)
    else:
        if any(found.is_solved or check.relaxation(each) is None for each in reckoned.checked.breaches):
            raise Busy(OVERTAKEN)
        outcome = _publish(db, order, ticket, reckoned, reckoned.checked, now)
    if outcome.state == ASKED:
        ending = {**ending, "state": "stopped"}  # what is known of these facts is not settled yet
    if not end_run(db, ticket, now, {**ending, "message": outcome.message}):
        raise Busy(UNDER_WAY)
    if outcome.state == PUBLISHED and order.settle is not None:
        order.settle(db, outcome, now)
    return outcome


def _publish(
    db: DbSession, order: _Order, ticket: Ticket, reckoned: _Reckoned, checked: Checked, now: datetime
) -> Outcome:
    found, source = reckoned.found, reckoned.source
    current = source.past.published
    assert current is not None
    if is_same_week(current.sessions, checked.contents):
        return Outcome(UNCHANGED, current.publication.id, NO_BETTER, ticket.run_id)
    if order.fence is not None and (told := _above_limit(db, source, checked)):
        return _ask(db, order, ticket, told, now)
    edition = Edition(
        kind=REPAIR,
        source=source,
        contents=checked.contents,
        objective=checked.objective,
        bound=found.bound if source.raw == found.source.raw else None,
        terms=checked.terms,
        run_id=ticket.run_id,
        by=order.by,
        label=found.label,
        changes=reckoned.changes,
    )
    publication_id = issue(db, edition, now=now, fence=order.fence)
    return Outcome(PUBLISHED, publication_id, found.label, ticket.run_id)


def _above_limit(db: DbSession, source: ProblemSource, checked: Checked) -> int:
    """How many people would be told otherwise, where that is more than the clock may tell; else 0."""
    most = told_at_most(db, source.rows.community.id)
    told = changes_of(source.facts, checked.contents).told_otherwise
    return told if most is not None and told > most else 0


def _ask(db: DbSession, order: _Order, ticket: Ticket, told: int, now: datetime) -> Outcome:
    """Leave it to a person, but for what is anybody's right; choices are found while they are on their way."""
    hold_fence(db, order.fence)
    withdraw_rights(db, Teller(order.community_id, None, now), order.week_start)
    request_choices(db, order.community_id, order.week_start, by=None, now=now)
    published = read_published(db, order.community_id, order.week_start)
    assert published is not None
    return Outcome(ASKED, published.publication.id, TO_DECIDE.format(told=told), ticket.run_id)
