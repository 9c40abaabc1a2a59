"""The page about the solver is true: its tables name every rule, term and move, and its code rests on what there is."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

from solver.bounds import week
from solver.model.rules import RULES
from solver.model.terms import TERMS
from solver.search import annealing
from solver.search.moves.attendance import drawing as attendance
from solver.search.moves.demands import drawing as demands
from solver.search.moves.programme import drawing as programme

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "solver.md").read_text("utf-8")
MOVE = re.compile(r"^\| `(\w+)\.(\w+)`", re.MULTILINE)
CODE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def part(number: int) -> str:
    """One numbered part of the page."""
    return re.split(r"^## ", PAGE, flags=re.MULTILINE)[number]


def test_every_rule_and_every_term_has_its_formula() -> None:
    assert re.findall(r"^\| (R\d+) (\w+) \|", part(2), re.MULTILINE) == [(rule.code, rule.name) for rule in RULES]
    assert re.findall(r"^\| `(\w+)` \|", part(2), re.MULTILINE) == [term.name for term in TERMS]


def test_every_rule_stands_in_the_table_of_the_bound() -> None:
    cells = re.findall(r"^\| (R\d+[^|]*) \|", part(6), re.MULTILINE)
    named = {code for cell in cells for code in re.findall(r"R\d+", cell)}

    assert named == {rule.code for rule in RULES}
    assert "`POSTS`" in part(6)
    assert hasattr(week.Week, "refine")


def test_every_move_of_the_table_is_made_and_every_move_made_is_in_the_table() -> None:
    listed = set(MOVE.findall(part(4)))
    made = {
        (getattr(module, name).__module__.rpartition(".")[2], name)
        for module, function in (
            (attendance, attendance.move_attendance),
            (programme, programme.move_session),
            (programme, programme.change_programme),
            (demands, demands.meet_demand),
        )
        for name in re.findall(r"return (\w+)\(at, ", inspect.getsource(function))
    }

    assert listed == made - {("drawing", "move_session")}
    assert {"move_attendance", "change_programme", "meet_demand"} <= vars(annealing).keys()


@pytest.mark.parametrize("number", range(len(CODE)))
def test_what_its_code_imports_is_there(number: int) -> None:
    for line in re.findall(r"^from (\S+) import (.+)$", CODE[number], re.MULTILINE):
        module = importlib.import_module(line[0])

        assert [name for name in line[1].split(", ") if not hasattr(module, name)] == []


def test_the_worked_term_is_a_whole_module() -> None:
    [written] = [block for block in CODE if block.startswith('"""late: ')]
    tree = ast.parse(written)

    assert {each.name for each in tree.body if isinstance(each, ast.FunctionDef)} == {"amounts", "holding", "post"}
    assert (ast.get_docstring(tree) or "").startswith("late: ")


@pytest.mark.parametrize("test", sorted(set(re.findall(r"`(test_\w+)`", PAGE))))
def test_the_tests_that_it_names_are_there(test: str) -> None:
    sources = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

    assert any(f"def {test}(" in source for source in sources)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(\w+\.py)`", PAGE)) - {"late.py"}))
def test_the_files_that_it_names_by_their_name_are_there(name: str) -> None:
    assert any((ROOT / room).rglob(name) for room in ("solver", "tests/solver"))
