"""Bring two: two friends join a session together, for which one alone would gain nothing.

Keeps every rule as `fits` and `is_sound` read them. Needs both to have time, and room for both: nobody is ejected. Of
two who need a familiar face (R15) each may be the other's.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import accepts
from solver.search.memory.layout import Memory
from solver.search.score.attendance import fits, is_sound
from solver.search.score.joining import join
from solver.search.score.opening import roll_back


@kernel
def bring_two(at: Memory, r: int, q: int, x: int, temperature: float) -> bool:
    """Let two friends join x together, where both have time and room."""
    savepoint, before = at.journal_size, at.score
    if fits(at, r, x):
        join(at, r, x)
        if fits(at, q, x):
            join(at, q, x)
            if accepts(at, at.score - before, temperature) and is_sound(at, x):
                at.journal_size = savepoint
                return True
    roll_back(at, savepoint)
    return False
