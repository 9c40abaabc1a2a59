"""Somebody arrives: entered with what is known, and planned for like everybody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Invalid
from milieu.models import Refusal, Resident, Wish
from milieu.queries.residents.people import residents_here
from milieu.queries.residents.stays import stays_of
from milieu.services.editing.reading import Refused
from milieu.services.residents.arriving import FirstWords, add_resident
from milieu.services.teller import Teller
from tests.milieu.builders import NOW, CommunityBuilder, small_community

TODAY = NOW.date()


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


@pytest.fixture
def teller(elm: CommunityBuilder) -> Teller:
    return Teller(elm.id, None, NOW)


def known(elm: CommunityBuilder, **more: str) -> dict[str, str]:
    return {
        "given_name": "Zora",
        "pronoun": "she",
        "living_group": elm.groups["river"].id,
        "room": "22",
        "arrived_on": TODAY.isoformat(),
        **more,
    }


def test_with_only_what_is_known(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    choir, walk = elm.activities["choir"].id, elm.activities["walk"].id

    with unit_of_work(engines) as db:
        zora = add_resident(
            db, teller, known(elm, wheelchair="yes"), FirstWords([choir, choir], no_to=walk, said_by="relative")
        )

    with reading(engines) as db:
        row = db.get_one(Resident, (elm.id, zora))
        assert (row.given_name, row.family_name, row.room, row.wheelchair) == ("Zora", "", "22", True)
        assert (row.noise_max, row.times, row.sessions_max) == (3, None, None)
        assert stays_of(db, elm.id)[zora].spans == ((TODAY, None, None),)
        assert "Zora" in [person.name for person in residents_here(db, elm.id, TODAY)]
        (wish,) = db.scalars(select(Wish).where(Wish.resident_id == zora)).all()
        assert (wish.activity_id, wish.strength, wish.said_by, wish.said_on) == (choir, 5, "relative", TODAY)
        (no,) = db.scalars(select(Refusal).where(Refusal.resident_id == zora)).all()
        assert (no.activity_id, no.valid_until) == (walk, None)


def test_before_the_day_on_which_they_come(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    soon = TODAY + timedelta(days=3)

    with unit_of_work(engines) as db:
        zora = add_resident(
            db, teller, known(elm, arrived_on=soon.isoformat()), FirstWords(no_to=elm.activities["walk"].id)
        )

    with reading(engines) as db:
        stays = stays_of(db, elm.id)[zora]
        assert (stays.is_here(TODAY), stays.is_here(soon)) == (False, True)


def test_each_wrong_field_says_so_and_nobody_is_made(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    typed = known(elm, given_name=" ", room="", living_group=elm.spaces["lounge"].id, arrived_on="tomorrow")

    with pytest.raises(Refused) as refused, unit_of_work(engines) as db:
        add_resident(db, teller, typed)
    assert list(refused.value.faults) == ["given_name", "living_group", "room", "arrived_on"]
    for first in (FirstWords(loves=["nothing"]), FirstWords(no_to="nothing")):
        with pytest.raises(Invalid), unit_of_work(engines) as db:
            add_resident(db, teller, known(elm), first)

    with reading(engines) as db:
        assert len(db.scalars(select(Resident.id).where(Resident.community_id == elm.id)).all()) == 6
