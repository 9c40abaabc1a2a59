"""Where the published sessions could all stand: a timetable of them alone, without anybody in it.

Before a repair is searched for as a whole, what is published is put in place by whom it invited: how many of them could
come, to what each session would be worth to them, is known without anybody joining or leaving. A move costs a hundredth
of a compound one, so that many more are tried. It only proposes; the search begins there.
"""

from solver.kernels.compiled import entry, kernel
from solver.kernels.pools import Numbers
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import NONE, Memory
from solver.search.moves.programme.places import any_space, any_time, near_time, old_time
from solver.search.moves.timetable.placing import is_movable, try_place
from solver.search.moves.timetable.valuing import worth_of_all


@kernel
def keep_places(at: Memory, places: Numbers, worth: int) -> None:
    """Note where the published sessions stand and who leads them, and before them what that is worth."""
    places[0] = worth
    for i in range(at.identities):
        first, x = 1 + i * (2 + at.most_team), at.session_of[i]
        places[first] = NONE
        if x >= 0:
            row = at.session[x]
            places[first], places[first + 1] = row.time, row.space
            for k in range(at.most_team):
                places[first + 2 + k] = row.team[k]


@entry
def timetable(at: Memory, places: Numbers, steps: int, hot: float, cold: float) -> None:
    """So many tries at other places for published sessions while the temperature falls; nobody is in any session.

    `places`: what the best is worth, then time (-1: none), space and team of each identity; changed where there is a
    better one.
    """
    worth = worth_of_all(at)
    for step in range(steps if at.identities > 0 else 0):
        if worth > places[0]:
            keep_places(at, places, worth)
        i = below(at, at.identities)
        if not is_movable(at, i):
            continue
        row = at.identity[i]
        a, t, space = row.activity, old_time(at, i), row.old_space
        if t < 0 or chance(at) < 0.6:
            t = near_time(at, a, t) if t >= 0 and chance(at) < 0.5 else any_time(at, a)
        if space < 0 or chance(at) < 0.4:
            space = any_space(at, a)
        worth += try_place(at, i, t, space, hot * (cold / hot) ** (step / steps))
    if worth > places[0]:
        keep_places(at, places, worth)
    at.journal_size = 0
