"""First schedules: a few attempts, and for a repair a timetable of what is published and the best of several."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

import numpy as np

from solver.instance.placed import Found, Placed
from solver.kernels.pools import Numbers
from solver.search.annealer import NEVER, Annealer
from solver.search.memory.layout import Memory
from solver.search.memory.packing import Pools
from solver.search.moves.timetable.timetabling import timetable
from solver.search.moves.timetable.valuing import ATTENDING
from solver.search.parameters import PARAMETERS


def attempts(annealer: Annealer, start: list[Placed], most: int = PARAMETERS.attempts) -> Iterator[None]:
    """First schedules until one lacks nothing, else the one that lacks least.

    A first schedule that lacks something has mostly had bad luck: another one costs far less than mending it.
    """
    nearest: Found | None = None
    for _ in range(most):
        annealer.begin(start)
        yield
        if annealer.state.lacking == 0:
            return
        if nearest is None or annealer.state.lacking < nearest.lacking:
            nearest = annealer.standing()
    assert nearest is not None
    annealer.restart(nearest)


def best_beginning(
    annealer: Annealer, starts: list[list[Placed]], until: float, clock: Callable[[], float]
) -> Iterator[None]:
    """The best of several first schedules, from these starts in turn, or what is known where each lacks something. One
    costs no more than a few thousand moves.
    """
    how = annealer.parameters
    best: Found | None = None
    for k in range(how.beginnings):
        if clock() >= until:
            break
        annealer.begin(starts[k % len(starts)])
        yield
        if annealer.state.lacking == 0 and (best is None or annealer.state.objective > best.objective):
            best = annealer.standing()
    if best is not None:
        annealer.restart(best)
    else:
        annealer.return_to_best()


def timetabled(
    annealer: Annealer, start: list[Placed], until: float, clock: Callable[[], float]
) -> Generator[None, None, list[Placed]]:
    """A start with its published sessions in places where they disturb each other little, by whom they invited: where
    the large groups of a repair stand at first seldom changes later. What finds no place is left out; what is new comes
    last. Meanwhile nobody is in any session; in the end there are only the facts.
    """
    how = annealer.parameters
    pools, state, begun = annealer.pools, annealer.state, clock()
    at = state.memory
    given = {row.identity: row.residents for row in start if row.identity >= 0}
    state.clear()
    left_out = state.load([replace(row, residents=()) for row in start if row.identity >= 0])
    if left_out == 0 and len(given) == sum(identity.previous >= 0 for identity in pools.identities):
        return start
    places = no_places(at)
    hot, done = how.timetable_hot * int(at.cancel_weight + at.usual_gain // ATTENDING), 0
    pieces = how.timetable_pieces
    for k in range(pieces):
        spent, left = clock() - begun, until - clock()
        most = int(done / max(1e-6, spent) * left / (pieces - k)) if done else how.first_piece
        moves = max(0, min(most, how.placings * len(pools.identities) // pieces))
        first, last = hot * how.timetable_cold ** (k / pieces), hot * how.timetable_cold ** ((k + 1) / pieces)
        timetable(at, places, moves, first, last)
        done += moves
        yield
    found = [replace(row, residents=given.get(row.identity, row.residents)) for row in standing_at(pools, at, places)]
    state.clear()
    return found + [row for row in start if row.identity < 0]


def no_places(at: Memory) -> Numbers:
    """Room for what `timetable` finds: worth less than any, then a line for each identity."""
    return np.full(1 + int(at.identities) * (2 + int(at.most_team)), NEVER, np.int64)


def standing_at(pools: Pools, at: Memory, places: Numbers) -> list[Placed]:
    """The sessions that stand somewhere in what `timetable` found, with those whom they invited."""
    lines, found = places[1:].reshape(len(pools.identities), 2 + int(at.most_team)), []
    for k, identity in enumerate(pools.identities):
        t, space, *team = lines[k].tolist()
        if t >= 0:
            size = at.activity[identity.activity].team
            found.append(Placed(identity.activity, t, space, k, tuple(team[:size]), tuple(identity.previous_residents)))
    return found
