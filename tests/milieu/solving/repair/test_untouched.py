"""Somebody who leads is away on Wednesday: what of other days has nothing to do with it stays as people were told.

On made-up homes, repaired by the real search in counted work, and spared of needless changes as every repair is.
"""

import copy
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

import pytest

from bench.asked.changes import Tree, lower_demands
from bench.asked.homes import make_home
from milieu.solving.problem.document import REPAIR_WEIGHTS, ProblemSource
from milieu.solving.repair.sparing import spare
from solver.documents.exchange import ProblemDocument, Session
from solver.instance.rendering import rendered
from solver.instance.starting import starting_sessions
from solver.model.check import broken
from solver.search.searching import search
from tests.solver.search.searches import Trial

WEDNESDAY = 2
HOMES = [(30, 0), (30, 1), (30, 3), (30, 5), (60, 2), (60, 3)]


def searched(tree: Tree, seed: int) -> tuple[ProblemDocument, tuple[Session, ...]]:
    """What the search finds in its counted rounds, the clock standing still."""
    trial = Trial(tree, seed)
    start = list(starting_sessions(trial.problem, trial.pools.identities, None))
    for _ in search(trial.annealer, start, 0.0, lambda: 0.0, lambda: iter(())):
        pass
    best = trial.annealer.best_known()
    assert best is not None
    return trial.problem.document, rendered(trial.problem, trial.pools.identities, best.sessions)


def without_busiest(tree: Tree, week: tuple[Session, ...]) -> Tree:
    """The home whose week is published, and who leads most on Wednesday is away that day."""
    led = [name for row in week if row.day == WEDNESDAY for name in row.facilitators]
    busiest = max(sorted(set(led)), key=led.count)
    after = copy.deepcopy(tree)
    after["previous"] = [json.loads(row.model_dump_json(by_alias=True)) for row in week]
    after["weights"] = {**after.get("weights", {}), **REPAIR_WEIGHTS}
    person = next(row for row in after["facilitators"] if row["id"] == busiest)
    days = [day for day in range(after["horizon"]["days"]) if day != WEDNESDAY]
    spells = person.get("available", [{"from": "00:00", "to": "24:00"}])
    person["available"] = [{**each, "day": day} for each in spells for day in days if each.get("day", day) == day]
    lower_demands(after)
    return after


@dataclass
class Repaired:
    problem: ProblemDocument
    told: dict[str, Session]
    now: dict[str, Session]

    def elsewhere(self) -> list[tuple[Session, Session]]:
        """Sessions of other days than Wednesday that are still held: as they were told, and as they are."""
        return [(was, self.now[name]) for name, was in self.told.items() if was.day != WEDNESDAY and name in self.now]

    def breaks(self, *rows: Session) -> bool:
        """Whether the week with these sessions instead breaks a rule."""
        return bool(broken(self.problem, tuple((self.now | {row.id: row for row in rows}).values())))

    def has_lost(self, resident: str) -> bool:
        return any(
            resident in was.residents and (name not in self.now or resident not in self.now[name].residents)
            for name, was in self.told.items()
        )


def is_then(was: Session, now: Session) -> bool:
    return (was.day, was.start) == (now.day, now.start)


@pytest.fixture(scope="module", params=HOMES, ids=str)
def repaired(request: pytest.FixtureRequest) -> Repaired:
    residents, seed = request.param
    home = make_home(residents, seed)
    _, week = searched(home.tree, seed)
    problem, after = searched(without_busiest(home.tree, week), seed + 100)
    past = SimpleNamespace(frozen=(), told=problem.previous)
    source = cast(ProblemSource, SimpleNamespace(document=problem, past=past))
    spared = spare(source, after, now=lambda: 0.0)
    assert broken(problem, spared) == []
    return Repaired(problem, {row.id: row for row in week}, {row.id: row for row in spared})


@pytest.mark.slow(0.6)
def test_sessions_of_other_days_keep_their_leaders(repaired: Repaired) -> None:
    """Unless all of a day as they were told cannot be held together."""
    for day in range(7):
        today = [(was, now) for was, now in repaired.elsewhere() if was.day == day]
        if any(set(was.facilitators) != set(now.facilitators) for was, now in today):
            as_told = [was.model_copy(update={"residents": now.residents}) for was, now in today]
            assert repaired.breaks(*as_told), day


def test_nothing_is_moved_that_could_have_stayed(repaired: Repaired) -> None:
    for was, now in repaired.elsewhere():
        if not is_then(was, now) or was.space != now.space:
            assert repaired.breaks(was.model_copy(update={"residents": now.residents})), was.id


def test_nobody_loses_a_place_that_could_have_stayed(repaired: Repaired) -> None:
    """Unless somebody who lost theirs is asked in their stead."""
    for was, now in repaired.elsewhere():
        for each in set(was.residents) - set(now.residents):
            is_for_another = any(map(repaired.has_lost, set(now.residents) - set(was.residents)))
            again = now.model_copy(update={"residents": tuple(sorted({*now.residents, each}))})
            assert is_for_another or repaired.breaks(again), (was.id, each)
