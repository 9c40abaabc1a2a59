"""What a solve's process tells its searchers, and they it."""

from dataclasses import dataclass

from solver.infeasibility.verdict import Conflict, Relaxation
from solver.instance.placed import Found, Placed
from solver.instance.problem import Problem
from solver.search.memory.packing import Pools

TELLING = 0.08  # seconds between two messages of one searcher


@dataclass(frozen=True)
class Task:
    """What a searcher is to do. `deadline` by `time.monotonic()`, which all processes of a machine share.

    Who `proves` looks for conflicts and for proofs of small problems, who `bounds` ends with the bound.
    """

    problem: Problem
    pools: Pools
    start: tuple[Placed, ...]
    seed: int
    deadline: float
    proves: bool
    relaxes: bool = False
    bounds: bool = False


@dataclass(frozen=True)
class Message:
    """`found` lacks nothing, `standing` may; `bound`, `conflict` and `relaxation` are proved."""

    found: Found | None = None
    standing: Found | None = None
    bound: int | None = None
    conflict: Conflict | None = None
    relaxation: Relaxation | None = None
    has_heard: bool = False
