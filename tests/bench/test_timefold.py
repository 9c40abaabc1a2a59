"""What of Timefold's adapter is ours: the tables it plans from, and what of its week is kept."""

import json

import pytest

from bench.adapters import timefold
from bench.adapters.timefold_tables import tables
from bench.asked.greedy import plan
from bench.asked.homes import make_home
from solver.documents.exchange import read_problem
from solver.model.check import broken
from tests.solver.builders import held, read
from tests.solver.strategies import Chance, make_problem, make_schedule

DEMANDS = {"R6", "R14", "R18"}  # what dropping cannot mend


@pytest.mark.parametrize("seed", range(60))
def test_what_is_kept_of_a_bad_week_breaks_nothing_but_demands(seed: int) -> None:
    chance = Chance(seed)
    tree = make_problem(chance, 0.2)
    document, rows = read(tree), held(make_schedule(chance, tree))
    known = {
        "activity": {row.id for row in document.activities},
        "space": {row.id for row in document.spaces},
    }
    staff, people = {row.id for row in document.facilitators}, {row.id for row in document.residents}
    rows = tuple(
        row
        for row in rows
        if row.activity in known["activity"]
        and row.space in known["space"]
        and staff >= {*row.facilitators}
        and people >= {*row.residents}
        and row.day < document.horizon.days
    )

    kept = timefold.mend(document, rows)

    assert {each.rule for each in broken(document, kept)} <= DEMANDS


def test_a_right_week_is_kept_whole() -> None:
    home = make_home(30, 1)
    document = read_problem(home.document())

    kept = timefold.mend(document, home.witness)

    assert sorted(kept, key=lambda row: row.id) == sorted(home.witness, key=lambda row: row.id)


def test_the_tables_hold_the_directors_week() -> None:
    document = read_problem(make_home(30, 1).document())
    week = plan(document)

    tree = json.loads(json.dumps(tables(document, tuple(week))))

    begun = {row["id"]: row for row in tree["meetings"] if row["place"] is not None}
    assert set(begun) == {row.id for row in week}
    for row in week:
        _, day, begin, _, space = tree["places"][begun[row.id]["place"]]
        assert (day, begin, tree["names"]["space"][space]) == (row.day, row.begin, row.space)
        assert [tree["names"]["person"][k] for k in begun[row.id]["people"]] == list(row.residents)
    assert len(tree["meetings"]) > len(week)


def test_without_java_it_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.adapters.timefold.shutil.which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)

    assert timefold.missing() == "skipped: no Java"
