"""The choices of a week are found: one at once by simple rules, two by the solver, each kept as soon as it is there.

Both solves are of one week by the same facts; only what a change counts differs. The second goes on from the first, so
that the best week is never worse than the one with the fewest changes. A run's seconds are those of all of it: somebody
waits before it, so the second solve gets what reading, sparing and writing down leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from milieu.clock import Clock, seconds_passed
from milieu.database import DbSession, Engines, reading
from milieu.errors import Conflict
from milieu.ids import new_id
from milieu.models import Choice, Plan, Run
from milieu.queries.names import names_of
from milieu.services.choices import BEST, CHOICE, FEWEST, LEAVE
from milieu.services.choices.asking import NOT_PUBLISHED
from milieu.services.weeks.editions import changes_of
from milieu.services.weeks.plans.drafts import keep_sessions
from milieu.services.weeks.plans.planning import end_run, ending_of
from milieu.services.weeks.plans.solves import Solved, Ticket, is_ours, persisting, solve
from milieu.solving.answer.answers import contents_of
from milieu.solving.answer.checking import Checked, check_week
from milieu.solving.answer.sentences import Sentences
from milieu.solving.backend import SolveBackend
from milieu.solving.contents import SessionContent
from milieu.solving.problem.document import ProblemSource, problem_of, read_facts
from milieu.solving.repair.mending import mend
from milieu.solving.repair.sparing import MOST_SECONDS, spare
from solver.documents import exchange

DEARER = 10
"""How many times what a morning's repair counts for a change it counts where the fewest are to be told otherwise."""

FIRST_SHARE, SPARING_SHARE = 0.35, 0.15
"""Of the time that there is, for the search for the fewest told, which ends early where it is proved, and at most for
the sparing that follows it.
"""

SHORTEST, SPARED_AT_LEAST = 1.0, 0.5
"""Seconds of a solve, which has to load first, and of sparing, that are never gone below."""

STANDS = "What is published stands as it is."


@dataclass(frozen=True)
class _Week:
    """A published week as it is now, as the two solves see it, and how to tell of it."""

    few: ProblemSource
    good: ProblemSource
    publication_id: str
    facts_at: datetime
    words: Sentences


def find_choices(engines: Engines, clock: Clock, ticket: Ticket, child: SolveBackend, facts_at: datetime) -> None:
    """Do a run of choices that was claimed. Raises Conflict where nothing is published; Interrupted."""
    begun = seconds_passed()
    with reading(engines) as db:
        week = _read(db, ticket, facts_at)
    search = _Search(engines, clock, ticket, child, week, begun)
    left = mend(week.few)
    search.keep(LEAVE, left)
    solved = search.solve_both(() if left is None else check_week(week.few, left).sessions)
    ending = ending_of(solved, week.words, week.few, STANDS)
    persisting(engines, lambda db: end_run(db, ticket, clock.now(), ending))


@dataclass(frozen=True)
class _Search:
    """The two solves of a run that is ours, and what is kept of them."""

    engines: Engines
    clock: Clock
    ticket: Ticket
    child: SolveBackend
    week: _Week
    begun: float

    @property
    def passed(self) -> float:
        """Seconds since the run began."""
        return seconds_passed() - self.begun

    def solve_both(self, left: Sequence[exchange.Session]) -> Solved:
        """Find the fewest told, then the best, on from what simple rules left; how it ended.

        What the second finds may tell fewer than the first, which had little time: then it is the fewest as well. To
        end in time, the second is expected to be as late as the first was, and as long in being written down.
        """
        week, most = self.week, self.ticket.seconds
        begun, seconds = self.passed, max(SHORTEST, FIRST_SHARE * most)
        first, fewest = self.solve(week.few, seconds, left), None
        late = max(0.0, self.passed - begun - seconds)
        if first.schedule is not None:
            sessions = self.spared(first.schedule.sessions, SPARING_SHARE * most)
            begun = self.passed
            fewest = self.found(sessions)
            self.keep(FEWEST, fewest.contents)
            late += self.passed - begun
        if first.was_stopped or first.proof is not None:
            return first
        rest = max(SHORTEST, most - self.passed - late)
        second = self.solve(week.good, rest, left if fewest is None else fewest.sessions)
        if second.schedule is None:
            return second if fewest is None else first
        best = self.found(second.schedule.sessions)
        self.keep(BEST, best.contents)
        if fewest is None or best.told < fewest.told:
            self.keep(FEWEST, self.found(self.spared(best.sessions, most - self.passed)).contents)
        return replace(second, seconds=first.seconds + second.seconds)

    def solve(self, source: ProblemSource, seconds: float, start: Sequence[exchange.Session]) -> Solved:
        """One of the two, in so many of the run's seconds."""
        begin = _start(source, start) if start else None
        return solve(self.engines, self.clock, self.ticket, source, self.child, start=begin, seconds=seconds)

    def spared(self, sessions: Sequence[exchange.Session], seconds: float) -> tuple[exchange.Session, ...]:
        """A week without what it changes without need, as far as the seconds go."""
        most = min(MOST_SECONDS, max(SPARED_AT_LEAST, seconds))
        return spare(self.week.few, sessions, seconds=most)

    def found(self, sessions: Sequence[exchange.Session]) -> "_Found":
        """A week, and how many people are told otherwise by it."""
        contents = contents_of(self.week.few, sessions, self.ticket.run_id)
        told = changes_of(self.week.few.facts, contents).told_otherwise
        return _Found(tuple(sessions), contents, told)

    def keep(self, kind: str, contents: Sequence[SessionContent] | None) -> None:
        """Write a choice down as soon as it is there."""
        if contents is not None:
            after, checked = self.passed, check_week(self.week.good, contents)
            persisting(self.engines, lambda db: _keep(db, self.ticket, self.week, kind, checked, after))


@dataclass(frozen=True)
class _Found:
    sessions: tuple[exchange.Session, ...]
    contents: tuple[SessionContent, ...]
    told: int


def _read(db: DbSession, ticket: Ticket, facts_at: datetime) -> _Week:
    run = db.get_one(Run, {"community_id": ticket.community_id, "id": ticket.run_id})
    facts = read_facts(db, ticket.community_id, run.week_start, facts_at)
    if facts.past.published is None:
        raise Conflict(NOT_PUBLISHED)
    few, good = problem_of(facts, repair=True, times=DEARER), problem_of(facts, repair=False)
    words = Sentences(names_of(db, ticket.community_id), few.document, birthdays=few.birthdays)
    return _Week(few, good, facts.past.published.publication.id, facts_at, words)


def _start(source: ProblemSource, sessions: Sequence[exchange.Session]) -> bytes:
    """Sessions as the document that a solve begins from."""
    return exchange.write_schedule(
        exchange.ScheduleDocument(
            problem=source.digest, status="feasible", objective=0, bound=None, sessions=tuple(sessions), terms={}
        )
    )


def _keep(db: DbSession, ticket: Ticket, week: _Week, kind: str, checked: Checked, after: float) -> None:
    """Write a choice down, in the place of one of its kind; nothing where the run is no longer ours.

    Each is worth what it is to a week that is planned anew, against which it was `checked`: so they can be compared.
    """
    asked_by = db.execute(select(Run.requested_by).where(*is_ours(ticket)).with_for_update()).one_or_none()
    if asked_by is None:
        return
    plan = Plan(
        community_id=ticket.community_id,
        id=new_id(),
        week_start=week.good.week.start,
        state=CHOICE,
        created_at=week.facts_at,
        created_by=asked_by.requested_by,
        run_id=ticket.run_id,
        facts_digest=week.good.facts_digest,
        facts_at=week.facts_at,
        objective=checked.objective,
        bound=None,
        terms=checked.terms,
    )
    db.add(plan)
    db.flush()
    keep_sessions(db, ticket.community_id, plan.id, checked.contents)
    mine = Choice.community_id == ticket.community_id, Choice.run_id == ticket.run_id, Choice.kind == kind
    if (there := db.scalars(select(Choice).where(*mine)).one_or_none()) is not None:
        there.plan_id, there.seconds = plan.id, after
    else:
        ids = {"community_id": ticket.community_id, "run_id": ticket.run_id, "plan_id": plan.id}
        db.add(Choice(**ids, kind=kind, publication_id=week.publication_id, seconds=after))
    db.flush()
