"""Rows to a problem: who and what is there in a week, and when; each edge from both sides."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from milieu.calendar.weeks import Week, to_utc
from milieu.database import DbSession, Engines, make_engines, unit_of_work
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import (
    Absence,
    ActivityHours,
    ActivityMember,
    CommunitySettings,
    FamiliarFace,
    GroupAim,
    Outbreak,
    Roster,
    SpaceClosure,
    SpaceHours,
    SpaceRelation,
    Stay,
)
from milieu.solving.problem.document import REPAIR_WEIGHTS, ProblemSource, make_problem
from solver.documents import exchange
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, community, minute, small_community

BEFORE = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # the Friday before MONDAY
SUNDAY = MONDAY + timedelta(days=6)
DAY = timedelta(days=1)
Windows = list[tuple[int | None, str, str]]


@pytest.fixture
def db(sqlite_url: str) -> Iterator[DbSession]:
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as session:
        yield session
    engines.dispose()


@pytest.fixture
def elm(db: DbSession) -> CommunityBuilder:
    """A group, a lounge, Finn on duty from nine to five, the choir, and Ada."""
    built = community(db)
    built.space("lounge")
    built.facilitator("finn")
    built.activity("choir", min_group=1)
    built.resident("ada")
    return built


def problem(
    elm: CommunityBuilder, now: datetime = BEFORE, *, repair: bool = False, week: date = MONDAY
) -> ProblemSource:
    elm.db.flush()
    return make_problem(elm.db, elm.id, week, now, repair=repair)


def windows(rows: tuple[exchange.Window, ...] | None) -> Windows | None:
    return None if rows is None else [(row.day, row.from_, row.to) for row in rows]


def ada(elm: CommunityBuilder, **given: Any) -> exchange.Resident:
    [found] = [row for row in problem(elm, **given).document.residents if row.id == elm.residents["ada"].id]
    return found


def finn(elm: CommunityBuilder) -> exchange.Facilitator:
    [found] = problem(elm).document.facilitators
    return found


def lounge(elm: CommunityBuilder) -> exchange.Space:
    [found] = problem(elm).document.spaces
    return found


def choir(elm: CommunityBuilder) -> exchange.Activity:
    [found] = problem(elm).document.activities
    return found


def hours(start: str, end: str, **fields: Any) -> dict[str, Any]:
    return {"start_minute": minute(start), "end_minute": minute(end), **fields}


def except_on(day: int, window: tuple[str, str], *instead: tuple[str, str]) -> Windows:
    """A daily window, other on one day."""
    rows: Windows = [(each, *window) for each in range(7) if each != day]
    return sorted([*rows, *((day, *other) for other in instead)], key=lambda row: (row[0] or 0, row[1]))


# ---- the week


def test_a_week_starts_on_a_monday(elm: CommunityBuilder) -> None:
    with pytest.raises(Invalid, match="Monday"):
        problem(elm, week=MONDAY + DAY)


def test_a_community_that_is_not_there_has_no_week(elm: CommunityBuilder) -> None:
    with pytest.raises(NotFound):
        make_problem(elm.db, "nobody", MONDAY, BEFORE, repair=False)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 11, 29, 23, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 30, 0, 0, tzinfo=UTC), None),
        (datetime(2026, 11, 30, 0, 0, 1, tzinfo=UTC), (0, "00:15")),
        (datetime(2026, 12, 2, 9, 0, tzinfo=UTC), (2, "09:00")),
        (datetime(2026, 12, 2, 9, 0, 0, 1, tzinfo=UTC), (2, "09:15")),
        (datetime(2026, 12, 2, 23, 50, tzinfo=UTC), (3, "00:00")),
        (datetime(2026, 12, 6, 23, 45, tzinfo=UTC), (6, "23:45")),
    ],
)
def test_what_has_begun_is_frozen_up_to_the_next_slot(
    elm: CommunityBuilder, now: datetime, until: tuple[int, str] | None
) -> None:
    frozen = problem(elm, now).document.frozen_until

    assert (frozen and (frozen.day, frozen.time)) == until


def test_a_week_that_is_over_has_no_problem(elm: CommunityBuilder) -> None:
    with pytest.raises(Conflict, match="over"):
        problem(elm, datetime(2026, 12, 6, 23, 46, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now", "until"),
    [  # Sydney's clocks go forward on 4 October 2026 at 2:00, back on 5 April 2026 at 3:00
        (datetime(2026, 10, 3, 15, 59, tzinfo=UTC), (6, "02:00")),
        (datetime(2026, 10, 3, 16, 0, tzinfo=UTC), (6, "03:00")),
    ],
)
def test_the_frozen_moment_is_the_walls_own_at_a_clock_change(
    db: DbSession, now: datetime, until: tuple[int, str]
) -> None:
    gum = community(db, "gum", timezone="Australia/Sydney")

    frozen = problem(gum, now, week=date(2026, 9, 28)).document.frozen_until

    assert frozen is not None
    assert (frozen.day, frozen.time) == until


def test_a_skipped_time_moves_later_and_a_double_one_is_the_first() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)

    assert to_utc(spring, 90, "Europe/London") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 2:30 on the wall
    assert to_utc(spring, 150, "Europe/London") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert to_utc(autumn, 90, "Europe/London") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert to_utc(autumn, 1440, "Europe/London") == datetime(2026, 10, 26, 0, 0, tzinfo=UTC)


def test_the_seed_is_another_one_each_week() -> None:
    seeds = {Week(MONDAY + timedelta(weeks=n), "Europe/London").seed for n in range(-60, 60)}

    assert len(seeds) == 120


# ---- windows


def test_hours_of_every_day_have_no_day(elm: CommunityBuilder) -> None:
    assert windows(finn(elm).available) == [(None, "09:00", "17:00")]


def test_hours_of_a_weekday_and_of_a_date_are_that_days(elm: CommunityBuilder) -> None:
    ids = {"community_id": elm.id, "facilitator_id": elm.facilitators["finn"].id}
    elm.add(Roster(**ids, **hours("18:00", "20:00", weekday=4)))
    elm.add(Roster(**ids, **hours("18:00", "20:00", on_date=MONDAY)))
    elm.add(Roster(**ids, **hours("18:00", "20:00", on_date=MONDAY - DAY)))

    assert windows(finn(elm).available) == [(None, "09:00", "17:00"), (0, "18:00", "20:00"), (4, "18:00", "20:00")]


@pytest.mark.parametrize(
    ("valid", "holds"),
    [
        ({"valid_from": SUNDAY}, True),
        ({"valid_from": SUNDAY + DAY}, False),
        ({"valid_until": MONDAY}, True),
        ({"valid_until": MONDAY - DAY}, False),
    ],
)
def test_hours_hold_from_their_first_to_their_last_day(
    elm: CommunityBuilder, valid: dict[str, date], holds: bool
) -> None:
    elm.busy(elm.residents["ada"], "10:00", "11:00", **valid)
    day = 6 if "valid_from" in valid else 0

    assert windows(ada(elm).busy) == ([(day, "10:00", "11:00")] if holds else [])


def test_touching_hours_become_one_so_that_a_session_may_lie_across(elm: CommunityBuilder) -> None:
    for start, end in (("09:00", "12:00"), ("12:00", "15:00")):
        elm.add(SpaceHours(community_id=elm.id, space_id=elm.spaces["lounge"].id, **hours(start, end)))

    assert windows(lounge(elm).open) == [(None, "09:00", "15:00")]


def test_the_hours_of_an_activity_are_choices_and_stay_apart(elm: CommunityBuilder) -> None:
    for start, end in (("09:00", "10:00"), ("10:00", "11:00")):
        elm.add(ActivityHours(community_id=elm.id, activity_id=elm.activities["choir"].id, **hours(start, end)))

    assert windows(choir(elm).windows) == [(None, "09:00", "10:00"), (None, "10:00", "11:00")]


def test_off_the_grid_what_is_available_shrinks_and_what_is_taken_grows(elm: CommunityBuilder) -> None:
    elm.db.execute(Roster.__table__.delete())  # type: ignore[attr-defined]
    elm.add(Roster(community_id=elm.id, facilitator_id=elm.facilitators["finn"].id, **hours("09:01", "16:59")))
    elm.add(Roster(community_id=elm.id, facilitator_id=elm.facilitators["finn"].id, **hours("18:01", "18:29")))
    elm.busy(elm.residents["ada"], "10:01", "10:16")
    elm.busy(elm.residents["ada"], "23:50", "24:00")
    elm.calm(elm.residents["ada"], "15:59", "17:01")

    assert windows(finn(elm).available) == [(None, "09:15", "16:45")]
    assert windows(ada(elm).busy) == [(None, "10:00", "10:30"), (None, "23:45", "24:00")]
    assert windows(ada(elm).calm) == [(None, "15:45", "17:15")]


def test_minutes_off_the_grid_are_rounded_to_the_safe_side(elm: CommunityBuilder) -> None:
    elm.activities["choir"].duration_minutes = 46
    elm.facilitators["finn"].gap_minutes = 5
    elm.spaces["lounge"].turnaround_minutes = 15
    elm.residents["ada"].rest_minutes = 16

    assert choir(elm).duration_minutes == 60
    assert finn(elm).gap_minutes == 15
    assert lounge(elm).turnaround_minutes == 15
    assert ada(elm).rest_minutes == 30


def test_without_hours_a_space_is_always_open_a_facilitator_never_there(elm: CommunityBuilder) -> None:
    elm.facilitator("gita", hours=())
    found = problem(elm).document

    assert lounge(elm).open is None
    assert choir(elm).windows is None
    assert [windows(row.available) for row in found.facilitators] == [[(None, "09:00", "17:00")], []]


def test_hours_that_have_all_run_out_are_none(elm: CommunityBuilder) -> None:
    past = hours("09:00", "10:00", valid_until=MONDAY - DAY)
    elm.add(SpaceHours(community_id=elm.id, space_id=elm.spaces["lounge"].id, **past))
    elm.add(ActivityHours(community_id=elm.id, activity_id=elm.activities["choir"].id, **past))

    assert lounge(elm).open == ()
    assert choir(elm).windows == ()


def test_an_absence_takes_its_days_out_of_the_roster(elm: CommunityBuilder) -> None:
    ids = {"community_id": elm.id, "facilitator_id": elm.facilitators["finn"].id}
    elm.add(Absence(**ids, first_date=MONDAY + DAY, last_date=MONDAY + DAY))

    assert windows(finn(elm).available) == except_on(1, ("09:00", "17:00"))


def test_an_absence_is_one_stretch_from_its_first_to_its_last_minute(elm: CommunityBuilder) -> None:
    ids = {"community_id": elm.id, "facilitator_id": elm.facilitators["finn"].id}
    elm.add(
        Absence(
            **ids,
            first_date=MONDAY,
            last_date=MONDAY + 2 * DAY,
            start_minute=minute("15:50"),
            end_minute=minute("10:05"),
        )
    )

    assert windows(finn(elm).available) == [
        (0, "09:00", "15:45"),
        (2, "10:15", "17:00"),
        *((day, "09:00", "17:00") for day in range(3, 7)),
    ]


@pytest.mark.parametrize(("first", "last"), [(SUNDAY + DAY, SUNDAY + 3 * DAY), (MONDAY - 3 * DAY, MONDAY - DAY)])
def test_an_absence_of_another_week_takes_nothing(elm: CommunityBuilder, first: date, last: date) -> None:
    ids = {"community_id": elm.id, "facilitator_id": elm.facilitators["finn"].id}
    elm.add(Absence(**ids, first_date=first, last_date=last))

    assert windows(finn(elm).available) == [(None, "09:00", "17:00")]


def test_a_closure_takes_its_time_out_of_an_open_space(elm: CommunityBuilder) -> None:
    elm.add(
        SpaceClosure(
            community_id=elm.id,
            space_id=elm.spaces["lounge"].id,
            first_date=MONDAY,
            last_date=MONDAY,
            start_minute=minute("10:00"),
            end_minute=minute("12:00"),
        )
    )

    whole: Windows = [(day, "00:00", "24:00") for day in range(1, 7)]
    assert windows(lounge(elm).open) == [(0, "00:00", "10:00"), (0, "12:00", "24:00"), *whole]


# ---- who and what is there


@pytest.mark.parametrize(("ended", "open_days"), [(MONDAY, None), (MONDAY + DAY, 1), (SUNDAY + DAY, 7), (SUNDAY, 6)])
def test_what_ends_in_the_week_is_there_until_the_day_before(
    elm: CommunityBuilder, ended: date, open_days: int | None
) -> None:
    for row in (elm.spaces["lounge"], elm.facilitators["finn"], elm.activities["choir"]):
        row.ended_on = ended
    found = problem(elm).document
    rows = [
        *(space.open for space in found.spaces),
        *(row.available for row in found.facilitators),
        *(row.windows for row in found.activities),
    ]

    if open_days is None:
        assert rows == []
    elif open_days == 7:
        assert [windows(row) for row in rows] == [None, [(None, "09:00", "17:00")], None]
    else:
        assert [len(row or ()) for row in rows] == [open_days] * 3


@pytest.mark.parametrize(("starts", "days"), [(MONDAY, 7), (SUNDAY, 1), (SUNDAY + DAY, 0)])
def test_what_starts_in_the_week_is_there_from_that_day(elm: CommunityBuilder, starts: date, days: int) -> None:
    elm.activities["choir"].starts_on = elm.facilitators["finn"].starts_on = starts
    found = problem(elm).document

    assert len(found.activities) == len(found.facilitators) == bool(days)
    if 0 < days < 7:
        assert windows(found.activities[0].windows) == [(6, "00:00", "24:00")]
        assert windows(found.facilitators[0].available) == [(6, "09:00", "17:00")]


@pytest.mark.parametrize(("arrived", "busy_days"), [(MONDAY, 0), (MONDAY + DAY, 1), (SUNDAY, 6), (SUNDAY + DAY, None)])
def test_who_arrives_is_busy_until_then(elm: CommunityBuilder, arrived: date, busy_days: int | None) -> None:
    elm.residents["ada"].arrived_on = arrived
    found = problem(elm).document.residents

    assert [windows(row.busy) for row in found] == (
        [] if busy_days is None else [[(day, "00:00", "24:00") for day in range(busy_days)]]
    )


@pytest.mark.parametrize(("left", "free_days"), [(MONDAY, None), (MONDAY + DAY, 1), (SUNDAY, 6), (SUNDAY + DAY, 7)])
def test_who_leaves_is_busy_from_that_day(elm: CommunityBuilder, left: date, free_days: int | None) -> None:
    elm.residents["ada"].left_on = left
    found = problem(elm).document.residents

    assert [windows(row.busy) for row in found] == (
        [] if free_days is None else [[(day, "00:00", "24:00") for day in range(free_days, 7)]]
    )


def test_who_leaves_and_comes_back_within_the_week_is_busy_between(elm: CommunityBuilder) -> None:
    stay = elm.residents["ada"].last_stay
    stay.left_on = MONDAY + 2 * DAY
    elm.residents["ada"].stays.append(Stay(community_id=elm.id, arrived_on=MONDAY + 5 * DAY))
    elm.residents["ada"].sessions_min = 7

    assert windows(ada(elm).busy) == [(2, "00:00", "24:00"), (3, "00:00", "24:00"), (4, "00:00", "24:00")]
    assert ada(elm).sessions.min == 4


def test_of_a_part_of_the_week_a_part_of_the_sessions_is_wished_for(elm: CommunityBuilder) -> None:
    elm.residents["ada"].sessions_min = 5
    whole = ada(elm).sessions.min
    elm.residents["ada"].arrived_on = MONDAY + 4 * DAY  # three days of seven

    assert (whole, ada(elm).sessions.min) == (5, 2)


def test_residents_carry_no_name(elm: CommunityBuilder) -> None:
    elm.residents["ada"].given_name = "Philomena"

    raw = problem(elm).raw.decode()

    assert "Philomena" not in raw
    assert "Made-Up" not in raw


def test_needs_and_limits_of_a_resident_are_passed_on(elm: CommunityBuilder) -> None:
    for name, value in {
        "wheelchair": True,
        "escort": True,
        "support": 2,
        "noise_max": 1,
        "needs_familiar": True,
        "zone_locked": True,
        "max_per_day": 2,
        "sessions_min": 1,
        "sessions_max": 4,
        "times": {"morning": 2, "evening": 0},
    }.items():
        setattr(elm.residents["ada"], name, value)
    row = ada(elm)

    assert (row.wheelchair, row.escort, row.support, row.noise_max) == (True, True, 2, 1)
    assert (row.needs_familiar, row.zone_locked, row.max_per_day) == (True, True, 2)
    assert (row.sessions.min, row.sessions.max, row.times, row.zone) == (1, 4, {"morning": 2}, "garden")


def test_the_residents_own_word_outranks_others_and_the_newest_counts(elm: CommunityBuilder) -> None:
    who, what = elm.residents["ada"], elm.activities["choir"]
    elm.wish(who, what, 5, said_by="relative", said_on=date(2026, 11, 20))
    elm.wish(who, what, 1, said_by="resident", said_on=date(2026, 1, 1))
    elm.wish(who, what, -1, said_by="resident", said_on=date(2026, 2, 1))

    assert ada(elm).interests == {what.id: -1}


@pytest.mark.parametrize(
    ("valid", "now", "holds"),
    [
        ({"valid_until": MONDAY}, BEFORE, True),
        ({"valid_until": MONDAY - DAY}, BEFORE, False),
        ({"valid_from": SUNDAY}, BEFORE, True),
        ({"valid_from": SUNDAY + DAY}, BEFORE, False),
        ({"valid_until": NOW.date()}, NOW, True),
        ({"valid_until": NOW.date() - DAY}, NOW, False),  # it has run out within the week
    ],
)
def test_wishes_noes_and_aims_hold_while_they_touch_the_rest_of_the_week(
    elm: CommunityBuilder, valid: dict[str, date], now: datetime, holds: bool
) -> None:
    who, what = elm.residents["ada"], elm.activities["choir"]
    elm.wish(who, what, 3, **valid)
    elm.refusal(who, space=elm.spaces["lounge"], **valid)
    elm.limit(who, facilitator=elm.facilitators["finn"], **valid)
    elm.target(who, "social", **valid)
    elm.add(GroupAim(community_id=elm.id, living_group_id=who.living_group_id, members=1, min_sessions=1, **valid))
    found = problem(elm, now).document
    row = found.residents[0]

    assert bool(row.interests) is holds
    assert bool(row.refuses.spaces) is holds
    assert bool(row.avoids.facilitators) is holds
    assert bool(row.targets) is holds
    assert bool(found.groups[0].targets) is holds


@pytest.mark.parametrize(("strength", "refused"), [(-2, True), (-1, True), (0, False), (1, False)])
def test_what_somebody_does_not_like_they_are_not_asked_to(elm: CommunityBuilder, strength: int, refused: bool) -> None:
    elm.wish(elm.residents["ada"], elm.activities["choir"], strength)

    assert ada(elm).refuses.activities == ((elm.activities["choir"].id,) if refused else ())


def test_noes_name_what_they_are_said_to(elm: CommunityBuilder) -> None:
    who, gone = elm.residents["ada"], elm.space("old hall", ended_on=MONDAY)
    elm.refusal(who, activity=elm.activities["choir"])
    elm.refusal(who, space=gone)
    elm.limit(who, space=elm.spaces["lounge"])
    elm.limit(who, facilitator=elm.facilitators["finn"])
    row = ada(elm)

    assert row.refuses == exchange.Noes(activities=(elm.activities["choir"].id,))
    assert row.avoids == exchange.Noes(spaces=(elm.spaces["lounge"].id,), facilitators=(elm.facilitators["finn"].id,))


# ---- between people


@pytest.mark.parametrize(("expires", "holds"), [(None, True), (MONDAY, True), (MONDAY - DAY, False)])
def test_a_tie_holds_until_it_expires(elm: CommunityBuilder, expires: date | None, holds: bool) -> None:
    one, other = elm.residents["ada"], elm.resident("ben")
    elm.tie(one, other, 4, expires_on=expires, cap=3)
    a, b = sorted((one.id, other.id))

    assert problem(elm).document.ties == ((exchange.Tie(a=a, b=b, strength=4, cap=3),) if holds else ())


def test_of_several_ties_of_a_pair_apart_counts_else_the_newest(elm: CommunityBuilder) -> None:
    one, other, third = elm.residents["ada"], elm.resident("ben"), elm.resident("cleo")
    elm.tie(one, other, 4, noted_on=date(2026, 11, 20))
    elm.tie(one, other, None, noted_on=date(2026, 1, 1))
    elm.tie(one, third, 1, noted_on=date(2026, 1, 1))
    elm.tie(one, third, 5, noted_on=date(2026, 11, 20))
    found = {frozenset((tie.a, tie.b)): tie for tie in problem(elm).document.ties}

    assert found[frozenset((one.id, other.id))].apart
    assert found[frozenset((one.id, third.id))].strength == 5


def test_ties_and_faces_of_who_has_left_are_left_out(elm: CommunityBuilder) -> None:
    one, gone = elm.residents["ada"], elm.resident("ben", left_on=MONDAY)
    elm.tie(one, gone, 4)
    for who in (one, gone):
        elm.add(FamiliarFace(community_id=elm.id, facilitator_id=elm.facilitators["finn"].id, resident_id=who.id))

    assert problem(elm).document.ties == ()
    assert finn(elm).familiar_to == (one.id,)


def test_a_closed_activity_is_for_its_members_who_are_here(elm: CommunityBuilder) -> None:
    elm.activities["choir"].is_closed = True
    gone = elm.resident("ben", left_on=MONDAY)
    for who in (elm.residents["ada"], gone):
        ids = {"activity_id": elm.activities["choir"].id, "resident_id": who.id}
        elm.add(ActivityMember(community_id=elm.id, **ids))
    members = choir(elm).only
    elm.activities["choir"].is_closed = False

    assert members == (elm.residents["ada"].id,)
    assert choir(elm).only is None


@pytest.mark.parametrize(
    ("valid", "now", "holds"),
    [
        ({"valid_from": SUNDAY}, BEFORE, True),
        ({"valid_from": SUNDAY + DAY}, BEFORE, False),
        ({"valid_until": NOW.date()}, NOW, True),
        ({"valid_until": NOW.date() - DAY}, NOW, False),
    ],
)
def test_an_outbreak_keeps_its_living_group_apart_while_it_holds(
    elm: CommunityBuilder, valid: dict[str, date], now: datetime, holds: bool
) -> None:
    elm.resident("ben", group="river")
    elm.add(Outbreak(community_id=elm.id, living_group_id=elm.groups["garden"].id, **valid))
    found = problem(elm, now).document
    cohorts = {row.id: row.cohort for row in found.residents}

    assert found.separate_cohorts is holds
    assert bool(cohorts[elm.residents["ada"].id]) is holds
    assert cohorts[elm.residents["ben"].id] == ""


def test_cohorts_of_the_settings_stay_beside_an_outbreak(elm: CommunityBuilder) -> None:
    elm.db.get_one(CommunitySettings, elm.id).separate_cohorts = True
    elm.groups["garden"].cohort = "green"
    elm.resident("ben", group="river")
    elm.groups["river"].cohort = "blue"
    elm.add(Outbreak(community_id=elm.id, living_group_id=elm.groups["river"].id))
    cohorts = {row.id: row.cohort for row in problem(elm).document.residents}

    assert cohorts[elm.residents["ada"].id] == "green"
    assert cohorts[elm.residents["ben"].id] not in ("", "green", "blue")


# ---- places, settings, form


def test_relations_of_spaces_are_told_once_and_only_of_those_there(elm: CommunityBuilder) -> None:
    lounge, studio, gone = elm.spaces["lounge"], elm.space("studio"), elm.space("old hall", ended_on=MONDAY)
    for kind, one, other in (("adjacent", lounge, studio), ("adjacent", studio, lounge), ("shares", lounge, gone)):
        elm.add(SpaceRelation(community_id=elm.id, kind=kind, space_id=one.id, other_id=other.id))
    found = {row.id: (row.adjacent, row.shares) for row in problem(elm).document.spaces}
    first, second = sorted((lounge.id, studio.id))

    assert found == {first: ((second,), ()), second: ((), ())}


def test_settings_reach_the_problem(elm: CommunityBuilder) -> None:
    settings = elm.db.get_one(CommunitySettings, elm.id)
    settings.slot_minutes = 30
    settings.programme_min_sessions_per_day = 2
    settings.travel = {"garden": {"river": 4}}
    settings.escorts = {"default": 6, "windows": [{"from": "11:50", "to": "12:10", "capacity": 2}]}
    found = problem(elm).document

    assert found.horizon.slot_minutes == 30
    assert found.horizon.timezone == "Europe/London"
    assert found.offers[0] == exchange.Offer(min=2)
    assert found.travel == {"garden": {"river": 4}}
    assert found.escorts is not None
    assert [found.escorts.available(0, at) for at in (11 * 60 + 30, 12 * 60, 12 * 60 + 30)] == [6, 2, 6]


def test_a_repair_weighs_changes_heavier_and_settings_outweigh_both(elm: CommunityBuilder) -> None:
    settings = elm.db.get_one(CommunitySettings, elm.id)
    settings.weights = {"companion": 9, "drop": 16}
    settings.repair_weights = {"move": 77}
    plan, repair = (problem(elm, repair=repair).document.weights for repair in (False, True))

    assert (plan.companion, plan.drop, plan.move, plan.cancel) == (9, 16, 10, 20)
    assert (repair.companion, repair.drop, repair.move, repair.cancel) == (9, REPAIR_WEIGHTS["drop"], 77, 60)


def test_a_repair_pays_for_every_kind_of_change() -> None:
    assert set(REPAIR_WEIGHTS) == set(exchange.OF_CHANGES)


def test_equal_rows_give_equal_bytes_with_sorted_keys(elm: CommunityBuilder) -> None:
    one, other = problem(elm), problem(elm)
    tree = json.loads(one.raw)

    assert one.raw == other.raw
    assert list(tree) == sorted(tree)
    assert one.digest == exchange.digest(one.raw)


def test_lists_go_by_the_communitys_own_keys(elm: CommunityBuilder) -> None:
    for key in ("zoe", "abe", "mia"):
        elm.resident(key)
    ids = {row.id: key for key, row in elm.residents.items()}

    assert [ids[row.id] for row in problem(elm).document.residents] == ["abe", "ada", "mia", "zoe"]


Change = Callable[[CommunityBuilder], object]


@pytest.mark.parametrize(
    ("change", "is_fact"),
    [
        (lambda elm: elm.busy(elm.residents["ada"], "10:00", "11:00"), True),
        (lambda elm: elm.refusal(elm.residents["ada"], activity=elm.activities["choir"]), True),
        (lambda elm: setattr(elm.spaces["lounge"], "capacity", 3), True),
        (lambda elm: elm.requirement(elm.residents["ada"], elm.activities["choir"]), True),
        (lambda elm: setattr(elm.residents["ada"], "family_name", "Else"), False),
        (lambda elm: setattr(elm.activities["choir"], "name", "Singing"), False),
        (lambda elm: setattr(elm.db.get_one(CommunitySettings, elm.id), "weights", {"companion": 1}), False),
        (lambda elm: elm.busy(elm.residents["ada"], "10:00", "11:00", on_date=SUNDAY + DAY), False),
    ],
    ids=["busy", "refusal", "capacity", "demand", "a name", "a title", "weights", "next week"],
)
def test_the_digest_changes_with_the_facts_of_the_week_alone(
    elm: CommunityBuilder, change: Change, is_fact: bool
) -> None:
    before = problem(elm).facts_digest
    change(elm)

    assert (problem(elm).facts_digest != before) is is_fact


def test_the_digest_is_the_same_for_plan_and_repair_and_on_every_day_of_the_week(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        elm.residents["ben"].left_on = MONDAY + DAY
        digests = {
            problem(elm, BEFORE + timedelta(hours=20 * n), repair=repair).facts_digest
            for n in range(1, 10)
            for repair in (False, True)
        }

    assert len(digests) == 1
