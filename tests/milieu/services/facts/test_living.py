"""Who comes, moves and leaves: what is kept, whose invitations are gone at once, and who is told nothing of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid
from milieu.models import Change, Invitation, OutboxMessage, Resident, Wish
from milieu.queries.facts.by_day import facts_told
from milieu.queries.facts.kinds import TOLD, FactTold
from milieu.queries.residents.stays import DIED, Stays, stays_of
from milieu.reasons import Reason, as_json
from milieu.services.facts.living import tell_death, tell_departure, tell_move
from milieu.services.facts.taking_back import take_back
from milieu.services.residents.arriving import Arrival, tell_arrival
from milieu.services.teller import Teller
from milieu.solving.contents import read_published
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.milieu.services.facts.published import CHOIRS, FRIDAY, NEXT, NEXT_CHOIR, THURSDAY, TODAY, invited, tell

LIKES_COMPANY = as_json([Reason("company", 1), Reason("wish", 3)])
SESSIONS = [
    CHOIRS[0],
    replace(CHOIRS[1], reasons=LIKES_COMPANY),
    Held("walk", "lounge", 4, "15:00", ["gita"], ["ada"], ref="friday"),
]


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.relative("una", of=made.residents["ada"])
        made.account("family", relative=made.relatives["una"])
        made.activities["walk"].min_group = 1
        made.publication(SESSIONS)
        made.publication([NEXT_CHOIR], week_start=NEXT)
        return made


def stays(engines: Engines, elm: CommunityBuilder, name: str) -> Stays:
    with reading(engines) as db:
        return stays_of(db, elm.id)[elm.residents[name].id]


def all_told(engines: Engines, elm: CommunityBuilder) -> tuple[FactTold, ...]:
    with reading(engines) as db:
        return facts_told(db, elm.id, TODAY, timezone="Europe/London", now=NOW)


def told(engines: Engines, elm: CommunityBuilder) -> FactTold:
    return all_told(engines, elm)[0]


def line(engines: Engines) -> str:
    with reading(engines) as db:
        return db.scalars(select(Change.id).where(Change.verb == TOLD)).one()


def why_ben(engines: Engines, elm: CommunityBuilder) -> list[str]:
    """The reasons why Ben is invited to Thursday's choir."""
    with reading(engines) as db:
        published = read_published(db, elm.id, MONDAY)
    assert published is not None
    (choir,) = [each for each in published.sessions if each.ref == "thursday"]
    (place,) = [each for each in choir.places if each.resident_id == elm.residents["ben"].id]
    return [each.code for each in place.reasons]


def test_who_died_is_invited_to_nothing_more_in_the_same_moment_and_no_family_is_told_of_a_week(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada = elm.residents["ada"].id

    tell(engines, lambda db: tell_death(db, teller, ada, TODAY))

    assert invited(engines, elm) == {"monday": {"ada", "ben"}, "thursday": {"ben"}}  # her walk alone is gone as well
    assert invited(engines, elm, NEXT) == {"next": {"ben"}}
    assert why_ben(engines, elm) == ["wish"]  # nobody whom he likes is there any more
    gone = stays(engines, elm, "ada")
    assert (gone.is_here(TODAY), gone.is_over(TODAY), gone.died_on(TODAY)) == (False, True, TODAY)
    fact = told(engines, elm)
    assert (fact.kind, fact.who, fact.first, fact.detail, fact.withdrawn) == ("death", "Ada Made-Up", TODAY, DIED, 3)
    assert fact.weeks == ()
    with reading(engines) as db:
        assert db.scalars(select(OutboxMessage)).all() == []


def test_who_moves_out_stays_invited_until_then(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    ada = elm.residents["ada"].id

    tell(engines, lambda db: tell_departure(db, teller, ada, FRIDAY, "stay ended"))

    assert invited(engines, elm) == {"monday": {"ada", "ben"}, "thursday": {"ada", "ben"}}
    assert invited(engines, elm, NEXT) == {"next": {"ben"}}
    assert told(engines, elm).withdrawn == 2


def test_a_death_that_was_a_slip_is_taken_back_to_what_was_known_before(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada = elm.residents["ada"].id
    before = stays(engines, elm, "ada")
    weeks = invited(engines, elm), invited(engines, elm, NEXT)
    tell(engines, lambda db: tell_death(db, teller, ada, TODAY))
    change = line(engines)

    tell(engines, lambda db: take_back(db, teller, change))

    assert stays(engines, elm, "ada") == before
    assert (invited(engines, elm), invited(engines, elm, NEXT)) == weeks
    assert why_ben(engines, elm) == ["company", "wish"]
    fact = told(engines, elm)
    assert (fact.withdrawn, fact.given_back) == (3, 3)
    tell(engines, lambda db: tell_death(db, replace(teller, now=NOW + timedelta(minutes=1)), ada, TODAY))
    assert [each.taken_back_at for each in all_told(engines, elm)] == [None, NOW]  # told again, it stands again
    with pytest.raises(Conflict, match="taken back already"):
        tell(engines, lambda db: take_back(db, teller, change))


@pytest.mark.parametrize("days", [1, -8, 400])
def test_nobody_dies_tomorrow_nor_long_ago(engines: Engines, elm: CommunityBuilder, teller: Teller, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        tell(engines, lambda db: tell_death(db, teller, elm.residents["ada"].id, TODAY + timedelta(days=days)))

    assert refused.value.at == "first"
    assert invited(engines, elm)["thursday"] == {"ada", "ben"}


def test_who_has_left_cannot_leave_again(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    ada = elm.residents["ada"].id
    tell(engines, lambda db: tell_departure(db, teller, ada, TODAY - timedelta(days=1), "moved"))

    with pytest.raises(Invalid, match="who lives here"):
        tell(engines, lambda db: tell_departure(db, teller, ada, FRIDAY, "moved"))
    with pytest.raises(Invalid, match="what it is"):
        tell(engines, lambda db: tell_departure(db, teller, elm.residents["ben"].id, FRIDAY, "vanished"))


def test_a_newcomer_is_entered_with_a_name_a_group_and_a_room(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    river = elm.groups["river"].id

    tell(engines, lambda db: tell_arrival(db, teller, Arrival("Gus", "Okoro", river, "9", THURSDAY)))

    fact = told(engines, elm)
    assert (fact.kind, fact.who, fact.other, fact.detail) == ("arrival", "Gus Okoro", "River wing", "9")
    with reading(engines) as db:
        gus = db.scalars(select(Resident).where(Resident.given_name == "Gus")).one()
        assert (gus.living_group_id, gus.room) == (river, "9")
        assert stays_of(db, elm.id)[gus.id].spans == ((THURSDAY, None, None),)


@pytest.mark.parametrize(("ago", "is_taken"), [(100 * 365, True), (100 * 365 + 1, False), (-365, True), (-366, False)])
def test_who_has_lived_here_for_long_is_entered_with_the_day_they_came(
    engines: Engines, elm: CommunityBuilder, teller: Teller, ago: int, is_taken: bool
) -> None:
    day = TODAY - timedelta(days=ago)
    arrival = Arrival("Gus", "Okoro", elm.groups["river"].id, "9", day)

    if is_taken:
        tell(engines, lambda db: tell_arrival(db, teller, arrival))
        assert told(engines, elm).first == day
    else:
        with pytest.raises(Invalid) as refused:
            tell(engines, lambda db: tell_arrival(db, teller, arrival))
        assert refused.value.at == "first"


def test_an_arrival_is_taken_back_until_more_is_known(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    arrival = Arrival("Gus", "Okoro", elm.groups["river"].id, "9", THURSDAY)
    tell(engines, lambda db: tell_arrival(db, teller, arrival))
    with reading(engines) as db:
        gus = db.scalars(select(Resident.id).where(Resident.given_name == "Gus")).one()
    with unit_of_work(engines) as db:
        wish = Wish(community_id=elm.id, resident_id=gus, activity_id=elm.activities["choir"].id, strength=3)
        db.add(wish)
    change = line(engines)

    with pytest.raises(Conflict, match="More is known"):
        tell(engines, lambda db: take_back(db, teller, change))
    tell(engines, lambda db: db.delete(db.get_one(Wish, (elm.id, wish.id))))
    tell(engines, lambda db: take_back(db, teller, change))

    with reading(engines) as db:
        assert db.scalars(select(Resident).where(Resident.given_name == "Gus")).all() == []


@pytest.mark.parametrize(
    ("wrong", "at"), [({"given_name": ""}, "given_name"), ({"room": ""}, "room"), ({"living_group_id": "x"}, "group")]
)
def test_what_is_missing_of_a_newcomer_is_said_at_its_field(
    engines: Engines, elm: CommunityBuilder, teller: Teller, wrong: dict[str, str], at: str
) -> None:
    given = {
        "given_name": "Gus",
        "family_name": "Okoro",
        "living_group_id": elm.groups["river"].id,
        "room": "9",
        **wrong,
    }

    with pytest.raises(Invalid) as refused:
        tell(engines, lambda db: tell_arrival(db, teller, Arrival(**given, day=TODAY)))

    assert refused.value.at == at


def test_a_move_is_kept_and_taken_back_unless_they_moved_again(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada, river = elm.residents["ada"], elm.groups["river"].id
    tell(engines, lambda db: tell_move(db, teller, ada.id, river, "12"))
    change = line(engines)
    with pytest.raises(Conflict, match="there already"):
        tell(engines, lambda db: tell_move(db, teller, ada.id, river, "12"))

    tell(engines, lambda db: take_back(db, teller, change))

    with reading(engines) as db:
        row = db.get_one(Resident, (elm.id, ada.id))
        assert (row.living_group_id, row.room) == (elm.groups["garden"].id, "1")
        assert db.scalars(select(Invitation.id)).first() is not None
    with pytest.raises(Conflict, match="taken back already"):
        tell(engines, lambda db: take_back(db, teller, change))
