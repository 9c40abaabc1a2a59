"""Made-up residents of a made-up community: their needs, their days, their ties and their living groups."""

from random import Random
from typing import Any

from solver.documents.exchange import clock

Tree = dict[str, Any]
MEALS = [("08:00", "09:30"), ("12:00", "13:15"), ("17:00", "18:00")]


def make_residents(chance: Random, count: int, zones: list[str], days: int, tight: bool) -> list[Tree]:
    """Every fourth zone is a memory unit; one in eight is visited rather than brought to groups."""
    people = []
    for number in range(count):
        zone = zones[number * len(zones) // count]
        memory = zones.index(zone) % 4 == 3 or (len(zones) < 4 and zone == zones[-1])
        people.append(_resident(chance, f"r{number + 1:04d}", zone, memory, days, tight))
    return people


def _resident(chance: Random, name: str, zone: str, memory: bool, days: int, tight: bool) -> Tree:
    frail = chance.random() < 0.12
    person: Tree = {
        "id": name,
        "zone": zone,
        "wheelchair": chance.random() < 0.57,
        "escort": chance.random() < 0.45,
        "support": chance.choice([1, 2, 2, 3]) if memory else chance.choice([0, 0, 0, 1, 1, 2]),
        "noise_max": chance.choice([1, 2, 2]) if memory else chance.choice([2, 3, 3, 3]),
        "busy": _busy(chance, days),
        "sessions": {"min": 1 if frail else chance.randint(1, 4), "max": chance.randint(8, 20) * days // 7 or 1},
        "max_per_day": chance.choice([2, 3, 3, 4]),
        "rest_minutes": chance.choice([0, 0, 15, 30]),
    }
    if memory:
        person["calm"] = [{"from": "16:00", "to": "18:30", "noise_max": chance.choice([0, 1])}]
        person["needs_familiar"] = chance.random() < (0.3 if tight else 0.15)
        person["zone_locked"] = chance.random() < 0.15
    if chance.random() < 0.5:
        person["times"] = {"morning": chance.randint(-2, 2), "evening": chance.randint(-2, 1)}
    domains = ["physical", "social", "creative", "cognitive", "spiritual", "sensory"]
    if chance.random() < 0.4:
        person["targets"] = [
            {"domain": domain, "min": chance.randint(1, 3), "weight": chance.randint(1, 3)}
            for domain in chance.sample(domains, chance.randint(1, 2))
        ]
    return person


def _busy(chance: Random, days: int) -> list[Tree]:
    """Meals every day, two baths, now and then a hairdresser; therapy on weekdays for guests, visits at weekends."""
    rows: list[Tree] = [{"from": start, "to": end} for start, end in MEALS]

    def add(day: int, start: int, length: int) -> None:
        if day < days:
            rows.append({"day": day, "from": clock(start), "to": clock(start + length)})

    for week in range(0, days, 7):
        for _ in range(2):
            add(week + chance.randrange(7), chance.choice(range(570, 690, 30)), 30)
        if chance.random() < 0.4:
            add(week + chance.randrange(5), chance.choice(range(570, 690, 15)), 45)
        if chance.random() < 0.15:
            for day in range(5):
                add(week + day, chance.choice([600, 660, 840]), chance.choice([30, 45, 60]))
        if chance.random() < 0.35:
            add(week + chance.choice([5, 6]), 840, 120)
    return rows


def make_ties(chance: Random, people: list[Tree]) -> list[Tree]:
    """About three companions each, six in ten of the same zone, one in ten with none; a few who must not meet."""
    by_zone: dict[str, list[Tree]] = {}
    for person in people:
        by_zone.setdefault(person["zone"], []).append(person)
    rows: dict[frozenset[str], Tree] = {}
    for person in people:
        alone = chance.random() < 0.1 and not person.get("needs_familiar")
        for _ in range(0 if alone else chance.choice([1, 1, 2, 2])):
            near = by_zone[person["zone"]] if chance.random() < 0.6 else people
            other = chance.choice(near)
            pair = frozenset((person["id"], other["id"]))
            if len(pair) == 2 and pair not in rows:
                row = {"a": person["id"], "b": other["id"], "strength": chance.choice([1, 2, 2, 3, 3, 4, 5, -1, -2])}
                rows[pair] = row | ({"cap": chance.choice([1, 3, 4])} if chance.random() < 0.3 else {})
    for _ in range(max(1, len(people) // 11)):
        a, b = chance.sample(people, 2)
        pair = frozenset((a["id"], b["id"]))
        if pair not in rows:
            rows[pair] = {"a": a["id"], "b": b["id"], "apart": True}
    return list(rows.values())


def make_groups(chance: Random, people: list[Tree], zones: list[str]) -> list[Tree]:
    rows = []
    for number, zone in enumerate(zones):
        members = [person["id"] for person in people if person["zone"] == zone]
        targets = [{"domain": "", "members": max(1, len(members) // 4), "min": chance.randint(2, 5)}]
        if chance.random() < 0.5:
            targets.append({"domain": "physical", "members": 3, "min": 2, "weight": 2})
        rows.append({"id": f"group {number + 1}", "members": members, "targets": targets})
    return rows
