"""Whom a newcomer might meet: from what is known, with its reason, and nothing but a proposal until a yes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Conflict
from milieu.models import Resident, Tie, Wish
from milieu.queries.ties.newcomers import Welcome, welcomes
from milieu.services.residents.welcoming import answer_proposal
from milieu.services.teller import Teller
from tests.milieu.builders import NOW, CommunityBuilder, community

TODAY = NOW.date()
CAME = TODAY - timedelta(days=4)


@pytest.fixture
def oak(engines: Engines) -> CommunityBuilder:
    """Somebody new, of three of whom something is known that speaks for a neighbour."""
    with unit_of_work(engines) as db:
        made = community(db, "oak")
        made.group("garden")
        made.group("river", sort=1)
        for key, size in (("choir", 30), ("cards", 6), ("chess", 6), ("walk", 6)):
            made.activity(key, max_group=size, domains=["creative"] if key == "choir" else ["social"])
        for number, name in enumerate(("ada", "ben", "cleo", "dov")):
            made.resident(name, room=f"A {1 + 4 * number}", arrived_on=TODAY - timedelta(days=400))
        made.resident("ivy", group="river", room="A 21", arrived_on=TODAY - timedelta(days=400))
        made.resident("new", room="A 20", arrived_on=CAME)
        for name, activity in (("ben", "cards"), ("cleo", "cards"), ("dov", "chess"), ("ivy", "walk")):
            made.wish(made.residents[name], made.activities[activity], 3)
        return made


def of(engines: Engines, oak: CommunityBuilder, day: int = 0) -> Welcome | None:
    with reading(engines) as db:
        return next(iter(welcomes(db, oak.id, TODAY + timedelta(days=day), of=[oak.residents["new"].id])), None)


def test_a_past_weighs_more_than_a_door_and_each_group_has_its_reason(engines: Engines, oak: CommunityBuilder) -> None:
    new = oak.residents["new"].id
    with unit_of_work(engines) as db:
        db.get_one(Resident, (oak.id, oak.residents["dov"].id)).room = "A 19"
        db.get_one(Resident, (oak.id, oak.residents["ada"].id)).languages = ["Twi"]
        db.get_one(Resident, (oak.id, new)).languages = ["twi"]

    welcome = of(engines, oak)

    assert welcome is not None
    assert (welcome.day, welcome.until, welcome.is_open) == (5, CAME + timedelta(days=14), True)
    assert welcome.neighbour is not None
    assert welcome.neighbour.shared is not None
    assert (welcome.neighbour.person.called, welcome.neighbour.shared.word) == ("Ada", "twi")
    groups = [(group.name, group.likes, [each.called for each in group.near]) for group in welcome.groups]
    assert groups == [("Chess", 1, ["Dov"]), ("Cards", 2, [])]  # Ivy, who walks, lives in another living group


def test_what_they_refuse_or_cannot_do_is_not_proposed(engines: Engines, oak: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        oak.db = db
        oak.refusal(oak.residents["new"], activity=oak.activities["cards"])
        oak.wish(oak.residents["new"], oak.activities["chess"], -1)

    welcome = of(engines, oak)

    assert welcome is not None
    assert welcome.groups == ()


def test_a_yes_becomes_a_fact_and_a_no_the_next_proposal(engines: Engines, oak: CommunityBuilder) -> None:
    new, teller = oak.residents["new"].id, Teller(oak.id, None, NOW)
    with unit_of_work(engines) as db:
        db.get_one(Resident, (oak.id, oak.residents["dov"].id)).room = "A 19"
        db.get_one(Resident, (oak.id, oak.residents["ben"].id)).room = "A 18"
    first = of(engines, oak)
    assert first is not None
    assert first.neighbour is not None
    assert first.neighbour.person.called == "Ben"

    with unit_of_work(engines) as db:
        answer_proposal(db, teller, new, "neighbour", oak.residents["ben"].id, "never")
    second = of(engines, oak)
    assert second is not None
    assert second.neighbour is not None
    assert second.neighbour.person.called == "Dov"
    with unit_of_work(engines) as db:
        answer_proposal(db, teller, new, "neighbour", oak.residents["dov"].id, "yes")
        answer_proposal(db, teller, new, "group", oak.activities["chess"].id, "yes")
        answer_proposal(db, teller, new, "group", oak.activities["cards"].id, "not now")
        with pytest.raises(Conflict):
            answer_proposal(db, teller, new, "group", oak.activities["cards"].id, "yes")

    third = of(engines, oak)
    assert third is not None
    assert third.neighbour is not None
    assert third.neighbour.is_hoped
    groups = [(group.name, group.is_liked, group.like) for group in third.groups]
    assert groups == [("Chess", True, ""), ("Walk", False, "Chess")]  # what is near to what they like is the next
    with reading(engines) as db:
        tie = db.scalars(select(Tie)).one()
        assert (tie.kind, tie.visibility, {tie.resident_id, tie.other_id}) == (
            "meet",
            "director",
            {new, oak.residents["dov"].id},
        )
        wish = db.scalars(select(Wish).where(Wish.resident_id == new)).one()
        assert (wish.strength, wish.said_by, wish.valid_until) == (3, "staff", TODAY + timedelta(weeks=8))


def test_only_the_new_who_want_company(engines: Engines, oak: CommunityBuilder) -> None:
    assert of(engines, oak, 23) is not None
    assert of(engines, oak, 24) is None  # four weeks after they came
    with unit_of_work(engines) as db:
        db.get_one(Resident, (oak.id, oak.residents["new"].id)).sessions_max = 0
    assert of(engines, oak) is None
