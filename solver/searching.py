"""What a searcher's process does between its start and its deadline."""

import time
from multiprocessing.connection import Connection

from solver.search.annealer import Annealer, Found, new_annealer, search
from solver.workers import TELLING, Message, Task


class _Voice:
    """Tells the parent of improvements, not too often."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.told = -(1 << 60)
        self.lacked = 1 << 60
        self.last = 0.0

    def tell(self, annealer: Annealer, must: bool = False) -> None:
        now = time.monotonic()
        if now - self.last < TELLING and not must:
            return
        found = annealer.found()
        if found is not None:
            if found.objective > self.told:
                self.told, self.last = found.objective, now
                self.connection.send(Message(found=found))
        elif annealer.state.lacking < self.lacked:
            self.lacked, self.last = annealer.state.lacking, now
            self.connection.send(Message(standing=annealer.standing()))


def work(task: Task, connection: Connection) -> None:
    """Search until the deadline, telling what is found and taking up what others found."""
    annealer = new_annealer(task.problem, task.pools, task.seed)
    voice = _Voice(connection)
    steps = search(annealer, list(task.start), task.deadline, time.monotonic)
    for number, _ in enumerate(steps):
        voice.tell(annealer, must=number == 0)
        _listen(annealer, connection)
        if time.monotonic() >= task.deadline:
            break
    voice.tell(annealer, must=True)
    connection.send(Message(is_over=True))


def _listen(annealer: Annealer, connection: Connection) -> None:
    """Take up the better schedule of another searcher."""
    better: Found | None = None
    while connection.poll():
        better = connection.recv()
    own = annealer.found()
    if better is not None and (own is None or better.objective > own.objective):
        annealer.restart(better)
