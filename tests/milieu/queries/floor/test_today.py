"""The day for the staff: who to ask in which order and how, the marks that hold, and what changed since."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import NotFound
from milieu.models import CommunitySettings, LedgerEntry
from milieu.queries.floor.today import DaySession, StaffDay, staff_day
from milieu.queries.residents.people import residents_here
from milieu.services.attendance import mark, mark_held, mark_uninvited, take_back
from tests.milieu.builders import CommunityBuilder, Held, small_community

WEDNESDAY = date(2026, 12, 2)
NOW = datetime(2026, 12, 2, 10, 40, tzinfo=UTC)
CHOIR, WALK = "2026-W49-choir-2", "2026-W49-walk-2"
PUBLISHED = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
MORNING = datetime(2026, 12, 2, 5, 31, tzinfo=UTC)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Choir at 10:30 with people of both wings, a walk at 14:00 for the river wing, rooms that sort badly as text."""
    with unit_of_work(engines) as db:
        built = small_community(db)
        built.groups["river"].sort = 1
        for name, room in [("ada", "10"), ("ben", "2"), ("cleo", "2a")]:
            built.residents[name].room = room
        built.publication(
            [
                Held("walk", "studio", 2, "14:00", residents=["dov", "fay"]),
                Held("choir", "lounge", 2, "10:30", ["finn", "gita"], ["esi", "ada", "cleo", "ben"]),
                Held("chess", "studio", 3, "10:30", ["finn"], ["ada"]),
            ],
            published_at=PUBLISHED,
        )
    return built


def day_of(engines: Engines, elm: CommunityBuilder, unit: str | None = None, **given: object) -> StaffDay:
    with reading(engines) as db:
        group = elm.groups[unit].id if unit else None
        return staff_day(db, elm.id, given.get("today", WEDNESDAY), given.get("now", NOW), group)  # type: ignore[arg-type]


def choir_of(day: StaffDay) -> DaySession:
    session = day.session(CHOIR)
    assert session is not None
    return session


def tap(engines: Engines, elm: CommunityBuilder, who: str, outcome: str, ref: str = CHOIR) -> None:
    with unit_of_work(engines) as db:
        mark(db, elm.id, ref, elm.residents[who].id, outcome, key=f"{who} {outcome} {ref}", by=None, now=NOW)


def test_the_day_is_told_by_time_with_guests_in_walking_order(engines: Engines, elm: CommunityBuilder) -> None:
    day = day_of(engines, elm)

    assert [(each.slot.title, each.slot.start_minute) for each in day.sessions] == [("Choir", 630), ("Walk", 840)]
    assert [leader.name for leader in day.sessions[0].leaders] == ["Finn Made-Up", "Gita Made-Up"]
    assert [(guest.person.called, guest.person.room) for guest in day.sessions[0].guests] == [
        ("Ben", "2"),
        ("Cleo", "2a"),
        ("Ada", "10"),
        ("Esi", "5"),
    ]
    assert [unit.name for unit in day.units] == ["Garden wing", "River wing"]
    assert all(guest.is_invited and guest.mark is None for guest in day.sessions[0].guests)


def test_a_unit_s_day_holds_the_sessions_that_concern_it_whole(engines: Engines, elm: CommunityBuilder) -> None:
    garden, river = day_of(engines, elm, "garden"), day_of(engines, elm, "river")

    assert [each.slot.title for each in garden.sessions] == ["Choir"]
    assert [each.slot.title for each in river.sessions] == ["Choir", "Walk"]
    assert garden.unit is not None
    assert [guest.person.called for guest in garden.sessions[0].of_unit(garden.unit)] == ["Ben", "Cleo", "Ada"]
    assert garden.sessions[0].invited == 4


def test_what_is_open_to_all_concerns_every_unit(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "10:30")], kind="repair", published_at=PUBLISHED)

    assert [each.slot.title for each in day_of(engines, elm, "river").sessions] == ["Choir"]


def test_a_living_group_of_another_community_is_not_there(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    with pytest.raises(NotFound), reading(engines) as db:
        staff_day(db, elm.id, WEDNESDAY, NOW, oak.groups["garden"].id)
    with reading(engines) as db:
        assert staff_day(db, oak.id, WEDNESDAY, NOW).sessions == ()


def test_the_mark_that_holds_is_shown_with_its_author(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        joe = elm.account("staff", name="Joe Made-Up")
        mark(db, elm.id, CHOIR, elm.residents["ada"].id, "declined", key="1", by=None, now=NOW)
        mark(db, elm.id, CHOIR, elm.residents["ada"].id, "attended", "active", key="2", by=joe.id, now=NOW)

    session = choir_of(day_of(engines, elm))
    ada = session.guest(elm.residents["ada"].id)

    assert ada is not None
    assert ada.mark is not None
    assert (ada.outcome, ada.mark.level, ada.mark.by, ada.mark.at) == ("attended", "active", "Joe Made-Up", NOW)
    assert session.unmarked == 3


def test_who_came_uninvited_is_there_until_that_is_taken_back(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        mark_uninvited(db, elm.id, CHOIR, elm.residents["fay"].id, key="walked in", by=None, now=NOW)
    came = choir_of(day_of(engines, elm))
    with unit_of_work(engines) as db:
        take_back(db, elm.id, CHOIR, elm.residents["fay"].id, "walked in", key="undo", by=None, now=NOW)
    gone = choir_of(day_of(engines, elm))

    assert [(guest.person.called, guest.is_invited) for guest in came.guests][-1] == ("Fay", False)
    assert (came.invited, came.unmarked) == (4, 4)
    assert "Fay" not in [guest.person.called for guest in gone.guests]


def test_good_company_is_told_to_the_team_and_who_is_kept_apart_is_not(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        people = elm.residents
        elm.tie(people["ada"], people["cleo"], 3, expires_on=date(2026, 12, 1))  # over
        elm.tie(people["ada"], people["esi"], 3, visibility="director")
        elm.tie(people["ben"], people["cleo"], 3, expires_on=WEDNESDAY)
        elm.tie(people["ben"], people["esi"], None)
        elm.tie(people["cleo"], people["esi"], -2)
        elm.tie(people["ben"], people["fay"], 4)  # not invited to this

    with_whom = {guest.person.called: guest.sits_well_with for guest in choir_of(day_of(engines, elm)).guests}

    assert with_whom == {"Ada": ("Ben",), "Ben": ("Ada", "Cleo"), "Cleo": ("Ben",), "Esi": ()}


@pytest.mark.parametrize(
    ("left", "reason", "is_asked"),
    [
        (WEDNESDAY + timedelta(days=1), "died", True),
        (WEDNESDAY, "stay ended", True),
        (WEDNESDAY, "died", False),
        (WEDNESDAY - timedelta(days=1), "moved", False),
    ],
)
def test_nobody_is_sent_to_who_has_left_or_died(
    engines: Engines, elm: CommunityBuilder, left: date, reason: str, is_asked: bool
) -> None:
    with unit_of_work(engines) as db:
        row = db.merge(elm.residents["ada"])
        row.left_on, row.left_reason = left, reason

    with reading(engines) as db:
        lives_here = "Ada" in [person.called for person in residents_here(db, elm.id, WEDNESDAY)]

    assert (choir_of(day_of(engines, elm)).guest(elm.residents["ada"].id) is not None) == is_asked
    assert lives_here == is_asked


@pytest.mark.parametrize(
    ("alone", "wheelchairs", "group", "helpers", "minutes"),
    [
        (1, 0, "garden", None, 10),  # 8 to ask + half a minute
        (9, 0, "garden", None, 15),  # 8 + 4.5
        (4, 2, "garden", None, 15),  # 8 + 3 + 3 to get ready, all at once
        (4, 6, "garden", 2, 25),  # 8 + 5 + three rounds of 3
        (1, 0, "river", None, 15),  # 8 + 0.5 + 6 to walk
        (0, 4, "river", 2, 35),  # 8 + 2 + (3 + 6) there, 6 back, (3 + 6) there again
        (0, 30, "river", 1, 60),  # never more than an hour
    ],
)
def test_how_early_to_begin_follows_from_who_comes_and_from_how_far(
    engines: Engines, elm: CommunityBuilder, alone: int, wheelchairs: int, group: str, helpers: int | None, minutes: int
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        names = [f"guest{number}" for number in range(alone + wheelchairs)]
        for number, name in enumerate(names):
            elm.resident(name, group=group, wheelchair=number >= alone, escort=number >= alone + 1)
        settings = db.get_one(CommunitySettings, elm.id)
        settings.travel = {"river": {"garden": 6}}
        settings.escorts = None if helpers is None else {"default": helpers}
        elm.publication([Held("choir", "lounge", 2, "10:30", residents=names)], published_at=PUBLISHED)

    session = choir_of(day_of(engines, elm))

    assert session.slot.starts_at - session.ask_from == timedelta(minutes=minutes)
    assert (session.wheelchairs, session.helpers) == (wheelchairs, max(0, wheelchairs - 1))


def test_a_session_that_cannot_be_held_says_so(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, CHOIR, False, "Finn is ill", by=None, now=NOW)
    off = choir_of(day_of(engines, elm))
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, CHOIR, None, by=None, now=NOW)
    on_again = choir_of(day_of(engines, elm))

    assert off.is_off
    assert (off.invited, off.unmarked, on_again.unmarked) == (4, 0, 4)
    assert off.held is not None
    assert off.held.reason == "Finn is ill"
    assert not on_again.is_off


def test_marks_stay_with_a_session_that_the_day_has_lost(engines: Engines, elm: CommunityBuilder) -> None:
    tap(engines, elm, "ada", "attended")
    tap(engines, elm, "dov", "declined", WALK)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [Held("choir", "lounge", 4, "15:00", ["finn"], ["ada", "ben"], ref=CHOIR)],
            kind="repair",
            published_at=NOW + timedelta(minutes=5),
        )
    later = NOW + timedelta(minutes=10)

    day = day_of(engines, elm, now=later)
    friday = day_of(engines, elm, today=date(2026, 12, 4), now=later)
    choir, walk = day.moved

    assert day.sessions == ()
    assert (choir.slot.title, choir.slot.start_minute, walk.slot.title) == ("Choir", 630, "Walk")
    assert choir.now_at is not None
    assert (choir.now_at.on_date, choir.now_at.start_minute) == (date(2026, 12, 4), 900)
    assert walk.now_at is None
    assert [(guest.person.called, guest.outcome, guest.is_invited) for guest in choir.guests] == [
        ("Ada", "attended", False)
    ]
    assert [(guest.person.called, guest.outcome) for guest in choir_of(friday).guests] == [
        ("Ben", None),
        ("Ada", "attended"),
    ]


def test_what_was_published_today_is_told_and_what_was_before_is_not(engines: Engines, elm: CommunityBuilder) -> None:
    before = day_of(engines, elm)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [
                Held("choir", "studio", 2, "11:00", ["finn"], ["ada"], ref=CHOIR),
                Held("chess", "studio", 2, "15:00", ["finn"], ["ada"], ref="new"),
                Held("chess", "studio", 3, "11:30", ["finn"], ["ada"]),  # another day's business
            ],
            kind="repair",
            published_at=MORNING,
        )

    changes = {change.ref: change for change in day_of(engines, elm).changes}

    assert before.changes == ()
    assert changes.keys() == {CHOIR, "new", WALK}
    assert changes[CHOIR].is_moved
    assert changes[CHOIR].was is not None
    assert changes[CHOIR].now is not None
    assert (changes[CHOIR].was.space, changes[CHOIR].now.space) == ("Lounge", "Studio")
    assert changes["new"].was is None
    assert changes[WALK].now is None


@pytest.mark.parametrize(
    ("state", "now", "check", "is_stale"),
    [
        (None, datetime(2026, 12, 2, 5, 29, tzinfo=UTC), "not due", False),
        (None, datetime(2026, 12, 2, 5, 30, tzinfo=UTC), "under way", False),
        ("running", datetime(2026, 12, 2, 5, 34, tzinfo=UTC), "under way", False),
        ("running", datetime(2026, 12, 2, 5, 35, tzinfo=UTC), "late", True),
        (None, NOW, "late", True),
        ("unchanged", NOW, "unchanged", False),
        ("published", NOW, "published", False),
        ("kept", NOW, "kept", True),
        ("parked", NOW, "late", True),
    ],
)
def test_a_day_says_what_its_check_has_come_to(
    engines: Engines, elm: CommunityBuilder, state: str | None, now: datetime, check: str, is_stale: bool
) -> None:
    if state is not None:
        with unit_of_work(engines) as db:
            db.add(
                LedgerEntry(
                    community_id=elm.id,
                    local_day=WEDNESDAY,
                    kind="repair",
                    state=state,
                    due_at=MORNING,
                    finished_at=MORNING,
                )
            )

    fresh = day_of(engines, elm, now=now).freshness

    assert fresh is not None
    assert (fresh.check, fresh.is_stale, fresh.published_at) == (check, is_stale, PUBLISHED)


def test_what_was_published_after_the_check_was_due_is_fresh(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([], kind="week", published_at=MORNING)

    fresh = day_of(engines, elm).freshness

    assert fresh is not None
    assert (fresh.check, fresh.is_stale) == ("published", False)


def test_without_a_publication_the_same_weekday_before_stands(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.activity("visit", max_group=1)
        elm.publication(
            [Held("walk", "studio", 2, "09:30"), Held("visit", "studio", 2, "09:00")],
            week_start=date(2026, 12, 7),
            published_at=NOW,
        )

    day = day_of(engines, elm, today=date(2026, 12, 23), now=NOW + timedelta(weeks=3))
    none = day_of(engines, elm, today=date(2027, 2, 3), now=NOW + timedelta(weeks=9))

    assert day.freshness is None
    assert day.sessions == ()
    assert [(slot.title, slot.on_date) for slot in day.base] == [("Walk", date(2026, 12, 9))]
    assert none.base == ()


def test_a_large_day_takes_as_few_statements_as_a_small_one(engines: Engines, elm: CommunityBuilder) -> None:
    statements: list[str] = []
    event.listen(engines.read, "before_cursor_execute", lambda *given: statements.append(given[2]))
    day_of(engines, elm)
    small = len(statements)
    with unit_of_work(engines) as db:
        elm.db = db
        names = [f"guest{number}" for number in range(60)]
        for name in names:
            elm.resident(name)
        elm.publication(
            [
                Held("choir", "lounge", 2, f"{hour:02d}:00", ["finn"], names[hour::2], ref=f"choir {hour}")
                for hour in range(8, 20)
            ],
            published_at=PUBLISHED,
        )
    statements.clear()

    day_of(engines, elm)

    assert len(statements) == small
    assert small <= 21
