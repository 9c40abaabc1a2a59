"""Equal seeds give equal schedules: thirty problems, searched by counted moves alone, end in the schedules kept here.

What moves or renames code changes none of them. Who changes the search on purpose writes them anew, in the commit that
says why: python -m tests.solver.search.test_equal_schedules
"""

import hashlib
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.asked.changes import change
from bench.asked.homes import make_home
from solver.instance.starting import starting_sessions
from solver.search.searching import search
from tests.solver.builders import Tree
from tests.solver.search.searches import Trial
from tests.solver.strategies import Chance, make_lively

KEPT = Path(__file__).parent / "equal_schedules.json"
LIVELY = range(4100, 4114)
HOMES = [(12, False), (12, True), (30, False), (30, True), (60, False), (60, True)]
REPAIRS = [(residents, what) for residents in (12, 30) for what in ("away", "closed", "people", "outbreak", "nothing")]


def names() -> list[str]:
    """What is searched, by name."""
    homes = [f"home {residents}{' tight' if tight else ''}" for residents, tight in HOMES]
    return [f"lively {seed}" for seed in LIVELY] + homes + [f"repair {n} {what}" for n, what in REPAIRS]


def tree_of(name: str) -> Tree:
    kind, first, *rest = name.split()
    if kind == "lively":
        return make_lively(Chance(int(first)), 0.4)
    home = make_home(int(first), 3, rest == ["tight"])
    return change(home.tree, home.witness, rest[0], 1) if kind == "repair" else home.tree


def searched(name: str, seed: int) -> str:
    """The digest of the best schedule, and of where the search stands, after all that it counts in moves."""
    trial = Trial(tree_of(name), seed)
    annealer, ticks = trial.annealer, itertools.count()
    begun = (annealer.hot, annealer.cold)
    turns: list[bool] = []

    def between() -> Iterator[None]:
        turns.append((annealer.hot, annealer.cold) != begun)  # the heat is measured between the two turns
        yield

    start = starting_sessions(trial.problem, trial.pools.identities, None)
    for _ in search(annealer, start, 1e6, lambda: 100.0 * next(ticks), between):
        if turns and turns[-1]:
            break
    best = annealer.found()
    told = [best and (best.objective, best.sessions), annealer.state.objective, annealer.state.sessions()]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", names())
def test_equal_seeds_give_equal_schedules(name: str) -> None:
    assert searched(name, 7) == json.loads(KEPT.read_text())[name]


def test_another_seed_gives_another_schedule() -> None:
    assert searched("home 30", 8) != json.loads(KEPT.read_text())["home 30"]


if __name__ == "__main__":
    KEPT.write_text(json.dumps({name: searched(name, 7) for name in names()}, indent=1) + "\n")
