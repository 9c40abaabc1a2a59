"""Our reading of schedules against the referee's, on random ones; and the proof that the comparison can fail."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings

from solver.documents.exchange import Relaxed
from solver.model import check, rules
from solver.model.check import broken, relaxation, score
from solver.model.rules import RULES
from solver.model.term import Term
from solver.model.terms import TERMS
from tests.solver.builders import Tree, held, read
from tests.solver.judge import judged, needs_referee
from tests.solver.strategies import Chance, make_problem, make_schedule, seeds

pytestmark = needs_referee


def differences(seed: int | Chance) -> list[str]:
    """What the two readings of one random schedule disagree about."""
    chance = seed if isinstance(seed, Chance) else Chance(seed)
    tree = make_problem(chance, chance.choice([0.1, 0.2, 0.5, 1.0]))
    rows = make_schedule(chance, tree)
    relaxed = _relaxed(chance, tree, rows)
    problem = read(tree)
    ours = Counter(each.rule for each in broken(problem, held(rows), relaxed))
    theirs, value = judged(tree, rows, [each.model_dump() for each in relaxed])
    told = [
        f"{rule}: {ours[rule]} times, {theirs[rule]} by the referee"
        for rule in {*ours, *theirs}
        if ours[rule] != theirs[rule]
    ]
    mine = score(problem, held(rows))
    return told + [f"{name}: {mine[name]}, {value[name]} by the referee" for name in value if mine[name] != value[name]]


def _relaxed(chance: Chance, tree: Tree, rows: list[Tree]) -> list[Relaxed]:
    """Mostly nothing, else what the schedule breaks, and now and then a little more."""
    if chance.maybe(0.6):
        return []
    demands = [demand for each in broken(read(tree), held(rows)) if (demand := relaxation(each)) is not None]
    return chance.some(demands) + (demands[:1] if chance.maybe(0.2) else [])


@pytest.mark.slow(1.4)
@settings(max_examples=400, deadline=None)
@given(seeds())
def test_rules_and_score_agree_with_the_referee(chance: Chance) -> None:
    assert differences(chance) == []


def _is_noticed() -> bool:
    return any(differences(seed) for seed in range(1500))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_missing_rule_is_noticed(rule: rules.Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "RULES", tuple(each for each in RULES if each is not rule))
    assert _is_noticed()


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_term_one_off_is_noticed(term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(term, amounts=lambda reading: [*term.amounts(reading), *term.amounts(reading)])
    monkeypatch.setattr(check, "TERMS", tuple(wrong if each is term else each for each in TERMS))
    assert _is_noticed()
