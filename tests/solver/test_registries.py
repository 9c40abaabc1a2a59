"""What a new term or rule may be forgotten in: each place beside its registry knows all of them. Seconds each.

How to add one is told in docs/solver.md; what is held here is that no place of it is passed over in silence.
"""

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import solver.model.rules
import solver.model.terms
from solver.bounds.outline import outlined
from solver.bounds.rows.worth import POSTS
from solver.bounds.simple import simple_bound
from solver.documents.problem import OF_CHANGES, TERM_NAMES, Weights
from solver.explaining.fairness import _ORDER, CAUSE_OF
from solver.instance.compilation import compile_problem
from solver.instance.problem import Problem
from solver.model.reading import Reading
from solver.model.rules import RULES
from solver.model.terms import TERMS
from solver.model.wording.audiences import AUDIENCES
from solver.model.wording.words import OF_INVITATIONS, OF_RULES
from solver.search.memory.packing import pack
from tests.solver.builders import held, read
from tests.solver.strategies import Chance, make_lively, make_problem, make_schedule

SEEDS = 200


def modules(package: str) -> set[str]:
    """The modules of a package, in whichever of its rooms, that define what its registry lists."""
    return {path.stem for path in Path(package).parent.rglob("*.py") if "\ndef post(" in path.read_text("utf-8")}


def test_every_file_of_a_term_or_a_rule_is_in_its_registry() -> None:
    assert modules(solver.model.terms.__file__) == {term.name for term in TERMS}
    assert modules(solver.model.rules.__file__) == {rule.name for rule in RULES}


# ---- terms


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_every_term_says_what_a_change_adds_and_tells_it_in_words(term: solver.model.term.Term) -> None:
    assert term.attending is not None or term.holding is not None
    assert (term.attending is None) == (term.reasons is None) == (term.codes == ())
    assert {AUDIENCES[code] for code in term.codes} <= {term.audience}
    assert set(term.codes) <= OF_INVITATIONS.keys()


def test_what_a_change_costs_is_known() -> None:
    """Terms of what is published are made of `changes`."""
    sources = {path.stem: path.read_text("utf-8") for path in Path(solver.model.terms.__file__).parent.rglob("*.py")}

    assert tuple(term.name for term in TERMS if "import changes" in sources[term.name]) == OF_CHANGES


@cache
def paying() -> frozenset[str]:
    """The terms that ever add to the score of some random schedule: no bound may leave one of them out."""
    found = set()
    for seed in range(SEEDS):
        chance = Chance(seed)
        tree = make_problem(chance, chance.choice([0.2, 0.5]))
        reading = Reading(read(tree), held(make_schedule(chance, tree)))
        found |= {term.name for term in TERMS if any(part.n > 0 for part in term.amounts(reading))}
    return frozenset(found)


def _simple(problem: Problem) -> object:
    return simple_bound(problem)


def _outline(problem: Problem) -> object:
    linear = outlined(problem, float("inf"))
    return linear.constant, linear.worth.tobytes()


def _pools(problem: Problem) -> object:
    pools = pack(problem)
    return [each.tobytes() for each in vars(pools).values() if isinstance(each, np.ndarray)]


def is_weighed(place: Callable[[Problem], object], name: str) -> bool:
    """Whether it is another thing to the place, in some problem, that the term weighs twice as much."""
    for seed in range(40):
        document = read(make_lively(Chance(4100 + seed), 0.4))
        weight = getattr(document.weights, name)
        twice = tuple(2 * each for each in weight) if isinstance(weight, tuple) else 2 * weight
        weights = Weights.model_validate(document.weights.model_dump() | {name: twice})
        heavier = document.model_copy(update={"weights": weights})
        if place(compile_problem(document, "")) != place(compile_problem(heavier, "")):
            return True
    return False


@pytest.mark.parametrize("name", TERM_NAMES)
def test_the_search_weighs_every_term(name: str) -> None:
    assert is_weighed(_pools, name)


@pytest.mark.parametrize("place", [_simple, _outline])
def test_no_bound_leaves_out_a_term_that_pays(place: Callable[[Problem], object]) -> None:
    """What only takes off may be left out: a bound stays one."""
    assert {name for name in paying() if not is_weighed(place, name)} == set()
    assert paying() < set(TERM_NAMES)


def test_the_bound_of_the_week_knows_every_term() -> None:
    assert sorted(name for names in POSTS for name in names.split(", ")) == sorted(TERM_NAMES)


# ---- rules


def said_by(path: Path) -> set[str]:
    """The codes that the calls of `breach` in a file give as a text."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    codes = [call.args[1] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "breach"]
    return {code.value for code in codes if isinstance(code, ast.Constant)}


def test_every_breach_of_a_rule_has_words() -> None:
    folder = Path(solver.model.rules.__file__).parent
    codes = {code for path in folder.rglob("*.py") for code in said_by(path)}

    assert len(codes) > 25
    assert codes <= OF_RULES.keys()


def test_every_breach_is_declared_by_its_rule() -> None:
    """With what it yields to: a morning without a way to yield has no repair."""
    declared = {code: rule.name for rule in RULES for code in rule.breaches}
    folder = Path(solver.model.rules.__file__).parent
    said = {code: path.stem for path in folder.rglob("*.py") for code in said_by(path)}

    assert said.items() <= declared.items()
    assert declared.keys() == OF_RULES.keys()


def test_what_leaves_somebody_out_has_words() -> None:
    assert set(CAUSE_OF.values()) <= set(_ORDER)
