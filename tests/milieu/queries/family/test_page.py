"""A relative's page: her own relatives only, and only while consent, stay and life last."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import NotFound
from milieu.queries.family.kin import kin_of
from milieu.queries.family.page import FamilyView, KinWeek, family_view
from milieu.queries.family.times import (
    FIRST_MINUTE,
    LAST_MINUTE,
    LEAST_MINUTES,
    Stretch,
    free_stretches,
    shared_stretches,
)
from milieu.services.attendance import mark, mark_held, mark_uninvited, take_back
from tests.milieu.builders import MONDAY, CommunityBuilder, Held, minute, small_community

WEDNESDAY = date(2026, 12, 2)
NOW = datetime(2026, 12, 2, 9, 5, tzinfo=UTC)
LAST_WEEK = MONDAY - timedelta(weeks=1)
SUNDAY_BEFORE = datetime(2026, 11, 29, 17, 0, tzinfo=UTC)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Ada is Ellen's mother, invited on Wednesday and Friday together with Ben."""
    with unit_of_work(engines) as db:
        built = small_community(db)
        built.relative("ellen", of=built.residents["ada"])
        built.publication(
            [
                Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben"]),
                Held("walk", "studio", 2, "15:15", ["finn"], ["ada"]),
                Held("chess", "studio", 4, "14:00", ["finn"], ["ada", "ben"]),
                Held("chess", "studio", 3, "14:00", ["finn"], ["ben", "cleo"]),
            ],
            published_at=SUNDAY_BEFORE,
        )
    return built


def view_of(engines: Engines, elm: CommunityBuilder, today: date = WEDNESDAY, now: datetime = NOW) -> FamilyView:
    with reading(engines) as db:
        return family_view(db, elm.relatives["ellen"].id, elm.id, today, now)


def week_of(engines: Engines, elm: CommunityBuilder, today: date = WEDNESDAY, now: datetime = NOW) -> KinWeek:
    [week] = view_of(engines, elm, today, now).weeks
    return week


def change(engines: Engines, elm: CommunityBuilder, work: Callable[[CommunityBuilder], object]) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        work(elm)


def came(engines: Engines, elm: CommunityBuilder, ref: str, outcome: str, day: date, who: str = "ada") -> None:
    """Mark on the evening of a day."""
    with unit_of_work(engines) as db:
        at = datetime(day.year, day.month, day.day, 19, 0, tzinfo=UTC)
        mark(db, elm.id, ref, elm.residents[who].id, outcome, key=f"{ref} {outcome} {who}", by=None, now=at)


def test_the_days_ahead_hold_her_own_invitations_alone(engines: Engines, elm: CommunityBuilder) -> None:
    view = view_of(engines, elm)
    [week] = view.weeks

    assert view.relative == "Ellen Made-Up"
    assert (week.kin.called, week.kin.resident_is, week.kin.pronoun) == ("Ada", "mother", "she")
    assert [day.on_date for day in week.days] == [WEDNESDAY + timedelta(days=ahead) for ahead in range(7)]
    assert [[each.slot.title for each in day.invited] for day in week.days] == [
        ["Choir", "Walk"],
        [],
        ["Chess"],
        *[[]] * 4,
    ]
    assert [day.is_published for day in week.days] == [True] * 5 + [False] * 2
    assert week.days[0].invited[0].reasons[0].code == "wish"


def test_no_other_resident_is_anywhere_in_it(engines: Engines, elm: CommunityBuilder) -> None:
    change(engines, elm, lambda elm: elm.tie(elm.residents["ada"], elm.residents["cleo"], 5))

    said = repr(asdict(view_of(engines, elm)))

    assert elm.residents["ada"].id in said
    for name, row in elm.residents.items():
        if name != "ada":
            assert row.id not in said
            assert row.given_name not in said


def test_a_relative_of_another_community_is_not_there(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
        oak.relative("olga", of=oak.residents["ada"])
    for community, relative in [(elm, oak.relatives["olga"].id), (oak, elm.relatives["ellen"].id), (elm, "a" * 26)]:
        with pytest.raises(NotFound), reading(engines) as db:
            family_view(db, relative, community.id, WEDNESDAY, NOW)


def test_who_is_not_hers_is_as_absent_as_what_never_was(engines: Engines, elm: CommunityBuilder) -> None:
    said = set()
    for resident_id in (elm.residents["ben"].id, "a" * 26):
        with pytest.raises(NotFound) as refused, reading(engines) as db:
            family_view(db, elm.relatives["ellen"].id, elm.id, WEDNESDAY, NOW, resident_id)
        said.add(refused.value.sentence)

    assert len(said) == 1


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "is_shown"),
    [
        (WEDNESDAY, None, True),
        (WEDNESDAY + timedelta(days=1), None, False),
        (MONDAY, WEDNESDAY, True),
        (MONDAY, WEDNESDAY - timedelta(days=1), False),
    ],
)
def test_nothing_is_shown_before_consent_or_after_it(
    engines: Engines, elm: CommunityBuilder, valid_from: date, valid_until: date | None, is_shown: bool
) -> None:
    change(
        engines,
        elm,
        lambda elm: elm.relative("rosa", of=elm.residents["ada"], valid_from=valid_from, valid_until=valid_until),
    )
    with reading(engines) as db:
        view = family_view(db, elm.relatives["rosa"].id, elm.id, WEDNESDAY, NOW)

    assert bool(view.weeks) == is_shown
    if not is_shown:
        assert (view.freshness, view.weeks) == (None, ())


def test_days_after_the_last_of_a_consent_are_not_there(engines: Engines, elm: CommunityBuilder) -> None:
    change(
        engines,
        elm,
        lambda elm: elm.relative("ellen", of=elm.residents["ben"], valid_until=WEDNESDAY + timedelta(days=1)),
    )

    weeks = {week.kin.called: week for week in view_of(engines, elm).weeks}

    assert [day.on_date for day in weeks["Ben"].days] == [WEDNESDAY, WEDNESDAY + timedelta(days=1)]
    assert len(weeks["Ada"].days) == 7


@pytest.mark.parametrize(("left", "is_shown"), [(WEDNESDAY + timedelta(days=1), True), (WEDNESDAY, False)])
@pytest.mark.parametrize("reason", ["died", "moved", "stay ended"])
def test_nothing_is_shown_after_a_stay_or_a_life(
    engines: Engines, elm: CommunityBuilder, left: date, reason: str, is_shown: bool
) -> None:
    def leave(elm: CommunityBuilder) -> None:
        row = elm.db.merge(elm.residents["ada"])
        row.left_on, row.left_reason = left, reason

    change(engines, elm, leave)
    view = view_of(engines, elm)

    assert bool(view.weeks) == is_shown
    if is_shown:
        assert [day.on_date for day in view.weeks[0].days] == [WEDNESDAY]


def test_the_calendar_is_what_opens_the_page(engines: Engines, elm: CommunityBuilder) -> None:
    change(engines, elm, lambda elm: elm.relative("rosa", of=elm.residents["ada"], kinds=["attended", "photo"]))
    with reading(engines) as db:
        view = family_view(db, elm.relatives["rosa"].id, elm.id, WEDNESDAY, NOW)
        _, kin = kin_of(db, elm.relatives["rosa"].id, elm.id, WEDNESDAY)

    assert view.weeks == ()
    assert kin == ()


def test_how_it_was_is_told_only_where_that_is_shared(engines: Engines, elm: CommunityBuilder) -> None:
    came(engines, elm, "2026-W49-choir-2", "attended", WEDNESDAY)
    change(engines, elm, lambda elm: elm.relative("rosa", of=elm.residents["ada"], kinds=["calendar"]))
    evening = NOW + timedelta(hours=11)
    with reading(engines) as db:
        [without] = family_view(db, elm.relatives["rosa"].id, elm.id, WEDNESDAY, evening).weeks
    sharing = week_of(engines, elm, now=evening)

    assert without.past is None
    assert [(each.was_there, each.times_lately) for each in without.days[0].invited] == [(False, 0), (False, 0)]
    assert sharing.past == ()
    assert [(each.was_there, each.times_lately) for each in sharing.days[0].invited] == [(True, 1), (False, 0)]


def told_of(week: KinWeek) -> list[tuple[int, list[tuple[str, str]]]]:
    """The past days, by the day of their month, with what is told of each."""
    assert week.past is not None
    return [(day.on_date.day, [(each.title, each.outcome) for each in day.things]) for day in week.past]


def test_what_was_seen_is_told_and_nothing_of_illness(engines: Engines, elm: CommunityBuilder) -> None:
    outcomes = [
        ("choir", 0, "10:30", "attended"),
        ("walk", 0, "14:00", "declined"),
        ("chess", 1, "14:00", "declined"),
        ("walk", 1, "15:00", "asleep"),
        ("choir", 2, "10:30", "declined"),
        ("walk", 2, "14:00", "unwell"),
        ("chess", 3, "14:00", "in care"),
        ("chess", 4, "14:00", "not found"),
    ]

    def publish(elm: CommunityBuilder) -> None:
        elm.publication(
            [
                *(Held(name, "lounge", day, start, residents=["ada"]) for name, day, start, _ in outcomes),
                Held("choir", "lounge", 5, "14:00", residents=["ben"]),
                Held("walk", "lounge", 6, "14:00", residents=["ada"]),  # nobody marked it
            ],
            week_start=LAST_WEEK,
            published_at=SUNDAY_BEFORE - timedelta(weeks=1),
        )

    change(engines, elm, publish)
    for activity, day, _, outcome in outcomes:
        came(engines, elm, f"2026-W48-{activity}-{day}", outcome, LAST_WEEK + timedelta(days=day))
    with unit_of_work(engines) as db:
        at = datetime(2026, 11, 28, 19, 0, tzinfo=UTC)
        mark_uninvited(db, elm.id, "2026-W48-choir-5", elm.residents["ada"].id, key="walked in", by=None, now=at)

    assert told_of(week_of(engines, elm, MONDAY)) == [
        (28, [("Choir", "attended")]),
        (25, [("Choir", "declined")]),
        (24, [("Chess", "declined"), ("Walk", "asleep")]),
        (23, [("Choir", "attended"), ("Walk", "declined")]),
    ]


@pytest.mark.parametrize(("ahead", "is_told"), [(0, False), (1, True), (7, True), (8, False)])
def test_a_day_is_told_from_the_day_after_for_a_week(
    engines: Engines, elm: CommunityBuilder, ahead: int, is_told: bool
) -> None:
    came(engines, elm, "2026-W49-choir-2", "attended", WEDNESDAY)

    week = week_of(engines, elm, WEDNESDAY + timedelta(days=ahead), NOW + timedelta(days=ahead))

    assert told_of(week) == ([(2, [("Choir", "attended")])] if is_told else [])


def test_what_was_taken_back_or_not_held_is_not_told(engines: Engines, elm: CommunityBuilder) -> None:
    refs = ["2026-W48-choir-0", "2026-W48-walk-1"]

    def publish(elm: CommunityBuilder) -> None:
        elm.publication(
            [
                Held("choir", "lounge", 0, "10:30", residents=["ada"]),
                Held("walk", "lounge", 1, "14:00", residents=["ada"]),
            ],
            week_start=LAST_WEEK,
            published_at=SUNDAY_BEFORE - timedelta(weeks=1),
        )

    change(engines, elm, publish)
    came(engines, elm, refs[0], "attended", LAST_WEEK)
    with unit_of_work(engines) as db:
        at = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
        taken = f"{refs[0]} attended ada"
        take_back(db, elm.id, refs[0], elm.residents["ada"].id, taken, key="undo", by=None, now=at)
    came(engines, elm, refs[1], "attended", LAST_WEEK + timedelta(days=1))
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, refs[1], False, by=None, now=datetime(2026, 11, 24, 20, 0, tzinfo=UTC))

    assert week_of(engines, elm, MONDAY).past == ()


def test_nothing_is_told_of_days_before_it_was_shared(engines: Engines, elm: CommunityBuilder) -> None:
    def publish(elm: CommunityBuilder) -> None:
        elm.publication(
            [Held("choir", "lounge", day, "10:30", residents=["ada"], ref=f"choir {day}") for day in (3, 4)],
            week_start=LAST_WEEK,
            published_at=SUNDAY_BEFORE - timedelta(weeks=1),
        )
        elm.relative("rosa", of=elm.residents["ada"], valid_from=LAST_WEEK + timedelta(days=4))

    change(engines, elm, publish)
    for day in (3, 4):
        came(engines, elm, f"choir {day}", "attended", LAST_WEEK + timedelta(days=day))
    with reading(engines) as db:
        [week] = family_view(db, elm.relatives["rosa"].id, elm.id, WEDNESDAY, NOW).weeks

    assert told_of(week) == [(27, [("Choir", "attended")])]


def test_a_good_time_to_visit_is_what_is_free_from_now_on(engines: Engines, elm: CommunityBuilder) -> None:
    def be_busy(elm: CommunityBuilder) -> None:
        ada = elm.residents["ada"]
        elm.busy(ada, "08:00", "09:45", kind="meal")  # breakfast
        elm.busy(ada, "12:00", "13:00", kind="meal")
        elm.busy(ada, "16:15", "17:15", kind="visit")  # the family's own
        elm.busy(ada, "13:00", "14:00", kind="therapy", weekday=2)
        elm.busy(ada, "17:30", "18:30", kind="bath", on_date=WEDNESDAY)
        elm.busy(ada, "09:30", "19:30", kind="appointment", weekday=3)
        elm.busy(ada, "09:30", "19:30", kind="nap", valid_until=WEDNESDAY - timedelta(days=1))
        elm.busy(elm.residents["ben"], "16:00", "17:00")

    change(engines, elm, be_busy)
    today, thursday, friday, *_ = week_of(engines, elm).days
    at_noon = week_of(engines, elm, now=datetime(2026, 12, 2, 16, 20, tzinfo=UTC)).days[0]
    spoken = [(each.start_minute, each.end_minute) for each in today.visits]

    assert spoken == [
        (minute("11:15"), minute("13:00")),
        (minute("14:00"), minute("15:15")),
        (minute("15:45"), minute("17:30")),
        (minute("18:30"), minute("19:30")),
    ]
    assert [each.start_minute for each in at_noon.visits] == [minute("16:30"), minute("18:30")]
    assert thursday.visits == ()
    assert friday.visits == (Stretch(minute("09:45"), minute("14:00")), Stretch(minute("15:00"), minute("19:30")))


def test_two_are_visited_when_both_are_free() -> None:
    ada = (Stretch(570, 720), Stretch(780, 900), Stretch(960, 1170))
    ben = (Stretch(600, 840), Stretch(870, 1020))

    assert shared_stretches([ada, ben]) == (Stretch(600, 720), Stretch(780, 840), Stretch(960, 1020))
    assert shared_stretches([ada, ()]) == ()


@given(st.lists(st.tuples(st.integers(0, 1440), st.integers(0, 1440)).map(sorted).map(tuple)), st.integers(0, 1440))
def test_free_stretches_are_free_and_worth_the_way(taken: list[tuple[int, int]], start: int) -> None:
    found = free_stretches(taken, start)
    free = {m for m in range(max(FIRST_MINUTE, start), LAST_MINUTE) if not any(a <= m < b for a, b in taken)}

    for each in found:
        assert set(range(each.start_minute, each.end_minute)) <= free
        assert each.end_minute - each.start_minute >= LEAST_MINUTES
        assert each.start_minute - 1 not in free
        assert each.end_minute not in free
    left = free - {m for each in found for m in range(each.start_minute, each.end_minute)}
    assert not any(set(range(m, m + LEAST_MINUTES)) <= left for m in left)


def test_a_session_that_is_not_held_leaves_its_time_free(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, "2026-W49-choir-2", False, by=None, now=NOW)

    today = week_of(engines, elm).days[0]

    assert [(each.slot.title, each.is_off) for each in today.invited] == [("Choir", True), ("Walk", False)]
    assert (today.visits[0].start_minute, today.visits[0].end_minute) == (minute("09:30"), minute("15:15"))


def test_where_this_week_is_not_published_nothing_is_invented(engines: Engines, elm: CommunityBuilder) -> None:
    later = WEDNESDAY + timedelta(weeks=2)
    view = view_of(engines, elm, later, NOW + timedelta(weeks=2))

    assert view.freshness is None
    assert [(day.is_published, day.invited, day.visits) for day in view.weeks[0].days] == [(False, (), ())] * 7
