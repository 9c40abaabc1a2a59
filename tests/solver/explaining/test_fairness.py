"""Who has how many sessions, who is left out and why, and whether successive weeks favour the same people."""

import time
from typing import Any

import pytest

from solver.documents.exchange import digest
from solver.explaining.fairness import CAUSE_OF, LeftOut, fairness, favoured, liked_counts
from solver.model.wording.words import Words
from solver.run.limits import Limits
from solver.run.solve import solve
from tests.solver.builders import (
    Tree,
    activity,
    facilitator,
    held,
    problem,
    read,
    resident,
    session,
    space,
    window,
    written,
)
from tests.solver.explaining.cases import case, some_case


def test_the_figures_count_sessions_and_liked_sessions() -> None:
    tree = problem(
        residents=[
            resident("ada", interests={"choir": 1}, zone="east"),
            resident("ben", interests={"choir": -1}, zone="east"),
            resident("cem"),
        ],
        groups=[{"id": "g", "members": ["ada", "cem"]}],
    )
    rows = [session(residents=["ada", "ben"]), session("s2", day=1), session("s3", day=2), session("s4", day=3)]

    found = fairness(read(tree), held(rows))

    assert (found.everybody.sessions, found.everybody.liked) == ((1, 1, 0, 0, 1), (2, 0, 0, 0, 1))
    assert (found.everybody.total, found.everybody.total_liked) == (5, 4)
    assert (found.everybody.under_floor, found.everybody.under_almost) == (("ben", "cem"), ("ben", "cem"))
    assert (found.groups["g"].residents, found.groups["g"].sessions) == (2, (1, 0, 0, 0, 1))
    assert {zone: spread.without_liked for zone, spread in found.zones.items()} == {"": ("cem",), "east": ("ben",)}


LIKES: Tree = {"interests": {"choir": 2}}


def left(ben: Tree, **fields: Any) -> LeftOut:
    """Why Ben is left out of the choir, in which Ada is."""
    tree = problem(residents=[resident("ada"), resident("ben", **{**LIKES, **ben})], **fields)
    [found] = [row for row in fairness(read(tree), held([session()])).left_out if row.resident == "ben"]
    return found


@pytest.mark.parametrize(
    ("ben", "code"),
    [
        ({"sessions": {"max": 0}}, "out_wishes_none"),
        ({"interests": {"choir": -1}}, "out_likes_nothing"),
        ({"refuses": {"activities": ["choir"]}}, "out_closed"),
        ({"avoids": {"spaces": ["lounge"]}}, "out_place"),
        ({"busy": [window("10:00", "10:15")]}, "out_busy"),
        ({"max_per_day": 0}, "out_clash"),
        ({"needs_familiar": True}, "out_company"),
        ({}, "out_could"),
    ],
)
def test_why_somebody_is_left_out_by_what_they_are(ben: Tree, code: str) -> None:
    found = left(ben)

    assert [each.code for each in found.reasons] == [code]
    assert not found.counts  # he has no least number of sessions


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"spaces": [space(capacity=1)]}, "out_full"),
        ({"facilitators": [facilitator(support=1)]}, "out_help"),
        ({"spaces": [space(noise=2)]}, "out_loud"),
        ({"ties": [{"a": "ada", "b": "ben", "apart": True}]}, "out_company"),
        ({"pins": [{"absent": "ben", "session": "s1"}], "previous": [session()]}, "out_pinned"),
        ({"previous": [session()], "frozen_until": {"day": 1, "time": "00:00"}}, "out_past"),
    ],
)
def test_why_somebody_is_left_out_by_what_there_is(fields: Tree, code: str) -> None:
    assert [each.code for each in left({"support": 2, "noise_max": 1}, **fields).reasons] == [code]


def test_what_came_nearest_is_told_first() -> None:
    tree = problem(
        activities=[activity("chess"), activity("choir"), activity("film")],
        spaces=[space(capacity=1)],
        residents=[
            resident("ada"),
            resident(
                "ben",
                sessions={"min": 1},
                interests={"film": 1, "choir": 1, "chess": 1},
                busy=[window("15:00", "16:00")],
            ),
        ],
    )
    rows = [session(), session("s2", "chess", start="14:30", residents=[]), session("s3", day=1, start="15:00")]

    [ada, ben] = fairness(read(tree), held(rows)).left_out

    assert [(each.code, each.fact("activity")) for each in ben.reasons] == [
        ("out_full", "choir"),
        ("out_busy", "chess"),
        ("out_not_held", "film"),
    ]
    assert (ada.sessions, ada.counts, ben.sessions, ben.counts) == (2, False, 0, True)


def test_every_cause_has_words() -> None:
    for seed in range(60):
        tree, rows, _ = some_case(seed)
        words = Words(read(tree))
        for row in fairness(read(tree), held(rows)).left_out:
            assert row.reasons
            assert all("{" not in words.sentence(each) for each in row.reasons)


# ---- successive weeks


def test_who_is_always_worst_off_is_seen() -> None:
    weeks = [{"ada": 2, "ben": 1, "cem": 1}, {"ada": 1, "ben": 0, "cem": 2}, {"ada": 3, "ben": 3, "cem": 3}]

    found = favoured(weeks)

    assert found.worst == ({"ben", "cem"}, {"ben"}, frozenset())  # in the third nobody is worse off than others
    assert (found.times, found.always_worst) == ({"ben": 2, "cem": 1}, {"ben"})
    assert (found.overlap, found.by_chance) == (1.0, 0.6667)  # a lone worst off meets two of three


def test_the_same_order_agrees_and_the_reverse_disagrees() -> None:
    week = {"ada": (0, 3), "ben": (1, 1), "cem": (2, 0)}
    other = {"ada": (2, 0), "ben": (1, 1), "cem": (0, 9)}

    assert favoured([week, week]).agreement == 1.0
    assert favoured([week, other]).agreement == -1.0
    assert favoured([week]).agreement is None
    assert favoured([]).worst == ()


def alike(residents: int, seats: int, days: int) -> Tree:
    """Residents who are alike in everything, and seats for fewer than all."""
    people = [resident(f"r{k:02}", interests={"choir": 3}) for k in range(residents)]
    choir = activity("choir", min_group=1, max_group=3, sessions={"max": seats // 3}, one_per_day=True)
    horizon = {"start": "2026-11-30", "days": days, "slot_minutes": 60, "timezone": "UTC"}
    return problem(residents=people, activities=[choir], horizon=horizon)


def luck(tree: Tree, seeds: int, seconds: float) -> list[dict[str, tuple[int, int]]]:
    """By seed, how well off each is in the week that it gives."""
    raw, weeks = written(tree), []
    for seed in range(seeds):
        limits = Limits(seconds, time.monotonic(), 1, seed, False)
        found = solve(read(tree), digest(raw), limits, None, lambda told: None, lambda: False)
        weeks.append(liked_counts(read(tree), found.sessions))
    return weeks


@pytest.mark.slow(1)
def test_seeds_spread_luck_among_people_who_are_alike() -> None:
    """Most of 60 have no seat in a week, by lot: two weeks' worst off agree about as far as chance has it."""
    found = favoured(luck(alike(60, 18, 7), 4, 2.0))

    assert None not in (found.overlap, found.by_chance, found.agreement)
    assert abs((found.overlap or 0) - (found.by_chance or 0)) < 0.15
    assert abs(found.agreement or 0) < 0.3


@pytest.mark.slow
def test_seeds_spread_luck_in_a_small_problem() -> None:
    """Six of twelve have no seat; the first schedule is the best already, and is itself by lot."""
    assert favoured(luck(alike(12, 6, 3), 8, 1.0)).always_worst == frozenset()


def test_what_is_in_the_way_of_everybody_has_a_name() -> None:
    """Else it would be said of somebody that they could still be invited."""
    for seed in range(60):
        asked = case(*some_case(seed))
        for one in asked.ledger.reading.held:
            for who in asked.ledger.week:
                found = [] if asked.ledger.is_in(who, one) else asked.breaches.of(who, one)
                assert not found or {each.reason.code for each in found} & CAUSE_OF.keys(), found
