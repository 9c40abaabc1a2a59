"""Random small problems that use every field of the contract, and random schedules for them, good and bad.

Two days, a few rooms and people, coarse times: so that everything collides often and nothing always. Made from a seed,
so that the same functions serve hypothesis, a loop over seeds, and whoever wants a home to try something on.
"""

import random
from typing import Any

from hypothesis import strategies as st

from solver.documents.exchange import clock, minutes
from tests.solver.builders import Tree

ZONES, SKILLS, FEATURES, DOMAINS = ["", "east", "west"], ["music", "driving"], ["piano", "sink"], ["social", "creative"]
NAMES = {"spaces": "room{}", "facilitators": "leader{}", "activities": "doing{}", "residents": "person{}"}


class Chance(random.Random):
    """A source of chances with the questions that a made-up home asks."""

    def some(self, rows: list[Any], most: int | None = None) -> list[Any]:
        return self.sample(rows, self.randint(0, min(len(rows), len(rows) if most is None else most)))

    def maybe(self, share: float) -> bool:
        return self.random() < share

    def fields(self, share: float, **choices: Any) -> Tree:
        """Some of the fields: a choice is a list to pick from or a function to call."""
        return {
            key: made() if callable(made) else self.choice(made) for key, made in choices.items() if self.maybe(share)
        }


def seeds() -> st.SearchStrategy[Chance]:
    return st.integers(0, 2**48).map(Chance)


def make_problem(
    chance: Chance, share: float = 0.3, most: tuple[int, ...] = (3, 3, 4, 6), slots: tuple[int, ...] = (15, 30, 60)
) -> Tree:
    """A valid problem; `share` is how likely each optional field is to be said, `most` how many spaces, facilitators,
    activities and residents there are at most.
    """
    slot = chance.choice(list(slots))
    horizon = {"start": "2026-11-30", "days": 2, "slot_minutes": slot, "timezone": "Europe/London"}
    ids = {
        key: [form.format(k) for k in range(chance.randint(1, many))]
        for (key, form), many in zip(NAMES.items(), most, strict=True)
    }
    tree: Tree = {
        "format": "milieu-problem/2",
        "name": "Made up",
        "horizon": horizon,
        "spaces": [_space(chance, share, name, ids) for name in ids["spaces"]],
        "facilitators": [_facilitator(chance, share, name, ids) for name in ids["facilitators"]],
        "activities": [_activity(chance, share, name, ids, slot) for name in ids["activities"]],
        "residents": [_resident(chance, share, name, ids) for name in ids["residents"]],
    }
    tree |= chance.fields(
        min(1.0, share * 1.5),
        ties=lambda: _ties(chance, ids["residents"]),
        groups=lambda: [_group(chance, k, ids["residents"]) for k in range(chance.randint(0, 2))],
        travel=lambda: {"east": {"west": chance.choice([0, 9, 25, 70]), "": 2}, "west": {"west": 1}},
        escorts=lambda: {
            "default": chance.randint(0, 3),
            "windows": [{**_window(chance), "capacity": chance.randint(0, 2)} for _ in range(chance.randint(0, 2))],
        },
        separate_cohorts=[True, False],
        offers=lambda: [_offer(chance) for _ in range(chance.randint(0, 3))],
        weights=lambda: _weights(chance),
    )
    for row in tree.get("offers", []):
        if chance.maybe(0.4) and tree.get("groups"):
            row |= {"group": chance.choice(tree["groups"])["id"]} | chance.fields(0.6, members=[1, 2, 3])
    _add_history(chance, share, tree)
    if chance.maybe(share * 1.5):
        tree["usual"] = _usual(chance, tree)
    return tree


def make_lively(chance: Chance, share: float = 0.3) -> Tree:
    """A problem in which much may be held and most people like to come, so that rules meet in whole weeks."""
    tree = make_problem(chance, share, most=(3, 4, 5, 8))
    names = [row["id"] for row in tree["activities"]]
    for row in tree["activities"]:
        row |= {"sessions": {"max": chance.randint(2, 6)}, "facilitators": chance.choice([0, 1, 1, 2])}
        row |= {"max_group": chance.randint(2, 5), "noise": chance.choice([0, 0, 1, 3])}
        for key in ("windows", "only") + (("needs_skills", "needs_features") if chance.maybe(0.7) else ()):
            row.pop(key, None)
    for row in tree["residents"]:
        row["interests"] = {name: chance.choice([-1, 0, 1, 3, 5]) for name in names}
        row["sessions"] = {"min": chance.randint(0, 3)}
        row["max_per_day"] = chance.randint(2, 4)
        row.pop("busy", None)
        if chance.maybe(0.7):
            row.pop("needs_familiar", None)
            row.pop("noise_max", None)
    for row in tree["spaces"]:
        row.pop("open", None)
    tree["spaces"][0]["adjacent"] = [row["id"] for row in tree["spaces"]]
    tree["ties"] = _ties(chance, [row["id"] for row in tree["residents"]])
    return tree


def _window(chance: Chance) -> Tree:
    start = chance.choice([540, 600, 660, 720, 780, 840, 960])
    end = chance.choice([each for each in (600, 660, 720, 840, 960, 1020, 1200, 1440) if each > start])
    return {"from": clock(start), "to": clock(end), **({"day": chance.randint(0, 1)} if chance.maybe(0.5) else {})}


def _windows(chance: Chance, most: int = 3) -> list[Tree]:
    return [_window(chance) for _ in range(chance.randint(0, most))]


def _open(chance: Chance) -> list[Tree]:
    """When something can be: mostly long, so that schedules have somewhere to go."""
    return [{"from": "09:00", "to": "20:00"}] if chance.maybe(0.7) else _windows(chance)


def _space(chance: Chance, share: float, name: str, ids: dict[str, list[str]]) -> Tree:
    return {"id": name, "capacity": chance.randint(1, 6)} | chance.fields(
        share,
        name=["", "A room"],
        zone=ZONES,
        wheelchair_places=[0, 1, 2, 9],
        comfort=[0, 1, 3],
        features=lambda: chance.some(FEATURES),
        noise=[0, 1, 2, 3],
        open=lambda: _open(chance),
        turnaround_minutes=[0, 60],
        bedside=[True, False],
        adjacent=lambda: chance.some(ids["spaces"]),
        shares=lambda: chance.some(ids["spaces"]),
    )


def _facilitator(chance: Chance, share: float, name: str, ids: dict[str, list[str]]) -> Tree:
    return {"id": name} | chance.fields(
        share,
        name=["", "A leader"],
        skills=lambda: chance.some(SKILLS),
        available=lambda: _open(chance),
        max_sessions_per_day=[0, 1, 2, 3],
        gap_minutes=[0, 60],
        support=[0, 1, 3, 5],
        familiar_to=lambda: chance.some(ids["residents"]),
    )


def _activity(chance: Chance, share: float, name: str, ids: dict[str, list[str]], slot: int) -> Tree:
    most, least = chance.randint(1, 6), chance.randint(0, 2)
    sessions = chance.choice([{}, {"max": 3}, {"min": 1, "max": 2}, {"min": 2, "max": 5}, {"min": 1}, {"max": 0}])
    return {"id": name, "duration_minutes": chance.choice([slot, 60, 120]), "max_group": most} | chance.fields(
        share,
        name=["", "Something to do"],
        domains=lambda: chance.some(DOMAINS),
        sessions=lambda: sessions,
        one_per_day=[True, False],
        min_group=[min(least, most)],
        facilitators=[0, 1, 1, 2],
        needs_skills=lambda: chance.some(SKILLS),
        needs_features=lambda: chance.some(FEATURES),
        noise=[0, 1, 2, 3],
        windows=lambda: _open(chance),
        only=lambda: chance.some(ids["residents"]),
        by_wish=[True, False],
        days_apart=[1, 2, 3],
        cost=[0, 1, 7],
    )


def _resident(chance: Chance, share: float, name: str, ids: dict[str, list[str]]) -> Tree:
    def noes() -> Tree:
        return chance.fields(
            0.4, **{key: lambda key=key: chance.some(ids[key], 1) for key in ("activities", "spaces", "facilitators")}
        )

    def marks(low: int, high: int) -> Tree:
        return {key: chance.randint(low, high) for key in chance.some(ids["activities"])}

    return {"id": name} | chance.fields(
        share,
        name=["", "Somebody"],
        zone=ZONES,
        wheelchair=[True, False],
        escort=[True, False],
        support=[0, 1, 2, 3],
        noise_max=[0, 1, 2, 3],
        calm=lambda: [{**_window(chance), "noise_max": chance.randint(0, 2)} for _ in range(chance.randint(0, 2))],
        busy=lambda: _windows(chance, 2),
        interests=lambda: marks(-2, 5),
        waiting=lambda: marks(1, 10),
        refuses=noes,
        avoids=noes,
        sessions=[{}, {"min": 1}, {"max": 2}, {"min": 2, "max": 3}, {"max": 0}],
        max_per_day=[0, 1, 2, 3],
        rest_minutes=[0, 60],
        times=lambda: {key: chance.randint(-2, 2) for key in chance.some(["morning", "afternoon", "evening"])},
        targets=lambda: [
            {"domain": chance.choice(DOMAINS), "min": chance.randint(0, 3)} | chance.fields(0.5, weight=[0, 1, 4])
            for _ in range(chance.randint(0, 2))
        ],
        required=lambda: {key: chance.randint(0, 2) for key in chance.some(ids["activities"], 1)},
        cohort=["", "red", "blue"],
        zone_locked=[True, False],
        needs_familiar=[True, False],
    )


def _ties(chance: Chance, residents: list[str]) -> list[Tree]:
    pairs = [(a, b) for k, a in enumerate(residents) for b in residents[k + 1 :]]
    rows: list[Tree] = []
    for a, b in chance.some(pairs):
        if chance.maybe(0.2):
            rows.append({"a": a, "b": b, "apart": True})
        else:
            strength = chance.choice([-5, -1, 1, 3, 5, 100])
            rows.append({"a": b, "b": a, "strength": strength} | chance.fields(0.5, cap=[1, 2, 3]))
    return rows


def _group(chance: Chance, number: int, residents: list[str]) -> Tree:
    return {"id": f"group{number}", "members": chance.some(residents)} | chance.fields(
        0.8,
        name=["A group"],
        targets=lambda: [
            {"domain": chance.choice(["", *DOMAINS]), "members": chance.randint(1, 3), "min": chance.randint(0, 3)}
            | chance.fields(0.5, weight=[0, 1, 3])
        ],
    )


def _offer(chance: Chance) -> Tree:
    """Some of a window, which need not lie on the grid."""
    return {"min": chance.randint(0, 3)} | chance.fields(
        0.4, day=[0, 1], to=["13:07", "18:00", "24:00"], weight=[0, 1, 3], **{"from": ["00:00", "10:07", "12:00"]}
    )


def _usual(chance: Chance, tree: Tree) -> list[Tree]:
    """Where some sessions are used to be; now and then what has left, or off the grid."""
    rows = {}
    for row in [*make_sessions(chance, tree, 4), *tree.get("previous", [])]:
        kept = {key: row[key] for key in ("activity", "day", "start")}
        if chance.maybe(0.1):
            kept["start"] = "10:07"
        kept |= chance.fields(0.6, space=[row["space"], "gone"][: 1 + chance.maybe(0.1)])
        kept |= chance.fields(0.6, facilitators=[row["facilitators"]])
        rows[kept["activity"], kept["day"], kept["start"]] = kept
    return list(rows.values())


def _weights(chance: Chance) -> Tree:
    names = (
        "interest",
        "time",
        "shortfall",
        "left_out",
        "target",
        "group",
        "tie",
        "companion",
        "crowd",
        "walk",
        "session",
        "offer",
        "turn",
        "cancel",
        "move",
        "relocate",
        "drop",
        "relead",
    )
    given: Tree = {name: chance.randint(0, 50) for name in chance.some(list(names), 4)}
    return given | chance.fields(0.3, engagement=[[], [5], [9, 4, 4, 1], [0, 0]], usual=[[9, 0, 40], [50, 7, 3]])


def _add_history(chance: Chance, share: float, tree: Tree) -> None:
    """`previous`, `frozen_until` and `pins`, about sessions that hang together as far as chance wants them to."""
    old = make_sessions(chance, tree, 3)
    if chance.maybe(share * 1.5):
        for row in old:
            row["residents"] += ["gone"] if chance.maybe(0.2) else []
        tree["previous"] = old
        if chance.maybe(0.6):
            tree["frozen_until"] = {"day": chance.randint(0, 1), "time": clock(chance.choice([0, 600, 660, 720, 900]))}
        for row in old:
            if chance.maybe(0.1) and not _is_past(tree, row):
                row[chance.choice(["space", "activity"])] = "no longer there"
    if chance.maybe(share * 1.5):
        known = [row for row in make_sessions(chance, tree, 3) + old if "no longer there" not in row.values()]
        tree["pins"] = [_pin(chance, tree, row) for row in chance.some(known, 3)]


def _is_past(tree: Tree, row: Tree) -> bool:
    until = tree.get("frozen_until")
    return bool(until) and (row["day"], minutes(row["start"])) < (until["day"], minutes(until["time"]))


def _pin(chance: Chance, tree: Tree, row: Tree) -> Tree:
    if chance.maybe(0.4):
        people = [each for each in row["residents"] if each != "gone"]
        fixed = {key: row[key] for key in ("id", "activity", "day", "start")}
        fixed |= chance.fields(0.5, space=[row["space"]], facilitators=[row["facilitators"]])
        return {"session": fixed | chance.fields(0.5, residents=lambda: chance.some(people))}
    return {chance.choice(["attend", "absent"]): chance.choice(tree["residents"])["id"], "session": row["id"]}


def make_sessions(chance: Chance, tree: Tree, most: int = 6) -> list[Tree]:
    """Random sessions, well formed and for the most part about right; many break rules."""
    slot = tree["horizon"]["slot_minutes"]
    rows = []
    for number in range(chance.randint(0, most)):
        activity, space = chance.choice(tree["activities"]), chance.choice(tree["spaces"])
        staff = [row["id"] for row in tree["facilitators"]]
        needed = activity.get("facilitators", 1)
        wanted = len(staff) if needed > len(staff) else needed
        people = [row["id"] for row in tree["residents"]]
        group = chance.randint(min(activity.get("min_group", 1), len(people)), min(len(people), activity["max_group"]))
        start = chance.randrange(540, 1020, slot) // 60 * 60 + (slot if chance.maybe(0.2) and slot < 60 else 0)
        rows.append(
            {
                "id": f"s{number}",
                "activity": activity["id"],
                "day": chance.randint(0, 1),
                "start": clock(start),
                "space": space["id"],
                "facilitators": chance.sample(staff, wanted),
                "residents": chance.sample(people, group),
            }
        )
    return rows


def make_schedule(chance: Chance, tree: Tree) -> list[Tree]:
    """Random sessions that know `previous`: some of its sessions stand as they were, some changed, some are gone."""
    people = [row["id"] for row in tree["residents"]]
    known = {key: {row["id"] for row in tree[key]} for key in ("spaces", "activities")}
    rows = []
    for old in tree.get("previous", []):
        if old["space"] in known["spaces"] and old["activity"] in known["activities"] and chance.maybe(0.8):
            rows.append({**old, "residents": [name for name in old["residents"] if name in people]})
    for row in make_sessions(chance, tree):
        rows.append({**row, "id": row["id"] if chance.maybe(0.1) else f"new-{row['id']}"})
    for pin in tree.get("pins", []):
        fixed = pin["session"]
        if isinstance(fixed, dict) and chance.maybe(0.8) and all(row["id"] != fixed["id"] for row in rows):
            rows.append({"space": tree["spaces"][0]["id"], "facilitators": [], "residents": [], **fixed})
    for row in rows:
        if chance.maybe(0.15):
            _spoil(chance, tree, row)
    return rows


def _spoil(chance: Chance, tree: Tree, row: Tree) -> None:
    match chance.randrange(8):
        case 0:
            row["day"] = chance.choice([0, 1, 1, 2])
        case 1:
            row["start"] = clock(chance.choice([0, 545, 600, 660, 1020, 1430]))
        case 2:
            row["space"] = chance.choice(tree["spaces"])["id"]
        case 3:
            row["facilitators"] = chance.some([each["id"] for each in tree["facilitators"]])
        case 4:
            row["residents"] = chance.some([each["id"] for each in tree["residents"]])
        case 5:
            row["activity"] = chance.choice(tree["activities"])["id"]
        case 6:
            row["residents"] = row["residents"] + row["residents"][:1]  # named twice, where there is anyone
        case _:
            row[chance.choice(["space", "activity"])] = "nowhere"
