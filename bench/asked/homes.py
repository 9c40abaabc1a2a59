"""Made-up communities as problem documents: every name and number here is invented.

    python -m bench.asked.homes --residents 120 --seed 7 [--tight] [--change away|closed|people|outbreak|nothing] \
        -o HOME.json

Sizes and shares follow what is known of such communities: meals, baths and therapy, sparse ties, a van with two
wheelchair places, a volunteer who only comes on Tuesdays, weekends with few staff, visits to one person. A home is
feasible by construction: its least counts, required attendances and pins are read off a week that a director by hand
has planned for it, and that week is checked against the finished document.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bench.asked.changes import CHANGES, change
from bench.asked.greedy import plan
from bench.asked.people import make_groups, make_residents, make_ties
from bench.asked.programme import make_activities, make_facilitators, make_spaces
from solver.documents.exchange import Session, read_problem
from solver.documents.exchange import write_problem as written
from solver.model.check import broken

Tree = dict[str, Any]


@dataclass(frozen=True)
class Home:
    """A problem's tree and a schedule that keeps every rule of it."""

    tree: Tree
    witness: tuple[Session, ...]

    def document(self) -> bytes:
        return written(read_problem(_bytes(self.tree)))


def make_home(residents: int, seed: int, tight: bool = False, days: int = 7) -> Home:
    """A home of about so many residents; `tight` leaves little to spare and demands much."""
    chance = Random(f"{residents} {seed} {tight}")
    zones = [f"wing {k + 1}" for k in range(max(2, round(residents / 21)))]
    people = make_residents(chance, residents, zones, days, tight)
    tree: Tree = {
        "format": "milieu-problem/2",
        "name": f"A made-up community of {residents}{', tight' if tight else ''}, number {seed}",
        "horizon": {"start": "2026-11-30", "days": days, "slot_minutes": 15, "timezone": "Europe/London"},
        "spaces": make_spaces(chance, residents, zones, tight),
        "facilitators": make_facilitators(chance, residents, days, people, tight),
        "activities": make_activities(chance, residents, days, people),
        "residents": people,
        "ties": make_ties(chance, people),
        "groups": make_groups(chance, people, zones),
        "travel": _travel(chance, zones),
        "escorts": _escorts(residents, tight),
        "offers": [{"min": max(2, residents // 40)}, {"from": "17:00", "min": 1}],
    }
    tree["offers"] += [{"group": row["id"], "members": 2, "min": 1, "weight": 1} for row in tree["groups"]]
    _add_tastes(chance, tree)
    home = _demand(chance, tree, tight)
    tree["usual"] = [_usual(chance, row) for row in home.witness if chance.random() < 0.6]
    return home


def _usual(chance: Random, row: Session) -> Tree:
    """What of a planned week people are used to."""
    used: Tree = {"activity": row.activity, "day": row.day, "start": row.start}
    used |= {"space": row.space} if chance.random() < 0.8 else {}
    return used | ({"facilitators": list(row.facilitators)} if chance.random() < 0.5 else {})


def _travel(chance: Random, zones: list[str]) -> Tree:
    far = {zone: chance.randint(1, 4) for zone in zones}
    return {
        zone: {"centre": far[zone]} | {other: far[zone] + far[other] for other in zones if other > zone}
        for zone in zones
    }


def _escorts(residents: int, tight: bool) -> Tree:
    many = max(3, residents // (12 if tight else 7))
    return {
        "default": many,
        "windows": [
            {"from": "14:00", "to": "14:30", "capacity": max(2, many // 2)},
            {"day": 6, "from": "09:00", "to": "20:00", "capacity": max(2, many * 2 // 3)},
        ],
    }


def _add_tastes(chance: Random, tree: Tree) -> None:
    """What residents like of what there is, and what they refuse."""
    open_to_all = [row for row in tree["activities"] if "only" not in row]
    visits = {row["only"][0]: row["id"] for row in tree["activities"] if row.get("max_group") == 1}
    staff = [row["id"] for row in tree["facilitators"]]
    large = [row["id"] for row in open_to_all if row["max_group"] > 15]
    for person in tree["residents"]:
        mine = [row for row in tree["activities"] if person["id"] in row.get("only", [person["id"]])]
        picked = chance.sample(mine, min(len(mine), chance.randint(5, 12)))
        person["interests"] = {row["id"]: chance.choice([1, 2, 2, 3, 3, 4, 5, 5, -1, -2]) for row in picked}
        if person["id"] in visits:
            person["interests"][visits[person["id"]]] = chance.randint(3, 5)
        person["refuses"] = {
            "activities": [row["id"] for row in chance.sample(open_to_all, 1) if chance.random() < 0.2],
            "facilitators": [name for name in chance.sample(staff, 1) if chance.random() < 0.04],
        }
        loved = [name for name, like in person["interests"].items() if like > 3]
        person["waiting"] = {name: chance.randint(1, 4) for name in loved if chance.random() < 0.2}
        if large and chance.random() < 0.08:
            person["avoids"] = {"activities": large}
        for name in [*person["refuses"]["activities"], *person.get("avoids", {}).get("activities", [])]:
            person["interests"].pop(name, None)
            person["waiting"].pop(name, None)


def _demand(chance: Random, tree: Tree, tight: bool) -> Home:
    """The home with least counts, required attendances and pins that a week planned for it meets."""
    witness = plan(read_problem(_bytes(tree)))
    held: dict[str, int] = {}
    for row in witness:
        held[row.activity] = held.get(row.activity, 0) + 1
    for activity in tree["activities"]:
        least = held.get(activity["id"], 0)
        if least and chance.random() < (0.7 if tight else 0.4):
            activity["sessions"]["min"] = least if tight else chance.randint(1, least)
    visited: dict[str, list[str]] = {}
    for row in witness:
        for name in row.residents:
            visited.setdefault(name, []).append(row.activity)
    for person in tree["residents"]:
        mine = visited.get(person["id"], [])
        if mine and chance.random() < (0.12 if tight else 0.05):
            name = chance.choice(mine)
            person["required"] = {name: mine.count(name) if tight else 1}
    witness, pins = _pinned(chance, witness, max(1, len(witness) // (12 if tight else 25)))
    tree["pins"] = pins
    home = Home(tree, tuple(witness))
    if wrong := broken(read_problem(_bytes(tree)), home.witness):
        raise AssertionError(f"the director's week breaks the home's own rules: {wrong[:3]}")
    return home


def _pinned(chance: Random, witness: list[Session], count: int) -> tuple[list[Session], list[Tree]]:
    """Some sessions of the week fixed as they stand, in whole or in part, and somebody fixed in or out of others."""
    pins: list[Tree] = []
    rows = list(witness)
    for number, index in enumerate(chance.sample(range(len(rows)), min(count, len(rows)))):
        row = rows[index] = rows[index].model_copy(update={"id": f"fixed {number + 1}"})
        fixed: Tree = {"id": row.id, "activity": row.activity, "day": row.day, "start": row.start}
        fixed |= {"space": row.space} if chance.random() < 0.6 else {}
        fixed |= {"facilitators": list(row.facilitators)} if chance.random() < 0.3 else {}
        fixed |= {"residents": list(row.residents[:2])} if chance.random() < 0.3 else {}
        pins.append({"session": fixed})
        if row.residents and chance.random() < 0.5:
            pins.append({"attend": row.residents[-1], "session": row.id})
    return rows, pins


def _bytes(tree: Tree) -> bytes:
    return json.dumps(tree).encode()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.asked.homes", description="Make up a community.")
    parser.add_argument("--residents", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--tight", action="store_true")
    parser.add_argument("--change", choices=CHANGES, help="what has happened in a week that is published and begun")
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="HOME.json")
    options = parser.parse_args(arguments)
    home = make_home(options.residents, options.seed, options.tight, options.days)
    tree = home.tree if options.change is None else change(home.tree, home.witness, options.change, options.seed)
    options.output.write_bytes(written(read_problem(_bytes(tree))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
