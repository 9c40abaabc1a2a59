"""A move to come: planned for from its day on, lived when the day has come, taken back as if never told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid
from milieu.models import Change, Move, Resident
from milieu.queries.facts.by_day import fact_told
from milieu.queries.person.moves import MoveToCome, move_to_come
from milieu.services.facts.living import move_in_due, tell_departure, tell_move
from milieu.services.facts.taking_back import take_back
from milieu.services.house.things.kinds import LIVING_GROUPS
from milieu.services.house.things.uses import why_not
from milieu.services.teller import Teller
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, small_community
from tests.milieu.services.facts.published import FRIDAY, THURSDAY, TODAY

NEXT = MONDAY + timedelta(days=7)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Ada lives in the garden wing; by the river nobody does. It is Wednesday."""
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.group("hill", zone="hill")
        return made


def told(engines: Engines, elm: CommunityBuilder, teller: Teller, day: date) -> str:
    with unit_of_work(engines) as db:
        return tell_move(db, teller, elm.residents["ada"].id, elm.groups["hill"].id, "4", day)


def lives(engines: Engines, elm: CommunityBuilder) -> tuple[str, str]:
    with reading(engines) as db:
        row = db.get_one(Resident, (elm.id, elm.residents["ada"].id))
        return row.living_group_id, row.room


def zone(engines: Engines, elm: CommunityBuilder, monday: date) -> str:
    with reading(engines) as db:
        document = make_problem(db, elm.id, monday, NOW, repair=False).document
    return next(each.zone for each in document.residents if each.id == elm.residents["ada"].id)


def test_it_is_planned_for_from_its_day_on_and_lived_when_the_day_has_come(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    garden, hill = elm.groups["garden"], elm.groups["hill"]
    row_id = told(engines, elm, teller, FRIDAY)

    assert lives(engines, elm) == (garden.id, "1")
    assert (zone(engines, elm, MONDAY), zone(engines, elm, NEXT)) == (garden.zone, hill.zone)
    with reading(engines) as db:
        fact = fact_told(db, elm.id, row_id, timezone="Europe/London", now=NOW)
        assert (fact.first, fact.detail, fact.other) == (FRIDAY, "4", hill.name)
        ada = elm.residents["ada"].id
        assert move_to_come(db, elm.id, ada) == MoveToCome(hill.name, "4", FRIDAY)
        assert why_not(db, elm.id, LIVING_GROUPS, hill.id, TODAY), "a group to which somebody is to move cannot end"

    for day, count, there in (
        (THURSDAY, 0, (garden.id, "1")),
        (FRIDAY, 1, (hill.id, "4")),
        (FRIDAY, 0, (hill.id, "4")),
    ):
        with unit_of_work(engines) as db:
            assert move_in_due(db, elm.id, day) == count
        assert lives(engines, elm) == there
    with unit_of_work(engines) as db:
        take_back(db, teller, db.scalars(select(Change.id).where(Change.row_id == row_id)).one())
    assert lives(engines, elm) == (garden.id, "1")


def test_taken_back_before_its_day_it_was_never_to_be(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    row_id = told(engines, elm, teller, FRIDAY)
    with pytest.raises(Conflict, match="Another move"):
        told(engines, elm, teller, TODAY)
    with unit_of_work(engines) as db:
        take_back(db, teller, db.scalars(select(Change.id).where(Change.row_id == row_id)).one())
        assert db.scalars(select(Move.id)).all() == []
    assert zone(engines, elm, NEXT) == elm.groups["garden"].zone
    told(engines, elm, teller, TODAY)
    assert lives(engines, elm) == (elm.groups["hill"].id, "4")


def test_who_has_left_by_then_moves_nowhere(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    told(engines, elm, teller, FRIDAY)
    with unit_of_work(engines) as db:
        tell_departure(db, teller, elm.residents["ada"].id, THURSDAY, "moved")
    with unit_of_work(engines) as db:
        assert move_in_due(db, elm.id, FRIDAY) == 0
        assert db.scalars(select(Move.id)).all() == []
    assert lives(engines, elm) == (elm.groups["garden"].id, "1")


@pytest.mark.parametrize("days", [-1, 366])
def test_a_day_that_is_over_or_too_far_is_told(
    engines: Engines, elm: CommunityBuilder, teller: Teller, days: int
) -> None:
    with pytest.raises(Invalid) as refused:
        told(engines, elm, teller, TODAY + timedelta(days=days))
    assert refused.value.at == "first"
