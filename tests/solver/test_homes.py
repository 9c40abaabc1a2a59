"""Made-up homes are feasible and repeatable, and the director by hand keeps every rule of what they place."""

from pathlib import Path

import pytest

from bench.asked import greedy
from bench.asked.changes import CHANGES, change
from bench.asked.greedy import plan
from bench.asked.homes import main as make
from bench.asked.homes import make_home
from solver.documents.exchange import read_problem, read_schedule
from solver.model.check import broken
from tests.solver.builders import read
from tests.solver.strategies import Chance, make_problem

DEMANDS = {"R6", "R14", "R18"}  # what one pass by hand may leave


@pytest.mark.parametrize("tight", [False, True])
@pytest.mark.parametrize("residents", [12, 30, 60])
def test_a_home_has_a_schedule_and_is_the_same_each_time(residents: int, tight: bool) -> None:
    home, again = make_home(residents, 4, tight), make_home(residents, 4, tight)
    document = read_problem(home.document())

    assert home.document() == again.document()
    assert home.document() != make_home(residents, 5, tight).document()
    assert len(document.residents) == residents
    assert broken(document, home.witness) == []


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_week_can_still_be_kept(what: str) -> None:
    home = make_home(30, 2)
    document = read(change(home.tree, home.witness, what, 1))

    assert broken(document, plan(document)) == []
    assert document.previous
    assert document.frozen_until is not None


@pytest.mark.parametrize("seed", range(200))
def test_the_director_by_hand_breaks_nothing_but_demands(seed: int) -> None:
    document = read(make_problem(Chance(seed), 0.2))

    assert {each.rule for each in broken(document, plan(document))} <= DEMANDS


def test_the_commands_write_a_problem_and_its_schedule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, schedule = tmp_path / "home.json", tmp_path / "week.json"

    assert make(["--residents", "12", "--change", "away", "-o", str(problem)]) == 0
    assert greedy.main([str(problem), "-o", str(schedule)]) == 0

    document = read_schedule(schedule.read_bytes(), read_problem(problem.read_bytes()))
    assert f'"objective": {document.objective}' in capsys.readouterr().out
