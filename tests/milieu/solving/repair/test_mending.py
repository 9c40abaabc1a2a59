"""A published week mended by simple rules alone: whatever is broken, it ends, and nothing that binds is left broken."""

from collections.abc import Iterator
from functools import cache

import pytest

from milieu.solving.repair.mending import YIELDS, Week
from solver.documents.exchange import ProblemDocument, Session
from solver.model.check import broken, relaxation
from solver.model.wording.words import OF_RULES
from tests.solver.builders import held, read
from tests.solver.strategies import Chance, make_problem, make_schedule

SEEDS = 300
UNMET = {"too_few", "required", "past_lost", "past_new", "pin_missing", "pin_changed", "pin_attend", "pin_absent"}


@cache
def weeks() -> tuple[tuple[ProblemDocument, tuple[Session, ...], frozenset[str]], ...]:
    """Random problems without a past, sessions that break whatever they like, and the codes of what they break."""
    return tuple(_weeks())


def _weeks() -> Iterator[tuple[ProblemDocument, tuple[Session, ...], frozenset[str]]]:
    for seed in range(SEEDS):
        chance = Chance(seed)
        tree = make_problem(chance, chance.choice([0.2, 0.5])) | {"previous": [], "pins": []}
        tree.pop("frozen_until", None)
        rows = {row["id"]: row for row in make_schedule(chance, tree)}
        problem, sessions = read(tree), tuple(held(list(rows.values())))
        yield problem, sessions, frozenset(each.reason.code for each in broken(problem, sessions))


def mended(problem: ProblemDocument, sessions: tuple[Session, ...]) -> Week | None:
    week = Week(problem, ())
    week.sessions = {row.id: row for row in sessions}
    return week if week.mend() else None


def test_every_rule_has_its_way_to_yield() -> None:
    assert YIELDS.keys() == OF_RULES.keys()


def test_whatever_is_broken_is_mended_by_taking_out_alone() -> None:
    for problem, sessions, _ in weeks():
        week = mended(problem, sessions)

        assert week is not None
        assert [each for each in broken(problem, week.whole) if relaxation(each) is None] == []
        invited = {(row.id, name) for row in sessions for name in row.residents}
        assert {(row.id, name) for row in week.whole for name in row.residents} <= invited


@pytest.mark.parametrize("code", sorted(OF_RULES.keys() - UNMET))
def test_what_yields_to_a_rule_ends_its_breach(code: str) -> None:
    """By itself, whatever else is broken: a session that goes for another reason would hide that nothing did."""
    met = [(problem, sessions) for problem, sessions, codes in weeks() if code in codes][:12]

    assert met
    for problem, sessions in met:
        week = Week(problem, ())
        week.sessions = {row.id: row for row in sessions}
        for _ in range(40):
            found = [each for each in broken(problem, week.whole) if each.reason.code == code]
            for each in found:
                week.yield_to(each)
        assert not found
