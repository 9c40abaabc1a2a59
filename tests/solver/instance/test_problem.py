"""The compiled problem: what windows, the grid, the past and ids become."""

from solver.instance.compilation import compile_problem
from solver.instance.problem import Problem
from tests.solver.builders import Tree, activity, problem, read, resident, session, space, window

DAY = {"start": "2026-11-30", "days": 2, "slot_minutes": 30, "timezone": "Europe/London"}


def compiled(**fields: object) -> Problem:
    tree: Tree = problem(**{"horizon": DAY, **fields})
    return compile_problem(read(tree), "0" * 64)


def begins(made: Problem, day: int) -> list[int]:
    return [int(made.times.begin[t]) for t in made.times.of_activity[0] if made.times.day[t] == day]


def test_an_activity_begins_where_it_still_fits_its_window() -> None:
    made = compiled(activities=[activity(duration_minutes=60, windows=[window("10:00", "11:30")])])

    assert begins(made, 0) == [600, 630]
    assert begins(made, 1) == [600, 630]


def test_nothing_is_planned_before_the_present() -> None:
    made = compiled(activities=[activity(windows=[window("10:00", "12:00")])], frozen_until={"day": 1, "time": "10:30"})

    assert begins(made, 0) == []
    assert begins(made, 1) == [630, 660]


def test_the_ear_is_closed_while_busy_and_lower_while_calm() -> None:
    made = compiled(
        activities=[activity(windows=[window("09:00", "13:00")])],
        residents=[
            resident(noise_max=2, busy=[window("09:00", "10:00")], calm=[window("11:00", "11:30", noise_max=1)])
        ],
    )

    today = [t for t in made.times.of_activity[0] if made.times.day[t] == 0]
    assert {int(made.times.begin[t]): int(made.ear[t, 0]) for t in today} == {
        540: -1,
        570: -1,
        600: 2,
        630: 1,
        660: 1,
        690: 2,
        720: 2,
    }


def test_each_of_two_previous_sessions_at_one_place_may_stand_there() -> None:
    made = compiled(previous=[session("a"), session("b"), session("c", start="12:00")])

    number = made.identity_number
    assert made.alike == {(0, 0, 600, 0): {number["a"], number["b"]}, (0, 0, 720, 0): {number["c"]}}


def test_a_pin_against_a_fact_contradicts_and_one_that_agrees_does_not() -> None:
    past = session("past", residents=["ada"])
    pins = [{"attend": "ada", "session": "past"}, {"attend": "ben", "session": "past"}]

    made = compiled(previous=[past], frozen_until={"day": 1, "time": "00:00"}, pins=pins)

    assert made.contradictions == (1,)
    assert [fact.residents for fact in made.facts] == [(0,)]
    assert made.identities == ()


def test_neighbours_are_neighbours_both_ways() -> None:
    made = compiled(spaces=[space("lounge", shares=["hall"]), space("hall", adjacent=["lounge"])])

    assert made.shares == ((1,), (0,))
    assert made.adjacent == ((1,), (0,))
