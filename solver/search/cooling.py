"""The cooling schedule: at what temperatures it begins and ends, counted and timed coolings, even and bent ones."""

from collections.abc import Callable, Iterator

from solver.search.annealer import Annealer


def measure_temperature(annealer: Annealer) -> Iterator[None]:
    """A quick cooling from far too hot to far too cold, which shows at what temperature how many moves are accepted."""
    at, how = annealer.state.memory, annealer.parameters
    each, more = how.measured_moves
    temperature, moves = how.measured_from * int(at.usual_gain), each + more * annealer.people
    number, most = 0, 0.0
    annealer.hot = annealer.cold = 0.0
    while temperature > 0.1:
        accepted, has_sessions = int(at.accepted), number % 2 == 1
        annealer.step(moves, temperature, temperature, None if has_sessions else 0.0)
        share = (int(at.accepted) - accepted) / moves
        most = max(most, share)
        annealer.hot = annealer.hot or (temperature if share < how.hot_acceptance * most else 0.0)
        if share < how.cold_acceptance * most and not has_sessions:
            break
        temperature, number = how.measured_ratio * temperature, number + 1
        yield
    annealer.hot = annealer.hot or temperature
    annealer.cold = max(annealer.hot / how.widest, min(annealer.hot / how.narrowest, temperature))


def counted_round(annealer: Annealer, moves: int, hot: float, cold: float) -> Iterator[None]:
    """A whole cooling of so many moves, in pieces."""
    how = annealer.parameters
    pieces = how.counted_pieces
    for k in range(pieces):
        first, last = hot * (cold / hot) ** (k / pieces), hot * (cold / hot) ** ((k + 1) / pieces)
        annealer.step(max(1, moves // pieces), first, last)
        yield


def timed_round(
    annealer: Annealer, until: float, hot: float, cold: float, clock: Callable[[], float]
) -> Iterator[None]:
    """A whole cooling from now to the moment `until`, in pieces."""
    how = annealer.parameters
    begun = clock()
    while (now := clock()) < until:
        done = (now - begun) / max(1e-6, until - begun)
        then = min(1.0, (now + how.look - begun) / max(1e-6, until - begun))
        annealer.step(max(20, int(annealer.speed * how.look)), hot * (cold / hot) ** done, hot * (cold / hot) ** then)
        yield


def even_round(annealer: Annealer, until: float, hot: float, clock: Callable[[], float]) -> Iterator[None]:
    """A cooling as slow everywhere, to the end."""
    yield from timed_round(annealer, until, hot, annealer.cold, clock)


def bent_round(annealer: Annealer, until: float, hot: float, clock: Callable[[], float]) -> Iterator[None]:
    """A cooling of a repair: slow while published sessions still move, which weigh more than anybody's coming."""
    how = annealer.parameters
    knee, now = max(annealer.cold, how.knee * annealer.hot), clock()
    if hot > knee:
        annealer.session_work = how.mending_work
        yield from timed_round(annealer, now + how.knee_time * (until - now), hot, knee, clock)
        annealer.session_work = how.session_work
    yield from timed_round(annealer, until, min(hot, knee), annealer.cold, clock)
