"""The ledger and its obstacles against the full reading: the same amounts and the same breaches, after any changes."""

from collections import Counter

import pytest

from solver.documents.exchange import Session
from solver.explaining.effects import by_person, by_term
from solver.explaining.ledger import HELD
from solver.explaining.obstacles import FULL
from solver.explaining.toggling import explain
from solver.explaining.why import Case
from solver.model.check import score
from tests.solver.builders import problem, read, resident, session
from tests.solver.explaining.cases import case, document, some_case
from tests.solver.strategies import Chance


@pytest.mark.parametrize("first", range(0, 100, 50))
def test_every_change_is_weighed_as_the_full_reading_weighs_it(first: int) -> None:
    for seed in range(first, first + 50):
        tree, rows, relaxed = some_case(seed)
        schedule = document(tree, rows, relaxed)
        asked = Case(read(tree), schedule)
        ledger, obstacles = asked.ledger, asked.obstacles
        for one in ledger.reading.held:
            for who in ledger.week:
                whole = explain(asked.problem, schedule, who, one.id)

                effects = ledger.effects(who, one)

                assert (by_term(effects), ledger.gain(who, one)) == (whole.terms, whole.gain)
                mine, theirs = Counter(obstacles.all_of(who, one)), Counter(whole.breaks)
                assert theirs - mine == Counter()
                known = [each for each in mine - theirs if each.reason.code in FULL and each.subject in obstacles.known]
                assert list(mine - theirs) == known  # what is too full already is none the better for one more
                assert one.is_frozen or bool(obstacles.of(who, one)) == bool(mine)


@pytest.mark.parametrize("first", range(0, 100, 50))
def test_many_changes_add_up(first: int) -> None:
    for seed in range(first, first + 50):
        tree, rows, _ = some_case(seed)
        asked, chance = case(tree, rows), Chance(seed)
        ledger = asked.ledger
        before, gain = sum(score(asked.problem, ledger.rows()).values()), 0
        made = []
        for _ in range(12 if ledger.reading.held else 0):
            change = chance.choice(list(ledger.week)), chance.choice(ledger.reading.held)
            gain += ledger.gain(*change)
            ledger.toggle(*change)
            made.append(change)
        for one in chance.some(list(ledger.reading.held), 2):
            for name in (*ledger.present[one], HELD):
                gain += ledger.gain(name, one)
                ledger.toggle(name, one)
                made.append((name, one))

        assert sum(score(asked.problem, ledger.rows()).values()) == before + gain

        for change in reversed(made):
            ledger.toggle(*change)
        assert ledger.rows() == tuple(Session.model_validate(row) for row in rows)
        assert not +ledger.walks - +case(tree, rows).ledger.walks


def test_shares_say_whom_a_change_is_about() -> None:
    tree = problem(
        residents=[resident("ada", interests={"choir": 3}), resident("ben")],
        ties=[{"a": "ada", "b": "ben", "strength": 2}],
    )
    asked = case(tree, [session(residents=["ben"])])

    shares = by_person(asked.ledger.effects("ada", asked.session("s1")))

    # Ada: 12 for the choir, 12 for her first session, 15 for company; both: 3 x 2 for the tie
    assert [(each.resident, each.gain) for each in shares] == [("ben", 21), ("ada", 45)]
