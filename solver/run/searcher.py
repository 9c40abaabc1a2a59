"""What a searcher's process does between its start and its deadline."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection

from solver.bounds.linear.cells import is_small
from solver.infeasibility.verdict import Conflict
from solver.instance.demands import Demand
from solver.instance.placed import Found, Placed
from solver.instance.rendering import rendered
from solver.instance.size import size_of
from solver.kernels.compilation import compile_once
from solver.model.check import score
from solver.model.lacking import lacking_demands
from solver.run.messages import TELLING, Message, Task
from solver.search.annealer import Annealer, new_annealer
from solver.search.searching import cool_on, search

EXACT_FROM, EXACT_SHARE = 25.0, 0.15  # seconds from which on, and which share of them, exact neighbourhoods have
BOUND_FROM, BOUND_SHARE = 8.0, 0.25  # the same of the bound, which one of several searchers ends with …
ALONE_FROM, ALONE_SHARE = 20.0, 0.15  # … or the only one
DENSE_SHARE = 0.05  # instead, where all are tied to all: no bound comes near, and no part of it is small
USUAL = 120  # residents; where there are more, all of these begin later, for the search itself takes longer
FEW, SOON, SOON_SHARE = 40, 3.0, 0.2  # residents up to which, and for how long, the bound has a turn early
FIRST = 10.0  # seconds at most for a conflict before the search has gone on from its first attempts
TO_THE_END = 0.9  # of what is left of the time: so long a small home is solved to the end
MOST_WHOLE = 12_000  # literals up to which a whole model is tried


class _Voice:
    """Tells the parent of improvements, not too often."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.sent = -(1 << 60)
        self.lacked = 1 << 60
        self.last = 0.0

    def tell(self, annealer: Annealer, must: bool = False) -> None:
        now = time.monotonic()
        if now - self.last < TELLING and not must:
            return
        found = annealer.found()
        if found is not None:
            if found.objective > self.sent:
                self.sent, self.last = found.objective, now
                self.connection.send(Message(found=found))
        elif annealer.state.lacking < self.lacked:
            self.lacked, self.last = annealer.state.lacking, now
            self.connection.send(Message(standing=annealer.standing()))


def work(task: Task, connection: Connection) -> None:
    """Search until the deadline, telling what is found and taking up what others found."""
    compile_once()
    annealer = new_annealer(task.problem, task.pools, task.seed)
    voice = _Voice(connection)
    prover = _Prover(task, connection, annealer)
    until = task.deadline - _closing(task, task.deadline - time.monotonic())
    for number, _ in enumerate(search(annealer, list(task.start), until, time.monotonic, prover.prove, task.proves)):
        voice.tell(annealer, must=number == 0)
        if prover.is_done:
            break
        _listen(annealer, connection)
        if time.monotonic() >= until:
            break
    voice.tell(annealer, must=True)
    best = annealer.best_known()
    if until < task.deadline and best is not None and not prover.is_done:
        if task.bounds:
            _bound(task, connection, best, task.deadline)
        else:
            _improve(task, connection, best)
        for _ in cool_on(annealer, task.deadline, time.monotonic):
            voice.tell(annealer)
            _listen(annealer, connection)
        voice.tell(annealer, must=True)


def _closing(task: Task, seconds: float) -> float:
    """How many of so many seconds a searcher keeps for what it ends with: the bound, or exact neighbourhoods."""
    if task.bounds:
        start, share = (ALONE_FROM, ALONE_SHARE) if task.proves else (BOUND_FROM, BOUND_SHARE)
    elif task.proves:
        start, share = EXACT_FROM, EXACT_SHARE
    else:
        return 0.0
    start *= max(1.0, len(task.problem.document.residents) / USUAL)
    if task.pools.is_dense:
        share = DENSE_SHARE if task.bounds else 0.0
    return share * seconds if seconds >= start else 0.0


def _bound(task: Task, connection: Connection, best: Found, until: float) -> int | None:
    """How good a schedule can be at most, as far as is proved until then."""
    from solver.bounds.bound import bounds

    least: int | None = None
    for least in bounds(task.problem, until, _Floor(connection, best.objective)):
        connection.send(Message(bound=least))
    return least


def _improve(task: Task, connection: Connection, best: Found) -> None:
    """The last part of the time, on exact neighbourhoods."""
    from solver.exact.neighbourhoods import Improver  # loads OR-Tools, three seconds that a short solve cannot spare

    for found in Improver(task.problem, task.pools.identities, task.seed).improve(best, task.deadline):
        if found.objective > best.objective:
            best = found
            connection.send(Message(found=best))
        better = _heard(connection)
        if better is not None and better.objective > best.objective:
            best = better


@dataclass
class _Prover:
    """What can be proved: the best of a small problem, or a conflict where nothing was found."""

    task: Task
    connection: Connection
    annealer: Annealer
    is_done: bool = False
    rounds: int = 0

    def prove(self) -> Iterator[None]:
        self.rounds += 1
        if self.task.bounds and self.annealer.found() is not None:
            self._prove_soon()
        if self.task.proves and not self.is_done:
            if self.annealer.found() is None:
                self._prove_conflict()
            else:
                self._prove_best()
        yield

    def _seconds(self) -> float:
        return 0.6 * (self.task.deadline - time.monotonic())

    def _prove_soon(self) -> None:
        """In a small home the bound is quick, and often met by what the first rounds found."""
        best, seconds = self.annealer.found(), min(SOON, SOON_SHARE * (self.task.deadline - time.monotonic()))
        if best is not None and self.annealer.people <= FEW:
            bound = _bound(self.task, self.connection, best, time.monotonic() + seconds)
            self.is_done = bound == best.objective

    def _prove_conflict(self) -> None:
        from solver.infeasibility.conflict import find_conflict

        task = self.task
        suspects = lacking_demands(task.problem, task.pools.identities, self.annealer.standing())
        if task.relaxes:
            self._relax(suspects)
            return
        until = time.monotonic() + (min(self._seconds(), FIRST) if self.rounds == 1 else self._seconds())
        conflict = find_conflict(task.problem, until, suspects, self.connection.poll, self._take_up)
        if conflict is not None:
            self.is_done = True
            self.connection.send(Message(conflict=conflict))

    def _take_up(self, sessions: tuple[Placed, ...]) -> None:
        """A schedule that a model found where the search had found none."""
        document, identities = self.task.problem.document, self.task.pools.identities
        objective = sum(score(document, rendered(self.task.problem, identities, sessions)).values())
        self.annealer.restart(Found(objective, 0, sessions))

    def _relax(self, suspects: list[Demand]) -> None:
        from solver.infeasibility.relax import Relaxer

        def tell(conflict: Conflict) -> None:
            self.connection.send(Message(conflict=conflict))

        until = time.monotonic() + self._seconds()
        relaxation = Relaxer(self.task.problem, until, self.connection.poll, tell).least(suspects)
        if relaxation is not None:
            self.is_done = True
            self.connection.send(Message(relaxation=relaxation))

    def _prove_best(self) -> None:
        """Solve it to the end, where it is small."""
        problem = self.task.problem
        if is_small(problem):
            self._divide()
        if not self.is_done and size_of(problem) <= MOST_WHOLE:
            self._solve_whole()

    def _divide(self) -> None:
        from solver.exact.benders import solve_to_the_end

        task, best = self.task, self.annealer.found()
        assert best is not None
        floor = _Floor(self.connection, best.objective)
        now, identities = time.monotonic(), task.pools.identities
        until = now + TO_THE_END * (task.deadline - now)
        for step in solve_to_the_end(task.problem, identities, until, floor):
            if step.found is not None and step.found.objective > floor.objective:
                floor.objective = step.found.objective
                self.connection.send(Message(found=step.found))
            self.connection.send(Message(bound=step.bound))
            self.is_done = step.bound <= floor.objective
        if floor.heard is not None:
            self.annealer.offered = floor.heard

    def _solve_whole(self) -> None:
        from solver.model.building import solve_model, whole_model

        task, best = self.task, self.annealer.found()
        answer = solve_model(whole_model(task.problem), task.pools.identities, self._seconds(), 0)
        assert best is not None
        if answer.objective is not None and answer.objective > best.objective:
            self.connection.send(Message(found=Found(answer.objective, 0, answer.sessions)))
        if answer.bound is not None and answer.bound >= best.objective:
            self.connection.send(Message(bound=answer.bound))
        self.is_done = answer.status == "optimal"


def _heard(connection: Connection) -> Found | None:
    """The last of what the parent has told since it was asked, and a word back that it may tell more."""
    last: Found | None = None
    while connection.poll():
        last = connection.recv()
    if last is not None:
        connection.send(Message(has_heard=True))
    return last


@dataclass
class _Floor:
    """The score of the best schedule known, here or elsewhere, and the last that was heard of elsewhere."""

    connection: Connection
    objective: int
    heard: Found | None = None

    def __call__(self) -> int:
        better = _heard(self.connection)
        if better is not None:
            self.heard = better
            self.objective = max(self.objective, better.objective)
        return self.objective


def _listen(annealer: Annealer, connection: Connection) -> None:
    """Note the better schedule of another searcher."""
    better = _heard(connection)
    if better is not None:
        annealer.offered = better
