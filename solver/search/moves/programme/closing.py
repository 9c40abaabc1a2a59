"""Give up: a session is closed, and its people go elsewhere.

Keeps every rule: closing breaks none but R6's least, below which nothing is closed unless something is lacking anyway.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.layout import Memory
from solver.search.moves.programme.settling import finish, forget_displaced, rehome_all, take_down


@kernel
def give_up(at: Memory, x: int, temperature: float) -> bool:
    """Close a session; its people go elsewhere."""
    a = at.session[x].activity
    if at.lacking == 0 and at.held[a] <= at.activity[a].min:
        return False
    before = at.score
    forget_displaced(at)
    take_down(at, x)
    rehome_all(at)
    return finish(at, True, before, temperature)
