"""Drop: somebody leaves a session that is disliked, crowded or far.

Keeps every rule: leaving breaks none but R5's least and R15, which `is_sound` reads; what R14 and R18 demand has its
price in the score. Needs somebody in the session.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import accepts
from solver.search.memory.layout import Memory
from solver.search.moves.attendance.people import any_member
from solver.search.score.attendance import is_sound
from solver.search.score.joining import leave
from solver.search.score.opening import roll_back
from solver.search.score.worth import gain_without


@kernel
def drop_one(at: Memory, x: int, temperature: float) -> bool:
    """Let somebody leave x."""
    savepoint, r = at.journal_size, any_member(at, x)
    if r < 0 or not accepts(at, -gain_without(at, r, x, x), temperature):
        return False
    leave(at, r, x)
    if is_sound(at, x):
        at.journal_size = savepoint
        return True
    roll_back(at, savepoint)
    return False
