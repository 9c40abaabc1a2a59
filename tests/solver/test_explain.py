"""What one change would do, against the referee's reading before and after it."""

from collections import Counter

import pytest

from solver.exchange import read_schedule
from solver.explain import explain
from tests.solver.builders import Tree, problem, read, resident, schedule, session, written
from tests.solver.judge import judged, needs_referee
from tests.solver.strategies import Chance, make_problem, make_schedule


def asked(tree: Tree, rows: list[Tree], who: str, what: str = "s1", relaxed: tuple[Tree, ...] = ()):  # type: ignore[no-untyped-def]
    document = read_schedule(written(schedule(tree, rows, relaxed)))
    return explain(read(tree), document, who, what)


def test_adding_somebody_gains_what_the_score_would() -> None:
    tree = problem(residents=[resident("ada"), resident("ben", interests={"choir": 3})])

    found = asked(tree, [session()], "ben")

    assert (found.invited, found.breaks, found.gain) == (False, (), 24)
    assert found.terms == {"interest": 12, "engagement": 12}


def test_taking_somebody_out_loses_it() -> None:
    found = asked(problem(), [session()], "ada")

    assert (found.invited, found.breaks, found.gain, found.terms) == (True, (), -12, {"engagement": -12})


def test_what_a_change_breaks_is_told() -> None:
    tree = problem(residents=[resident("ada"), resident("ben", busy=[{"from": "10:00", "to": "10:15"}])])

    found = asked(tree, [session()], "ben")

    assert [(each.rule, each.reason.code) for each in found.breaks] == [("R7", "busy")]


def test_what_was_broken_before_is_not_newly_broken() -> None:
    tree = problem(spaces=[{"id": "lounge", "capacity": 1}])

    found = asked(tree, [session(residents=["ada", "ben"])], "cem")  # two on one seat, then three

    assert found.breaks == ()


def test_what_is_relaxed_already_is_broken_when_it_gets_worse() -> None:
    tree = problem(residents=[resident("ada", required={"choir": 2})])
    relaxed = ({"rule": "R14", "resident": "ada", "activity": "choir", "by": 1},)

    found = asked(tree, [session()], "ada", relaxed=relaxed)

    assert [each.rule for each in found.breaks] == ["R14"]


@needs_referee
@pytest.mark.parametrize("seed", range(150))
def test_the_referee_sees_the_same_change(seed: int) -> None:
    chance = Chance(seed)
    tree = make_problem(chance, 0.2)
    rows = [row for row in make_schedule(chance, tree) if _is_sound(tree, row)]
    rows = list({row["id"]: row for row in rows}.values())
    for row in rows[:2]:
        for who in [each["id"] for each in tree["residents"]][:3]:
            others = [name for name in row["residents"] if name != who]
            people = others if who in row["residents"] else [*others, who]
            was, before = judged(tree, rows, [])
            now, after = judged(tree, [{**each, "residents": people} if each is row else each for each in rows], [])

            found = asked(tree, rows, who, row["id"])

            assert found.terms == {name: after[name] - before[name] for name in after if after[name] != before[name]}
            assert found.gain == sum(found.terms.values())
            fewer = Counter({rule: count for rule, count in (now - was).items() if rule != "FORM"})
            assert set(fewer) <= {each.rule for each in found.breaks}


def _is_sound(tree: Tree, row: Tree) -> bool:
    known = {each["id"] for key in ("spaces", "activities") for each in tree[key]}
    return {row["space"], row["activity"]} <= known and len(set(row["residents"])) == len(row["residents"])
