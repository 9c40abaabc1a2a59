"""A week's facts and problem as of now, read once for each state of things.

What is about to be written is reckoned before: read by a session that only reads, it is known to the unit of work
that comes after, which asks again what it rests on and has it at once where nothing has changed. Who waits to write
waits for the writing then, not for the reckoning.
"""

from collections.abc import Callable, Hashable
from datetime import date, datetime
from typing import TypeVar

from milieu.database import DbSession, only_reads
from milieu.machine.memory import Memory
from milieu.queries.basis import Basis, basis_of
from milieu.solving.problem.document import ProblemSource, WeekFacts, problem_of, read_facts

Answer = TypeVar("Answer")
_MOST = 8
_FACTS: Memory[WeekFacts] = Memory(_MOST)
_SOURCES: Memory[ProblemSource] = Memory(_MOST)


def facts_of(db: DbSession, community_id: str, week_start: date, now: datetime) -> WeekFacts:
    """`read_facts` as of a moment. Raises as it does."""
    return _facts(db, basis_of(db, community_id, week_start, now), now)


def source_of(db: DbSession, community_id: str, week_start: date, now: datetime, *, repair: bool) -> ProblemSource:
    """`make_problem` as of a moment. Raises as it does."""
    basis = basis_of(db, community_id, week_start, now)
    return remembered(db, _SOURCES, (basis, repair), lambda: problem_of(_facts(db, basis, now), repair=repair))


def _facts(db: DbSession, basis: Basis, now: datetime) -> WeekFacts:
    """The facts that a basis stands for."""
    return remembered(db, _FACTS, basis, lambda: read_facts(db, basis.community_id, basis.week_start, now))


def remembered(db: DbSession, memory: Memory[Answer], key: Hashable, work_out: Callable[[], Answer]) -> Answer:
    """What is known for a key, which must say all that the answer rests on; else it is worked out and remembered.

    What a unit of work works out it keeps to itself: it may be taken back, and the rows in it may be changed yet.
    """
    if (known := memory.known(key)) is not None:
        return known
    if only_reads(db):
        return memory.recall(key, work_out)
    mine: Memory[Answer] = db.info.setdefault(("known", id(memory)), Memory(_MOST))
    return mine.recall(key, work_out)
