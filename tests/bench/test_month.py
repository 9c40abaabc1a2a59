"""A month made of a week: what it asks for, and that four weeks of a witness are a month that keeps its rules."""

import json

from bench.asked.homes import make_home
from bench.month import DAYS, WEEKS, fairness, month_of, weekly
from solver.documents.exchange import Session, read_problem
from solver.model.check import broken, objective

HOME = make_home(30, 3)


def test_four_times_the_week_keeps_the_rules_of_its_month() -> None:
    month = month_of(HOME.tree)

    problem = read_problem(json.dumps(month).encode())
    breaches = broken(problem, four_times())
    assert {each.rule for each in breaches} <= {"R7 person"}  # a visit on Sunday, and one on the Monday after
    assert problem.horizon.days == WEEKS * DAYS
    assert len(problem.usual) == WEEKS * len(HOME.tree["usual"])
    assert len(problem.pins) == WEEKS * len(HOME.tree["pins"])


def test_the_weeks_of_a_month_score_what_the_week_does() -> None:
    week = read_problem(json.dumps({**HOME.tree, "pins": []}).encode())

    assert weekly(HOME.tree, four_times()) == WEEKS * objective(week, HOME.witness)


def test_who_loves_what_is_scarce_and_never_is_asked_is_counted() -> None:
    month = month_of(HOME.tree)
    month["activities"] = [{"id": "drive", "max_group": 2}, {"id": "plenty", "max_group": 9}]
    month["residents"] = [{"id": name, "interests": {"drive": 5, "plenty": 5}} for name in "abc"] + [
        {"id": "d", "interests": {"drive": 3}}
    ]

    drives = [session("drive", day, "ab") for day in range(2)]
    found = fairness(month, [*drives, session("drive", 2, "a"), session("plenty", 1, "a"), session("plenty", 2, "a")])

    assert (found.never, found.lovers, found.spread) == (1, 3, 3.0)


def four_times() -> list[Session]:
    return [
        row.model_copy(
            update={
                "id": f"{row.id} of week {week + 1}" if row.id.startswith("fixed ") else f"{week}: {row.id}",
                "day": row.day + DAYS * week,
            }
        )
        for week in range(WEEKS)
        for row in HOME.witness
    ]


def session(activity: str, day: int, people: str) -> Session:
    return Session(
        id=f"{activity} {day}",
        activity=activity,
        day=day,
        start="10:00",
        space="x",
        facilitators=(),
        residents=tuple(people),
    )
