"""What is asked of a week: dropped where its people say no, lowered where its rest cannot hold it, and noted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from milieu.database import make_engines, unit_of_work
from milieu.models import Absence, ActivityMember, Outbreak, Pin
from milieu.solving.problem.commitments import demands
from milieu.solving.problem.commitments.demands import Note
from milieu.solving.problem.document import ProblemSource, make_problem
from tests.milieu.builders import MONDAY, CommunityBuilder, Held, community

BEFORE = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def elm(sqlite_url: str) -> Iterator[CommunityBuilder]:
    """Choir for two or more with Finn, nine to five in a lounge; Ada, Ben and Cleo."""
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as db:
        built = community(db)
        built.space("lounge")
        built.facilitator("finn", skills=["music"])
        built.activity("choir", sessions_max=7, needs_skills=["music"])
        for name in ("ada", "ben", "cleo"):
            built.resident(name)
        yield built
    engines.dispose()


def problem(elm: CommunityBuilder, now: datetime = BEFORE) -> ProblemSource:
    elm.db.flush()
    return make_problem(elm.db, elm.id, MONDAY, now, repair=False)


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 30, hour, minute, tzinfo=UTC) + day * DAY


def asked(elm: CommunityBuilder, times: int = 1) -> None:
    elm.requirement(elm.residents["ada"], elm.activities["choir"], times)


def required(source: ProblemSource, elm: CommunityBuilder) -> int:
    [ada] = [row for row in source.document.residents if row.id == elm.residents["ada"].id]
    return ada.required.get(elm.activities["choir"].id, 0)


def least(source: ProblemSource) -> int:
    return source.document.activities[0].sessions.min


def note(elm: CommunityBuilder, code: str, was: int, now: int, *, resident: bool = True) -> Note:
    who = elm.residents["ada"].id if resident else ""
    return Note(code, activity=elm.activities["choir"].id, resident=who, was=was, now=now)


# ---- required attendances


def test_a_demand_that_can_be_met_stays(elm: CommunityBuilder) -> None:
    asked(elm, 7)
    source = problem(elm)

    assert required(source, elm) == 7
    assert source.notes == ()


def test_the_largest_of_several_demands_counts(elm: CommunityBuilder) -> None:
    asked(elm, 1)
    asked(elm, 3)

    assert required(problem(elm), elm) == 3


def test_a_demand_that_its_resident_refuses_is_dropped(elm: CommunityBuilder) -> None:
    asked(elm)
    elm.refusal(elm.residents["ada"], activity=elm.activities["choir"])
    source = problem(elm)

    assert required(source, elm) == 0
    assert source.notes == (note(elm, demands.REFUSED, 1, 0),)


def test_a_demand_for_what_its_resident_does_not_like_is_dropped(elm: CommunityBuilder) -> None:
    asked(elm)
    elm.wish(elm.residents["ada"], elm.activities["choir"], -1)
    source = problem(elm)

    assert required(source, elm) == 0
    assert source.notes == (note(elm, demands.DISLIKED, 1, 0),)


def test_a_demand_that_a_limit_forbids_is_dropped(elm: CommunityBuilder) -> None:
    asked(elm, 2)
    elm.limit(elm.residents["ada"], activity=elm.activities["choir"])
    source = problem(elm)

    assert required(source, elm) == 0
    assert source.notes == (note(elm, demands.AVOIDED, 2, 0),)


def test_a_demand_for_a_closed_group_of_others_is_dropped(elm: CommunityBuilder) -> None:
    asked(elm)
    elm.activities["choir"].is_closed = True
    for name in ("ben", "cleo"):
        ids = {"activity_id": elm.activities["choir"].id, "resident_id": elm.residents[name].id}
        elm.add(ActivityMember(community_id=elm.id, **ids))

    assert problem(elm).notes == (note(elm, demands.CLOSED, 1, 0),)


def test_a_demand_for_what_is_not_offered_is_dropped(elm: CommunityBuilder) -> None:
    asked(elm)
    elm.activities["choir"].ended_on = MONDAY

    assert problem(elm).notes == (note(elm, demands.ENDED, 1, 0),)


def test_a_demand_above_what_is_held_is_lowered(elm: CommunityBuilder) -> None:
    asked(elm, 3)
    elm.activities["choir"].sessions_max = 2
    source = problem(elm)

    assert required(source, elm) == 2
    assert source.notes == (note(elm, demands.LOWERED, 3, 2),)


@pytest.mark.parametrize(
    "fact",
    [
        lambda elm: elm.refusal(elm.residents["ada"], space=elm.spaces["lounge"]),
        lambda elm: elm.refusal(elm.residents["ada"], facilitator=elm.facilitators["finn"]),
        lambda elm: setattr(elm.residents["ada"], "noise_max", 0),
        lambda elm: setattr(elm.residents["ada"], "support", 3),
        lambda elm: setattr(elm.residents["ada"], "max_per_day", 0),
        lambda elm: elm.busy(elm.residents["ada"], "08:00", "18:00"),
        lambda elm: elm.calm(elm.residents["ada"], "00:00", "24:00", 0),
        lambda elm: (setattr(elm.residents["ada"], "zone_locked", True), setattr(elm.spaces["lounge"], "zone", "x")),
        lambda elm: elm.add(Outbreak(community_id=elm.id, living_group_id=elm.residents["ada"].living_group_id)),
    ],
    ids=["space", "facilitator", "noise", "support", "no day", "busy", "calm", "zone", "outbreak"],
)
def test_a_demand_that_nothing_of_the_week_can_meet_is_lowered_to_nothing(elm: CommunityBuilder, fact: Any) -> None:
    asked(elm, 2)
    elm.activities["choir"].noise = 1
    for name in ("ben", "cleo"):  # so that an outbreak leaves Ada alone
        elm.residents[name].living_group_id = elm.group(f"{name}s").id
    elm.facilitators["finn"].support = 2
    before = required(problem(elm), elm)
    fact(elm)
    source = problem(elm)

    assert before == 2
    assert required(source, elm) == 0
    assert note(elm, demands.LOWERED, 2, 0) in source.notes


@pytest.mark.parametrize(
    ("now", "times"),
    [
        (moment(5, 9), 2),  # Saturday and Sunday
        (moment(5, 16, 15), 2),  # 45 minutes until Finn leaves at five
        (moment(5, 16, 16), 1),
        (moment(6, 16, 15), 1),
        (moment(6, 16, 16), 0),
    ],
)
def test_a_demand_is_lowered_to_the_days_that_are_left(elm: CommunityBuilder, now: datetime, times: int) -> None:
    asked(elm, 3)

    assert required(problem(elm, now), elm) == times


def test_what_was_attended_counts_and_is_never_lowered(elm: CommunityBuilder) -> None:
    asked(elm, 3)
    elm.publication(
        [Held("choir", "lounge", day, "10:00", ["finn"], ["ada", "ben"], ref=f"choir{day}") for day in (0, 1)]
    )

    assert required(problem(elm, moment(6, 9)), elm) == 3
    assert required(problem(elm, moment(6, 16, 16)), elm) == 2
    elm.refusal(elm.residents["ada"], activity=elm.activities["choir"])
    assert required(problem(elm, moment(6, 9)), elm) == 2


def test_a_day_on_which_it_was_held_is_gone(elm: CommunityBuilder) -> None:
    asked(elm, 2)
    elm.publication([Held("choir", "lounge", 6, "10:00", ["finn"], ["ben", "cleo"], ref="choir6")])

    assert required(problem(elm, moment(6, 11)), elm) == 0
    elm.activities["choir"].one_per_day = False
    assert required(problem(elm, moment(6, 11)), elm) == 1


def test_demands_that_are_more_than_a_resident_wishes_for_are_lowered_least_liked_first(elm: CommunityBuilder) -> None:
    ada = elm.residents["ada"]
    ada.sessions_max = 3
    walk = elm.activity("walk", sessions_max=7)
    elm.wish(ada, walk, 4)
    asked(elm, 2)
    elm.requirement(ada, walk, 2)
    source = problem(elm)
    [row] = [row for row in source.document.residents if row.id == ada.id]

    assert row.required == {walk.id: 2, elm.activities["choir"].id: 1}
    assert source.notes == (note(elm, demands.LOWERED, 2, 1),)


# ---- least counts


@pytest.mark.parametrize(
    ("least_count", "now", "kept"),
    [(7, BEFORE, 7), (3, moment(4, 9), 3), (4, moment(4, 9), 3), (2, moment(6, 16, 15), 1), (2, moment(6, 16, 16), 0)],
)
def test_a_least_count_is_lowered_to_the_days_that_are_left(
    elm: CommunityBuilder, least_count: int, now: datetime, kept: int
) -> None:
    elm.activities["choir"].sessions_min = least_count
    source = problem(elm, now)

    assert least(source) == kept
    expected = () if kept == least_count else (note(elm, demands.COUNT_LOWERED, least_count, kept, resident=False),)
    assert source.notes == expected


def test_two_a_day_are_counted_as_far_as_they_fit(elm: CommunityBuilder) -> None:
    elm.activities["choir"].one_per_day = False
    elm.activities["choir"].sessions_min = elm.activities["choir"].sessions_max = 5
    last = moment(6, 14)  # four times 45 minutes until five

    assert least(problem(elm, last)) == 1  # but three people make one group of two
    for name in ("dov", "esi", "fay", "gus", "hal"):
        elm.resident(name)
    assert least(problem(elm, last)) == 4


def test_a_least_count_needs_days_with_a_leader(elm: CommunityBuilder) -> None:
    elm.activities["choir"].sessions_min = 7
    ids = {"community_id": elm.id, "facilitator_id": elm.facilitators["finn"].id}
    elm.add(Absence(**ids, first_date=MONDAY + DAY, last_date=MONDAY + 3 * DAY))
    away = least(problem(elm))
    elm.facilitator("gita", skills=["music"])

    assert (away, least(problem(elm))) == (4, 7)


@pytest.mark.parametrize(
    "fact",
    [
        lambda elm: setattr(elm.facilitators["finn"], "skills", []),
        lambda elm: setattr(elm.activities["choir"], "facilitators", 2),
        lambda elm: setattr(elm.activities["choir"], "needs_features", ["piano"]),
        lambda elm: setattr(elm.spaces["lounge"], "capacity", 1),
        lambda elm: setattr(elm.activities["choir"], "min_group", 4),
        lambda elm: setattr(elm.activities["choir"], "is_closed", True),
        lambda elm: [elm.busy(each, "08:30", "17:00") for key, each in elm.residents.items() if key != "ada"],
    ],
    ids=["skill", "team", "feature", "seats", "group", "nobody", "busy"],
)
def test_a_least_count_that_nothing_of_the_week_can_hold_falls_to_nothing(elm: CommunityBuilder, fact: Any) -> None:
    elm.activities["choir"].sessions_min = 1
    before = least(problem(elm))
    fact(elm)

    assert (before, least(problem(elm))) == (1, 0)


def test_a_visit_to_somebody_who_left_is_asked_for_no_more(elm: CommunityBuilder) -> None:
    visit = elm.activity("visit", min_group=1, max_group=1, sessions_min=2, is_closed=True)
    ids = {"activity_id": visit.id, "resident_id": elm.residents["ada"].id}
    elm.add(ActivityMember(community_id=elm.id, **ids))
    elm.residents["ada"].left_on = MONDAY + DAY
    source = problem(elm)

    ada = elm.residents["ada"]
    assert source.notes == (Note(demands.VISIT_LOWERED, activity=visit.id, resident=ada.id, was=2, now=1),)
    elm.refusal(ada, activity=visit)
    assert problem(elm).notes == (Note(demands.VISIT_REFUSED, activity=visit.id, resident=ada.id, was=2),)


def test_what_was_held_counts_and_what_was_not_does_not(elm: CommunityBuilder) -> None:
    elm.activities["choir"].sessions_min = 3
    elm.publication(
        [Held("choir", "lounge", day, "10:00", ["finn"], ["ada", "ben"], ref=f"choir{day}") for day in (0, 1)]
    )

    assert least(problem(elm, moment(6, 9))) == 3
    assert least(problem(elm, moment(6, 16, 16))) == 2


def test_a_least_count_above_the_most_is_cut_to_it(elm: CommunityBuilder) -> None:
    elm.activities["choir"].sessions_min, elm.activities["choir"].sessions_max = 5, 2

    assert least(problem(elm)) == 2


# ---- pins


def pin(elm: CommunityBuilder, kind: str, ref: str = "fixed", **fields: Any) -> None:
    elm.add(Pin(community_id=elm.id, week_start=MONDAY, kind=kind, session_ref=ref, made_at=BEFORE, **fields))


def fixed(elm: CommunityBuilder, **fields: Any) -> dict[str, Any]:
    return {"activity": elm.activities["choir"].id, "day": 1, "start": "10:00", **fields}


def codes(source: ProblemSource) -> list[str]:
    return [each.code for each in source.notes]


def test_pins_reach_the_problem(elm: CommunityBuilder) -> None:
    pin(elm, "session", fixed=fixed(elm, space=elm.spaces["lounge"].id, facilitators=[elm.facilitators["finn"].id]))
    pin(elm, "attend", resident_id=elm.residents["ada"].id)
    pin(elm, "absent", resident_id=elm.residents["ben"].id)
    source = problem(elm)
    forms = [each.model_dump(mode="json", exclude_none=True, exclude_unset=True) for each in source.document.pins]

    assert codes(source) == []
    assert {"attend": elm.residents["ada"].id, "session": "fixed"} in forms
    assert {"absent": elm.residents["ben"].id, "session": "fixed"} in forms
    assert len(forms) == 3


@pytest.mark.parametrize("gone", ["lounge", "finn", "choir"])
def test_a_pin_of_what_has_left_is_dropped(elm: CommunityBuilder, gone: str) -> None:
    pin(elm, "session", fixed=fixed(elm, space=elm.spaces["lounge"].id, facilitators=[elm.facilitators["finn"].id]))
    rows: dict[str, Any] = {**elm.spaces, **elm.facilitators, **elm.activities}
    rows[gone].ended_on = MONDAY

    assert codes(problem(elm)) == [demands.PIN_GONE]


def test_a_pin_of_somebody_who_left_is_dropped(elm: CommunityBuilder) -> None:
    pin(elm, "attend", resident_id=elm.residents["ada"].id)
    elm.residents["ada"].left_on = MONDAY

    assert codes(problem(elm)) == [demands.PIN_GONE]


@pytest.mark.parametrize(
    ("fields", "is_kept"),
    [
        ({}, True),
        ({"start": "16:15"}, True),
        ({"start": "16:30"}, False),
        ({"start": "10:10"}, False),
        ({"start": "08:45"}, False),
    ],
)
def test_a_pin_that_cannot_be_is_dropped(elm: CommunityBuilder, fields: dict[str, Any], is_kept: bool) -> None:
    pin(elm, "session", fixed=fixed(elm, **fields))

    assert codes(problem(elm)) == ([] if is_kept else [demands.PIN_IMPOSSIBLE])


def test_a_pin_to_what_the_resident_refuses_is_dropped(elm: CommunityBuilder) -> None:
    pin(elm, "session", fixed=fixed(elm))
    pin(elm, "attend", resident_id=elm.residents["ada"].id)
    elm.refusal(elm.residents["ada"], activity=elm.activities["choir"])
    source = problem(elm)

    assert source.notes == (Note(demands.PIN_REFUSED, resident=elm.residents["ada"].id, session="fixed"),)


def test_a_pin_of_the_past_is_dropped(elm: CommunityBuilder) -> None:
    pin(elm, "session", fixed=fixed(elm))
    kept, past = problem(elm, moment(1, 10)), problem(elm, moment(1, 10, 1))

    assert codes(kept) == []
    assert codes(past) == [demands.PIN_PAST]


def test_who_was_fixed_in_a_session_that_happened_without_them_blocks_nothing(elm: CommunityBuilder) -> None:
    elm.publication([Held("choir", "lounge", 1, "10:00", ["finn"], ["ben", "cleo"], ref="fixed")])
    pin(elm, "attend", resident_id=elm.residents["ada"].id)
    pin(elm, "absent", resident_id=elm.residents["ben"].id)

    assert codes(problem(elm, moment(2, 9))) == [demands.PIN_PAST, demands.PIN_PAST]
