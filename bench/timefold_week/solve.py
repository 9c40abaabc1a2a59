"""Timefold's week: python solve.py TABLES.json, by the Python of Timefold's own environment.

Begins from the director's week, searches until its seconds are over (counted from the moment that the tables name) and
writes every better week that breaks nothing in its model as a line. A meeting that nobody attends is not written.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from facts import Aim, Bound, Leader, Meeting, Person, Place, Seat, Tie, Week
from rules import rules
from timefold.solver import SolverFactory
from timefold.solver.config import (
    Duration,
    EnvironmentMode,
    ScoreDirectorFactoryConfig,
    SolverConfig,
    TerminationConfig,
)

SCALE = 4  # of every soft amount, beside the one that is paid for a placed meeting
NOON, EVENING = 12 * 60, 17 * 60
Tree = dict[str, Any]

FIRST, LAST = 8.0, 4.0  # seconds of the first stage, and for taking over the last
XML = '<solver xmlns="https://timefold.ai/xsd/solver"><localSearch/></solver>'


def read_week(tree: Tree) -> Week:
    weights = tree["weights"]
    masks = {skill: 1 << k for k, skill in enumerate(sorted({s for row in tree["activities"] for s in row["skills"]}))}
    places = [_place(row, tree["spaces"][row[4]], weights) for row in tree["places"]]
    leaders = [_leader(k, row, masks) for k, row in enumerate(tree["staff"])]
    people = [_person(k, row, tree["activities"], weights, tree["cohorts"]) for k, row in enumerate(tree["people"])]
    meetings = [_meeting(k, row, tree, places, leaders, masks) for k, row in enumerate(tree["meetings"])]
    ties = [
        Tie(a, b, SCALE * weights["tie"] * strength, cap, SCALE * weights["companion"] if strength > 0 else 0)
        for a, b, strength, cap in tree["ties"]
    ]
    ties += [Tie(a, b, 0, 0, 0) for a, b in tree["apart"]]
    return Week(_aims(tree), ties, _bounds(tree), meetings, _seats(tree, people, meetings))


def _place(row: list[int], space: Tree, weights: Tree) -> Place:
    part = 0 if row[2] < NOON else 1 if row[2] < EVENING else 2
    return Place(
        *row,
        part,
        space["noise"],
        space["capacity"],
        space["wheelchairs"],
        space["comfort"],
        SCALE * weights["crowd"],
        space["rest"],
        space["shares"],
    )


def _leader(number: int, row: Tree, masks: dict[str, int]) -> Leader:
    mask = sum(masks[skill] for skill in set(row["skills"]) if skill in masks)
    return Leader(number, mask, row["support"], row["rest"], row["most"], row["available"])


def _person(number: int, row: Tree, activities: list[Tree], weights: Tree, cohorts: bool) -> Person:
    gains, least = [0], row["least"]
    for k in range(30):
        reward = weights["engagement"][k] if k < len(weights["engagement"]) else 0
        gains.append(gains[-1] + SCALE * (reward + (weights["shortfall"] if k < least else 0)))
    return Person(
        number,
        row["wheelchair"],
        row["support"],
        row["rest"],
        row["day"],
        row["cohort"] if cohorts else "",
        row["ear"],
        row["spaces"],
        [int(may) for may in row["staff"]],
        [SCALE * weights["walk"] * minutes for minutes in row["walk"]],
        [SCALE * weights["interest"] * interest for interest in row["interest"]],
        [SCALE * weights["time"] * liking for liking in row["times"]],
        SCALE * weights["left_out"] if least > 0 else 0,
        gains,
    )


def _meeting(
    number: int, row: Tree, tree: Tree, places: list[Place], leaders: list[Leader], masks: dict[str, int]
) -> Meeting:
    """One that is pinned has no other place than the director's."""
    activity, before, weights = tree["activities"][row["activity"]], row["before"], tree["weights"]
    nobody = Leader(-1, 0, 0, 0, 9999, [])
    able = [leaders[k] for k in activity["leaders"]]
    first = able if activity["count"] > 0 else [nobody]
    second = able if activity["count"] > 1 else [nobody]
    team = [leaders[k] for k in row["staff"]]
    place = places[row["place"]] if row["place"] is not None else None
    was = SCALE * len(before["people"]) if before else 0
    return Meeting(
        id=number,
        activity=row["activity"],
        noise=activity["noise"],
        least=activity["least"],
        most=activity["most"],
        cost=SCALE * (weights["session"] + activity["cost"]),
        needed=row["needed"] or row["pinned"],
        one_per_day=activity["one_per_day"],
        mask=sum(masks[skill] for skill in set(activity["skills"])),
        count=activity["count"],
        day=before["day"] if before else -1,
        begin=before["begin"] if before else -1,
        space=before["space"] if before else -1,
        cancel=weights["cancel"] * was,
        move=weights["move"] * was,
        relocate=weights["relocate"] * was,
        places=[place] if row["pinned"] and place else [places[k] for k in activity["places"]],
        leaders=first,
        seconds=second,
        place=place,
        first=team[0] if team else first[0],
        second=team[1] if len(team) > 1 else second[-1],
    )


def _seats(tree: Tree, people: list[Person], meetings: list[Meeting]) -> list[Seat]:
    """Everybody's seats, taken as in the director's week."""
    seats = []
    for person, row in zip(people, tree["people"], strict=True):
        mine = [meetings[k] for k, each in enumerate(tree["meetings"]) if person.number in each["people"]]
        range_ = [
            one
            for one in meetings
            if row["may"][one.activity]
            and (row["interest"][one.activity] >= 0 or str(one.activity) in row["required"] or one in mine)
        ]
        for k in range(max(row["seats"], len(mine)) if range_ else 0):
            seats.append(Seat(len(seats), person, range_, mine[k] if k < len(mine) else None))
    return seats


def _aims(tree: Tree) -> list[Aim]:
    aims, activities = [], tree["activities"]
    for person, row in enumerate(tree["people"]):
        for domain, least, weight in row["targets"]:
            has = [int(domain in activity["domains"]) for activity in activities]
            aims.append(Aim(person, has, least, SCALE * tree["weights"]["target"] * weight, False))
        for a, least in row["required"].items():
            aims.append(Aim(person, [int(k == int(a)) for k in range(len(activities))], least, 0, True))
    return aims


def _bounds(tree: Tree) -> list[Bound]:
    bounds, drop = [], SCALE * tree["weights"]["drop"]
    for number, row in enumerate(tree["meetings"]):
        bounds += [Bound(person, number, 0, True) for person in row["must"]]
        bounds += [Bound(person, number, drop, False) for person in (row["before"] or {"people": []})["people"]]
    return bounds


def write_week(week: Week, tree: Tree) -> None:
    names, people = tree["names"], {}
    for seat in week.seats:
        if seat.meeting is not None:
            people.setdefault(seat.meeting.id, set()).add(seat.person.number)
    rows = []
    for one in week.meetings:
        if one.place is not None and one.id in people:
            team = [leader.number for leader in (one.first, one.second) if leader.number >= 0]
            rows.append(
                {
                    "id": tree["meetings"][one.id]["id"],
                    "activity": names["activity"][one.activity],
                    "day": one.place.day,
                    "start": f"{one.place.begin // 60:02d}:{one.place.begin % 60:02d}",
                    "space": names["space"][one.place.space],
                    "facilitators": [names["staff"][k] for k in team],
                    "residents": [names["person"][k] for k in sorted(people[one.id])],
                }
            )
    sys.stdout.write(json.dumps({"sessions": rows}) + "\n")
    sys.stdout.flush()


def main(path: Path) -> None:
    """In stages, each three times as long as the one before: to hear of every better week would cost a second each."""
    tree = json.loads(path.read_text())
    week, stage = read_week(tree), FIRST
    required = sum(aim.least for aim in week.aims if aim.is_hard)  # each attendance that is required counts one
    while (left := tree["seconds"] - (time.time() - tree["begun"]) - LAST) > 0:
        length = left if left < 2.5 * stage else stage
        config = SolverConfig(
            solution_class=Week,
            entity_class_list=[Meeting, Seat],
            random_seed=tree["seed"],
            xml_source_text=XML,
            environment_mode=EnvironmentMode.NO_ASSERT,
            score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=rules),
            termination_config=TerminationConfig(spent_limit=Duration(milliseconds=int(1000 * length))),
        )
        week = SolverFactory.create(config).build_solver().solve(week)
        if week.score.hard_score >= required:
            write_week(week, tree)
        stage *= 3


if __name__ == "__main__":
    main(Path(sys.argv[1]))
