"""Which demand is tried to be met, by chance."""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import chance
from solver.search.memory.kinds import MEET_COUNT, MEET_PIN, MEET_REQUIREMENT
from solver.search.memory.layout import Memory
from solver.search.moves.demands.counting import meet_count
from solver.search.moves.demands.pinning import meet_pin
from solver.search.moves.demands.requiring import meet_required

SHARES = {"meet a count": 0.4, "meet a requirement": 0.4, "meet a pin": 0.2}  # together 1
UP_TO_COUNT = SHARES["meet a count"]
UP_TO_REQUIREMENT = UP_TO_COUNT + SHARES["meet a requirement"]


@kernel
def meet_demand(at: Memory, temperature: float) -> bool:
    """One attempt at one kind of demand."""
    drawn = chance(at)
    if drawn < UP_TO_COUNT:
        at.kind = MEET_COUNT
        return meet_count(at, temperature)
    if drawn < UP_TO_REQUIREMENT:
        at.kind = MEET_REQUIREMENT
        return meet_required(at, temperature)
    at.kind = MEET_PIN
    return meet_pin(at, temperature)
