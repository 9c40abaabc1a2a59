"""What befalls a week that is published and begun: somebody away, a room closed, people gone and come, an outbreak."""

import copy
import json
from random import Random
from typing import Any

from bench.asked.greedy import plan
from solver.documents.exchange import Session, read_problem
from solver.model.check import broken

Tree = dict[str, Any]
CHANGES = ("away", "closed", "people", "outbreak", "nothing")
TODAY, NOW = 2, "09:30"


def change(tree: Tree, published: tuple[Session, ...], what: str, seed: int) -> Tree:
    """The home on Wednesday morning, its published week as `previous`, with one thing changed.

    Demands that can no longer be met are lowered, as who makes a document has to: to what the director by hand still
    reaches after the change.
    """
    chance = Random(f"{what} {seed}")
    after = copy.deepcopy(tree)
    after["previous"] = [json.loads(row.model_dump_json()) for row in published]
    after["frozen_until"] = {"day": TODAY, "time": NOW}
    after["pins"] = []
    _HAPPENS[what](chance, after)
    lower_demands(after)
    return after


def _away(chance: Random, tree: Tree) -> None:
    """A member of staff who leads much is away from now on."""
    led = [name for row in tree["previous"] if row["day"] >= TODAY for name in row["facilitators"]]
    name = max(sorted(set(led)), key=led.count)
    person = next(row for row in tree["facilitators"] if row["id"] == name)
    person["available"] = [each for each in person["available"] if each["day"] < TODAY]


def _closed(chance: Random, tree: Tree) -> None:
    """The most used room is closed today and tomorrow."""
    used = [row["space"] for row in tree["previous"] if row["day"] in (TODAY, TODAY + 1)]
    name = max(sorted(set(used)), key=used.count)
    room = next(row for row in tree["spaces"] if row["id"] == name)
    spells = room.get("open", [{"from": "00:00", "to": "24:00"}])
    days = [day for day in range(tree["horizon"]["days"]) if day not in (TODAY, TODAY + 1)]
    room["open"] = [{"day": day, **each} for day in days for each in spells if each.get("day", day) == day]


def _people(chance: Random, tree: Tree) -> None:
    """Two of a hundred have left, and as many have come."""
    count = max(2, len(tree["residents"]) // 50)
    gone = set(chance.sample([row["id"] for row in tree["residents"]], count))
    liked = {row["id"]: row["interests"] for row in tree["residents"]}
    tree["residents"] = [row for row in tree["residents"] if row["id"] not in gone]
    tree["ties"] = [row for row in tree["ties"] if not gone & {row["a"], row["b"]}]
    for row in tree["groups"]:
        row["members"] = [name for name in row["members"] if name not in gone]
    for row in tree["facilitators"]:
        row["familiar_to"] = [name for name in row.get("familiar_to", []) if name not in gone]
    for row in tree["activities"]:
        if "only" in row:
            row["only"] = [name for name in row["only"] if name not in gone]
    for number, name in enumerate(sorted(gone)):
        like = chance.choice(tree["residents"])
        interests = {each: value for each, value in liked[name].items() if not each.startswith("visit to")}
        tree["residents"].append(
            {
                "id": f"new {number + 1}",
                "zone": like["zone"],
                "busy": like["busy"],
                "interests": interests,
                "waiting": {},
                "sessions": {"min": 2, "max": 12},
                "max_per_day": 2,
            }
        )


def _outbreak(chance: Random, tree: Tree) -> None:
    """One zone is kept apart from today on."""
    zone = chance.choice(sorted({row["zone"] for row in tree["residents"]}))
    for row in tree["residents"]:
        if row["zone"] == zone:
            row["cohort"] = "ill"
    tree["separate_cohorts"] = True


def _nothing(chance: Random, tree: Tree) -> None:
    pass


_HAPPENS = {"away": _away, "closed": _closed, "people": _people, "outbreak": _outbreak, "nothing": _nothing}


def lower_demands(tree: Tree) -> None:
    for row in tree["residents"]:
        row["required"] = dict(row.get("required", {}))
    problem = read_problem(json.dumps(tree).encode())
    for each in broken(problem, plan(problem)):
        facts = dict(each.reason.facts)
        if each.rule == "R6":
            _named(tree["activities"], facts["activity"])["sessions"]["min"] -= facts["by"]
        elif each.rule == "R14":
            _named(tree["residents"], facts["resident"])["required"][facts["activity"]] -= facts["by"]
        else:
            raise AssertionError(f"the director by hand broke {each}")


def _named(rows: list[Tree], name: object) -> Tree:
    return next(row for row in rows if row["id"] == name)
