"""The one door of the solver: a problem document and limits in, a schedule document out."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from solver.documents.problem import ProblemDocument, Session
from solver.documents.schedule import CountDemand, PinDemand, Relaxed, RequiredDemand, ScheduleDocument
from solver.infeasibility.verdict import Conflict, Relaxation
from solver.instance.compilation import compile_problem
from solver.instance.demands import Demand, demand_of, everything_wanted
from solver.instance.narrowing import narrowed
from solver.instance.placed import Found, Placed
from solver.instance.problem import Problem
from solver.instance.rendering import rendered
from solver.instance.starting import starting_sessions
from solver.kernels.compilation import is_compiled
from solver.model.check import broken, relaxation, score
from solver.model.wording.words import sentences
from solver.run.limits import Limits, Progress
from solver.run.messages import Message, Task
from solver.run.reading import in_time
from solver.run.unfinished import unfinished
from solver.run.workers import Crew, crew, forked, plain_kernels
from solver.search.memory.packing import Pools, pack

WAIT = 0.05  # seconds
GIVEN_UP, DOUBTED = 0.75, 0.85  # of the time: then the nearest schedule is relaxed, with a conflict and without
LOOK = 0.25  # seconds that are taken at least to say why nothing was found
LAST = 0.15  # seconds before the deadline at which the searchers end


@dataclass
class _Solve:
    """The best that has been told and checked so far."""

    problem: Problem
    pools: Pools
    limits: Limits
    on_progress: Callable[[Progress], None]
    best: Found | None = None
    sessions: tuple[Session, ...] = ()
    terms: dict[str, int] = field(default_factory=dict)
    bound: int | None = None
    conflict: Conflict | None = None
    relaxation: Relaxation | None = None  # the least, where not everything can be had
    waiting: Found | None = None  # better than the best, not yet checked
    nearest: Found | None = None  # lacks the least, where nothing else is had
    next_look: float = 0.0
    later: list[Task] = field(default_factory=list)  # for searchers that wait until the kernels are compiled

    @property
    def deadline(self) -> float:
        """A solve may end a little late; only where nothing is found yet does it use that."""
        return self.limits.end if self.best is None and self.waiting is None else self.limits.deadline

    def hear(self, message: Message) -> None:
        found = message.found
        known = [each.objective for each in (self.best, self.waiting) if each is not None]
        if found is not None and found.objective > max(known, default=found.objective - 1):
            self.waiting = found
        if message.standing is not None and self.is_nearer(message.standing):
            self.nearest = message.standing
        self.conflict = self.conflict or message.conflict
        self.relaxation = self.relaxation or message.relaxation
        if message.bound is not None:
            self.lower(message.bound)

    def lower(self, bound: int) -> None:
        """Take up a better bound, and tell it. One that a checked schedule exceeds is wrong: then none is stated."""
        if self.best is not None and bound < self.best.objective:
            sys.stderr.write(f"solver: a bound of {bound} lies below a schedule of {self.best.objective}\n")
        elif self.bound is None or bound < self.bound:
            self.bound = bound
            if self.best is not None:
                self.tell()

    @property
    def is_proved(self) -> bool:
        """Whether no schedule can be better than the best."""
        return self.best is not None and self.bound == self.best.objective

    def tell(self) -> None:
        objective = None if self.best is None else self.best.objective
        self.on_progress(Progress(time.monotonic() - self.limits.started, objective, self.bound))

    @property
    def is_hopeless(self) -> bool:
        """Whether nothing more comes of looking for a schedule that lacks nothing."""
        if not self.limits.relax:
            return self.conflict is not None
        share = GIVEN_UP if self.conflict is not None else DOUBTED
        over = time.monotonic() >= self.limits.started + share * self.limits.seconds
        return self.relaxation is not None or (over and self.nearest is not None)

    def is_nearer(self, found: Found) -> bool:
        if self.nearest is None:
            return True
        return (found.lacking, -found.objective) < (self.nearest.lacking, -self.nearest.objective)

    def look(self, must: bool = False) -> bool:
        """Check what is waiting; whether there is a new best. Looking takes at most a fifth of the parent's time."""
        begun = time.monotonic()
        if self.waiting is None or (begun < self.next_look and not must):
            return False
        found, self.waiting = self.waiting, None
        sessions = rendered(self.problem, self.pools.identities, found.sessions)
        document = self.problem.document
        is_better = False
        if not broken(document, sessions):
            terms = score(document, sessions)
            if self.best is None or sum(terms.values()) > self.best.objective:
                self.best = Found(sum(terms.values()), 0, found.sessions)
                self.sessions, self.terms, is_better = sessions, terms, True
                if self.bound is not None and self.bound < self.best.objective:
                    self.bound = None  # what was proved wrongly is not stated
                self.tell()
        spent = time.monotonic() - begun
        self.next_look = begun + max(0.1, 5 * spent)
        return is_better


def solve(
    document: ProblemDocument,
    digest: str,
    limits: Limits,
    start: ScheduleDocument | None,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> ScheduleDocument:
    """The best schedule that the limits allow. `digest` is the SHA-256 of the problem's file.

    `on_progress` is called with schedules that keep every rule, each better than the last or with a better bound;
    `should_stop` is asked every few hundredths of a second. Raises OutOfTime where the problem is too large for them.
    """
    with in_time(limits):
        problem = compile_problem(document, digest)
        pools = pack(problem)
        begin = tuple(starting_sessions(problem, pools.identities, start))
    state = _Solve(problem, pools, limits, on_progress)
    with crew(forked()) as workers:
        _start(workers, state, begin)
        _attend(workers, state, should_stop)
    state.look(must=True)
    if state.best is None and limits.relax:
        return _solve_less(state, should_stop)
    return _document(state)


def _solve_less(state: _Solve, should_stop: Callable[[], bool]) -> ScheduleDocument:
    """With the rest of the time, the best schedule of what is left after the least relaxation: the proved one, or what
    the nearest schedule lacks.
    """
    relaxation = state.relaxation or _nearest_relaxation(state)
    if relaxation is None:
        return _document(state)
    small = narrowed(state.problem, relaxation.wanted)
    less = _Solve(small, pack(small), replace(state.limits, relax=False), state.on_progress)
    known = relaxation.sessions or _known(less, _nearest_document(state))
    less.waiting = Found(-(1 << 60), 0, known)
    less.look(must=True)
    with crew(forked()) as workers:
        _start(workers, less, known or tuple(starting_sessions(small, less.pools.identities, None)))
        _attend(workers, less, should_stop)
    less.look(must=True)
    if less.best is None:
        return _document(state)
    document = _relaxed(state, less.sessions)
    if document is not None and relaxation.is_only and less.is_proved:
        document = document.model_copy(update={"status": "optimal", "bound": less.best.objective})
    return document or _document(state)


def _known(less: _Solve, found: ScheduleDocument | None) -> tuple[Placed, ...]:
    """The sessions of a schedule; none where it has none, for what is published is a start and no schedule."""
    if found is None or not found.sessions:
        return ()
    return tuple(starting_sessions(less.problem, less.pools.identities, found))


def _nearest_document(state: _Solve) -> ScheduleDocument | None:
    """The schedule that lacks least, as one to begin from."""
    return None if state.nearest is None else _relaxed(state, _rows(state, state.nearest))


def _nearest_relaxation(state: _Solve) -> Relaxation | None:
    """What the schedule that lacks least leaves of the demands."""
    found = _nearest_document(state)
    if found is None:
        return None
    wanted = dict(everything_wanted(state.problem))
    for row in found.relaxed:
        wanted[demand_of(state.problem, row)] -= row.by if not isinstance(row, PinDemand) else 1
    return Relaxation(wanted, (), False)


def _rows(state: _Solve, found: Found) -> tuple[Session, ...]:
    return rendered(state.problem, state.pools.identities, found.sessions)


def _start(workers: Crew, state: _Solve, begin: tuple[Placed, ...]) -> None:
    """Start the searchers. Without compiled kernels one compiles, another searches in plain Python, the others wait."""
    limits = state.limits
    deadline = max(limits.deadline - LAST, time.monotonic() + 0.05)
    seeds = [limits.seed * 64 + k for k in range(max(1, limits.workers))]
    tasks = [
        Task(state.problem, state.pools, begin, seed, deadline, k == 0, limits.relax, bounds=k == len(seeds) - 1)
        for k, seed in enumerate(seeds)
    ]
    if is_compiled():
        for task in tasks:
            workers.start(task)
        return
    first, *state.later = tasks
    workers.start(first)
    with plain_kernels() as plain:
        workers.start(replace(first, seed=limits.seed * 64 + 63, proves=False), plain)


def _join_in(workers: Crew, state: _Solve) -> None:
    """Start those who wait, once the kernels are compiled."""
    if state.later and is_compiled():
        for task in state.later:
            workers.start(task)
        state.later = []


def _attend(workers: Crew, state: _Solve, should_stop: Callable[[], bool]) -> None:
    """Hear, check and tell until the time is over, somebody stops it, or nobody is left."""
    while workers.processes and not should_stop() and time.monotonic() < state.deadline:
        for message in workers.messages(WAIT):
            state.hear(message)
            _join_in(workers, state)
        if state.look() and len(workers.processes) > 1 and state.best is not None:
            workers.tell(state.best)
        if state.is_proved:
            return
        if state.best is None and state.is_hopeless:
            return


def _document(state: _Solve) -> ScheduleDocument:
    digest = state.problem.digest
    if state.best is not None:
        return ScheduleDocument(
            problem=digest,
            status="optimal" if state.is_proved else "feasible",
            objective=state.best.objective,
            bound=state.bound,
            sessions=state.sessions,
            terms=state.terms,
        )
    if state.limits.relax and state.nearest is not None:
        relaxed = _relaxed(state, _rows(state, state.nearest))
        if relaxed is not None:
            return relaxed
    if state.conflict is not None:
        return ScheduleDocument(
            problem=digest,
            status="infeasible",
            objective=None,
            bound=None,
            sessions=(),
            terms={},
            conflict=tuple(_demand_document(state.problem, demand) for demand in state.conflict.demands),
            because=sentences(state.problem.document, state.conflict.reasons),
        )
    nearest = None if state.nearest is None else _rows(state, state.nearest)
    because = unfinished(state.problem, nearest, max(state.limits.end, time.monotonic() + LOOK))
    return ScheduleDocument(
        problem=digest, status="unknown", objective=None, bound=None, sessions=(), terms={}, because=because
    )


def _demand_document(problem: Problem, demand: Demand) -> CountDemand | RequiredDemand | PinDemand:
    document = problem.document
    if demand.rule == "R6":
        return CountDemand(activity=document.activities[demand.names[0]].id)
    if demand.rule == "R14":
        resident, activity = demand.names
        return RequiredDemand(resident=document.residents[resident].id, activity=document.activities[activity].id)
    return PinDemand(pin=demand.names[0])


def _relaxed(state: _Solve, sessions: tuple[Session, ...]) -> ScheduleDocument | None:
    """A schedule with what it lacks listed; None where it breaks more than may be relaxed."""
    document = state.problem.document
    lacking: list[Relaxed] = []
    for breach in broken(document, sessions):
        demand = relaxation(breach)
        if demand is None:
            return None
        lacking.append(demand)
    terms = score(document, sessions)
    return ScheduleDocument(
        problem=state.problem.digest,
        status="feasible",
        objective=sum(terms.values()),
        bound=None,
        sessions=sessions,
        terms=terms,
        relaxed=tuple(lacking),
    )
