"""Where a search begins: which of the sessions given it takes up, under which name, and in which order."""

from typing import Any

import pytest

from bench.asked.changes import change
from bench.asked.homes import make_home
from solver.documents.schedule import ScheduleDocument
from solver.instance.placed import Placed
from solver.instance.starting import starting_sessions
from tests.solver.builders import NOT_SOLVED, Tree, activity, facilitator, problem, session, space
from tests.solver.search.searches import Trial


def begun(trial: Trial, start: list[Tree] | None = None) -> list[Placed]:
    """What the search begins from."""
    document = None
    if start is not None:
        document = ScheduleDocument.model_validate(
            {"problem": "0" * 64, "status": "feasible", **NOT_SOLVED, "sessions": start}
        )
    return starting_sessions(trial.problem, trial.pools.identities, document)


def week(**fields: Any) -> Trial:
    return Trial(problem(spaces=[space("lounge"), space("hall")], **fields))


@pytest.mark.parametrize(("until", "taken"), [("10:00", 1), ("10:15", 0)])
def test_what_starts_before_the_frozen_moment_is_no_plan(until: str, taken: int) -> None:
    trial = week(previous=[session()], frozen_until={"day": 0, "time": until})

    assert len(begun(trial)) == taken
    assert len(trial.problem.facts) == 1 - taken


@pytest.mark.parametrize(
    ("row", "taken"),
    [
        (session(), 1),
        (session(of="golf"), 0),
        (session(space="cellar"), 0),
        (session(start="23:00"), 1),
        (session(start="23:15"), 0),
        (session(start="10:05"), 0),
    ],
)
def test_what_the_problem_does_not_know_is_left_out(row: Tree, taken: int) -> None:
    assert len(begun(week(previous=[row]))) == taken


def test_people_who_have_left_are_left_out_and_who_cannot_lead_is_replaced() -> None:
    staff = [facilitator("finn"), facilitator("gila", skills=["music"])]
    trial = week(
        facilitators=staff,
        activities=[activity(needs_skills=["music"])],
        previous=[session("a", residents=["ada", "gone"], facilitators=["gila"]), session("b", day=1)],
    )

    first, second = begun(trial)

    assert (first.team, first.residents) == ((1,), (0,))
    assert second.team == (-1,)
    trial.annealer.begin([first, second])
    assert [row.facilitators for row in trial.sessions() if row.id in ("a", "b")] == [("gila",), ("gila",)]


def test_pinned_sessions_come_first_then_the_order_of_time() -> None:
    rows = [session("late", day=3), session("early"), session("fixed", day=5)]
    fixed = {key: rows[2][key] for key in ("id", "activity", "day", "start")}
    trial = week(previous=rows, pins=[{"session": fixed}])

    names = [trial.pools.identities[row.identity].id for row in begun(trial)]

    assert names == ["fixed", "early", "late"]


def test_a_start_goes_before_what_is_published_and_an_empty_one_does_not() -> None:
    trial = week(previous=[session("old", day=2)])

    (given,) = begun(trial, [session("s7", day=4)])
    (published,) = begun(trial, [])

    assert (int(trial.problem.times.day[given.time]), given.identity) == (4, -1)
    assert (int(trial.problem.times.day[published.time]), published.identity) == (2, 0)


def test_what_cannot_stand_together_is_mended_around_what_came_first() -> None:
    trial = week(previous=[session("one"), session("two", residents=["ben"])])

    trial.annealer.begin(begun(trial))

    assert trial.wrong() == []
    there = [(row.day, row.start, row.space) for row in trial.sessions()]
    assert len(set(there)) == len(there)


@pytest.mark.parametrize("what", ["nothing", "closed", "away"])
def test_a_published_week_is_taken_up_as_far_as_it_still_holds(what: str) -> None:
    home = make_home(30, 3)
    tree = change(home.tree, home.witness, what, 1)
    trial = Trial(tree)

    trial.annealer.state.load(begun(trial))

    now = {row.id: row for row in trial.sessions()}
    kept = sum(
        row.id in now and (now[row.id].day, now[row.id].start, now[row.id].space) == (row.day, row.start, row.space)
        for row in home.witness
    )
    assert trial.wrong() == [] or {each.rule for each in trial.wrong()} <= {"R5", "R15"}  # `mend` sees to these
    assert kept == len(home.witness) if what == "nothing" else kept >= 0.5 * len(home.witness)
