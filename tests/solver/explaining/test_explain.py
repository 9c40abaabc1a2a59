"""What one change would do, against the referee's reading before and after it."""

import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.asked.homes import make_home
from solver.documents.exchange import digest, read_schedule
from solver.explaining.toggling import explain
from tests.referees import load_referee
from tests.solver.builders import Tree, problem, read, resident, schedule, session, written
from tests.solver.explaining.cases import some_case, toggled
from tests.solver.judge import needs_referee

ROOT = Path(__file__).resolve().parents[3]


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


def test_one_more_of_a_mixture_is_no_new_breach() -> None:
    tree = problem(separate_cohorts=True, residents=[resident(name, cohort=name[0]) for name in ("ada", "ben", "cem")])

    assert [each.rule for each in asked(tree, [session()], "ben").breaks] == ["R13"]
    assert asked(tree, [session(residents=["ada", "ben"])], "cem").breaks == ()


@pytest.mark.slow(1.1)
@needs_referee
@pytest.mark.parametrize("first", range(0, 300, 50))
def test_the_referee_sees_the_same_change(first: int) -> None:
    """Terms to the number; of the rules what is new in its list, and as often where the rule was whole before."""
    for seed in range(first, first + 50):
        tree, rows, relaxed = some_case(seed)
        was, before = told(tree, rows, relaxed)
        for row in rows[:3]:
            for who in [each["id"] for each in tree["residents"]][:3]:
                now, after = told(tree, toggled(rows, row["id"], who), relaxed)

                found = asked(tree, rows, who, row["id"], tuple(relaxed))

                changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
                assert (found.terms, found.gain) == (changed, sum(changed.values()))
                mine = Counter(each.rule for each in found.breaks)
                assert set(count(now) - count(was)) <= set(mine)
                assert set(mine) <= {rule for rule, _ in now - was}
                whole = {rule: n for rule, n in count(now).items() if rule not in count(was)}
                assert {rule: n for rule, n in mine.items() if rule not in count(was)} == whole


def told(tree: Tree, rows: list[Tree], relaxed: list[Tree]) -> tuple[Counter[tuple[str, str]], dict[str, int]]:
    """The broken rules, each with the referee's line, and its terms."""
    referee = load_referee().Referee(tree, {"sessions": rows, "relaxed": relaxed})
    referee.check()
    lines = [line.partition(": ") for line in referee.broken]
    return Counter((rule, line) for rule, _, line in lines if rule != "FORM"), referee.score()


def count(lines: Counter[tuple[str, str]]) -> Counter[str]:
    return Counter(rule for rule, _ in lines.elements())


def test_neither_numbers_nor_solvers_are_loaded_to_explain() -> None:
    heavy = "[each for each in ('numpy', 'numba', 'ortools') if each in sys.modules]"
    line = f"import solver.run.command.cli, sys; print({heavy})"

    assert subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, cwd=ROOT).stdout == "[]\n"


@pytest.mark.slow
def test_a_home_of_300_is_explained_within_a_second(tmp_path: Path) -> None:
    home = make_home(300, 1)
    raw = home.document()
    (tmp_path / "problem").write_bytes(raw)
    rows = [row.model_dump(mode="json") for row in home.witness]
    (tmp_path / "schedule").write_bytes(written(schedule(home.tree, rows) | {"problem": digest(raw)}))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    line = ["-m", "solver", "explain", str(tmp_path / "problem"), str(tmp_path / "schedule")]

    subprocess.run(
        [sys.executable, *line, "--resident", "r0001", "--session", rows[0]["id"]],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.0
