"""What a change adds to the score, and what it breaks, against full readings, after any changes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.documents.exchange import ProblemDocument, Session
from solver.explaining.breaches import FULL
from solver.explaining.ledger import Ledger, Sum, by_person, by_term
from solver.explaining.toggling import explain
from solver.explaining.why import Case
from solver.model.amounts import About
from solver.model.attendances import HELD
from solver.model.reading import Held, Reading
from solver.model.terms import TERMS
from tests.solver.builders import problem, read, resident, session
from tests.solver.explaining.cases import case, document, some_case
from tests.solver.strategies import Chance


@pytest.mark.slow(0.7)
@pytest.mark.parametrize("first", range(0, 100, 50))
def test_every_change_is_weighed_as_the_full_reading_weighs_it(first: int) -> None:
    for seed in range(first, first + 50):
        tree, rows, relaxed = some_case(seed)
        schedule = document(tree, rows, relaxed)
        asked = Case.of(read(tree), schedule)
        ledger, breaches = asked.ledger, asked.breaches
        for one in ledger.reading.held:
            for who in ledger.week:
                whole = explain(asked.problem, schedule, who, one.id)

                effects = ledger.effects(who, one)

                assert (by_term(effects), ledger.gain(who, one)) == (whole.terms, whole.gain)
                mine, theirs = Counter(breaches.all_of(who, one)), Counter(whole.breaks)
                assert theirs - mine == Counter()
                known = [each for each in mine - theirs if each.reason.code in FULL and each.subject in breaches.known]
                assert list(mine - theirs) == known  # what is too full already is none the better for one more
                assert one.is_frozen or bool(breaches.of(who, one)) == bool(mine)


Change = tuple[int, int, bool]  # who, which session, and whether everybody leaves it and it is called off
Parts = dict[tuple[str, About], int]


def parts(problem: ProblemDocument, sessions: Iterable[Session]) -> Parts:
    """Every amount of the score by its term and what it is about, as the full reading has them."""
    reading, found = Reading(problem, sessions), Counter[tuple[str, About]]()
    for term in TERMS:
        for about, n in term.amounts(reading):
            found[term.name, about] += n
    return {key: n for key, n in found.items() if n}


def steps(ledger: Ledger, changes: list[Change]) -> Iterator[tuple[str, Held]]:
    """The changes as toggles that may be made one after the other."""
    people, held = list(ledger.week), ledger.reading.held
    for who, where, is_called_off in changes if held else ():
        one = held[where % len(held)]
        if one in ledger.off:
            yield HELD, one
        elif is_called_off:
            yield from [*((name, one) for name in list(ledger.present[one])), (HELD, one)]
        else:
            yield people[who % len(people)], one


def first_difference(seed: int, changes: list[Change]) -> tuple[Parts, Parts] | None:
    """What the ledger says of one change and what two full readings say, where that differs."""
    tree, rows, _ = some_case(seed)
    asked = case(tree, rows)
    ledger, before = asked.ledger, parts(asked.problem, asked.ledger.rows())
    for change in steps(ledger, changes):
        said = Sum(ledger.effects(*change))
        assert said.total == ledger.gain(*change)
        ledger.toggle(*change)
        after = parts(asked.problem, ledger.rows())
        true = {key: n for key in before | after if (n := after.get(key, 0) - before.get(key, 0))}
        if (told := {(each.term, each.about): each.amount for each in said.effects()}) != true:
            return told, true
        before = after
    return None


CHANGES = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.booleans()), max_size=8)


@pytest.mark.slow(1.1)
@settings(max_examples=200, deadline=None)
@given(st.integers(0, 5000), CHANGES)
def test_each_part_of_the_score_is_weighed_as_two_full_readings_weigh_it(seed: int, changes: list[Change]) -> None:
    assert first_difference(seed, changes) is None


@pytest.mark.parametrize("field", ["attending", "holding"])
@pytest.mark.parametrize("name", [term.name for term in TERMS])
def test_a_term_that_forgets_a_change_is_noticed(name: str, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    [term] = [term for term in TERMS if term.name == name]
    if getattr(term, field) is None:
        return
    deaf: dict[str, Any] = {field: lambda *_: ()}
    forgetful = tuple(replace(each, **deaf) if each is term else each for each in TERMS)
    monkeypatch.setattr("solver.explaining.ledger.TERMS", forgetful)

    assert any(first_difference(seed, some_changes(seed)) for seed in range(400))


def some_changes(seed: int) -> list[Change]:
    chance = Chance(seed)
    return [(chance.randrange(99), chance.randrange(99), chance.maybe(0.3)) for _ in range(4)]


def test_what_is_changed_back_is_as_it_was() -> None:
    for seed in range(60):
        tree, rows, _ = some_case(seed)
        ledger, made = case(tree, rows).ledger, []
        for change in steps(ledger, some_changes(seed)):
            ledger.toggle(*change)
            made.append(change)

        for change in reversed(made):
            ledger.toggle(*change)

        fresh = case(tree, rows).ledger
        assert ledger.rows() == tuple(Session.model_validate(row) for row in rows)
        assert (ledger.week.keys(), ledger.welcome) == (fresh.week.keys(), fresh.welcome)
        assert not +ledger.walks - +fresh.walks
        assert [+count for count in ledger.members] == [
            Counter({one: fresh.members[k][fresh.sessions[one.id]] for one in +count})
            for k, count in enumerate(ledger.members)
        ]


def test_shares_say_whom_a_change_is_about() -> None:
    tree = problem(
        residents=[resident("ada", interests={"choir": 3}), resident("ben")],
        ties=[{"a": "ada", "b": "ben", "strength": 2}],
    )
    asked = case(tree, [session(residents=["ben"])])

    shares = by_person(asked.ledger.effects("ada", asked.session("s1")))

    # Ada: 12 for the choir, 12 for her first session, 15 for company; both: 3 x 2 for the tie
    assert [(each.resident, each.gain) for each in shares] == [("ben", 21), ("ada", 45)]
