"""Asked to relax, the solver gives up as little as it can, and then has the best score of what is left."""

import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bench.asked.impossible import make_impossible
from solver.documents.exchange import ScheduleDocument, digest, read_problem
from solver.infeasibility import relax
from solver.infeasibility.proving import never
from solver.infeasibility.relax import Relaxer
from solver.infeasibility.verdict import Relaxation
from solver.instance.demands import Wanted, everything_wanted
from solver.instance.problem import Problem
from solver.instance.size import size_of
from solver.run.limits import Limits, Progress
from solver.run.solve import solve
from tests.patience import PROVING
from tests.solver.builders import Tree, activity, facilitator, problem, resident, session, window
from tests.solver.infeasibility.test_impossible import whole_says
from tests.solver.search.searches import Trial
from tests.solver.strategies import Chance, make_problem


def least_of(compiled: Problem) -> Relaxation | None:
    return Relaxer(compiled, time.monotonic() + PROVING, never, lambda conflict: None).least(())


def given(everything: Wanted, wanted: Wanted) -> int:
    return sum(least - wanted.get(demand, 0) for demand, least in everything.items())


def lifted(everything: Wanted, total: int) -> Iterator[Wanted]:
    """What is left of everything wherever amounts of this sum are given up; nothing where it is negative."""
    for given_up in itertools.combinations_with_replacement(list(everything), total) if total >= 0 else ():
        wanted = {demand: least - given_up.count(demand) for demand, least in everything.items()}
        if min(wanted.values()) >= 0:
            yield wanted


@pytest.mark.slow(5)
def test_no_less_could_be_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relax, "TRYING", 0.0)  # what a few attempts do not find is proved, or a model has it
    for seed in range(5000, 5040):
        compiled = Trial(make_problem(Chance(seed), 0.45)).problem
        everything = everything_wanted(compiled)
        if not 0 < sum(everything.values()) <= 6 or size_of(compiled) > 4000:
            continue

        found = least_of(compiled)

        # Whoever gives up less still asks for more than one of those who give up one less.
        wanted = everything if found is None else found.wanted
        one_less = lifted(everything, given(everything, wanted) - 1)
        assert whole_says(compiled, wanted) == "feasible", seed
        assert [less for less in one_less if whole_says(compiled, less) != "infeasible"] == [], seed


def solved(tree: Tree, *, is_first: bool = False) -> ScheduleDocument:
    """The best, or the first that is found: what is given up is decided before anything is planned."""
    raw = json.dumps(tree).encode()
    told: list[Progress] = []
    limits = Limits(PROVING, time.monotonic(), relax=True)
    return solve(read_problem(raw), digest(raw), limits, None, told.append, lambda: is_first and bool(told))


def one_hour(**fields: Any) -> Tree:
    """Finn has one hour for two activities that are both asked for; Ada and Ben like chess more than the choir."""
    return problem(
        facilitators=[facilitator(available=[window("10:00", "11:00", 1)])],
        activities=[activity(name, sessions={"min": 1, "max": 1}) for name in ("choir", "chess")],
        residents=[resident("ada", interests={"chess": 5}), resident("ben", interests={"chess": 5, "choir": 1})],
        **fields,
    )


def test_of_two_ways_that_give_up_as_little_the_better_score_is_taken() -> None:
    found = solved(one_hour(), is_first=True)

    assert found.status == "feasible"
    assert [row.model_dump() for row in found.relaxed] == [{"rule": "R6", "activity": "choir", "by": 1}]
    assert [row.activity for row in found.sessions] == ["chess"]


def test_the_only_way_is_proved_the_best() -> None:
    tree = one_hour()
    tree["activities"][1]["sessions"]["min"] = 0
    tree["activities"][0]["needs_skills"] = ["music"]

    found = solved(tree)

    assert (found.status, found.bound) == ("optimal", found.objective)
    assert [row.model_dump() for row in found.relaxed] == [{"rule": "R6", "activity": "choir", "by": 1}]
    assert [row.activity for row in found.sessions] == ["chess"]


def test_a_problem_that_can_be_kept_whole_is() -> None:
    tree = one_hour()
    tree["facilitators"][0]["available"][0]["to"] = "12:00"

    found = solved(tree)

    assert found.relaxed == ()
    assert {row.activity for row in found.sessions} == {"choir", "chess"}


def test_where_nobody_leads_what_is_published_any_more_nothing_is_held() -> None:
    tree = problem(
        facilitators=[],
        activities=[activity("choir", sessions={"min": 1, "max": 1})],
        previous=[session("s", "choir", residents=["ada"], facilitators=[])],
    )

    found = solved(tree, is_first=True)

    assert [row.model_dump() for row in found.relaxed] == [{"rule": "R6", "activity": "choir", "by": 1}]
    assert found.sessions == ()


@pytest.mark.slow(2)
@pytest.mark.parametrize(("kind", "total"), [("room hours", 1), ("one leader", 1)])
def test_a_home_gives_up_no_more_than_was_planted(kind: str, total: int) -> None:
    found = solved(make_impossible(30, 1, kind), is_first=True)

    assert sum(getattr(row, "by", 1) for row in found.relaxed) == total
    assert found.objective is not None
