"""A guest comes for some of the people, and cancels: what was fixed goes, and comes back where that was a mistake."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Invalid
from milieu.models import ActivityHours, Change, Community, Facilitator
from milieu.queries.facts.by_day import colleagues, fact_told
from milieu.queries.facts.guests import guests_to_come
from milieu.services.facts.cancelling import tell_cancelled
from milieu.services.facts.taking_back import take_back
from milieu.services.facts.visiting import Visit, tell_visit
from milieu.services.teller import Teller
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.milieu.services.facts.published import FRIDAY, TODAY


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


def visit(elm: CommunityBuilder, **whom: tuple[str, ...]) -> Visit:
    return Visit(elm.activities["choir"].id, elm.spaces["lounge"].id, FRIDAY, 900, guest="Ida Fiddler", **whom)


def test_it_is_for_its_living_groups_and_those_named_and_nobody_else(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ids = {key: row.id for key, row in elm.residents.items()}
    with unit_of_work(engines) as db:
        row_id = tell_visit(db, teller, visit(elm, groups=(elm.groups["river"].id,), people=(ids["ada"],)))

    with reading(engines) as db:
        pins = make_problem(db, elm.id, MONDAY, NOW, repair=False).document.model_dump(mode="json")["pins"]
        fact = fact_told(db, elm.id, row_id, timezone="Europe/London", now=NOW)
    assert [pin["attend"] for pin in pins if "attend" in pin] == [ids["ada"]]
    assert {pin["absent"] for pin in pins if "absent" in pin} == {ids["ben"], ids["cleo"]}
    assert fact.meant_for == "River wing, Ada Made-Up"
    assert fact.people == (ids["ada"],)


@pytest.mark.parametrize(
    ("timezone", "now"),
    [("Europe/London", NOW), ("America/New_York", NOW + timedelta(hours=16))],  # the evening there is tomorrow in UTC
    ids=["morning", "evening"],
)
def test_whose_coming_was_a_slip_is_chosen_from_nowhere_and_named_where_it_was_told(
    engines: Engines, elm: CommunityBuilder, teller: Teller, timezone: str, now: datetime
) -> None:
    teller = replace(teller, now=now)
    with unit_of_work(engines) as db:
        db.get_one(Community, elm.id).timezone = timezone
        row_id = tell_visit(db, teller, visit(elm))
        assert "Ida Fiddler" in {each.name for each in colleagues(db, elm.id, TODAY)}
        take_back(db, teller, db.scalars(select(Change.id).where(Change.row_id == row_id)).one())

    with reading(engines) as db:
        assert "Ida Fiddler" not in {each.name for each in colleagues(db, elm.id, TODAY)}
        ida = db.scalars(select(Facilitator).where(Facilitator.name == "Ida Fiddler")).one()
        assert ida.starts_on == ida.ended_on == TODAY  # what lists read back
        assert fact_told(db, elm.id, row_id, timezone=timezone, now=now).other == "Lounge, Ida Fiddler"


def test_it_takes_as_many_as_it_needs(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        quartet = elm.activity("quartet", min_group=4)
        four = Visit(quartet.id, elm.spaces["lounge"].id, FRIDAY, 900, guest="Ida", groups=(elm.groups["river"].id,))
        with pytest.raises(Invalid, match="4 people at least") as refused:
            tell_visit(db, teller, four)
    assert refused.value.at == "groups"


def test_what_no_plan_could_hold_is_refused_and_nothing_of_it_stays(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        quiz = elm.activity("quiz")
        elm.add(ActivityHours(community_id=elm.id, activity_id=quiz.id, start_minute=825, end_minute=975))
    with pytest.raises(Invalid, match="Quiz cannot be held there and then") as refused, unit_of_work(engines) as db:
        tell_visit(db, teller, Visit(quiz.id, elm.spaces["lounge"].id, FRIDAY, 990, guest="Ida Fiddler"))

    assert refused.value.at == "start"
    with unit_of_work(engines) as db:
        assert guests_to_come(db, elm.id, TODAY) == ()
        tell_visit(db, teller, Visit(quiz.id, elm.spaces["lounge"].id, FRIDAY, 840, guest="Ida Fiddler"))


def test_what_cannot_be_fixed_beside_what_is_is_said_at_its_field(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada, ben, cleo = (elm.residents[key].id for key in ("ada", "ben", "cleo"))
    concert, chess = visit(elm, people=(ada, ben)), elm.activities["chess"].id
    finn = elm.facilitators["finn"].id
    with unit_of_work(engines) as db:
        elm.db = db
        elm.tie(elm.residents["ben"], elm.residents["cleo"], None)
        elm.activity("mowing", months=[6])
        tell_visit(db, teller, concert)
        tell_visit(db, teller, Visit(chess, elm.spaces["lounge"].id, FRIDAY, 840, leader_id=finn))
    studio = elm.spaces["studio"].id
    refused = [
        ("start", "Lounge is fixed for Choir at 15:00", replace(concert, start_minute=930, people=())),
        ("leader", "Finn Made-Up is fixed for Chess at 14:00", Visit(chess, studio, FRIDAY, 855, leader_id=finn)),
        ("people", "there: Ada Made-Up, Ben", replace(concert, activity_id=chess, space_id=studio, people=(ada, ben))),
        ("people", "there: Cleo Made-Up", replace(concert, day=FRIDAY + timedelta(days=1), people=(ben, cleo))),
        ("activity", "Mowing is not offered that week", replace(concert, activity_id=elm.activities["mowing"].id)),
    ]
    for at, sentence, other in refused:
        with pytest.raises(Invalid, match=sentence) as error, unit_of_work(engines) as db:
            tell_visit(db, teller, other)
        assert error.value.at == at


def test_as_many_lead_it_as_its_size_asks_for(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    finn = elm.facilitators["finn"].id
    with unit_of_work(engines) as db:
        elm.db = db
        concert = Visit(elm.activity("concert", facilitators=2).id, elm.spaces["lounge"].id, FRIDAY, 900, guest="Ida")
        elm.facilitator("hal")
        elm.publication([Held("chess", "studio", 4, "15:30", ["hal"], ["ada", "ben"], ref="chess")])
    chess = Visit(elm.activities["chess"].id, elm.spaces["studio"].id, FRIDAY, 840, guest="Ida", helper_id=finn)
    told = "Concert is led by two. Please choose who of the team is with them. Free then: Finn Made-Up, Gita Made-Up."
    for other, sentence in ((concert, told), (chess, "One of the team, or a guest, leads Chess")):
        with pytest.raises(Invalid, match=sentence) as error, unit_of_work(engines) as db:
            tell_visit(db, teller, other)
        assert error.value.at == "helper"

    with unit_of_work(engines) as db:
        tell_visit(db, teller, replace(concert, helper_id=finn))
        assert make_problem(db, elm.id, MONDAY, NOW, repair=True).notes == ()


def test_a_guest_who_cancels_stands_against_what_is_published_until_that_is_taken_back(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    with unit_of_work(engines) as db:
        tell_visit(db, teller, visit(elm, groups=(elm.groups["river"].id,)))
        (guest,) = guests_to_come(db, elm.id, TODAY)
        elm.db = db
        elm.facilitators["ida"] = db.get_one(type(elm.facilitators["finn"]), (elm.id, guest.facilitator_id))
        elm.publication([Held("choir", "lounge", 4, "15:00", ["ida"], ["dov", "esi"], ref="concert")])
    with reading(engines) as db:
        before = make_problem(db, elm.id, MONDAY, NOW, repair=False).document.pins
    with unit_of_work(engines) as db:
        row_id = tell_cancelled(db, teller, guest.id, "A cold")

    with reading(engines) as db:
        assert guests_to_come(db, elm.id, TODAY) == ()
        assert make_problem(db, elm.id, MONDAY, NOW, repair=False).document.pins == ()
        fact = fact_told(db, elm.id, row_id, timezone="Europe/London", now=NOW)
    assert (fact.who, fact.other, [each.ref for each in fact.touches]) == ("Ida Fiddler", "Choir", ["concert"])

    with unit_of_work(engines) as db:
        with pytest.raises(Invalid):
            tell_cancelled(db, teller, guest.id)
        take_back(db, teller, db.scalars(select(Change.id).where(Change.row_id == row_id)).one())
        assert [each.id for each in guests_to_come(db, elm.id, TODAY)] == [guest.id]
    with reading(engines) as db:
        assert make_problem(db, elm.id, MONDAY, NOW, repair=False).document.pins == before
