"""What is well formed and makes no sense is told with its place; what makes sense is not."""

from typing import Any

import pytest

from solver.warnings import find_warnings
from solver.words import Words
from tests.solver.builders import Tree, activity, facilitator, problem, read, resident, session, space, whole, window

PINNED: Tree = {"id": "p", "activity": "choir", "day": 2, "start": "10:00"}
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("horizon.timezone", "zone_unknown",
     {"horizon": {"start": "2026-11-30", "days": 7, "slot_minutes": 15, "timezone": "Moon/Sea"}}),
    ("spaces[0].adjacent[0]", "itself", {"spaces": [space(adjacent=["lounge"])]}),
    ("spaces[0].shares[0]", "itself", {"spaces": [space(shares=["lounge"])]}),
    ("activities[0].only", "nobody_may", {"activities": [activity(only=[], min_group=1)]}),
    ("activities[0]", "nobody_may", {
        "activities": [activity(min_group=1)], "residents": [resident("ada", refuses={"activities": ["choir"]})]}),
    ("activities[0].min_group", "too_few_may", {"activities": [activity(only=["ada"], min_group=2)]}),
    ("activities[0].needs_features", "no_space", {"activities": [activity(needs_features=["piano"])]}),
    ("activities[0].needs_features", "no_space", {
        "activities": [activity(min_group=2)], "spaces": [space(capacity=1)]}),
    ("activities[0].needs_skills", "no_team", {"activities": [activity(needs_skills=["music"])]}),
    ("activities[0].facilitators", "no_team", {"activities": [activity(facilitators=2)]}),
    ("activities[0].duration_minutes", "no_time", {"activities": [activity(windows=[window("10:00", "10:45")])]}),
    ("activities[0].duration_minutes", "no_time", {"activities": [activity(windows=[])]}),
    ("activities[0].sessions.min", "days_short", {
        "activities": [activity(sessions={"min": 8, "max": 8}, one_per_day=True)]}),
    ('residents[0].required["choir"]', "own_refusal", {"residents": [
        resident("ada", required={"choir": 1}, refuses={"activities": ["choir"]}), resident("ben")]}),
    ('residents[0].required["choir"]', "own_refusal", {"residents": [
        resident("ada", required={"choir": 1}, avoids={"activities": ["choir"]}), resident("ben")]}),
    ('residents[0].required["choir"]', "own_only", {
        "residents": [resident("ada", required={"choir": 1}), resident("ben")],
        "activities": [activity(only=["ben"])]}),
    ('residents[0].required["choir"]', "required_often", {
        "residents": [resident("ada", required={"choir": 2})], "activities": [activity(sessions={"max": 1})]}),
    ("residents[0].targets[0].domain", "no_domain", {"residents": [
        resident("ada", targets=[{"domain": "social", "min": 1}])]}),
    ("residents[0].sessions.min", "wish", {"residents": [resident("ada", sessions={"min": 8}, max_per_day=1)]}),
    ("groups[0].targets[0].domain", "no_domain", {"groups": [
        {"id": "g", "members": ["ada"], "targets": [{"domain": "social", "members": 1, "min": 1}]}]}),
    ("groups[0].targets[0].members", "group_target", {"groups": [
        {"id": "g", "members": ["ada"], "targets": [{"domain": "", "members": 2, "min": 1}]}]}),
    ("previous[1]", "alike", {"previous": [session("s1"), session("s2")]}),
    ("pins[0]", "pin_past", {"pins": [{"session": PINNED}], "frozen_until": {"day": 2, "time": "10:15"}}),
    ("pins[0]", "pin_past", {"pins": [{"attend": "ben", "session": "s1"}], "previous": [session()],
                             "frozen_until": {"day": 0, "time": "10:15"}}),
    ("pins[0].session.day", "pin_outside", {"pins": [{"session": PINNED | {"day": 7}}]}),
    ("pins[0].session", "pin_nowhere", {"pins": [{"absent": "ada", "session": "nowhere"}]}),
    ("pins[0].session.activity", "pin_activity", {
        "pins": [{"session": PINNED}], "previous": [session("p", of="chess")],
        "activities": [activity("choir"), activity("chess")]}),
    ("pins[1]", "pin_both", {"previous": [session()], "pins": [
        {"attend": "ada", "session": "s1"}, {"absent": "ada", "session": "s1"}]}),
    ("pins[0]", "pin_refused", {"pins": [{"session": PINNED | {"residents": ["ada"]}}], "residents": [
        resident("ada", refuses={"activities": ["choir"]}), resident("ben")]}),
    ("pins[0]", "pin_refused", {"pins": [{"attend": "ada", "session": "s1"}], "previous": [session(residents=["ben"])],
                                "activities": [activity(only=["ben"])]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "code", "fields"), CASES, ids=[f"{k} {code} {place}" for k, (place, code, _) in enumerate(CASES)]
)
def test_what_makes_no_sense_is_told_at_its_place(place: str, code: str, fields: dict[str, Any]) -> None:
    document = read(problem(**fields))

    found = find_warnings(document)

    assert [(each.place, each.reason.code) for each in found] == [(place, code)]
    assert all("{" not in Words(document).sentence(each.reason) for each in found)


def test_what_makes_sense_is_not_told() -> None:
    tree = problem(
        spaces=[space(features=["piano"], adjacent=["hall"]), space("hall")],
        facilitators=[facilitator(skills=["music"], available=[])],
        activities=[
            activity(needs_skills=["music"], needs_features=["piano"], windows=[window("10:00", "11:00")], min_group=3)
        ],
        residents=[resident("ada", required={"choir": 2}), resident("ben"), resident("cem")],
        previous=[session()],
        pins=[{"attend": "ada", "session": "s1"}, {"session": PINNED}, {"absent": "ben", "session": "p"}],
    )

    assert find_warnings(read(tree)) == []


def test_a_pin_of_a_session_that_nobody_knows_is_told_in_the_whole_example() -> None:
    assert ("pins[2].session", "pin_nowhere") in [
        (each.place, each.reason.code) for each in find_warnings(read(whole()))
    ]
