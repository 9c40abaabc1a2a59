"""What changed since a relative last looked, and since the week began: after every kind of publication."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from milieu.causes import SPACE, STAFF, Cause
from milieu.database import Engines, reading, unit_of_work
from milieu.models import Absence, ResidentRead
from milieu.queries.family.changes import Since, changes_since, last_look, week_began
from milieu.services.attendance import mark_held
from tests.milieu.builders import MONDAY, CommunityBuilder, Held, small_community

TUESDAY, WEDNESDAY, FRIDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 4))
PUBLISHED = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
LOOKED = datetime(2026, 12, 1, 18, 20, tzinfo=UTC)
NOW = datetime(2026, 12, 2, 9, 5, tzinfo=UTC)
DAYS = [WEDNESDAY + timedelta(days=ahead) for ahead in range(7)]
CHOIR, WALK, CHESS = (
    Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben"], ref="choir"),
    Held("walk", "studio", 3, "14:00", ["gita"], ["ada", "ben"], ref="walk"),
    Held("chess", "studio", 4, "14:00", ["gita"], ["ada", "ben"], ref="chess"),
)

Why = Mapping[str, tuple[str, Sequence[Cause]]]


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Ada is invited to the choir on Wednesday, a walk on Thursday and chess on Friday, with Ben."""
    with unit_of_work(engines) as db:
        built = small_community(db)
        built.activity("visit", minutes=15, max_group=1, name="A visit")
        built.publication([CHOIR, WALK, CHESS], published_at=PUBLISHED)
    return built


def change(engines: Engines, elm: CommunityBuilder, work: Callable[[CommunityBuilder], object]) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        work(elm)


def publish(
    engines: Engines, elm: CommunityBuilder, sessions: Sequence[Held], kind: str = "repair", why: Why | None = None
) -> None:
    """This morning, as a move of the pointers of today and later."""
    change(
        engines,
        elm,
        lambda elm: elm.publication(
            sessions, kind=kind, published_at=NOW - timedelta(hours=4), days=range(2, 7), why=why
        ),
    )


def since(
    engines: Engines,
    elm: CommunityBuilder,
    at: datetime = LOOKED,
    days: Sequence[date] = DAYS,
    is_shared: Callable[[date], bool] = lambda day: True,
) -> Since:
    with reading(engines) as db:
        return changes_since(db, elm.id, elm.residents["ada"].id, at, days, is_shared)


def told(found: Since) -> list[tuple[str, str]]:
    return [(each.kind, each.title) for each in found.changes]


def test_nothing_changed_is_nothing_told(engines: Engines, elm: CommunityBuilder) -> None:
    assert told(since(engines, elm)) == []
    assert not since(engines, elm)


@pytest.mark.parametrize("kind", ["week", "repair"])
def test_every_kind_of_publication_is_held_against_what_she_saw(
    engines: Engines, elm: CommunityBuilder, kind: str
) -> None:
    moved = Held("choir", "lounge", 3, "11:30", ["finn"], ["ada", "ben"], ref="choir")
    dropped = Held("walk", "studio", 3, "14:00", ["gita"], ["ben"], ref="walk")
    elsewhere = Held("chess", "lounge", 4, "14:00", ["gita"], ["ada", "ben"], ref="chess")
    new = Held("visit", "studio", 5, "10:00", ["finn"], ["ada"], ref="visit")
    publish(engines, elm, [moved, dropped, elsewhere, new], kind)

    found = since(engines, elm)

    assert told(found) == [("moved", "Choir"), ("dropped", "Walk"), ("relocated", "Chess"), ("new", "A visit")]
    assert found.changes[0].was is not None
    assert found.changes[0].now is not None
    assert (found.changes[0].was.on_date, found.changes[0].now.on_date) == (WEDNESDAY, WEDNESDAY + timedelta(days=1))
    assert told(since(engines, elm, NOW)) == []


def test_a_session_of_another_name_is_the_same_one_moved(engines: Engines, elm: CommunityBuilder) -> None:
    fresh = Held("choir", "lounge", 3, "11:30", ["finn"], ["ada", "ben"], ref="another")
    still = Held("walk", "studio", 3, "14:00", ["gita"], ["ada", "ben"], ref="renamed")
    publish(engines, elm, [fresh, still, CHESS], "week")

    assert told(since(engines, elm)) == [("moved", "Choir")]


def test_who_still_goes_at_the_old_time_has_not_moved_from_it(engines: Engines, elm: CommunityBuilder) -> None:
    friday = Held("choir", "lounge", 4, "10:30", ["finn"], ["ada", "ben"], ref="friday")
    change(engines, elm, lambda elm: elm.publication([CHOIR, friday], published_at=PUBLISHED))
    renamed = Held("choir", "lounge", 4, "10:30", ["finn"], ["ada", "ben"], ref="renamed")
    later = Held("choir", "lounge", 4, "15:00", ["finn"], ["ada", "ben"], ref="later")
    publish(engines, elm, [renamed, later], "week")

    [moved] = since(engines, elm).changes

    assert moved.was is not None
    assert moved.now is not None
    assert (moved.was.on_date, moved.now.on_date, moved.now.start_minute) == (WEDNESDAY, FRIDAY, 15 * 60)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((3, 4, 5), ("moved", 2, 5)),
        ((3, 2, 4), None),
        ((3, None, 4), ("cancelled", 2, None)),
        ((2, None, 3), ("cancelled", 4, None)),
    ],
    ids=["each to the next", "two change places", "one is taken out", "one is taken out, one comes there"],
)
def test_what_comes_to_where_another_goes_from_leaves_her_there(
    engines: Engines, elm: CommunityBuilder, days: Sequence[int | None], expected: tuple[str, int, int | None] | None
) -> None:
    choirs = [Held("choir", "lounge", day, "10:30", ["finn"], ["ada"], ref=f"choir{day}") for day in (2, 3, 4)]
    change(engines, elm, lambda elm: elm.publication(choirs, published_at=PUBLISHED))
    publish(engines, elm, [replace(choir, day=day) for choir, day in zip(choirs, days, strict=True) if day is not None])

    changes = [
        (each.kind, each.was and (each.was.on_date - MONDAY).days, each.now and (each.now.on_date - MONDAY).days)
        for each in since(engines, elm).changes
    ]
    assert changes == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("start", "seconds", "found"),
    [
        ("10:30", [("11:15", "second")], [("swapped", WEDNESDAY, FRIDAY, 11 * 60 + 15)]),
        ("10:30", [], [("dropped", WEDNESDAY, None, 0)]),
        ("14:00", [], [("dropped", WEDNESDAY, None, 0), ("swapped", FRIDAY, FRIDAY, 14 * 60)]),
    ],
    ids=["to the time of one that they left for a second", "to the time of one they left", "to its day"],
)
def test_what_moves_to_where_another_of_the_same_was(
    engines: Engines,
    elm: CommunityBuilder,
    start: str,
    seconds: list[tuple[str, str]],
    found: list[tuple[str, date, date | None, int]],
) -> None:
    """It never says that they do not go at a time at which they do."""
    friday = Held("choir", "lounge", 4, "10:30", ["finn"], ["ada", "ben"], ref="friday")
    change(engines, elm, lambda elm: elm.publication([CHOIR, friday], published_at=PUBLISHED))
    moved = Held("choir", "lounge", 4, start, ["finn"], ["ada", "ben"], ref="choir")
    left = Held("choir", "studio", 4, "10:30", ["gita"], ["ben"], ref="friday")
    more = [Held("choir", "lounge", 4, at, ["finn"], ["ada"], ref=ref) for at, ref in seconds]
    publish(engines, elm, [moved, left, *more])

    changes = since(engines, elm).changes

    assert [
        (
            each.kind,
            each.was and each.was.on_date,
            each.now and each.now.on_date,
            each.now.start_minute if each.now else 0,
        )
        for each in changes
    ] == found


def test_one_instead_that_is_off_is_told_once(engines: Engines, elm: CommunityBuilder) -> None:
    without = Held("choir", "lounge", 2, "10:30", ["finn"], ["ben"], ref="choir")
    second = Held("choir", "lounge", 2, "15:00", ["finn"], ["ada"], ref="second")
    publish(engines, elm, [without, second, WALK, CHESS])
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, "second", False, by=None, now=NOW)

    assert told(since(engines, elm)) == [("off", "Choir")]


def test_another_one_of_the_same_instead(engines: Engines, elm: CommunityBuilder) -> None:
    without = Held("choir", "lounge", 2, "10:30", ["finn"], ["ben"], ref="choir")
    second = Held("choir", "lounge", 5, "10:30", ["finn"], ["ada"], ref="second")
    publish(engines, elm, [without, second, WALK, CHESS])

    assert told(since(engines, elm)) == [("swapped", "Choir")]


def test_what_is_over_is_not_gone(engines: Engines, elm: CommunityBuilder) -> None:
    over = Held("choir", "lounge", 1, "10:30", ["finn"], ["ada"], ref="tuesday")
    change(engines, elm, lambda elm: elm.publication([over, CHOIR, WALK, CHESS], published_at=PUBLISHED))
    second = Held("choir", "lounge", 5, "10:30", ["finn"], ["ada"], ref="second")
    publish(engines, elm, [over, CHOIR, second, WALK, CHESS])

    assert told(since(engines, elm, PUBLISHED)) == [("new", "Choir")]


def test_what_is_taken_out_is_told_with_what_is_kept_of_why(engines: Engines, elm: CommunityBuilder) -> None:
    finn, studio = Cause(STAFF, elm.facilitators["finn"].id), Cause(SPACE, elm.spaces["studio"].id)
    publish(engines, elm, [CHESS], why={"choir": ("cancelled", [finn]), "walk": ("cancelled", [studio])})

    found = since(engines, elm)

    assert told(found) == [("cancelled", "Choir"), ("cancelled", "Walk")]
    assert found.changes[0].cause == Cause(STAFF)
    assert found.changes[1].cause == Cause(SPACE, elm.spaces["studio"].id, "Studio")


def test_a_fact_that_came_up_afterwards_is_told_of_nothing(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, "choir", False, by=None, now=NOW - timedelta(hours=1))
    publish(engines, elm, [CHOIR, CHESS])

    def be_away(elm: CommunityBuilder) -> None:
        for name in ("finn", "gita"):
            ids = {"community_id": elm.id, "facilitator_id": elm.facilitators[name].id}
            elm.add(Absence(first_date=WEDNESDAY, last_date=FRIDAY, reason="flu", **ids))

    change(engines, elm, be_away)
    found = since(engines, elm)

    assert told(found) == [("off", "Choir"), ("cancelled", "Walk")]
    assert [each.cause for each in found.changes] == [None, None]


def test_what_the_floor_says_is_news_too(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, "choir", False, by=None, now=NOW - timedelta(hours=1))
    off, known = since(engines, elm), since(engines, elm, NOW)
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, "choir", None, by=None, now=NOW + timedelta(minutes=5))

    assert told(off) == [("off", "Choir")]
    assert told(known) == []
    assert told(since(engines, elm, NOW)) == [("on again", "Choir")]
    assert told(since(engines, elm)) == []


def test_what_is_over_and_what_is_not_shared_is_not_told(engines: Engines, elm: CommunityBuilder) -> None:
    moved = Held("choir", "lounge", 4, "11:30", ["finn"], ["ada", "ben"], ref="choir")
    publish(engines, elm, [moved, CHESS])
    thursday = WEDNESDAY + timedelta(days=1)

    assert told(since(engines, elm)) == [("cancelled", "Walk"), ("moved", "Choir")]
    assert told(since(engines, elm, days=DAYS[2:])) == [("moved", "Choir")]
    assert told(since(engines, elm, is_shared=lambda day: day <= thursday, days=DAYS[:2])) == [("cancelled", "Walk")]


def test_a_week_that_was_not_out_is_news_as_a_whole(engines: Engines, elm: CommunityBuilder) -> None:
    following = MONDAY + timedelta(weeks=1)
    change(
        engines,
        elm,
        lambda elm: elm.publication(
            [Held("choir", "lounge", 0, "10:30", ["finn"], ["ada"])], week_start=following, published_at=NOW
        ),
    )

    found = since(engines, elm)

    assert (told(found), found.weeks_out) == ([], (following,))
    assert since(engines, elm, NOW).weeks_out == ()


def look(engines: Engines, elm: CommunityBuilder, at: datetime, page: str = "family.home", who: str = "ada") -> None:
    ids = {"community_id": elm.id, "account_id": "a" * 26, "resident_id": elm.residents[who].id}
    with unit_of_work(engines) as db:
        db.add(ResidentRead(at=at, page=page, **ids))


def test_news_stay_all_day(engines: Engines, elm: CommunityBuilder) -> None:
    def found() -> datetime | None:
        with reading(engines) as db:
            return last_look(db, elm.id, "a" * 26, elm.residents["ada"].id, WEDNESDAY, "Europe/London")

    never = found()
    look(engines, elm, NOW)
    first_today = found()
    look(engines, elm, NOW + timedelta(hours=1))
    still = found()
    look(engines, elm, LOOKED, page="family.one")
    look(engines, elm, LOOKED + timedelta(hours=1), page="family.shares")
    look(engines, elm, LOOKED + timedelta(hours=1), who="ben")

    assert never is None
    assert first_today == still == NOW
    assert found() == LOOKED


def test_a_week_begins_at_its_midnight_or_when_it_is_first_published(engines: Engines, elm: CommunityBuilder) -> None:
    publish(engines, elm, [CHOIR])
    with reading(engines) as db:
        assert week_began(db, elm.id, MONDAY, "Europe/London") == datetime(2026, 11, 30, tzinfo=UTC)
        assert week_began(db, elm.id, MONDAY, "Pacific/Honolulu") == datetime(2026, 11, 30, 10, tzinfo=UTC)
        assert week_began(db, elm.id, MONDAY + timedelta(weeks=1), "Europe/London") is None
