"""Which move of the programme is made, by chance."""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import below, chance
from solver.search.memory.kinds import EXCHANGE, GIVE_UP, HABIT, INSERT, REGATHERING, REINSTATEMENT, REPLACE, SHIFT
from solver.search.memory.layout import MOST_RIVALS, NONE, Memory
from solver.search.moves.habits import any_missed, keep_usual
from solver.search.moves.programme.closing import give_up
from solver.search.moves.programme.exchanging import exchange
from solver.search.moves.programme.inserting import insert
from solver.search.moves.programme.places import any_identity, any_space, any_time, any_wanting
from solver.search.moves.programme.regathering import regather
from solver.search.moves.programme.reinstating import any_astray, reinstate
from solver.search.moves.programme.replacing import replace
from solver.search.moves.programme.settling import ANY_STAFF
from solver.search.moves.programme.shifting import shift

# What share of the moves of the programme each is; together 1. Where cohorts are kept apart more are filled anew, and
# fewer shifted. In repairs the first share of all is what was published and went astray, where any did; of what is
# left, where there is a base week, what is used to be and is not.
SHARES = {"insert": 0.12, "regather": 0.04, "shift": 0.50, "exchange": 0.22, "replace": 0.07, "give up": 0.05}
REGATHER_COHORTS, REINSTATE, KEEP_USUAL = 0.13, 0.3, 0.12
UP_TO_INSERT = SHARES["insert"]
UP_TO_SHIFT = UP_TO_INSERT + SHARES["regather"] + SHARES["shift"]
UP_TO_EXCHANGE = UP_TO_SHIFT + SHARES["exchange"]
UP_TO_REPLACE = UP_TO_EXCHANGE + SHARES["replace"]
REGATHER = SHARES["regather"]
WANTING = 0.7  # of the inserted, those of an activity that may have more: one dear session is worth all its trouble


@kernel
def change_programme(at: Memory, temperature: float) -> bool:
    """One random move of the programme; in repairs often one that brings back what was published, and where there is a
    base week one that brings back what is used to be.
    """
    i = any_astray(at) if at.has_previous and chance(at) < REINSTATE else NONE
    if i >= 0:
        at.kind = REINSTATEMENT
        return reinstate(at, i, temperature)
    u = any_missed(at) if at.usuals > 0 and chance(at) < KEEP_USUAL else NONE
    if u >= 0:
        at.kind = HABIT
        return keep_usual(at, u, temperature)
    return move_session(at, temperature)


@kernel
def move_session(at: Memory, temperature: float) -> bool:
    """One random move of the programme, of those that need nothing published or used to."""
    at.kind = INSERT
    if at.activities == 0:
        return False
    drawn = chance(at)
    if at.planned_count == 0 or drawn < UP_TO_INSERT:
        a = any_wanting(at) if chance(at) < WANTING else NONE
        rivals = MOST_RIVALS if chance(at) < (0.3 if a < 0 else 0.6) else 0
        a = below(at, at.activities) if a < 0 else a
        i = any_identity(at, a)
        return insert(at, a, any_time(at, a), any_space(at, a), i, ANY_STAFF, rivals, temperature)
    x = at.planned[below(at, at.planned_count)]
    if drawn < UP_TO_INSERT + (REGATHER_COHORTS if at.has_cohorts else REGATHER):
        at.kind = REGATHERING
        return regather(at, x, temperature)
    if drawn < UP_TO_SHIFT:
        at.kind = SHIFT
        return shift(at, x, temperature)
    if drawn < UP_TO_EXCHANGE:
        at.kind = EXCHANGE
        return exchange(at, x, at.planned[below(at, at.planned_count)], temperature)
    if drawn < UP_TO_REPLACE:
        at.kind = REPLACE
        return replace(at, x, below(at, at.activities), temperature)
    at.kind = GIVE_UP
    return give_up(at, x, temperature)
