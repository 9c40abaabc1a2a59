"""The points about the programme: when, where and by whom."""

import json
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from bench.five_weeks.finding import Finding, percent
from bench.five_weeks.reading import Home

WEEK = timedelta(days=7)
KEPT, SPLIT_MINUTES, OVER_SHARE = 0.85, 600, 0.05
MORE_PEOPLE, MORE_WHEELCHAIRS, MEMORY_CARE_EACH = 16, 6, 6
PARTS = ((0, 720), (720, 1020), (1020, 1440))
HARD_FOR_WHEELCHAIRS = {"walks": "walking", "stands": "balance"}
COLD_MONTHS = {11, 12, 1, 2, 3}


def skeleton(home: Home) -> Finding:
    """How many groups stand where they stood a week before."""
    shares = []
    for before, after in pairwise(home.weeks):
        stood = {(each.activity, each.day + WEEK, each.begin) for each in home.groups if each.monday == before}
        now = [each for each in home.groups if each.monday == after]
        shares.append(sum((each.activity, each.day, each.begin) in stood for each in now) / len(now))
    if not shares:
        return Finding("one week only", None)
    told = ", ".join(percent(share, 1) for share in shares)
    return Finding(f"from week to week {told} keep activity, day and time", min(shares) >= KEPT)


def days_and_parts(home: Home) -> Finding:
    """Groups a day; days and parts of days with fewer than the community's own aims ask; parts without any though one
    of the staff is there for an hour of it.

    What the week had as a person published it, and no more since it was repaired for somebody who is away, is counted
    apart: what is repaired is not planned anew.
    """
    days = [monday + timedelta(days=day) for monday in home.weeks for day in range(7)]
    counts = [sum(each.day == day for each in home.groups) for day in days]
    aims = home.rows("SELECT * FROM programme_aim WHERE living_group_id IS NULL")
    asked = [
        (day, aim, (aim["start_minute"], aim["end_minute"])) for day in days for aim in aims if _is_aimed(aim, day)
    ]
    short = [(day, span) for day, aim, span in asked if _started(home, day, *span) < aim["min_sessions"]]
    alone = sum(not _is_there(home, day, span) for day, span in short)
    lost = sum(_is_there(home, day, span) and _is_lost(home, day, span) for day, span in short)
    empty = sum(
        _is_there(home, day, span, "staff") and not _started(home, day, *span) and not _is_lost(home, day, span)
        for day in days
        for span in PARTS
    )
    figure = (
        f"{min(counts)} to {max(counts)} groups a day; {len(short)} of {len(asked)} aims for days and their parts not "
        f"reached, {alone} of them with nobody there, {lost} since somebody is away; {empty} parts of days with staff "
        "and no group"
    )
    return Finding(figure, len(short) == alone + lost and not empty)


def _is_aimed(aim: dict[str, Any], day: date) -> bool:
    if aim["on_date"] not in (None, day.isoformat()) or aim["weekday"] not in (None, day.weekday()):
        return False
    return (aim["valid_from"] or "") <= day.isoformat() <= (aim["valid_until"] or "9999")


def _started(home: Home, day: date, begin: int, end: int) -> int:
    return sum(each.day == day and begin <= each.begin < end for each in home.groups)


def _is_there(home: Home, day: date, span: tuple[int, int], kind: str = "") -> bool:
    """Whether somebody, of that kind where one is told, is rostered for an hour of a part of a day and not away."""
    query = """SELECT r.start_minute, r.end_minute FROM roster r JOIN facilitator f ON f.id = r.facilitator_id
    WHERE (r.on_date = ? OR (r.on_date IS NULL AND (r.weekday IS NULL OR r.weekday = ?)))
    AND (r.valid_from IS NULL OR r.valid_from <= ?) AND (r.valid_until IS NULL OR r.valid_until >= ?)
    AND ? IN ('', f.kind) AND NOT EXISTS (
      SELECT 1 FROM absence a WHERE a.facilitator_id = f.id AND a.first_date <= ? AND a.last_date >= ?
      AND COALESCE(a.start_minute, 0) < r.end_minute AND COALESCE(a.end_minute, 1440) > r.start_minute
    )"""
    on = day.isoformat()
    rows = home.rows(query, on, day.weekday(), on, on, kind, on, on)
    return any(min(span[1], row["end_minute"]) - max(span[0], row["start_minute"]) >= 60 for row in rows)


def _is_lost(home: Home, day: date, span: tuple[int, int]) -> bool:
    """Whether more started in a part of a day as a person published it last, on a day on which somebody is away."""
    away = home.rows("SELECT 1 FROM absence WHERE first_date <= ?1 AND last_date >= ?1", day.isoformat())
    query = """SELECT s.activity_id FROM published_session s WHERE s.on_date = ? AND s.start_minute >= ?
    AND s.start_minute < ? AND s.publication_id = (
      SELECT p.id FROM publication p WHERE p.week_start = ? AND p.kind <> 'repair' ORDER BY p.number DESC LIMIT 1
    )"""
    monday = day - timedelta(days=day.weekday())
    rows = home.rows(query, day.isoformat(), *span, monday.isoformat())
    before = sum(home.activities[row["activity_id"]]["max_group"] > 1 for row in rows)
    return bool(away) and before > _started(home, day, *span)


def leaders_by_size(home: Home) -> Finding:
    """Groups held with fewer leaders than those who came ask for, volunteers alone, and days that are too long.

    A group is meant for as many as its leaders can see to, and may be one more at most once in twenty times.
    """
    may_alone = home.has("facilitator", "leads_alone")
    people = home.table("facilitator")
    memory = _memory_units(home)
    thin = held = alone = 0
    for each in home.groups:
        there = each.came or frozenset()
        held += each.came is not None
        chairs = sum(home.residents[who]["wheelchair"] for who in there)
        wanted = 1 + (len(there) >= MORE_PEOPLE or chairs >= MORE_WHEELCHAIRS)
        if there and all(home.residents[who]["living_group_id"] in memory for who in there):
            wanted = max(wanted, -(-len(there) // MEMORY_CARE_EACH))
        thin += len(each.leaders) < wanted
        staff = any(people[who]["kind"] == "staff" for who in each.leaders)
        allowed = may_alone and any(
            _may_lead_alone(people[who], home.activities[each.activity]) for who in each.leaders
        )
        alone += bool(each.leaders) and not staff and not allowed
    hours = defaultdict(list)
    for each in home.sessions:
        for who in each.leaders:
            hours[who, each.day].append((each.begin, each.end))
    long = sum(
        max(end for _, end in spans) - min(begin for begin, _ in spans) > SPLIT_MINUTES for spans in hours.values()
    )
    figure = (
        f"{thin} of {held} groups that were held with too few leaders for who came, {alone} led by volunteers alone"
        f"{'' if may_alone else ' (nobody says which they may)'}, {long} days over ten hours"
    )
    return Finding(figure, thin <= OVER_SHARE * held and not (alone or long))


def _may_lead_alone(person: dict[str, Any], activity: dict[str, Any]) -> bool:
    listed = person["leads_alone"]
    return activity["key"] in (json.loads(listed) if isinstance(listed, str) else [])


def _memory_units(home: Home) -> set[str]:
    """Living groups most of whose residents do not leave their zone by themselves or need somebody familiar."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for row in home.residents.values():
        counts[row["living_group_id"]].append(bool(row["zone_locked"] or row["needs_familiar"] or row["support"] >= 3))
    return {unit for unit, found in counts.items() if 2 * sum(found) > len(found)}


def fetched_at_once(home: Home) -> Finding:
    """The most who are brought or taken back at one moment, against those who can bring them then."""
    escorts = home.settings.get("escorts")
    coming: Counter[tuple[date, int]] = Counter()
    for each in home.groups:
        brought = sum(bool(home.residents[who]["escort"]) for who in each.asked)
        for minute in (each.begin, each.end):
            coming[each.day, minute] += brought
    most = max(coming.values(), default=0)
    if not escorts:
        return Finding(f"at most {most} at a moment; the community sets no limit", None)
    over = sum(count > _capacity(escorts, day, minute) for (day, minute), count in coming.items())
    return Finding(f"at most {most} at a moment; {over} moments with more than can be brought", not over)


def _capacity(escorts: dict[str, Any], day: date, minute: int) -> int:
    windows = escorts.get("windows") or []
    for window in windows:
        begin, end = (int(window[key][:2]) * 60 + int(window[key][3:]) for key in ("from", "to"))
        if window.get("day") in (None, day.weekday()) and begin <= minute < end:
            return int(window["capacity"])
    return int(escorts["default"])


def ways_between(home: Home) -> Finding:
    """Two sessions of one resident with less time between than the way takes."""
    travel = home.settings.get("travel") or {}
    day_of = defaultdict(list)
    for each in home.sessions:
        for who in each.asked:
            day_of[who, each.day].append(each)
    short = sum(
        then.begin - first.end < _minutes(travel, home.spaces[first.space]["zone"], home.spaces[then.space]["zone"])
        for sessions in day_of.values()
        for first, then in pairwise(sessions)
    )
    return Finding(f"{short} times less time between two sessions than the way takes", not short)


def _minutes(travel: dict[str, dict[str, int]], one: str, other: str) -> int:
    return 0 if one == other else travel.get(one, {}).get(other, travel.get(other, {}).get(one, 0))


def fitting(home: Home) -> Finding:
    """Invitations to what somebody cannot do, and sessions outdoors in the cold months."""
    cannot = 0
    if home.has("resident", "cannot") and home.has("activity", "asks"):
        for each in home.sessions:
            asks = set(json.loads(home.activities[each.activity]["asks"] or "[]"))
            cannot += sum(bool(asks & set(json.loads(home.residents[who]["cannot"] or "[]"))) for who in each.asked)
        how = "to what the person cannot do"
    else:
        for each in home.sessions:
            if home.activities[each.activity]["key"] in HARD_FOR_WHEELCHAIRS.values():
                cannot += sum(bool(home.residents[who]["wheelchair"]) for who in each.asked)
        how = "of people in wheelchairs to walking and standing (nobody says what they cannot)"
    outdoors = [each for each in home.groups if "garden" in json.loads(home.spaces[each.space]["features"])]
    cold = sum(each.day.month in COLD_MONTHS for each in outdoors)
    figure = f"{cannot} invitations {how}; {cold} of {len(outdoors)} sessions in gardens from November to March"
    return Finding(figure, not (cannot or cold))


def visit_days(home: Home) -> Finding:
    """Visits to one person on days that follow each other, and by how many people in one week."""
    days: dict[str, set[date]] = defaultdict(set)
    visitors: dict[tuple[str, date], set[str]] = defaultdict(set)
    for each in home.visits:
        if each.ref in home.called_off:
            continue
        for who in each.asked:
            if home.was_forgotten(each, who):
                continue
            days[who].add(each.day)
            visitors[who, each.monday] |= each.leaders
    running = sum(
        then - first == timedelta(days=1) for found in days.values() for first, then in pairwise(sorted(found))
    )
    if not days:
        return Finding("no visits", None)
    mean = sum(len(found) for found in visitors.values()) / len(visitors)
    return Finding(f"{running} visits on the day after another; {mean:.1f} visitors a person and week", not running)
