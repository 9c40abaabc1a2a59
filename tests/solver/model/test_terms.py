"""Every term of the score on both sides of its edges. Each case's comment or name does the sum."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from solver.documents.exchange import TERM_NAMES
from solver.model.check import score
from solver.model.terms import TERMS
from tests.solver.builders import Tree, activity, facilitator, held, problem, read, resident, session, space, term
from tests.solver.judge import judged, needs_referee


@dataclass(frozen=True)
class Sum:
    """What a term comes to, in one problem, for some sessions."""

    term: str
    name: str
    value: int
    rows: list[Tree]
    problem: dict[str, Any] = field(default_factory=dict)


def days(*numbers: int, **fields: Any) -> list[Tree]:
    """A session of the choir on each of the days."""
    return [session(f"s{day}", day=day, **fields) for day in numbers]


def ada(**fields: Any) -> dict[str, Any]:
    return {"residents": [resident("ada", **fields), resident("ben"), resident("cem")]}


def tie(strength: int, **fields: Any) -> dict[str, Any]:
    return {"ties": [{"a": "ada", "b": "ben", "strength": strength, **fields}]}


def before(*rows: Tree) -> dict[str, Any]:
    return {
        "previous": list(rows),
        "spaces": [space("lounge"), space("hall")],
        "facilitators": [facilitator("finn"), facilitator("gia")],
    }


def usual(name: str = "choir", **fields: Any) -> dict[str, Any]:
    return {"usual": [{"activity": name, "day": 0, "start": "10:00", **fields}]}


TOGETHER = ["ada", "ben"]
PAIR = {"id": "pair", "members": ["ada", "cem"]}
BASE = usual(space="lounge", facilitators=["finn"])
SUMS = [
    Sum("interest", "4 × 3", 12, days(0), ada(interests={"choir": 3})),
    Sum("interest", "4 × 3 × 2", 24, days(0, 1), ada(interests={"choir": 3})),
    Sum("interest", "a third time is not paid", 24, days(0, 1, 2), ada(interests={"choir": 3})),
    Sum("interest", "what is disliked costs every time: 4 × −2 × 3", -24, days(0, 1, 2), ada(interests={"choir": -2})),
    Sum("interest", "nothing said", 0, days(0, 1, 2)),
    Sum("interest", "another weight: 7 × 5", 35, days(0), ada(interests={"choir": 5}) | {"weights": {"interest": 7}}),
    Sum("time", "morning to 11:45: 2 × 1", 2, days(0, start="11:45"), ada(times={"morning": 1, "afternoon": -2})),
    Sum("time", "afternoon from 12:00: 2 × −2", -4, days(0, start="12:00"), ada(times={"morning": 1, "afternoon": -2})),
    Sum("time", "afternoon to 16:45: 2 × −2", -4, days(0, start="16:45"), ada(times={"afternoon": -2, "evening": 1})),
    Sum("time", "evening from 17:00: 2 × 1", 2, days(0, start="17:00"), ada(times={"afternoon": -2, "evening": 1})),
    Sum("engagement", "12", 12, days(0)),
    Sum("engagement", "12 + 9 for one, 12 for the other", 33, [*days(0, residents=TOGETHER), session("s2", day=1)]),
    Sum("engagement", "12 + 9 + 7 + 5 + 3 + 2 + 1", 39, days(*range(7))),
    Sum("engagement", "past the end of the list", 5, days(0, 1), {"weights": {"engagement": [5]}}),
    Sum("engagement", "no list", 0, days(0, 1), {"weights": {"engagement": []}}),
    Sum("engagement", "what is disliked does not count", 0, days(0, 1), ada(interests={"choir": -1})),
    Sum("engagement", "what leaves cold does", 21, days(0, 1), ada(interests={"choir": 0})),
    Sum("shortfall", "40 × (2 − 1)", -40, days(0), ada(sessions={"min": 2})),
    Sum("shortfall", "enough", 0, days(0, 1), ada(sessions={"min": 2})),
    Sum(
        "shortfall",
        "disliked sessions are none: 40 × 2",
        -80,
        days(0, 1),
        ada(sessions={"min": 2}, interests={"choir": -1}),
    ),
    Sum("left_out", "nothing liked", -30, [], ada(sessions={"min": 1}, interests={"choir": 1})),
    Sum("left_out", "something liked", 0, days(0), ada(sessions={"min": 1}, interests={"choir": 1})),
    Sum("left_out", "who wishes for nothing", 0, [], ada(interests={"choir": 1})),
    Sum("left_out", "who likes nothing", 0, [], ada(sessions={"min": 1}, interests={"choir": 0})),
    Sum(
        "left_out",
        "something else",
        -30,
        days(0),
        ada(sessions={"min": 1}, interests={"chess": 2}) | {"activities": [activity("choir"), activity("chess")]},
    ),
    Sum(
        "target",
        "10 × 3 × (2 − 1)",
        -30,
        days(0),
        ada(targets=[{"domain": "social", "min": 2, "weight": 3}])
        | {"activities": [activity("choir", domains=["creative", "social"])]},
    ),
    Sum(
        "target",
        "met",
        0,
        days(0, 1),
        ada(targets=[{"domain": "social", "min": 2}]) | {"activities": [activity("choir", domains=["social"])]},
    ),
    Sum("target", "another domain: 10 × 2", -20, days(0, 1), ada(targets=[{"domain": "social", "min": 2}])),
    Sum(
        "target",
        "two aims of one domain: 10 × (1 + 2)",
        -30,
        days(0),
        ada(targets=[{"domain": "social", "min": 2}, {"domain": "social", "min": 3}])
        | {"activities": [activity("choir", domains=["social"])]},
    ),
    *(
        Sum(
            "group",
            name,
            value,
            days(0, 1, residents=people),
            {
                "groups": [
                    {
                        "id": "g",
                        "members": ["ada", "ben"],
                        "targets": [{"domain": domain, "members": 2, "min": 3} | extra],
                    }
                ],
                "activities": [activity("choir", domains=["social"])],
            },
        )
        for name, value, people, domain, extra in (
            ("10 × (3 − 2)", -10, TOGETHER, "social", {}),
            ("any domain", -10, TOGETHER, "", {}),
            ("weighted: 10 × 4", -40, TOGETHER, "", {"weight": 4}),
            ("met", 0, TOGETHER, "", {"min": 2}),
            ("another domain: 10 × 3", -30, TOGETHER, "creative", {}),
            ("too few of them: 10 × 3", -30, ["ada", "cem"], "", {}),
        )
    ),
    Sum("tie", "3 × 4", 12, days(0, residents=TOGETHER), tie(4)),
    Sum("tie", "3 × 4 × 2, the cap where none is said", 24, days(0, 1, 2, residents=TOGETHER), tie(4)),
    Sum("tie", "3 × 4 × 1", 12, days(0, 1, residents=TOGETHER), tie(4, cap=1)),
    Sum("tie", "3 × −2 × 3: no cap", -18, days(0, 1, 2, residents=TOGETHER), tie(-2, cap=1)),
    Sum("tie", "not together", 0, days(0, 1, residents=["ada", "cem"]), tie(4)),
    Sum("tie", "apart", 0, days(0, residents=TOGETHER), {"ties": [{"a": "ada", "b": "ben", "apart": True}]}),
    Sum("companion", "15 × 2", 30, days(0, residents=TOGETHER), tie(1)),
    Sum("companion", "once each, however often", 30, days(0, 1, residents=TOGETHER), tie(1)),
    Sum("companion", "not for those who do not get on", 0, days(0, residents=TOGETHER), tie(-1)),
    Sum(
        "companion",
        "two sessions at once are not one",
        0,
        [session("s1"), session("s2", space="hall", facilitators=[], residents=["ben"])],
        tie(1) | {"spaces": [space("lounge"), space("hall")]},
    ),
    Sum("crowd", "2 × (2 − 1)", -2, days(0, residents=TOGETHER), {"spaces": [space(comfort=1)]}),
    Sum("crowd", "comfortable", 0, days(0, residents=TOGETHER), {"spaces": [space(comfort=2)]}),
    Sum(
        "crowd", "by its seats where nothing is said", -2, days(0, residents=TOGETHER), {"spaces": [space(capacity=1)]}
    ),
    Sum(
        "walk",
        "1 × 7",
        -7,
        days(0),
        ada(zone="east") | {"spaces": [space(zone="west")], "travel": {"west": {"east": 7}}},
    ),
    Sum("walk", "nothing said", 0, days(0), ada(zone="east") | {"spaces": [space(zone="west")]}),
    Sum(
        "walk",
        "within a zone that is far from itself: 3",
        -3,
        days(0),
        ada(zone="east") | {"spaces": [space(zone="east")], "travel": {"east": {"east": 3}}},
    ),
    Sum("session", "6 × 2", -12, days(0, 1)),
    Sum("session", "6 + 5, the cost unweighted", -11, days(0), {"activities": [activity(cost=5)]}),
    *(
        Sum("offer", name, value, days(0, 1, residents=TOGETHER), {"offers": [offer], "groups": [PAIR], **fields})
        for name, value, offer, fields in (
            ("20 × (2 × 2 + 5 × 3)", -380, {"min": 3}, {}),
            ("a visit is none: 20 × 7", -140, {"min": 1}, {"activities": [activity(max_group=1)]}),
            ("nothing asked", 0, {"min": 0}, {}),
            ("one day alone: 20 × 4 × (2 − 1)", -80, {"min": 2, "day": 1, "weight": 4}, {}),
            ("from its first moment on", 0, {"min": 1, "day": 1, "from": "10:00"}, {}),
            ("to before its last: 20 × 1", -20, {"min": 1, "day": 1, "to": "10:00"}, {}),
            ("off the grid", 0, {"min": 1, "day": 1, "from": "09:59", "to": "10:01"}, {}),
            ("one of the group", 0, {"min": 1, "day": 0, "group": "pair"}, {}),
            ("one of their two is too few: 20 × 1", -20, {"min": 1, "day": 0, "group": "pair", "members": 2}, {}),
        )
    ),
    Sum("offer", "nothing said", 0, []),
    Sum("usual", "30, at its time alone", 30, days(0), usual()),
    Sum("usual", "30 + 5, in its space", 35, days(0), usual(space="lounge")),
    Sum("usual", "30 + 5, led by all of its team", 35, days(0), usual(facilitators=["finn"])),
    Sum("usual", "one of the team is too few", 30, days(0), usual(facilitators=["finn", "gia"])),
    Sum("usual", "nobody is no team", 30, days(0, facilitators=[]), usual(facilitators=[])),
    Sum("usual", "all three, by other weights", 111, days(0), BASE | {"weights": {"usual": [100, 10, 1]}}),
    Sum("usual", "another day", 0, days(1), BASE),
    Sum("usual", "another time", 0, days(0, start="10:15"), BASE),
    Sum("usual", "another activity", 0, days(0), usual("chess")),
    Sum(
        "usual",
        "once, and of two sessions each keeps what it does: 30 + 5 + 5",
        40,
        [session("s1", facilitators=[]), session("s2", space="hall")],
        BASE | {"spaces": [space("lounge"), space("hall")]},
    ),
    Sum("usual", "what has left earns nothing", 30, days(0), usual(space="gone", facilitators=["finn", "gone"])),
    Sum("turn", "4 × 7, once", 28, days(0, 1), ada(waiting={"choir": 7})),
    Sum("turn", "in vain again", 0, [], ada(waiting={"choir": 7})),
    Sum("turn", "another weight: 3 × 7", 21, days(0), ada(waiting={"choir": 7}) | {"weights": {"turn": 3}}),
    Sum("cancel", "20 × 2", -40, [], before(session(residents=TOGETHER))),
    Sum("cancel", "those who left do not count: 20 × 1", -20, [], before(session(residents=["ada", "gone"]))),
    Sum("cancel", "kept", 0, days(1), before(session("s1"))),
    Sum("move", "10 × 2, another day", -20, [session(day=1)], before(session(residents=TOGETHER))),
    Sum("move", "10 × 1, another time", -10, [session(start="10:15")], before(session())),
    Sum("move", "another room is no move", 0, [session(space="hall")], before(session())),
    Sum("relocate", "2 × 2", -4, [session(space="hall")], before(session(residents=TOGETHER))),
    Sum("relocate", "moved and relocated: 2 × 1", -2, [session(space="hall", day=1)], before(session())),
    Sum("relocate", "the same room", 0, [session(day=1)], before(session())),
    Sum("drop", "15 × 1", -15, [session(residents=["ben", "cem"])], before(session(residents=TOGETHER))),
    Sum("drop", "who left is not dropped", 0, [session()], before(session(residents=["ada", "gone"]))),
    Sum("drop", "a cancelled session drops nobody", 0, [], before(session(residents=TOGETHER))),
    Sum("relead", "4 × 1", -4, [session(facilitators=["gia"])], before(session(facilitators=["finn"]))),
    Sum("relead", "4 × 1 of two", -4, [session()], before(session(facilitators=["finn", "gia"]))),
    Sum("relead", "one more is no loss", 0, [session(facilitators=["finn", "gia"])], before(session())),
    Sum("relead", "who left does not count", 0, [session()], before(session(facilitators=["finn", "gone"]))),
    Sum("relead", "a cancelled session is led by nobody", 0, [], before(session())),
]
NAMES = [f"{each.term}: {each.name}" for each in SUMS]


@pytest.mark.parametrize("case", SUMS, ids=NAMES)
def test_a_term_comes_to_its_sum(case: Sum) -> None:
    assert term(case.term, problem(**case.problem), case.rows) == case.value


@needs_referee
@pytest.mark.parametrize("case", SUMS, ids=NAMES)
def test_the_referee_has_the_same_sum(case: Sum) -> None:
    assert judged(problem(**case.problem), case.rows, [])[1][case.term] == case.value


@pytest.mark.parametrize("name", [name for name in TERM_NAMES if name not in ("engagement", "usual")])
def test_a_weight_scales_its_term_and_no_other(name: str) -> None:
    tree = problem(
        **before(session("gone"), session("s1", residents=["ada", "ben", "cem"])),
        offers=[{"min": 2}],
        **tie(3),
        groups=[{"id": "g", "members": ["ada"], "targets": [{"domain": "", "members": 1, "min": 2}]}],
        travel={"": {"": 1}},
    )
    tree["residents"] = [
        resident(
            "ada",
            interests={"choir": 2},
            times={"morning": 1},
            waiting={"choir": 2},
            targets=[{"domain": "social", "min": 1}],
        ),
        resident("ben", interests={"chess": 2}, sessions={"min": 3}),
        resident("cem"),
    ]
    tree["activities"].append(activity("chess"))
    tree["spaces"] = [space("lounge"), space("hall", comfort=1)]
    rows = [session("s1", space="hall", start="11:00", residents=["ada", "ben"], facilitators=["gia"])]
    plain = score(read(tree), held(rows))

    doubled = score(read(tree | {"weights": {name: getattr(read(tree).weights, name) * 2}}), held(rows))

    assert plain[name] != 0
    assert doubled == plain | {name: plain[name] * 2}


@pytest.mark.parametrize("name", TERM_NAMES)
def test_every_term_has_sums_on_both_sides(name: str) -> None:
    assert len({each.value for each in SUMS if each.term == name}) > 1


def test_the_terms_stand_in_the_order_of_the_format() -> None:
    assert tuple(each.name for each in TERMS) == TERM_NAMES
    assert all(each.sentence and each.sentence[-1] == "." for each in TERMS)
