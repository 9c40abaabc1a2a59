"""The second reading as a whole: what is relaxed, what a document may not say, and a schedule's own statements."""

from typing import Any

import pytest

from bench.asked.homes import make_home
from solver.documents.exchange import digest, read_problem, read_schedule
from solver.model.check import broken, objective, read_whole, score
from solver.model.reading import Reading
from solver.model.rules import RULES
from solver.model.wording.words import OF_RULES, Words
from tests.solver.builders import (
    NOT_SOLVED,
    Tree,
    activity,
    facilitator,
    held,
    problem,
    read,
    resident,
    rules,
    schedule,
    session,
    space,
    written,
)
from tests.solver.judge import judged, needs_referee
from tests.solver.strategies import Chance, make_problem, make_schedule
from tests.solver.work import lines_run

DEMANDING = problem(
    activities=[activity("choir", sessions={"min": 3, "max": 5})],
    residents=[resident("ada", required={"choir": 2}), resident("ben")],
    pins=[{"attend": "ben", "session": "s1"}],
)
LACKING: list[Tree] = [
    {"rule": "R6", "activity": "choir", "by": 2},
    {"rule": "R14", "resident": "ada", "activity": "choir", "by": 1},
    {"rule": "R18", "pin": 0},
]


@pytest.mark.parametrize("relaxed", [[], LACKING[:1], LACKING[1:], LACKING])
def test_what_is_listed_as_relaxed_is_no_breach(relaxed: list[Tree]) -> None:
    left = [rule for rule, row in zip(("R6", "R14", "R18"), LACKING, strict=True) if row not in relaxed]

    assert rules(DEMANDING, [session()], relaxed) == left


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ([{"rule": "R6", "activity": "choir", "by": 1}], ["R6", "R14", "R18", "FORM"]),
        ([{"rule": "R6", "activity": "choir", "by": 3}], ["R6", "R14", "R18", "FORM"]),
        ([*LACKING, LACKING[0]], ["FORM"]),
        ([*LACKING, {"rule": "R14", "resident": "ben", "activity": "choir", "by": 1}], ["FORM"]),
    ],
)
def test_what_is_relaxed_without_need_or_by_the_wrong_amount_is_told(wrong: list[Tree], expected: list[str]) -> None:
    assert rules(DEMANDING, [session()], wrong) == [*sorted(expected, key=["R6", "R14", "R18", "FORM"].index)]


@pytest.mark.parametrize(
    ("rows", "previous", "code"),
    [
        ([session(), session(day=1)], [], "id_twice"),
        ([session(residents=["ada", "ada"])], [], "named_twice"),
        ([session(of="golf")], [], "unknown"),
        ([session(facilitators=["zoe"])], [], "unknown"),
        ([session("s2")], [session("s1")], "other_id"),
        ([session("s1", of="chess")], [session("s1", start="14:00")], "other_activity"),
    ],
)
def test_what_a_schedule_may_not_say_is_told(rows: list[Tree], previous: list[Tree], code: str) -> None:
    tree = problem(activities=[activity("choir"), activity("chess")], previous=previous)

    assert code in [each.reason.code for each in broken(read(tree), held(rows)) if each.rule == "FORM"]


@pytest.mark.parametrize("change", [{"day": 1}, {"start": "10:15"}, {"space": "hall"}, {"of": "chess"}])
def test_a_session_unlike_those_of_before_has_an_id_of_its_own(change: dict[str, Any]) -> None:
    tree = problem(
        activities=[activity("choir"), activity("chess")],
        spaces=[space("lounge"), space("hall")],
        previous=[session("s1")],
    )

    assert rules(tree, [session("s2", **change)]) == []


def test_two_facts_may_be_alike() -> None:
    happened = [session("s1"), session("s2", residents=["ben"])]
    tree = problem(previous=happened, frozen_until={"day": 1, "time": "00:00"})

    assert rules(tree, happened) == []
    assert rules({**tree, "frozen_until": {"day": 0, "time": "10:00"}}, happened) == ["R3", "R4"]


def test_as_many_sessions_in_one_place_as_can_have_the_ids_of_before() -> None:
    tree = problem(previous=[session("s1"), session("s2", residents=["ben"])])
    before, stranger = session("s2", residents=["cem"], facilitators=[]), session("s3", facilitators=[], residents=[])

    assert rules(tree, [before]) == ["R4"]
    assert rules(tree, [stranger]) == ["FORM", "R4"]
    assert rules(tree, [before, stranger]) == ["FORM", "R3", "R4", "R4"]
    assert rules(tree, [session("s1"), before, stranger]) == ["R3", "R3", "R3", "R4", "R4"]


# ---- a document's own statements


def told(tree: Tree, document: Tree) -> list[str]:
    raw = written(tree)
    return [each.reason.code for each in read_whole(read_problem(raw), digest(raw), read_schedule(written(document)))]


def test_a_true_schedule_is_whole() -> None:
    assert told(problem(), schedule(problem(), [session()])) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"problem": "0" * 64}, ["other_problem"]),
        ({"objective": 7}, ["objective"]),
        ({"objective": None}, ["objective"]),
        ({"bound": 5}, ["bound"]),
        ({"bound": 6}, []),
        ({"bound": 999}, []),
        ({"status": "optimal"}, ["bound"]),
        ({"status": "optimal", "bound": 6}, []),
        ({"status": "optimal", "bound": 7}, ["bound"]),
        ({"terms": {"engagement": 12, "session": -6}}, []),
        ({"terms": {"engagement": 6}}, ["terms"]),
        ({"terms": {"engagement": 12, "session": -6, "luck": 0}}, []),
        ({"status": "infeasible"}, ["with_sessions", "no_conflict"]),
        ({**NOT_SOLVED, "status": "infeasible"}, ["no_conflict"]),
        ({**NOT_SOLVED, "status": "infeasible", "conflict": [{"rule": "R6", "activity": "choir"}]}, ["no_demand"]),
        ({**NOT_SOLVED, "status": "infeasible", "conflict": [{"rule": "R18", "pin": 0}]}, ["no_demand"]),
        ({**NOT_SOLVED, "status": "unknown"}, []),
        ({**NOT_SOLVED, "status": "unknown", "bound": 7}, ["with_sessions"]),
    ],
)
def test_what_a_schedule_states_falsely_is_told(fields: dict[str, Any], expected: list[str]) -> None:
    assert told(problem(), schedule(problem(), [session()]) | fields) == expected  # 12 for Ada, 6 for the session


@pytest.mark.parametrize(
    "conflict",
    [
        [{"rule": "R6", "activity": "choir"}],
        [{"rule": "R14", "resident": "ada", "activity": "choir"}, {"rule": "R18", "pin": 0}],
    ],
)
def test_a_conflict_of_real_demands_is_well_formed(conflict: list[Tree]) -> None:
    document = schedule(DEMANDING, []) | NOT_SOLVED | {"status": "infeasible", "conflict": conflict}

    assert told(DEMANDING, document) == []


# ---- words


@pytest.mark.slow(1)
def test_every_reason_has_a_sentence_and_every_sentence_a_reason() -> None:
    said = set()
    for seed in range(1500):
        chance = Chance(seed)
        tree = make_problem(chance, chance.choice([0.2, 0.5]))
        document = read(tree)
        words = Words(document)
        for each in broken(document, held(make_schedule(chance, tree))):
            assert "{" not in words.sentence(each.reason)
            said.add(each.reason.code)

    assert OF_RULES.keys() <= said


def test_sentences_use_the_names_that_people_know() -> None:
    tree = problem(
        residents=[resident("r1", name="Ada Flores", busy=[{"from": "10:30", "to": "11:00"}])],
        facilitators=[facilitator("finn", name="Finn")],
    )
    document = read(tree)

    [found] = broken(document, held([session(residents=["r1"])]))

    assert Words(document).sentence(found.reason) == "Ada Flores is busy during session s1."


# ---- work


@pytest.mark.slow(2)
def test_what_there_is_to_check_grows_with_the_community() -> None:
    def check(residents: int) -> int:
        home = make_home(residents, 1)
        document = read_problem(home.document())
        assert broken(document, home.witness) == []
        return lines_run(lambda: (broken(document, home.witness), score(document, home.witness)))

    small, large = check(240), check(480)

    assert large < 2.5 * small  # four times as much where everybody is held against everybody
    assert large < 1_100_000  # 0.7 million when this was written


@needs_referee
@pytest.mark.parametrize("tight", [False, True])
def test_a_made_up_home_and_its_week_please_the_referee(tight: bool) -> None:
    home = make_home(60, 5, tight)
    rows = [row.model_dump(mode="json") for row in home.witness]

    breaks, terms = judged(home.tree, rows, [])

    assert not breaks
    assert sum(terms.values()) == objective(read_problem(home.document()), home.witness)


def test_a_reading_of_nothing_is_harmless() -> None:
    reading = Reading(read(problem(spaces=[], facilitators=[], activities=[], residents=[])), ())

    assert [each for rule in RULES for each in rule.broken(reading)] == []
