"""A scenario is planned: by the facts as they would be, as near to the week beside it as they let it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from milieu.clock import Clock
from milieu.database import DbSession, Engines, reading
from milieu.ids import new_id
from milieu.models import Plan, Run
from milieu.queries.names import names_of
from milieu.services.weeks.plans.drafts import keep_sessions
from milieu.services.weeks.plans.planning import end_run, ending_of
from milieu.services.weeks.plans.solves import Ticket, is_ours, persisting, solve
from milieu.services.what_if import SCENARIO
from milieu.services.what_if.asking import week_beside
from milieu.services.what_if.supposing import read_supposed, suppose
from milieu.solving.answer.answers import contents_of
from milieu.solving.answer.checking import check_week
from milieu.solving.answer.sentences import Sentences
from milieu.solving.backend import SolveBackend
from milieu.solving.contents import SessionContent
from milieu.solving.problem.document import REPAIR_WEIGHTS, ProblemSource, near, problem_of, read_facts
from milieu.solving.repair.beginning import begin_from

STANDS = "Your own week stands as it is."


def find_what_if(engines: Engines, clock: Clock, ticket: Ticket, child: SolveBackend, facts_at: datetime) -> None:
    """Do a run of a scenario that was claimed. Raises Conflict where nothing is beside it; Interrupted."""
    with reading(engines) as db:
        run = db.get_one(Run, {"community_id": ticket.community_id, "id": ticket.run_id})
        _beside, sessions = week_beside(db, ticket.community_id, run.week_start)
        source = supposed_problem(db, run, sessions, facts_at)
        words = Sentences(names_of(db, ticket.community_id), source.document, birthdays=source.birthdays)
    solved = solve(engines, clock, ticket, source, child, start=begin_from(source, sessions))
    ending = {**ending_of(solved, words, source, STANDS), "bound": None}
    contents = () if solved.schedule is None else contents_of(source, solved.schedule.sessions, ticket.run_id)
    found = None if solved.schedule is None else _Found(source, contents, facts_at)
    persisting(engines, lambda db: _finish(db, ticket, ending, found, clock.now()))


def supposed_problem(db: DbSession, run: Run, sessions: Iterable[SessionContent], now: datetime) -> ProblemSource:
    """The problem of a scenario: the facts of a moment, what is supposed, and what a change of the week costs.

    Raises Invalid where it speaks of what is there no more; Conflict where the week is over.
    """
    supposed = read_supposed((run.asked or {})["supposed"])
    facts = read_facts(db, run.community_id, run.week_start, now, supposing=partial(suppose, supposed=supposed))
    return near(problem_of(facts, repair=False), sessions, REPAIR_WEIGHTS)


@dataclass(frozen=True)
class _Found:
    """A scenario that was planned and has yet to be kept."""

    source: ProblemSource
    contents: tuple[SessionContent, ...]
    facts_at: datetime


def _finish(db: DbSession, ticket: Ticket, ending: dict[str, Any], found: _Found | None, now: datetime) -> None:
    """The scenario's plan and the end of its run, in one unit; nothing where the run is no longer ours."""
    by = db.execute(select(Run.requested_by).where(*is_ours(ticket)).with_for_update()).scalar_one_or_none()
    plan_id = None if found is None else new_id()
    if not end_run(db, ticket, now, {**ending, "plan_id": plan_id}) or found is None or plan_id is None:
        return
    checked = check_week(found.source, found.contents)
    db.add(
        Plan(
            community_id=ticket.community_id,
            id=plan_id,
            week_start=found.source.week.start,
            state=SCENARIO,
            created_at=now,
            created_by=by,
            run_id=ticket.run_id,
            facts_digest=found.source.facts_digest,
            facts_at=found.facts_at,
            objective=checked.objective,
            bound=None,
            terms=checked.terms,
        )
    )
    db.flush()
    keep_sessions(db, ticket.community_id, plan_id, checked.contents)
