"""Which move of attendance is made, by chance."""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import below, chance
from solver.search.memory.kinds import BRING, BRING_FRIEND, BRING_TWO, DROP, SWAP, TRADE
from solver.search.memory.layout import NONE, Memory
from solver.search.moves.attendance.bringing import bring
from solver.search.moves.attendance.dropping import drop_one
from solver.search.moves.attendance.pairing import bring_two
from solver.search.moves.attendance.people import any_admitted, any_keen, any_member, friend_of
from solver.search.moves.attendance.swapping import swap
from solver.search.moves.attendance.trading import trade

# What share of the moves of attendance each is; together 1. Who has no friend brings somebody else instead.
SHARES = {"drop": 0.04, "trade": 0.19, "bring a friend": 0.19, "bring": 0.56, "bring two": 0.02}
UP_TO_DROP = SHARES["drop"]
UP_TO_TRADE = UP_TO_DROP + SHARES["trade"]
UP_TO_FRIEND = UP_TO_TRADE + SHARES["bring a friend"]
FROM_TWO = 1.0 - SHARES["bring two"]


@kernel
def move_attendance(at: Memory, temperature: float) -> bool:
    """One random move of attendance."""
    at.kind = BRING
    if at.planned_count == 0:
        return False
    x = at.planned[below(at, at.planned_count)]
    if at.is_dense:  # where all are friends of all
        at.kind = SWAP
        r = any_admitted(at, x)
        return swap(at, r, x, temperature) if r >= 0 else False
    drawn = chance(at)
    if drawn < UP_TO_DROP:
        at.kind = DROP
        return drop_one(at, x, temperature)
    if drawn < UP_TO_TRADE:
        at.kind = TRADE
        return trade(at, x, temperature)
    member = any_member(at, x) if drawn < UP_TO_FRIEND else NONE
    q = friend_of(at, member) if member >= 0 else NONE
    if q >= 0:
        at.kind = BRING_FRIEND
        return bring(at, q, x, temperature)
    r = any_keen(at, x)
    q = friend_of(at, r) if r >= 0 and drawn > FROM_TWO else NONE
    if q >= 0:
        at.kind = BRING_TWO
        return bring_two(at, r, q, x, temperature)
    return r >= 0 and bring(at, r, x, temperature)
