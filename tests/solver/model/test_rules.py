"""Every rule on both sides of each of its edges: a schedule that just keeps it, and one that breaks it and no other.

Each pair of schedules goes to the referee too, and each bad one is the planted defect that leaving out the rule misses.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest

from solver.model import check
from solver.model.rules import RULES
from tests.solver.builders import (
    Tree,
    activity,
    facilitator,
    problem,
    resident,
    rules,
    session,
    space,
    window,
)
from tests.solver.judge import judged, needs_referee


@dataclass(frozen=True)
class Edge:
    """`good` and `bad` are the sessions on the two sides of a rule's edge in one problem."""

    rule: str
    name: str
    good: list[Tree]
    bad: list[Tree]
    problem: dict[str, Any] = field(default_factory=dict)


def two(**second: Any) -> list[Tree]:
    """A session at ten, and another of another activity in another room, with other people, that the fields change."""
    other = {"of": "chess", "space": "hall", "facilitators": ["gia"], "residents": ["ben"], "start": "11:00"}
    return [session("s1"), session("s2", **(other | second))]


PAIR: dict[str, Any] = {
    "spaces": [space("lounge"), space("hall")],
    "facilitators": [facilitator("finn"), facilitator("gia")],
    "activities": [activity("choir"), activity("chess")],
}
ADA_BEN = [session(residents=["ada", "ben"])]


def lounge(**fields: Any) -> dict[str, Any]:
    return {"spaces": [space("lounge", **fields), space("hall")]}


def choir(**fields: Any) -> dict[str, Any]:
    return {"activities": [activity("choir", **fields)]}


def people(*rows: Tree) -> dict[str, Any]:
    here = {row["id"] for row in rows}
    return {"residents": [*rows, *(resident(name) for name in ("ada", "ben", "cem") if name not in here)]}


def staff(**fields: Any) -> dict[str, Any]:
    return {"facilitators": [facilitator("finn", **fields), facilitator("gia")]}


def past(*rows: Tree, until: str = "12:00", day: int = 0, **fields: Any) -> dict[str, Any]:
    return {**PAIR, "previous": list(rows), "frozen_until": {"day": day, "time": until}, **fields}


FAR = {
    "spaces": [space("lounge", zone="east"), space("hall", zone="west")],
    "travel": {"west": {"east": 20}},
}
EDGES = [
    # R1 place
    Edge("R1", "last day", [session(day=6)], [session(day=7)]),
    Edge("R1", "midnight", [session(start="23:00")], [session(start="23:15")]),
    Edge("R1", "grid", [session(start="10:15")], [session(start="10:10")]),
    Edge(
        "R1",
        "window begins",
        [session(start="10:00")],
        [session(start="09:45")],
        choir(windows=[window("10:00", "12:00")]),
    ),
    Edge(
        "R1",
        "window ends",
        [session(start="11:00")],
        [session(start="11:15")],
        choir(windows=[window("10:00", "12:00")]),
    ),
    Edge("R1", "window's day", [session(day=1)], [session(day=2)], choir(windows=[window("10:00", "12:00", 1)])),
    Edge(
        "R1",
        "two windows make no long one",
        [session(start="11:00")],
        [session(start="10:30")],
        choir(windows=[window("10:00", "11:00"), window("11:00", "12:00")]),
    ),
    Edge(
        "R1", "open until", [session(start="11:00")], [session(start="11:15")], lounge(open=[window("10:00", "12:00")])
    ),
    Edge("R1", "never open", [session(space="hall")], [session()], lounge(open=[])),
    Edge(
        "R1",
        "until midnight",
        [session(start="23:00")],
        [session(start="09:45")],
        lounge(open=[window("10:00", "24:00")]),
    ),
    Edge(
        "R1",
        "features",
        [session()],
        [session(space="hall")],
        lounge(features=["piano", "stage"]) | choir(needs_features=["stage", "piano"]),
    ),
    # R2 seats
    Edge("R2", "seats", ADA_BEN, [session(residents=["ada", "ben", "cem"])], lounge(capacity=2)),
    Edge(
        "R2",
        "wheelchairs",
        [session(residents=["ada", "cem"])],
        ADA_BEN,
        lounge(wheelchair_places=1) | people(resident("ada", wheelchair=True), resident("ben", wheelchair=True)),
    ),
    Edge(
        "R2",
        "wheelchair places are seats",
        [session(residents=["ada"])],
        [session(residents=["ada", "ben", "cem"])],
        lounge(capacity=2, wheelchair_places=5),
    ),
    # R3 space
    Edge("R3", "one after the other", two(space="lounge"), two(space="lounge", start="10:45"), PAIR),
    Edge("R3", "before", two(space="lounge", start="09:00"), two(space="lounge", start="09:15"), PAIR),
    Edge("R3", "another day", two(space="lounge", start="10:00", day=1), two(space="lounge", start="10:00"), PAIR),
    Edge(
        "R3",
        "turnaround",
        two(space="lounge", start="11:30"),
        two(space="lounge", start="11:15"),
        PAIR | lounge(turnaround_minutes=30),
    ),
    Edge("R3", "sharing", two(), two(start="10:45"), PAIR | lounge(shares=["hall"])),
    Edge(
        "R3",
        "sharing, the longer turnaround",
        two(start="11:30"),
        two(start="11:15"),
        PAIR | {"spaces": [space("lounge", shares=["hall"]), space("hall", turnaround_minutes=30)]},
    ),
    # R4 staff
    Edge("R4", "too few", [session(facilitators=["finn", "gia"])], [session()], PAIR | choir(facilitators=2)),
    Edge("R4", "too many", [session()], [session(facilitators=["finn", "gia"])], PAIR),
    Edge("R4", "none needed", [session(facilitators=[])], [session()], choir(facilitators=0, needs_skills=["music"])),
    Edge(
        "R4",
        "available",
        [session(start="11:00")],
        [session(start="11:15")],
        staff(available=[window("10:00", "12:00")]),
    ),
    Edge("R4", "never available", [session(facilitators=["gia"])], [session()], staff(available=[])),
    Edge("R4", "one place at a time", two(facilitators=["finn"]), two(facilitators=["finn"], start="10:45"), PAIR),
    Edge(
        "R4", "gap", two(facilitators=["finn"], start="11:15"), two(facilitators=["finn"]), PAIR | staff(gap_minutes=15)
    ),
    Edge(
        "R4",
        "sessions a day",
        two(facilitators=["finn"], day=1),
        two(facilitators=["finn"]),
        PAIR | staff(max_sessions_per_day=1),
    ),
    Edge(
        "R4",
        "skills between them",
        [session(facilitators=["finn", "gia"])],
        [session(facilitators=["gia", "hal"])],
        {
            "facilitators": [
                facilitator("finn", skills=["music"]),
                facilitator("gia", skills=["driving"]),
                facilitator("hal", skills=["driving"]),
            ],
            **choir(facilitators=2, needs_skills=["music", "driving"]),
        },
    ),
    Edge(
        "R4",
        "the way, longer than the gap",
        two(facilitators=["finn"], start="11:30"),
        two(facilitators=["finn"], start="11:15"),
        PAIR | FAR | staff(gap_minutes=15),
    ),
    Edge(
        "R4",
        "the way back",
        two(facilitators=["finn"], start="08:30"),
        two(facilitators=["finn"], start="08:45"),
        PAIR | FAR,
    ),
    Edge(
        "R4",
        "the way from a fact",
        two(facilitators=["finn"], start="11:30"),
        two(facilitators=["finn"], start="11:15"),
        past(session("s1"), until="11:00") | FAR,
    ),
    # R5 group
    Edge("R5", "least", ADA_BEN, [session()], choir(min_group=2)),
    Edge("R5", "most", ADA_BEN, [session(residents=["ada", "ben", "cem"])], choir(max_group=2)),
    Edge("R5", "nobody", [session(residents=[])], [session(residents=["ada", "ben"])], choir(min_group=0, max_group=1)),
    # R6 count
    Edge("R6", "least", [session(), session("s2", day=1)], [session()], choir(sessions={"min": 2, "max": 3})),
    Edge("R6", "most", [session()], [session(), session("s2", day=1)], choir(sessions={"max": 1})),
    Edge(
        "R6",
        "one a day",
        [session(), session("s2", day=1, residents=["ben"])],
        [session(), session("s2", start="14:00", residents=["ben"])],
        choir(one_per_day=True),
    ),
    # R7 person
    Edge(
        "R7",
        "busy before",
        [session()],
        [session(start="09:45")],
        people(resident("ada", busy=[window("09:00", "10:00", 0)])),
    ),
    Edge(
        "R7",
        "busy after",
        [session()],
        [session(start="10:15")],
        people(resident("ada", busy=[window("11:00", "12:00")])),
    ),
    Edge("R7", "two at once", two(residents=["ada"]), two(residents=["ada"], start="10:45"), PAIR),
    Edge(
        "R7",
        "rest",
        two(residents=["ada"], start="11:30"),
        two(residents=["ada"], start="11:15"),
        PAIR | people(resident("ada", rest_minutes=30)),
    ),
    Edge(
        "R7",
        "rest before",
        two(residents=["ada"], start="08:30"),
        two(residents=["ada"], start="08:45"),
        PAIR | people(resident("ada", rest_minutes=30)),
    ),
    Edge(
        "R7",
        "the way, longer than the rest",
        two(residents=["ada"], start="11:30"),
        two(residents=["ada"], start="11:15"),
        PAIR | FAR | people(resident("ada", rest_minutes=15)),
    ),
    Edge(
        "R7",
        "the rest, longer than the way",
        two(residents=["ada"], start="11:45"),
        two(residents=["ada"], start="11:30"),
        PAIR | FAR | people(resident("ada", rest_minutes=45)),
    ),
    Edge(
        "R7",
        "the way within a zone that is far from itself",
        two(residents=["ada"], start="11:15"),
        two(residents=["ada"]),
        PAIR | {"travel": {"": {"": 10}}},
    ),
    Edge(
        "R7",
        "days apart",
        [session(), session("s2", day=3)],
        [session(), session("s2", day=2)],
        choir(days_apart=3),
    ),
    Edge(
        "R7",
        "days apart from a fact",
        [session("s1"), session("s2", day=3)],
        [session("s1"), session("s2", day=2)],
        past(session("s1")) | choir(days_apart=3),
    ),
    Edge("R7", "one activity a day", [session(), session("s2", day=1)], [session(), session("s2", start="14:00")]),
    Edge(
        "R7",
        "a day",
        two(residents=["ada"], day=1),
        two(residents=["ada"]),
        PAIR | people(resident("ada", max_per_day=1)),
    ),
    Edge("R7", "in all", [session()], [session(), session("s2", day=1)], people(resident("ada", sessions={"max": 1}))),
    # R8 refusal
    *(
        Edge(
            "R8",
            f"{why} {kind}",
            two(residents=["ada"]),
            ADA_BEN,
            PAIR | people(resident("ben", **{why: {kind: [name]}})),
        )
        for why in ("refuses", "avoids")
        for kind, name in (("activities", "choir"), ("spaces", "lounge"), ("facilitators", "finn"))
    ),
    Edge("R8", "only", [session()], ADA_BEN, choir(only=["ada"])),
    Edge("R8", "no wish", [session()], ADA_BEN, choir(by_wish=True) | people(resident("ada", interests={"choir": 1}))),
    Edge(
        "R8",
        "no wish, and named as required",
        [session()],
        ADA_BEN,
        choir(by_wish=True) | people(resident("ada", required={"choir": 0})),
    ),
    # R9 calm
    Edge(
        "R9",
        "activity's level",
        two(of="choir", residents=["ada"], start="10:00", day=1)[1:],
        [session()],
        PAIR
        | {"activities": [activity("choir", noise=1)], "spaces": [space("lounge", noise=2), space("hall")]}
        | people(resident("ada", noise_max=1)),
    ),
    Edge(
        "R9",
        "calm window",
        [session(start="15:00")],
        [session(start="15:15")],
        choir(noise=2) | people(resident("ada", calm=[window("16:00", "18:00", noise_max=1)])),
    ),
    Edge(
        "R9",
        "after the calm window",
        [session(start="18:00")],
        [session(start="17:45")],
        choir(noise=2) | people(resident("ada", calm=[window("16:00", "18:00", noise_max=1)])),
    ),
    Edge(
        "R9",
        "just calm enough",
        [session(day=1)],
        [session()],
        choir(noise=1)
        | people(
            resident("ada", calm=[window("10:00", "12:00", 0, noise_max=0), window("10:00", "12:00", 1, noise_max=1)])
        ),
    ),
    # R10 apart
    Edge(
        "R10",
        "apart",
        [session(residents=["ada", "cem"])],
        ADA_BEN,
        {"ties": [{"a": "ben", "b": "ada", "apart": True}]},
    ),
    # R11 support
    Edge(
        "R11",
        "support",
        [session(residents=["ada", "cem"])],
        ADA_BEN,
        staff(support=3) | people(resident("ada", support=2), resident("ben", support=2), resident("cem", support=1)),
    ),
    # R12 escort
    Edge(
        "R12",
        "at one moment",
        two(residents=["ben"], start="11:15"),
        two(residents=["ben"]),
        PAIR
        | {"escorts": {"default": 1}}
        | {"spaces": [space("lounge", zone="west"), space("hall", zone="west")]}
        | people(resident("ada", escort=True), resident("ben", escort=True)),
    ),
    Edge(
        "R12",
        "own zone",
        [session(residents=["ben"])],
        [session(residents=["ada"])],
        {"escorts": {"default": 0}} | lounge(zone="west") | people(resident("ada", escort=True, zone="west")),
    ),
    Edge(
        "R12",
        "at the bedside",
        [session()],
        [session(space="hall")],
        {"escorts": {"default": 0}} | lounge(bedside=True) | people(resident("ada", escort=True)),
    ),
    Edge(
        "R12",
        "in a window",
        [session(start="10:15")],
        [session()],
        {"escorts": {"default": 1, "windows": [window("10:00", "10:15", capacity=0)]}}
        | lounge(zone="west")
        | people(resident("ada", escort=True)),
    ),
    Edge(
        "R12",
        "the first window counts",
        [session()],
        [session(day=1)],
        {
            "escorts": {
                "default": 9,
                "windows": [window("10:00", "10:15", 0, capacity=1), window("10:00", "10:15", capacity=0)],
            }
        }
        | lounge(zone="west")
        | people(resident("ada", escort=True)),
    ),
    Edge(
        "R12",
        "midnight is in no window",
        [session(start="23:00", residents=["ada"])],
        [session(start="22:45")],
        {"escorts": {"default": 1, "windows": [window("23:30", "24:00", capacity=0)]}}
        | lounge(zone="west")
        | people(resident("ada", escort=True)),
    ),
    # R13 cohort
    Edge(
        "R13",
        "cohorts",
        [session(residents=["ada"])],
        ADA_BEN,
        {"separate_cohorts": True} | people(resident("ada", cohort="red")),
    ),
    Edge(
        "R13",
        "zone",
        [session(residents=["ben"])],
        [session(residents=["ada"])],
        lounge(zone="west")
        | people(resident("ada", zone="east", zone_locked=True), resident("ben", zone="west", zone_locked=True)),
    ),
    # R14 required
    Edge(
        "R14",
        "required",
        [session(), session("s2", day=1)],
        [session(), session("s2", day=1, residents=["ben"])],
        people(resident("ada", required={"choir": 2})),
    ),
    # R15 familiar
    Edge(
        "R15",
        "a friend",
        ADA_BEN,
        [session(residents=["ada", "cem"])],
        {"ties": [{"a": "ben", "b": "ada", "strength": 1}, {"a": "ada", "b": "cem", "strength": -1}]}
        | people(resident("ada", needs_familiar=True)),
    ),
    Edge(
        "R15",
        "a facilitator",
        [session()],
        [session(facilitators=["gia"])],
        staff(familiar_to=["ada"]) | people(resident("ada", needs_familiar=True)),
    ),
    # R16 bleed
    *(
        Edge(
            "R16",
            f"level {level}",
            two(),
            two(start="10:45"),
            PAIR
            | {
                "spaces": [space("lounge"), space("hall", adjacent=["lounge"])],
                "activities": [activity("choir", noise=3), activity("chess", noise=level)],
            },
        )
        for level in (0, 1)
    ),
    Edge(
        "R16",
        "loud room",
        two(start="10:30"),
        two(start="10:30", space="attic"),
        PAIR | {"spaces": [space("lounge", noise=3, adjacent=["attic"]), space("hall"), space("attic")]},
    ),
    # R17 frozen
    Edge("R17", "lost", [session()], [], past(session())),
    Edge("R17", "other people", [session()], [session(residents=["ben"])], past(session())),
    Edge("R17", "other team", [session()], [session(facilitators=["gia"])], past(session())),
    Edge("R17", "other room", [session()], [session(space="hall")], past(session())),
    Edge("R17", "later", [session()], [session(start="10:15")], past(session())),
    Edge("R17", "under another id", [session()], [session("s9", space="hall")], past(session())),
    Edge("R17", "new", [session(start="12:00")], [session(start="11:45")], past()),
    Edge(
        "R17",
        "the moment itself",
        [session(start="14:00")],
        [session("s2", start="09:45")],
        past(session(start="10:00"), until="10:00"),
    ),
    Edge(
        "R17", "who has left", [session(residents=[])], [session(residents=["ben"])], past(session(residents=["gone"]))
    ),
    # R18 pin
    Edge(
        "R18",
        "session there",
        [session()],
        [],
        {"pins": [{"session": {"id": "s1", "activity": "choir", "day": 0, "start": "10:00"}}]},
    ),
    *(
        Edge(
            "R18",
            f"pinned {key}",
            [session()],
            [session(**{key: value})],
            PAIR
            | {
                "pins": [
                    {
                        "session": {
                            "id": "s1",
                            "activity": "choir",
                            "day": 0,
                            "start": "10:00",
                            "space": "lounge",
                            "facilitators": ["finn"],
                            "residents": ["ada"],
                        }
                    }
                ]
            },
        )
        for key, value in (
            ("of", "chess"),
            ("day", 1),
            ("start", "11:00"),
            ("space", "hall"),
            ("facilitators", ["gia"]),
            ("residents", ["ben"]),
        )
    ),
    Edge(
        "R18",
        "more people than pinned",
        ADA_BEN,
        [session(residents=["ben", "cem"])],
        {"pins": [{"session": {"id": "s1", "activity": "choir", "day": 0, "start": "10:00", "residents": ["ada"]}}]},
    ),
    Edge("R18", "attend", [session()], [session(residents=["ben"])], {"pins": [{"attend": "ada", "session": "s1"}]}),
    Edge("R18", "attend what is not held", [], [session(residents=[])], {"pins": [{"attend": "ada", "session": "s1"}]}),
    Edge("R18", "absent", [session(residents=["ben"])], [session()], {"pins": [{"absent": "ada", "session": "s1"}]}),
]
NAMES = [f"{edge.rule} {edge.name}" for edge in EDGES]


@pytest.mark.parametrize("edge", EDGES, ids=NAMES)
def test_a_rule_holds_on_one_side_of_its_edge_and_breaks_on_the_other(edge: Edge) -> None:
    tree = problem(**edge.problem)

    assert rules(tree, edge.good) == []
    assert set(rules(tree, edge.bad)) == {edge.rule}


@needs_referee
@pytest.mark.parametrize("edge", EDGES, ids=NAMES)
def test_the_referee_sees_the_same_edge(edge: Edge) -> None:
    tree = problem(**edge.problem)

    assert not judged(tree, edge.good, [])[0]
    assert set(judged(tree, edge.bad, [])[0]) == {edge.rule}


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_leaving_out_a_rule_lets_its_planted_defects_pass(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    defects = [edge for edge in EDGES if edge.rule == code]
    monkeypatch.setattr(check, "RULES", tuple(rule for rule in RULES if rule.code != code))

    assert defects
    assert all(rules(problem(**edge.problem), edge.bad) == [] for edge in defects)


# ---- facts of the past: what they break by themselves is not held against a schedule


def broken_past() -> dict[str, Any]:
    """Two sessions that happened at once in one room, with one leader and one resident."""
    return past(session("p1"), session("p2", "chess"))


def test_the_past_may_break_rules_by_itself() -> None:
    tree = problem(**broken_past())

    assert rules(tree, tree["previous"]) == []


def test_what_is_planned_around_the_past_keeps_every_rule() -> None:
    tree = problem(**past(session("p1", start="11:30"), until="12:00"))
    past_row = tree["previous"][0]

    assert rules(tree, [past_row, session("s2", "chess", start="12:30", facilitators=["gia"], residents=["ben"])]) == []
    assert set(
        rules(tree, [past_row, session("s2", "chess", start="12:15", facilitators=["gia"], residents=["ben"])])
    ) == {"R3"}


@pytest.mark.parametrize(
    ("limit", "fresh", "expected"),
    [(2, 0, []), (2, 1, ["R7"]), (3, 1, []), (1, 0, []), (1, 1, ["R7"])],
)
def test_the_past_counts_towards_what_a_day_may_hold(limit: int, fresh: int, expected: list[str]) -> None:
    rows = [session("p1", start="08:00"), session("p2", "chess", start="10:00")]
    more = [session("s3", "cards", start="14:00")]
    tree = problem(
        activities=[activity("choir"), activity("chess"), activity("cards")],
        residents=[resident("ada", max_per_day=limit)],
        previous=rows,
        frozen_until={"day": 0, "time": "12:00"},
    )

    assert rules(tree, rows + more[:fresh]) == expected


def test_the_past_counts_for_what_is_required() -> None:
    tree = problem(**past(session()), **people(resident("ada", required={"choir": 1})))

    assert rules(tree, [session()]) == []


def test_every_rule_has_its_number_its_name_and_a_sentence() -> None:
    assert [rule.code for rule in RULES] == [f"R{k}" for k in range(1, 19)]
    assert all(rule.sentence and rule.sentence[-1] == "." and rule.code not in rule.sentence for rule in RULES)
