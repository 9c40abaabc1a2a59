"""100,000 random moves in homes of every kind, and what the search foresees of a move against making it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from bench.asked.changes import change
from bench.asked.homes import make_home
from solver.run.workers import PLAIN
from solver.search.moves.programme import reinstating
from tests.solver.builders import Tree
from tests.solver.search.searches import Trial
from tests.solver.strategies import Chance

ROOT = Path(__file__).parents[3]


def everybody_tied(chance: Chance, tree: Tree) -> None:
    """Everybody to everybody, more than the search can go through at each move: it keeps sums of them."""
    names = [row["id"] for row in tree["residents"]]
    tree["ties"] = [
        {"a": a, "b": b, "strength": chance.choice([-5, -1, 1, 2, 9, 100]), "cap": chance.randint(1, 4)}
        for a, b in combinations(names, 2)
    ]


def cohorts(chance: Chance, tree: Tree) -> None:
    tree["separate_cohorts"] = True
    for row in tree["residents"]:
        row["cohort"] = chance.choice(["", "red", "blue"])
        row["zone_locked"] = chance.maybe(0.2)
    for row in tree["activities"]:
        row["min_group"] = min(row.get("min_group", 1), 2)
        row["sessions"] = {**row["sessions"], "min": 0}
    for row in tree["residents"]:
        row.pop("required", None)
    tree["pins"] = []


def aims(chance: Chance, tree: Tree) -> None:
    """Living groups that share members, aims for any domain, and aims of residents that meet in one domain."""
    words = sorted({word for row in tree["activities"] for word in row["domains"]})
    names = [row["id"] for row in tree["residents"]]
    tree["groups"] = [
        {
            "id": f"group {k}",
            "members": chance.sample(names, 8),
            "targets": [
                {
                    "domain": chance.choice(["", *words]),
                    "members": chance.randint(1, 4),
                    "min": chance.randint(1, 9),
                    "weight": chance.randint(0, 4),
                }
                for _ in range(3)
            ],
        }
        for k in range(9)
    ]
    for row in tree["residents"]:
        row["targets"] = [
            {"domain": chance.choice(words), "min": chance.randint(0, 6), "weight": chance.randint(0, 3)}
            for _ in range(chance.randint(0, 3))
        ]


def odd_weights(chance: Chance, tree: Tree) -> None:
    names = (
        "interest",
        "time",
        "shortfall",
        "left_out",
        "target",
        "group",
        "tie",
        "companion",
        "crowd",
        "walk",
        "session",
        "offer",
        "turn",
        "cancel",
        "move",
        "relocate",
        "drop",
        "relead",
    )
    tree["weights"] = {name: chance.choice([0, 1, 7, 1000, 999_983]) for name in names} | {
        "engagement": [5, 5, 0],
        "usual": [7, 1000, 0],
    }
    for row in tree["spaces"]:
        row["comfort"] = chance.randint(0, 4)
    for row in tree["ties"]:
        if "strength" in row:
            row |= {"strength": chance.choice([-5, 1, 100]), "cap": chance.randint(1, 3)}


KINDS: dict[str, Callable[[Chance, Tree], None]] = {
    "everybody tied": everybody_tied,
    "cohorts": cohorts,
    "aims": aims,
    "odd weights": odd_weights,
}


def kind_of_home(kind: str, what: str | None = None, people: int = 30) -> Tree:
    home = make_home(people, 9)
    tree = home.tree if what is None else change(home.tree, home.witness, what, 2)
    if kind in KINDS:
        KINDS[kind](Chance(kind), tree)
    return tree


@pytest.mark.parametrize(
    ("kind", "what"),
    [(kind, None) for kind in KINDS]
    + [("published", what) for what in ("away", "closed", "people")]
    + [("everybody tied", "outbreak"), ("cohorts", "people"), ("odd weights", "closed")],
)
def test_the_running_score_is_the_full_one_in_every_kind_of_home(kind: str, what: str | None) -> None:
    trial = Trial(kind_of_home(kind, what), 3)
    trial.annealer.begin([])
    at = trial.at
    assert bool(at.is_dense) == (kind == "everybody tied")
    assert bool(at.has_cohorts) == (kind == "cohorts" or what == "outbreak")
    assert bool(at.has_previous) == (what is not None)

    hot = 0.5 * int(at.usual_gain)
    for k in range(10):
        trial.annealer.step(10_000, hot, hot / 8, share=(0.02, 0.1, 0.3)[k % 3])

        assert trial.disagreements() == []


class Telling:
    """What a function tells, line by line, from a process in which the kernels run as plain Python.

    Whoever asks for something waits until that is told: no test has to wait for all that takes minutes together.
    """

    def __init__(self, function: str, module: str = "kernels") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"from tests.solver.search import {module}; {module}.{function}()"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # a word of it is none of what is told, and fails
            text=True,
            cwd=ROOT,
            env={**os.environ, PLAIN: "1"},
        )
        self.told: Tree = {}

    def __getitem__(self, name: str) -> Any:
        while name not in self.told:
            self.told |= self.next()
        return self.told[name]

    def end(self) -> None:
        """Leave nothing running, though not all was asked for."""
        self.process.kill()
        self.process.communicate()

    def next(self) -> Tree:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "it has ended before all was told"
        told: Tree = json.loads(line)
        return told


def plainly(function: str, module: str = "kernels") -> Tree:
    """All that a function tells in one line."""
    telling = Telling(function, module)
    told = telling.next()
    assert telling.process.communicate() == ("", None)
    return told


@pytest.mark.slow(2)
def test_what_is_foreseen_of_a_move_is_what_it_brings() -> None:
    told = plainly("tell_gains")

    assert told["wrong"] == []
    assert min(told[kind] for kind in ("joining", "leaving", "changing")) >= 150


@pytest.mark.slow(2)
def test_what_a_move_picks_is_what_it_asks_for() -> None:
    told = plainly("tell_picks")

    assert told["wrong"] == []
    assert min(told[kind] for kind in ("wanting", "wanting nobody", "keen", "partner")) >= 30


def test_what_makes_way_is_what_is_in_the_way_and_comes_back_where_it_can() -> None:
    told = plainly("tell_places", "kernel_places")

    assert told["full days"] == [[99, 1, 1, True], [99, 99]]
    assert told["comes back"] == [
        True,
        ["band", 0, "10:00", "hall", ["finn"]],
        ["choir", 0, "10:00", "lounge", ["gia"]],
    ]
    disturbed, undisturbed = told["disturbs"]
    upset, never = reinstating.UPSET, reinstating.NOWHERE
    assert disturbed == [upset + 2, upset + 1, 2 * upset + 3, never, never]
    assert undisturbed >= 15
    assert told["keeps"] == [["choir"], ["quiz"]]


@pytest.mark.slow(2)
def test_every_kind_of_move_is_made() -> None:
    told = plainly("tell_moves")

    assert {name for name, count in told.items() if not count} == set()
