"""Which fact is behind a change, and what of it a family may be told."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from milieu.causes import NOT_HELD, OUTBREAK, SPACE, STAFF, WEATHER, Cause, for_family
from milieu.database import Engines, reading, unit_of_work
from milieu.models import Absence, Outbreak, PublishedSession, Roster, SpaceClosure
from milieu.queries.published.marks import held_of
from milieu.queries.week.causes import causes_of
from milieu.services.attendance import mark_held
from tests.milieu.builders import CommunityBuilder, Held, minute, small_community

WEDNESDAY = date(2026, 12, 2)
TUESDAY, THURSDAY = WEDNESDAY - timedelta(days=1), WEDNESDAY + timedelta(days=1)
NOW = datetime(2026, 12, 2, 9, 5, tzinfo=UTC)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """On Wednesday a choir that mixes the garden with the river, and chess for the garden alone."""
    with unit_of_work(engines) as db:
        built = small_community(db)
        built.publication(
            [
                Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "esi"], ref="choir"),
                Held("chess", "studio", 2, "14:00", ["gita"], ["ada", "ben"], ref="chess"),
            ]
        )
    return built


def found(engines: Engines, elm: CommunityBuilder) -> dict[str, list[tuple[str, str]]]:
    with reading(engines) as db:
        refs = {row.id: row.ref for row in db.query(PublishedSession)}
        causes = causes_of(db, elm.id, refs)
    return {refs[session_id]: [(each.kind, each.name) for each in told] for session_id, told in causes.items()}


def change(engines: Engines, elm: CommunityBuilder, work: Callable[[CommunityBuilder], object]) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        work(elm)


def closure(elm: CommunityBuilder, reason: str = "", **fields: object) -> SpaceClosure:
    given = {"first_date": WEDNESDAY, "last_date": WEDNESDAY, "start_minute": 0, "end_minute": 1440, **fields}
    return SpaceClosure(community_id=elm.id, space_id=elm.spaces["lounge"].id, reason=reason, **given)


def test_nothing_stands_against_what_can_be_held(engines: Engines, elm: CommunityBuilder) -> None:
    assert found(engines, elm) == {}


@pytest.mark.parametrize(
    ("fields", "is_behind"),
    [
        ({}, True),
        ({"start_minute": minute("11:14")}, True),
        ({"start_minute": minute("11:15")}, False),
        ({"end_minute": minute("10:30")}, False),
        ({"end_minute": minute("10:31")}, True),
        # over several days it is closed from a moment of the first to a moment of the last, all through those between
        ({"first_date": TUESDAY, "start_minute": minute("20:00"), "last_date": THURSDAY, "end_minute": 480}, True),
        ({"first_date": TUESDAY, "start_minute": 0, "end_minute": minute("10:30")}, False),
    ],
)
def test_a_space_that_is_closed_then(
    engines: Engines, elm: CommunityBuilder, fields: dict[str, object], is_behind: bool
) -> None:
    change(engines, elm, lambda elm: elm.add(closure(elm, "repainted", **fields)))

    assert found(engines, elm) == ({"choir": [(SPACE, "Lounge")]} if is_behind else {})


@pytest.mark.parametrize(("said", "kind"), [("weather", WEATHER), ("repairs", SPACE), ("outbreak", SPACE)])
def test_the_weather_is_told_from_other_reasons(engines: Engines, elm: CommunityBuilder, said: str, kind: str) -> None:
    change(engines, elm, lambda elm: elm.add(closure(elm, "Storm", kind=said)))

    assert found(engines, elm) == {"choir": [(kind, "Lounge")]}


def test_a_space_that_is_gone(engines: Engines, elm: CommunityBuilder) -> None:
    def end(elm: CommunityBuilder) -> None:
        elm.db.merge(elm.spaces["studio"]).ended_on = WEDNESDAY

    change(engines, elm, end)

    assert found(engines, elm) == {"chess": [(SPACE, "Studio")]}


def test_somebody_of_the_staff_who_is_away(engines: Engines, elm: CommunityBuilder) -> None:
    ids = {"community_id": "", "facilitator_id": ""}

    def be_away(elm: CommunityBuilder) -> None:
        ids.update(community_id=elm.id, facilitator_id=elm.facilitators["finn"].id)
        elm.add(Absence(first_date=TUESDAY, last_date=THURSDAY, reason="flu", **ids))

    change(engines, elm, be_away)

    assert found(engines, elm) == {"choir": [(STAFF, "Finn Made-Up")]}


def test_somebody_of_the_staff_who_is_off_duty_or_has_left(engines: Engines, elm: CommunityBuilder) -> None:
    def go(elm: CommunityBuilder) -> None:
        for duty in elm.db.query(Roster).where(Roster.facilitator_id == elm.facilitators["gita"].id):
            duty.start_minute = minute("14:15")
        elm.db.merge(elm.facilitators["finn"]).ended_on = WEDNESDAY

    change(engines, elm, go)

    assert found(engines, elm) == {"choir": [(STAFF, "Finn Made-Up")], "chess": [(STAFF, "Gita Made-Up")]}


@pytest.mark.parametrize(("until", "is_behind"), [(WEDNESDAY, True), (TUESDAY, False), (None, True)])
def test_an_outbreak_where_groups_would_mix(
    engines: Engines, elm: CommunityBuilder, until: date | None, is_behind: bool
) -> None:
    garden = {"living_group_id": elm.groups["garden"].id, "valid_from": TUESDAY, "valid_until": until}
    change(engines, elm, lambda elm: elm.add(Outbreak(community_id=elm.id, **garden)))

    assert found(engines, elm) == ({"choir": [(OUTBREAK, "Garden wing")]} if is_behind else {})


def off(engines: Engines, elm: CommunityBuilder) -> list[tuple[str, str]]:
    """What is kept with the word that the choir cannot be held."""
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, "choir", False, "Finn has the flu", by=None, now=NOW)
    with reading(engines) as db:
        return [(each.kind, each.id) for each in held_of(db, elm.id, refs=["choir"])["choir"].because]


def test_what_stands_against_a_session_that_is_off_is_kept_with_that(engines: Engines, elm: CommunityBuilder) -> None:
    change(engines, elm, lambda elm: elm.add(closure(elm)))

    assert off(engines, elm) == [(SPACE, elm.spaces["lounge"].id)]


def test_what_comes_up_afterwards_is_not_why_it_was_called_off(engines: Engines, elm: CommunityBuilder) -> None:
    nothing = off(engines, elm)
    change(engines, elm, lambda elm: elm.add(closure(elm)))

    assert nothing == off(engines, elm) == []


def test_a_family_is_told_of_a_room_the_weather_or_the_staff_without_a_name() -> None:
    finn, garden, lounge = Cause(STAFF, "1", "Finn"), Cause(OUTBREAK, "2", "Garden wing"), Cause(SPACE, "3", "Lounge")

    assert for_family([garden, Cause(NOT_HELD)]) is None
    assert for_family([garden, finn]) == Cause(STAFF)
    assert for_family([finn, garden, lounge]) == lounge
    assert for_family([Cause(WEATHER, "3", "Garden")]) == Cause(WEATHER, "3", "Garden")
