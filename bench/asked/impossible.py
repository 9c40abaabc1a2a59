"""Made-up communities in which something cannot be had: one impossibility of each kind, planted in a home.

    python -m bench.asked.impossible --residents 120 --kind "refused" [--seed 1] [--tight] -o HOME.json

The home without it can be planned, so every conflict has to do with what was planted.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from bench.asked.homes import make_home
from solver.documents.exchange import read_problem
from solver.documents.exchange import write_problem as written

Tree = dict[str, Any]
Plant = Callable[[Random, Tree], None]
HOUR: Tree = {"day": 1, "from": "14:00", "to": "15:00"}
PIN: Tree = {"day": 1, "start": "14:00"}


def add_activity(tree: Tree, name: str, **fields: Any) -> None:
    row = {"id": name, "duration_minutes": 60, "max_group": 10, "facilitators": 0, "sessions": {"min": 1, "max": 2}}
    tree["activities"].append(row | {"min_group": 0} | fields)


def add_space(tree: Tree, name: str, **fields: Any) -> None:
    tree["spaces"].append({"id": name, "capacity": 10, "zone": "centre", "features": [name], **fields})


def add_leader(tree: Tree, name: str, *skills: str, **fields: Any) -> None:
    tree["facilitators"].append({"id": name, "skills": list(skills), **fields})


def free_person(tree: Tree, number: int = 0) -> Tree:
    """Somebody of whom nothing is demanded yet, freed of everything that could get in the way by itself."""
    rows = [row for row in tree["residents"] if not row.get("required") and "calm" not in row]
    row: Tree = rows[number % len(rows)]
    row |= {
        "busy": [],
        "refuses": {},
        "avoids": {},
        "zone_locked": False,
        "escort": False,
        "noise_max": 3,
        "sessions": {"min": 0, "max": 20},
        "max_per_day": 5,
        "rest_minutes": 0,
    }
    row["interests"] = {}
    return row


def require(tree: Tree, activity: str, number: int = 0, least: int = 1, **fields: Any) -> Tree:
    row = free_person(tree, number)
    row |= {"required": {activity: least}, **fields}
    return row


def pin(tree: Tree, name: str, activity: str, **fields: Any) -> None:
    tree["pins"].append({"session": {"id": name, "activity": activity, **PIN, **fields}})


def _refused(chance: Random, tree: Tree) -> None:
    name = next(row["id"] for row in tree["activities"] if "only" not in row)
    require(tree, name, refuses={"activities": [name]})


def _not_invited(chance: Random, tree: Tree) -> None:
    add_activity(tree, "closed circle", only=[row["id"] for row in tree["residents"][-3:]], sessions={"max": 2})
    require(tree, "closed circle")


def _busy(chance: Random, tree: Tree) -> None:
    add_activity(tree, "early swim", windows=[{"from": "14:00", "to": "16:00"}], sessions={"max": 3})
    require(tree, "early swim", busy=[{"from": "14:30", "to": "15:30"}])


def _too_loud(chance: Random, tree: Tree) -> None:
    add_activity(tree, "drums", noise=3, sessions={"max": 3})
    require(tree, "drums", noise_max=1)


def _no_familiar(chance: Random, tree: Tree) -> None:
    add_activity(tree, "tea", sessions={"max": 3})
    row = require(tree, "tea", needs_familiar=True)
    tree["ties"] = [tie for tie in tree["ties"] if row["id"] not in (tie["a"], tie["b"])]
    for person in tree["facilitators"]:
        person["familiar_to"] = [name for name in person.get("familiar_to", []) if name != row["id"]]


def _too_often(chance: Random, tree: Tree) -> None:
    add_activity(
        tree,
        "market",
        windows=[{"day": day, "from": "09:00", "to": "10:00"} for day in (0, 2, 3)],
        sessions={"min": 4, "max": 5},
    )


def _no_skill(chance: Random, tree: Tree) -> None:
    add_activity(tree, "harp", facilitators=1, needs_skills=["harp"])
    add_leader(tree, "ana", "harp", available=[])


def _one_hour(chance: Random, tree: Tree) -> None:
    add_leader(tree, "ana", "harp", available=[HOUR])
    for name in ("harp", "harp for beginners"):
        add_activity(tree, name, facilitators=1, needs_skills=["harp"])


def _one_room(chance: Random, tree: Tree) -> None:
    add_space(tree, "studio")
    for name in ("yoga", "pottery"):
        add_activity(tree, name, needs_features=["studio"])
        pin(tree, f"{name} fixed", name, space="studio")


def _one_leader(chance: Random, tree: Tree) -> None:
    add_leader(tree, "ana")
    for name in ("yoga", "pottery"):
        add_activity(tree, name, facilitators=1)
        pin(tree, f"{name} fixed", name, facilitators=["ana"])


def _pin_outside(chance: Random, tree: Tree) -> None:
    add_activity(tree, "market", windows=[{"from": "09:00", "to": "12:00"}])
    pin(tree, "market fixed", "market")


def _pin_refused(chance: Random, tree: Tree) -> None:
    add_activity(tree, "market")
    pin(tree, "market fixed", "market")
    row = free_person(tree)
    row["refuses"] = {"activities": ["market"]}
    tree["pins"].append({"attend": row["id"], "session": "market fixed"})


def _pinned_apart(chance: Random, tree: Tree) -> None:
    add_activity(tree, "market")
    pin(tree, "market fixed", "market")
    one, two = free_person(tree, 0)["id"], free_person(tree, 1)["id"]
    tree["ties"] = [tie for tie in tree["ties"] if {tie["a"], tie["b"]} != {one, two}]
    tree["ties"].append({"a": one, "b": two, "apart": True})
    tree["pins"] += [{"attend": name, "session": "market fixed"} for name in (one, two)]


def _more_than_bearable(chance: Random, tree: Tree) -> None:
    add_activity(
        tree, "walk", sessions={"max": 7}, windows=[{"day": day, "from": "14:00", "to": "17:00"} for day in range(4)]
    )
    require(tree, "walk", least=4)["sessions"] = {"min": 0, "max": 3}


def _wheelchairs(chance: Random, tree: Tree) -> None:
    add_space(tree, "boat", wheelchair_places=1)
    add_activity(tree, "trip", needs_features=["boat"], sessions={"max": 1})
    for _number in range(3):
        require(tree, "trip", 0, wheelchair=True)


def _support(chance: Random, tree: Tree) -> None:
    add_leader(tree, "ana", "harp", support=5)
    add_activity(tree, "harp", facilitators=1, needs_skills=["harp"], sessions={"max": 1})
    for _number in range(3):
        require(tree, "harp", 0, support=2)


def _escorts(chance: Random, tree: Tree) -> None:
    tree["escorts"]["windows"].insert(0, {"from": "13:00", "to": "15:00", "capacity": 1})
    add_space(tree, "pool", zone="outside")
    add_activity(tree, "swim", needs_features=["pool"], windows=[{"from": "13:30", "to": "14:30"}], sessions={"max": 1})
    for _number in range(2):
        require(tree, "swim", 0, escort=True)


def _group_too_small(chance: Random, tree: Tree) -> None:
    names = [row["id"] for row in tree["residents"][:5]]
    add_activity(tree, "quintet", min_group=5, only=names, windows=[{"day": 1, "from": "14:00", "to": "16:00"}])
    tree["residents"][0]["busy"] = [HOUR, {"day": 1, "from": "15:00", "to": "16:00"}]


def _room_hours(chance: Random, tree: Tree) -> None:
    add_space(tree, "studio", open=[{"day": day, "from": "14:00", "to": "16:00"} for day in (0, 1, 2)])
    for name, least in (("yoga", 2), ("pottery", 2), ("weaving", 3)):
        add_activity(tree, name, needs_features=["studio"], sessions={"min": least, "max": 4})


def _halves(chance: Random, tree: Tree) -> None:
    add_space(tree, "barn")
    add_space(tree, "barn left", shares=["barn"])
    add_activity(tree, "dance", needs_features=["barn"])
    add_activity(tree, "chess night", needs_features=["barn left"])
    pin(tree, "dance fixed", "dance")
    pin(tree, "chess fixed", "chess night")


def _happened(chance: Random, tree: Tree) -> None:
    add_space(tree, "studio")
    add_activity(tree, "yoga", needs_features=["studio"], sessions={"max": 2})
    require(tree, "yoga", least=2)
    tree["pins"] = []
    rows: list[Tree] = [
        {
            "id": f"past {k}",
            "activity": "yoga",
            "day": k,
            "start": "10:00",
            "space": "studio",
            "facilitators": [],
            "residents": [],
        }
        for k in (0, 1)
    ]
    tree["previous"] = rows
    tree["frozen_until"] = {"day": 1, "time": "12:00"}


def _locked(chance: Random, tree: Tree) -> None:
    add_space(tree, "pool", zone="outside")
    add_activity(tree, "swim", needs_features=["pool"], sessions={"max": 2})
    require(tree, "swim", zone_locked=True)


def _cohorts(chance: Random, tree: Tree) -> None:
    tree["separate_cohorts"] = True
    add_activity(tree, "party", sessions={"max": 1})
    for number in range(2):
        require(tree, "party", 0, cohort=f"cohort {number}")


def _pinned_twice(chance: Random, tree: Tree) -> None:
    add_activity(tree, "market")
    pin(tree, "market fixed", "market")
    pin(tree, "market fixed", "market", start="15:00")


def _in_and_out(chance: Random, tree: Tree) -> None:
    add_activity(tree, "market")
    pin(tree, "market fixed", "market")
    name = free_person(tree)["id"]
    tree["pins"] += [{"attend": name, "session": "market fixed"}, {"absent": name, "session": "market fixed"}]


def _one_person(chance: Random, tree: Tree) -> None:
    """Three required at once, of which any two would fit."""
    row = free_person(tree)
    for name in ("harp", "swim", "walk"):
        add_activity(tree, name, windows=[{"day": 1, "from": "14:00", "to": "17:00"}], duration_minutes=75)
    row["required"] = {"harp": 1, "swim": 1, "walk": 1}


def _five_together(chance: Random, tree: Tree) -> None:
    """One leader's afternoon for five, of which any four would fit."""
    add_leader(tree, "ana", "harp", available=[{"day": 2, "from": "13:00", "to": "17:00"}])
    for number in range(5):
        add_activity(tree, f"harp {number}", facilitators=1, needs_skills=["harp"], sessions={"min": 1, "max": 1})


def _leader_days(chance: Random, tree: Tree) -> None:
    """A leader who leads one session a day has two days for three."""
    add_leader(
        tree,
        "ana",
        "harp",
        max_sessions_per_day=1,
        available=[{"day": day, "from": "09:00", "to": "17:00"} for day in (0, 3)],
    )
    add_activity(tree, "harp", facilitators=1, needs_skills=["harp"], sessions={"min": 2, "max": 3})
    add_activity(tree, "harp for beginners", facilitators=1, needs_skills=["harp"])


def _same_people(chance: Random, tree: Tree) -> None:
    """Two groups at one hour that need more people than may come."""
    names = [row["id"] for row in tree["residents"][:7]]
    for row in tree["residents"][:7]:
        row["busy"], row["calm"] = [], []
    for name in ("quartet", "chamber choir"):
        add_activity(tree, name, min_group=4, only=names, windows=[HOUR], noise=0)


def _leaders_refused(chance: Random, tree: Tree) -> None:
    """Two of whom one session is required, each of whom refuses one of the two who could lead it."""
    names = ("ana", "ben")
    for name in names:
        add_leader(tree, name, "harp")
    add_activity(tree, "harp", facilitators=1, needs_skills=["harp"], sessions={"max": 1})
    for name in names:
        require(tree, "harp", refuses={"facilitators": [name]})


def _apart(chance: Random, tree: Tree) -> None:
    add_activity(tree, "trip", sessions={"max": 1})
    one, two = (require(tree, "trip")["id"] for _number in range(2))
    tree["ties"] = [tie for tie in tree["ties"] if {tie["a"], tie["b"]} != {one, two}]
    tree["ties"].append({"a": one, "b": two, "apart": True})


def _calm(chance: Random, tree: Tree) -> None:
    """Two afternoons of drums; on each, one of two of whom they are required bears no noise."""
    windows = [{"day": day, "from": "14:00", "to": "16:00"} for day in (0, 1)]
    add_activity(tree, "drums", noise=3, windows=windows, sessions={"max": 1})
    for window in windows:
        require(tree, "drums")["calm"] = [{**window, "noise_max": 1}]


KINDS: dict[str, Plant] = {
    "refused": _refused,
    "not invited": _not_invited,
    "busy": _busy,
    "too loud": _too_loud,
    "no familiar face": _no_familiar,
    "too often": _too_often,
    "no skill": _no_skill,
    "one hour": _one_hour,
    "one room": _one_room,
    "one leader": _one_leader,
    "pin outside": _pin_outside,
    "pin refused": _pin_refused,
    "pinned apart": _pinned_apart,
    "more than bearable": _more_than_bearable,
    "wheelchairs": _wheelchairs,
    "support": _support,
    "escorts": _escorts,
    "group too small": _group_too_small,
    "room hours": _room_hours,
    "halves": _halves,
    "happened": _happened,
    "locked": _locked,
    "cohorts": _cohorts,
    "pinned twice": _pinned_twice,
    "in and out": _in_and_out,
    "one person": _one_person,
    "five together": _five_together,
    "leader's days": _leader_days,
    "same people": _same_people,
    "leaders refused": _leaders_refused,
    "apart": _apart,
    "calm": _calm,
}


def make_impossible(residents: int, seed: int, kind: str, tight: bool = False) -> Tree:
    """A home with one impossibility of that kind."""
    tree: Tree = json.loads(make_home(residents, seed, tight).document())
    tree["name"] += f": {kind}"
    KINDS[kind](Random(f"{kind} {seed}"), tree)
    read_problem(json.dumps(tree).encode())
    return tree


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.asked.impossible", description="Make up what cannot be had.")
    parser.add_argument("--residents", type=int, default=120)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tight", action="store_true")
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="HOME.json")
    options = parser.parse_args(arguments)
    tree = make_impossible(options.residents, options.seed, options.kind, options.tight)
    options.output.write_bytes(written(read_problem(json.dumps(tree).encode())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
