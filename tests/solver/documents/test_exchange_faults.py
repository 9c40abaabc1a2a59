"""Malformed documents of every kind: each is refused, with exactly the places that are wrong."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from solver.documents.exchange import DocumentError, DocumentErrors, read_problem
from tests.solver.builders import (
    Tree,
    activity,
    facilitator,
    problem,
    resident,
    session,
    space,
    whole,
    window,
    written,
)

Edit = Callable[[Tree], object]


def put(*path: str | int, value: Any) -> Edit:
    """Put a value somewhere in the tree."""

    def edit(tree: Any) -> None:
        for step in path[:-1]:
            tree = tree[step]
        tree[path[-1]] = value

    return edit


def drop(*path: str | int) -> Edit:
    def edit(tree: Any) -> None:
        for step in path[:-1]:
            tree = tree[step]
        del tree[path[-1]]

    return edit


def add(*path: str | int, value: Any) -> Edit:
    """Append to a list somewhere in the tree."""

    def edit(tree: Any) -> None:
        for step in path:
            tree = tree[step]
        tree.append(value)

    return edit


BAD_NUMBERS: list[Any] = [2.0, 1.5, True, "3", None, -1, 1_000_001, [], {}, 10**40]
FAULTS: list[tuple[str, Edit]] = [
    # keys
    *((key, drop(key)) for key in ("format", "name", "horizon", "spaces", "facilitators", "activities", "residents")),
    *((f"horizon.{key}", drop("horizon", key)) for key in ("start", "days", "slot_minutes", "timezone")),
    ("spaces[0].id", drop("spaces", 0, "id")),
    ("spaces[1].capacity", drop("spaces", 1, "capacity")),
    ("facilitators[1].id", drop("facilitators", 1, "id")),
    ("activities[1].duration_minutes", drop("activities", 1, "duration_minutes")),
    ("activities[1].max_group", drop("activities", 1, "max_group")),
    ("residents[2].id", drop("residents", 2, "id")),
    ("residents[0].busy[0].from", drop("residents", 0, "busy", 0, "from")),
    ("residents[0].busy[0].to", drop("residents", 0, "busy", 0, "to")),
    ("residents[0].calm[0].noise_max", drop("residents", 0, "calm", 0, "noise_max")),
    ("residents[0].targets[0].domain", drop("residents", 0, "targets", 0, "domain")),
    ("residents[0].targets[0].min", drop("residents", 0, "targets", 0, "min")),
    ("ties[0].a", drop("ties", 0, "a")),
    ("ties[0].strength", drop("ties", 0, "strength")),
    ("groups[0].id", drop("groups", 0, "id")),
    ("groups[0].members", drop("groups", 0, "members")),
    *((f"groups[0].targets[0].{key}", drop("groups", 0, "targets", 0, key)) for key in ("domain", "members", "min")),
    ("escorts.default", drop("escorts", "default")),
    ("escorts.windows[0].capacity", drop("escorts", "windows", 0, "capacity")),
    *((f"previous[0].{key}", drop("previous", 0, key)) for key in session()),
    ("frozen_until.day", drop("frozen_until", "day")),
    ("frozen_until.time", drop("frozen_until", "time")),
    *((f"pins[0].session.{key}", drop("pins", 0, "session", key)) for key in ("id", "activity", "day", "start")),
    ("pins[1].session", drop("pins", 1, "session")),
    ("pins[1].attend", drop("pins", 1, "attend")),
    ("pins[3].session", add("pins", value={})),
    ("offers[0].min", drop("offers", 0, "min")),
    ("offers[0].members", drop("offers", 0, "group")),
    *((f"usual[0].{key}", drop("usual", 0, key)) for key in ("activity", "day", "start")),
    ("weights.usual[2]", put("weights", "usual", value=[30, 5])),
    ("weights.usual", put("weights", "usual", value=[30, 5, 5, 5])),
    ("colour", put("colour", value=1)),
    ("programme", put("programme", value={"min_sessions_per_day": 1})),
    ("weights.warm", put("weights", "warm", value=15)),
    ("offers[0].colour", put("offers", 0, "colour", value="red")),
    ("usual[0].residents", put("usual", 0, "residents", value=["ada"])),
    ('["two words"]', put("two words", value=1)),
    ("horizon.weeks", put("horizon", "weeks", value=1)),
    ("spaces[0].colour", put("spaces", 0, "colour", value="red")),
    ("facilitators[0].colour", put("facilitators", 0, "colour", value="red")),
    ("activities[0].sessions.most", put("activities", 0, "sessions", "most", value=1)),
    ("residents[0].busy[0].from_", put("residents", 0, "busy", 0, "from_", value="10:00")),
    ("residents[0].refuses.residents", put("residents", 0, "refuses", "residents", value=["ben"])),
    ("ties[0].weight", put("ties", 0, "weight", value=1)),
    ("groups[0].targets[0].max", put("groups", 0, "targets", 0, "max", value=1)),
    ("weights.luck", put("weights", "luck", value=1)),
    ("pins[0].colour", put("pins", 0, "colour", value="red")),
    ("pins[0].session.end", put("pins", 0, "session", "end", value="11:00")),
    ("pins[1].absent", put("pins", 1, "absent", value="ada")),
    # types
    *(
        (key, put(key, value=value))
        for key in ("spaces", "residents", "ties", "pins", "previous", "offers", "usual")
        for value in (None, {}, "x", 3)
    ),
    *(
        (key, put(key, value=value))
        for key in ("horizon", "weights", "escorts", "frozen_until", "travel")
        for value in (None, [], "x", True)
    ),
    *(
        (f"{key}[0]", put(key, 0, value=value))
        for key in ("spaces", "facilitators", "activities", "ties", "groups", "previous", "pins", "offers", "usual")
        for value in (None, [], "x", 3)
    ),
    ("format", put("format", value="milieu-problem/1")),
    ("format", put("format", value=1)),
    ("name", put("name", value=None)),
    ("name", put("name", value=3)),
    ("separate_cohorts", put("separate_cohorts", value=1)),
    ("separate_cohorts", put("separate_cohorts", value="true")),
    ("residents[0].wheelchair", put("residents", 0, "wheelchair", value=0)),
    ("residents[0].zone", put("residents", 0, "zone", value=None)),
    ("residents[0].cohort", put("residents", 0, "cohort", value=3)),
    ("residents[0].targets[0].domain", put("residents", 0, "targets", 0, "domain", value="")),
    ("residents[0].interests", put("residents", 0, "interests", value=["choir"])),
    ("spaces[0].features", put("spaces", 0, "features", value="piano")),
    ("spaces[0].features[0]", put("spaces", 0, "features", 0, value=3)),
    ("spaces[0].open", put("spaces", 0, "open", value=None)),
    ("spaces[0].open[0]", put("spaces", 0, "open", 0, value="always")),
    ("activities[0].only", put("activities", 0, "only", value=None)),
    ("activities[0].one_per_day", put("activities", 0, "one_per_day", value=None)),
    ("weights.engagement", put("weights", "engagement", value=3)),
    ('travel["east"]', put("travel", "east", value=3)),
    # numbers
    *(("spaces[0].capacity", put("spaces", 0, "capacity", value=value)) for value in BAD_NUMBERS),
    *(("activities[0].max_group", put("activities", 0, "max_group", value=value)) for value in [0, *BAD_NUMBERS]),
    *(("horizon.days", put("horizon", "days", value=value)) for value in [0, 36, *BAD_NUMBERS]),
    *(("horizon.slot_minutes", put("horizon", "slot_minutes", value=value)) for value in [0, 7, 45, 120, *BAD_NUMBERS]),
    *(
        ("activities[1].duration_minutes", put("activities", 1, "duration_minutes", value=value))
        for value in [0, *BAD_NUMBERS]
    ),
    *(
        ('residents[0].interests["choir"]', put("residents", 0, "interests", "choir", value=value))
        for value in (-3, 6, 1.0, True, None, "1")
    ),
    *(
        ('residents[0].times["morning"]', put("residents", 0, "times", "morning", value=value))
        for value in (-3, 3, None)
    ),
    *(("ties[0].strength", put("ties", 0, "strength", value=value)) for value in (0, -6, 101, True, None, 1.0)),
    *(("ties[0].cap", put("ties", 0, "cap", value=value)) for value in (0, -1, None)),
    *(
        ('residents[0].waiting["choir"]', put("residents", 0, "waiting", "choir", value=value))
        for value in (0, 11, 1.0, True, None)
    ),
    *(("activities[0].days_apart", put("activities", 0, "days_apart", value=value)) for value in (0, 36, None, "2")),
    *((f"activities[0].{key}", put("activities", 0, key, value=1)) for key in ("by_wish", "one_per_day")),
    ("spaces[0].bedside", put("spaces", 0, "bedside", value=None)),
    ("offers[0].members", put("offers", 0, "members", value=0)),
    ("offers[0].weight", put("offers", 0, "weight", value=-1)),
    ("offers[0].group", put("offers", 0, "group", value=None)),
    ("weights.usual", put("weights", "usual", value=30)),
    ("weights.usual[1]", put("weights", "usual", value=[30, -5, 5])),
    *((f"residents[0].{key}", put("residents", 0, key, value=4)) for key in ("support", "noise_max")),
    ("spaces[0].noise", put("spaces", 0, "noise", value=4)),
    ("residents[0].calm[0].noise_max", put("residents", 0, "calm", 0, "noise_max", value=4)),
    ("groups[0].targets[0].members", put("groups", 0, "targets", 0, "members", value=0)),
    ("weights.tie", put("weights", "tie", value=-1)),
    ("weights.engagement[1]", put("weights", "engagement", value=[3, -2])),
    ("weights.engagement[2]", put("weights", "engagement", value=[3, 2, 3])),
    ('travel["east"]["west"]', put("travel", "east", "west", value=-1)),
    ('residents[0].times["noon"]', put("residents", 0, "times", "noon", value=1)),
    ('residents[0].required["choir"]', put("residents", 0, "required", "choir", value=-1)),
    # identifiers
    ("spaces[0].id", put("spaces", 0, "id", value="")),
    ("residents[2].id", put("residents", 2, "id", value=7)),
    ("spaces[2].id", add("spaces", value=space("lounge"))),
    ("facilitators[2].id", add("facilitators", value=facilitator("finn"))),
    ("activities[2].id", add("activities", value=activity("choir"))),
    ("residents[3].id", add("residents", value=resident("ada"))),
    ("groups[1].id", add("groups", value={"id": "east side", "members": []})),
    ("previous[2].id", add("previous", value=session("old", day=4))),
    ("spaces[0].adjacent[1]", add("spaces", 0, "adjacent", value="hall")),
    ("usual[0].facilitators[1]", add("usual", 0, "facilitators", value="finn")),
    ("usual[1]", add("usual", value={"activity": "choir", "day": 2, "start": "10:00", "space": "hall"})),
    ("spaces[0].shares[1]", put("spaces", 0, "shares", value=["hall", "hall"])),
    ("facilitators[0].familiar_to[1]", add("facilitators", 0, "familiar_to", value="ada")),
    ("activities[0].only[2]", add("activities", 0, "only", value="ada")),
    ("residents[0].refuses.activities[1]", add("residents", 0, "refuses", "activities", value="chess")),
    ("groups[0].members[2]", add("groups", 0, "members", value="ben")),
    ("previous[1].residents[1]", add("previous", 1, "residents", value="ada")),
    ("pins[0].session.residents[1]", add("pins", 0, "session", "residents", value="ada")),
    ("ties[2]", add("ties", value={"a": "ben", "b": "ada", "apart": True})),
    ("ties[2].b", add("ties", value={"a": "cem", "b": "cem", "strength": 1})),
    # what does not exist
    ("spaces[0].adjacent[1]", add("spaces", 0, "adjacent", value="attic")),
    ("spaces[0].shares[0]", add("spaces", 0, "shares", value="attic")),
    ("facilitators[0].familiar_to[1]", add("facilitators", 0, "familiar_to", value="zoe")),
    ("activities[0].only[2]", add("activities", 0, "only", value="zoe")),
    ('residents[0].interests["golf"]', put("residents", 0, "interests", "golf", value=1)),
    ('residents[0].interests[""]', put("residents", 0, "interests", "", value=1)),
    ('residents[0].waiting["golf"]', put("residents", 0, "waiting", "golf", value=1)),
    ("offers[0].group", put("offers", 0, "group", value="west side")),
    ('residents[0].required["golf"]', put("residents", 0, "required", "golf", value=1)),
    ("residents[0].refuses.activities[1]", add("residents", 0, "refuses", "activities", value="golf")),
    ("residents[0].refuses.spaces[0]", add("residents", 0, "refuses", "spaces", value="attic")),
    ("residents[0].refuses.facilitators[0]", add("residents", 0, "refuses", "facilitators", value="zoe")),
    ("residents[0].avoids.spaces[1]", add("residents", 0, "avoids", "spaces", value="attic")),
    ("ties[0].a", put("ties", 0, "a", value="zoe")),
    ("ties[1].b", put("ties", 1, "b", value="zoe")),
    ("groups[0].members[2]", add("groups", 0, "members", value="zoe")),
    ("pins[0].session.activity", put("pins", 0, "session", "activity", value="golf")),
    ("pins[0].session.space", put("pins", 0, "session", "space", value="attic")),
    ("pins[0].session.facilitators[1]", add("pins", 0, "session", "facilitators", value="zoe")),
    ("pins[0].session.residents[1]", add("pins", 0, "session", "residents", value="zoe")),
    ("pins[1].attend", put("pins", 1, "attend", value="zoe")),
    ("pins[2].absent", put("pins", 2, "absent", value="zoe")),
    ("previous[0].activity", put("previous", 0, "activity", value="golf")),
    ("previous[0].space", put("previous", 0, "space", value="attic")),
    ("previous[0].facilitators[0]", put("previous", 0, "facilitators", 0, value="zoe")),
    # times
    *(
        ("residents[0].busy[0].from", put("residents", 0, "busy", 0, "from", value=value))
        for value in ("9:30", "09:3", "24:00", "25:00", "09:60", "0930", " 09:30", "09:30\n", "٠٩:٣٠", "", 570, None)
    ),
    *(
        ("residents[0].busy[0].to", put("residents", 0, "busy", 0, "to", value=value))
        for value in ("24:01", "24:15", "12:00", "11:00", "13:07", "1300")
    ),
    ("residents[0].busy[0].from", put("residents", 0, "busy", 0, "from", value="12:07")),
    ("residents[0].busy[0].day", put("residents", 0, "busy", 0, "day", value=7)),
    ("residents[0].busy[0].day", put("residents", 0, "busy", 0, "day", value=None)),
    ("residents[0].busy[0].day", put("residents", 0, "busy", 0, "day", value=-1)),
    ("residents[0].calm[0].to", put("residents", 0, "calm", 0, "to", value="16:00")),
    ("spaces[0].open[0].from", put("spaces", 0, "open", 0, "from", value="09:10")),
    ("facilitators[0].available[0].day", put("facilitators", 0, "available", 0, "day", value=12)),
    ("activities[0].windows[0].to", put("activities", 0, "windows", 0, "to", value="10:00")),
    ("escorts.windows[0].to", put("escorts", "windows", 0, "to", value="12:00")),
    ("spaces[0].turnaround_minutes", put("spaces", 0, "turnaround_minutes", value=10)),
    ("facilitators[0].gap_minutes", put("facilitators", 0, "gap_minutes", value=10)),
    ("residents[0].rest_minutes", put("residents", 0, "rest_minutes", value=10)),
    ("activities[1].duration_minutes", put("activities", 1, "duration_minutes", value=50)),
    ("pins[0].session.start", put("pins", 0, "session", "start", value="10:05")),
    ("pins[0].session.start", put("pins", 0, "session", "start", value="24:00")),
    ("previous[1].day", put("previous", 1, "day", value=7)),
    ("offers[0].day", put("offers", 0, "day", value=7)),
    ("offers[0].to", put("offers", 0, "to", value="10:00")),
    ("offers[0].from", put("offers", 0, "from", value="24:00")),
    ("usual[0].start", put("usual", 0, "start", value="10:0")),
    ("usual[0].day", put("usual", 0, "day", value=-1)),
    ("previous[1].start", put("previous", 1, "start", value="9:00")),
    ("frozen_until.day", put("frozen_until", "day", value=7)),
    ("frozen_until.time", put("frozen_until", "time", value="24:00")),
    *(
        ("horizon.start", put("horizon", "start", value=value))
        for value in ("2026-02-30", "30.11.2026", "20261130", "2026-W49-1", "2026-11-30T00:00", "0000-01-01", 3, None)
    ),
    # one thing against another
    ("activities[0].sessions.min", put("activities", 0, "sessions", "min", value=3)),
    ("activities[1].sessions.min", put("activities", 1, "sessions", value={"min": 2})),
    ("residents[0].sessions.min", put("residents", 0, "sessions", "min", value=6)),
    ("residents[1].sessions.min", put("residents", 1, "sessions", value={"min": 100})),
    ("activities[0].min_group", put("activities", 0, "min_group", value=11)),
    ('travel["west"]["east"]', put("travel", "west", value={"east": 4})),
    ("ties[1].strength", put("ties", 1, "strength", value=3)),
    ("ties[1].cap", put("ties", 1, "cap", value=3)),
    ("ties[1].apart", put("ties", 1, "apart", value=False)),
    ("ties[1].apart", put("ties", 1, "apart", value=1)),
    ("pins[1].session", put("pins", 1, "session", value={"id": "old"})),
    ("pins[1].session", put("pins", 1, "session", value="")),
]


def places(raw: bytes) -> list[str]:
    """Where a document has errors, as it is told; empty where it has none."""
    errors: tuple[DocumentError, ...] = ()
    try:
        read_problem(raw)
    except DocumentErrors as error:
        errors = error.errors
    assert all(each.message and "\n" not in str(each) and len(str(each)) < 400 for each in errors)
    return [each.place for each in errors]


def test_the_whole_problem_itself_is_well_formed() -> None:
    assert places(written(whole())) == []


@pytest.mark.parametrize(("place", "edit"), FAULTS, ids=[f"{k} {place}" for k, (place, _) in enumerate(FAULTS)])
def test_a_fault_is_told_at_its_place(place: str, edit: Edit) -> None:
    tree = whole()
    edit(tree)

    told = places(written(tree))

    assert told == sorted([place, *FOLLOWS.get(place, [])], key=told.index)


FOLLOWS = {  # what dangles once this is gone
    "spaces[0]": ["previous[0].space"],
    "spaces[0].id": ["previous[0].space"],
    "spaces[1].id": [],
    "facilitators[0]": ["pins[0].session.facilitators[0]", "previous[0].facilitators[0]"],
    "activities[0]": [
        "pins[0].session.activity",
        "previous[0].activity",
        'residents[0].interests["choir"]',
        'residents[0].required["choir"]',
        'residents[0].waiting["choir"]',
    ],
    "groups[0]": ["offers[0].group"],
    "groups[0].id": ["offers[0].group"],
    "residents[2].id": ["ties[1].b"],
}


TEXTS: list[tuple[str, bytes]] = [
    ("1:1", b""),
    ("1:3", b"  "),
    ("1:1", b"\xef\xbb\xbf{}"),
    ("1:1", "{}".encode("utf-16")),
    ("2:8", b'{\n "name"\xff: 1}'),
    ("1:1", b"[]"),
    ("1:1", b"3"),
    ("1:1", b'"problem"'),
    ("1:1", b"null"),
    ("1:2", b"{"),
    ("2:2", b'{"a": 1,\n }'),
    ("1:10", b'{"a": 1} {}'),
    ("1:7", b'{"a": }'),
    ("1:7", b"{\"a\": 'x'}"),
    ("1:8", b'{"a": "\x01"}'),
    ("1:2", b"{a: 1}"),
    ("1:8", b'{"a": 01}'),
    ("1:7", b'{"a": .5}'),
    ("1:7", b'{"a": +1}'),
    ("1:7", b'{"a": "x}'),
    ("1:8", b'{"a": "\\q"}'),
    ("1:200001", b"[" * 200_000),
    ("1:2", b"{// a comment\n}"),
]


@pytest.mark.parametrize(("place", "raw"), TEXTS)
def test_what_is_not_json_is_told_by_line_and_column(place: str, raw: bytes) -> None:
    assert places(raw) == [place]


RAW: list[tuple[str, str, str]] = [
    ("name", '"name": "A made-up community"', '"name": "A made-up community", "name": "Twice"'),
    ("horizon.days", '"days": 7', '"days": 7, "days": 7'),
    ('residents[0].interests["choir"]', '"choir": 3', '"choir": 3, "choir": 3'),
    ("weights.interest", '"interest": 5', '"interest": 5, "interest": 5'),
    ("residents[0].busy[0].day", '"to": "13:00", "day": 1', '"to": "13:00", "day": 1, "d\\u0061y": 1'),
    ("spaces[0].comfort", '"comfort": 8', '"comfort": NaN'),
    ("spaces[0].comfort", '"comfort": 8', '"comfort": Infinity'),
    ("spaces[0].comfort", '"comfort": 8', '"comfort": -Infinity'),
    ("spaces[0].comfort", '"comfort": 8', '"comfort": 1e999'),
    ("spaces[0].comfort", '"comfort": 8', '"comfort": 8e0'),
    ("spaces[0].comfort", '"comfort": 8', f'"comfort": {"9" * 5000}'),
    ("spaces[0].comfort", '"comfort": 8', f'"comfort": -{"9" * 5000}'),
    ("spaces[0].comfort", '"comfort": 8', f'"comfort": {"[" * 200_000}{"]" * 200_000}'),
    ("spaces[0].comfort", '"comfort": 8', f'"comfort": {"[" * 500}{"]" * 500}'),
    ("extra", '"separate_cohorts": false', '"extra": ' + '{"a": ' * 100_000 + "1" + "}" * 100_000),
    ("name", '"name": "A made-up community"', '"name": "\\ud800"'),
    ("groups[0].name", '"name": "East"', '"name": "\\udc00\\ud800"'),
    ('travel["ea\\udc00st"]', '"travel": {"east"', '"travel": {"ea\\udc00st"'),
]


@pytest.mark.parametrize(("place", "old", "new"), RAW, ids=[f"{k} {place}" for k, (place, _, _) in enumerate(RAW)])
def test_a_fault_of_the_text_is_told_at_its_place(place: str, old: str, new: str) -> None:
    text = json.dumps(whole())
    assert text.count(old) == 1

    assert places(text.replace(old, new).encode()) == [place]


def test_all_errors_are_told_at_once_and_none_hides_another() -> None:
    tree = whole()
    put("ties", 0, "cap", value=0)(tree)
    put("ties", 1, "b", value="zoe")(tree)
    put("residents", 0, "zone", value=3)(tree)
    put("residents", 1, "busy", value=[window("12:00", "11:00")])(tree)
    put("horizon", "start", value="tomorrow")(tree)
    add("groups", 0, "members", value="zoe")(tree)
    drop("residents", 2, "id")(tree)

    told = places(written(tree))

    assert told == [
        "groups[0].members[2]",
        "horizon.start",
        "residents[0].zone",
        "residents[1].busy[0].to",
        "residents[2].id",
        "ties[0].cap",
        "ties[1].b",
    ]


def test_ids_may_hold_any_character() -> None:
    tree = problem(
        residents=[resident(name) for name in ("\u0000", "a b", "é", "👵🏽", "__proto__", "a\nb", "{resident}")]
    )
    tree["residents"][0]["interests"] = {"choir": 3, "no\u0000thing\n": 1}

    assert places(written(tree)) == ['residents[0].interests["no\\u0000thing\\n"]']


def test_a_large_document_with_many_errors_is_read_in_time() -> None:
    tree = whole()
    tree["residents"] = [
        resident(f"r{k}", busy=[window("12:00", "11:00")] * 20, sessions={"min": True}) for k in range(2000)
    ]

    assert len(places(written(tree))) > 42_000
