"""One search from a start to ever better schedules, in coolings of growing length.

The first rounds are counted in moves, so that they are the same on any machine; the later ones are measured by the
clock, since what they leave is never ended before its time.
"""

from collections.abc import Callable, Iterator

from solver.instance.placed import Placed
from solver.search.annealer import Annealer
from solver.search.beginning import attempts, best_beginning, timetabled
from solver.search.cooling import bent_round, counted_round, even_round, measure_temperature
from solver.search.parameters import Parameters


def search(
    annealer: Annealer,
    start: list[Placed],
    deadline: float,
    clock: Callable[[], float],
    between: Callable[[], Iterator[None]],
    is_fresh: bool = True,
) -> Iterator[None]:
    """Search until the deadline; between two steps the caller may read `found`, set `offered` or stop.

    `between` has its turn where the first attempts found nothing, and after the counted rounds, before the clock
    decides anything: what it proves is repeatable. Who `is_fresh` melts everything before each longer cooling; others
    cool a new week once, as slowly as the time allows, and return to the best that is known in a repair: where there
    are several searchers, some do this and some that.
    """
    how = annealer.parameters
    is_repair = bool(start)
    yield from attempts(annealer, start, how.early_attempts)
    if annealer.found() is None:
        yield from between()
        yield from attempts(annealer, start)
    yield from measure_temperature(annealer)
    annealer.return_to_best()
    if is_repair and annealer.found() is not None:
        placed = yield from timetabled(annealer, start, clock() + how.timetable_share * (deadline - clock()), clock)
        yield from best_beginning(
            annealer, [placed, start], clock() + how.beginnings_share * (deadline - clock()), clock
        )
    hot = (how.reheat if is_repair else 1.0) * annealer.hot
    yield from counted_round(annealer, how.counted_moves * annealer.people, hot, annealer.cold)
    yield from between()
    number, begun = 0 if is_fresh else 1, clock()
    length = how.first_cooling * max(1.0, annealer.people / how.usual_people)
    if is_repair and is_fresh:
        length *= how.melt_length
    if not is_repair and not is_fresh:
        length = deadline - begun
    while (now := clock()) < deadline:
        if annealer.best_known() is None:
            yield from attempts(annealer, [])
            annealer.state.set_price(min(how.most_price, 2 * int(annealer.state.memory.lack_price)))
            yield from even_round(annealer, min(deadline, now + how.retry_seconds), how.retry * annealer.hot, clock)
            continue
        left = deadline - now
        is_last = left <= how.last_share * (deadline - begun)
        if is_last or not is_fresh:
            annealer.return_to_best()
        grows = how.growth if is_fresh else how.reheat_growth
        most = left if is_last else max(0.5 * left, left - how.last_share * (deadline - begun))
        until = now + (most if most < (1.0 + grows) * length else length)
        part = how.last_reheat if is_last else _part_of_temperature(how, number, is_repair, is_fresh)
        cool = bent_round if is_repair else even_round
        yield from cool(annealer, until, part * annealer.hot, clock)
        length *= grows
        number += 1


def _part_of_temperature(how: Parameters, number: int, is_repair: bool, is_fresh: bool) -> float:
    """How hot the timed cooling of that number begins, as a part of the temperature that was measured."""
    if not is_repair:
        return 1.0
    return how.melt if is_fresh else how.repair_reheats[number % len(how.repair_reheats)]


def cool_on(annealer: Annealer, deadline: float, clock: Callable[[], float]) -> Iterator[None]:
    """What is left of the time, on coolings from the best that is known."""
    how = annealer.parameters
    while (now := clock()) < deadline:
        annealer.return_to_best()
        left = deadline - now
        until = now + (left if left < 4 * how.first_cooling else left / 2)
        yield from even_round(annealer, until, how.reheat * annealer.hot, clock)
