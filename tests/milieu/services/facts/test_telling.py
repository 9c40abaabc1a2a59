"""Facts that somebody tells: kept as rows and told in the journal; a right holds at once, and nobody is moved up."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid, NotAllowed, NotFound
from milieu.models import (
    Absence,
    Change,
    Outbreak,
    Publication,
    PublishedChange,
    Refusal,
    ResidentBusy,
    SessionHeld,
    SpaceClosure,
    Tie,
)
from milieu.queries.facts.by_day import days_with_facts, facts_told
from milieu.queries.facts.kinds import FactTold
from milieu.services.facts import telling
from milieu.services.facts.stretch import Stretch, stretch_of
from milieu.services.facts.taking_back import take_back
from milieu.services.facts.unwell import tell_hospital, tell_in_bed
from milieu.services.teller import Teller
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.milieu.services.facts.published import CHOIRS, FRIDAY, NEXT, NEXT_CHOIR, THURSDAY, TODAY, invited, tell

SESSIONS = [
    *CHOIRS,
    Held("chess", "studio", 4, "14:00", ["gita"], ["ada", "cleo"], ref="friday"),
    Held("walk", "lounge", 5, "15:00", ["gita"], ["ada"], ref="saturday"),
]


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.publication(SESSIONS)
        made.publication([NEXT_CHOIR], week_start=NEXT)
        return made


def told(engines: Engines, elm: CommunityBuilder) -> list[FactTold]:
    with reading(engines) as db:
        return list(facts_told(db, elm.id, TODAY, timezone="Europe/London", now=NOW))


def test_an_absence_is_a_fact_and_says_what_stands_against_it(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    finn = elm.facilitators["finn"].id

    tell(engines, lambda db: telling.tell_absence(db, teller, finn, Stretch(THURSDAY, NEXT), "  a  cold "))

    with reading(engines) as db:
        row = db.scalars(select(Absence)).one()
    assert (row.first_date, row.last_date, row.reason) == (THURSDAY, NEXT, "a cold")
    (fact,) = told(engines, elm)
    assert (fact.kind, fact.who, fact.first, fact.last) == ("absence", "Finn Made-Up", THURSDAY, NEXT)
    assert [(each.ref, each.invited) for each in fact.touches] == [("thursday", 2)]
    assert fact.invited == 2

    with unit_of_work(engines) as db:  # what is called off already is not held up by it
        said = {"session_ref": "thursday", "on_date": THURSDAY, "was_held": False, "marked_at": NOW}
        db.add(SessionHeld(community_id=elm.id, number=1, **said))
    assert told(engines, elm)[0].touches == ()


def test_part_of_a_day_stands_against_that_part_only(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    lounge, studio = elm.spaces["lounge"].id, elm.spaces["studio"].id
    afternoon, morning = Stretch(FRIDAY, FRIDAY, 720, 1020), Stretch(FRIDAY, FRIDAY, 0, 720)

    tell(engines, lambda db: telling.tell_closure(db, teller, studio, afternoon, "repairs"))
    tell(engines, lambda db: telling.tell_closure(db, teller, studio, morning, "booked"))
    tell(engines, lambda db: telling.tell_closure(db, teller, lounge, Stretch(THURSDAY, FRIDAY, 0, 1440), "weather"))

    with reading(engines) as db:
        kinds = sorted(db.scalars(select(SpaceClosure.kind)))
    assert kinds == ["booked", "repairs", "weather"]
    touched = {fact.detail: [each.ref for each in fact.touches] for fact in told(engines, elm)}
    assert touched == {"repairs": ["friday"], "booked": [], "weather": ["thursday"]}


def test_who_is_out_for_some_mornings_is_out_on_each_of_them(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada = elm.residents["ada"].id

    tell(engines, lambda db: telling.tell_busy(db, teller, ada, Stretch(THURSDAY, THURSDAY, 0, 720), "outing"))

    with reading(engines) as db:
        row = db.scalars(select(ResidentBusy)).one()
    assert (row.valid_from, row.valid_until, row.start_minute, row.end_minute) == (THURSDAY, THURSDAY, 0, 720)
    assert [[each.ref for each in fact.touches] for fact in told(engines, elm)] == [["thursday"]]


def test_an_outbreak_stands_against_what_brings_a_living_group_together_with_others(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    garden, days = elm.groups["garden"].id, Stretch(THURSDAY, NEXT + timedelta(days=1))
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([*SESSIONS, Held("walk", "lounge", 6, "15:00", ["gita"], ["ada", "fay"], ref="sunday")])

    tell(engines, lambda db: telling.tell_outbreak(db, teller, garden, days, "Colds"))

    with reading(engines) as db:
        row = db.scalars(select(Outbreak)).one()
    assert (row.valid_from, row.valid_until, row.note) == (days.first, days.last, "Colds")
    (fact,) = told(engines, elm)
    assert (fact.who, [each.ref for each in fact.touches]) == ("Garden wing", ["sunday"])
    with pytest.raises(Conflict), unit_of_work(engines) as db:
        telling.tell_outbreak(db, teller, garden, Stretch(FRIDAY, FRIDAY))


def test_a_no_is_gone_from_every_published_week_in_the_same_moment_and_nobody_is_moved_up(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada, choir = elm.residents["ada"].id, elm.activities["choir"].id
    before = invited(engines, elm)

    tell(engines, lambda db: telling.tell_refusal(db, teller, ada, "activity", choir, until=None))

    after = invited(engines, elm)
    assert after == before | {"thursday": {"ben"}}  # what has begun stays as it was; the rest is as it was too
    assert invited(engines, elm, NEXT) == {"next": {"ben"}}
    with reading(engines) as db:
        newest = db.scalars(select(Publication).order_by(Publication.number.desc())).first()
        reasons = db.scalars(select(PublishedChange.because)).all()
    assert newest is not None
    assert (newest.kind, newest.changes["label"]) == ("repair", "A no was said.")
    assert {cause["kind"] for kept in reasons if kept for cause in kept["causes"]} == {"refusal"}
    assert [(fact.withdrawn, fact.who, fact.other) for fact in told(engines, elm)] == [(2, "Ada Made-Up", "Choir")]


@pytest.mark.slow(0.6)
@pytest.mark.parametrize(("thing", "key", "left"), [("space", "studio", "friday"), ("facilitator", "gita", "friday")])
def test_a_no_to_a_place_or_to_who_leads_holds_as_much(
    engines: Engines, elm: CommunityBuilder, teller: Teller, thing: str, key: str, left: str
) -> None:
    ada = elm.residents["ada"].id
    row = (elm.spaces | elm.facilitators)[key]

    tell(engines, lambda db: telling.tell_refusal(db, teller, ada, thing, row.id, until=None))

    assert invited(engines, elm)[left] == {"cleo"}
    assert "ada" in invited(engines, elm)["thursday"]


def test_a_no_for_this_week_leaves_the_next_as_it_is_and_a_session_of_nobody_is_gone(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada, gita = elm.residents["ada"].id, elm.facilitators["gita"].id
    sunday = MONDAY + timedelta(days=6)

    tell(engines, lambda db: telling.tell_refusal(db, teller, ada, "facilitator", gita, until=sunday))

    assert "saturday" not in invited(engines, elm)
    assert invited(engines, elm, NEXT) == {"next": {"ada", "ben"}}


def test_two_who_are_kept_apart_meet_no_more_and_the_first_named_stays(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada, cleo = elm.residents["ada"].id, elm.residents["cleo"].id

    tell(engines, lambda db: telling.tell_apart(db, teller, cleo, ada, until=None))

    after = invited(engines, elm)
    assert (after["friday"], after["thursday"], after["saturday"]) == ({"cleo"}, {"ada", "ben"}, {"ada"})
    with reading(engines) as db:
        tie = db.scalars(select(Tie).where(Tie.is_apart.is_(True), Tie.source == "told")).one()
    assert tie.resident_id < tie.other_id
    again = pytest.raises(Conflict, match="kept apart already")
    with again, unit_of_work(engines) as db:
        telling.tell_apart(db, teller, ada, cleo, until=None)


def test_what_a_slip_took_out_is_not_there_again_where_a_no_speaks_against_it_by_now(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada, cleo, chess = elm.residents["ada"].id, elm.residents["cleo"].id, elm.activities["chess"].id
    tell(engines, lambda db: telling.tell_apart(db, teller, cleo, ada, until=None))
    (apart,) = told(engines, elm)
    tell(engines, lambda db: telling.tell_refusal(db, teller, ada, "activity", chess, until=None))

    tell(engines, lambda db: take_back(db, teller, apart.id))

    assert invited(engines, elm)["friday"] == {"cleo"}
    assert [(fact.withdrawn, fact.given_back) for fact in told(engines, elm) if fact.kind == "apart"] == [(1, 0)]


def test_what_cannot_be_is_refused_at_its_field(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    ada, choir = elm.residents["ada"].id, elm.activities["choir"].id
    day = Stretch(THURSDAY, THURSDAY)
    attempts: dict[str, Callable[[DbSession], object]] = {
        "who": lambda db: telling.tell_absence(db, teller, "nobody", day),
        "kind": lambda db: telling.tell_closure(db, teller, elm.spaces["lounge"].id, day, "ghosts"),
        "what": lambda db: telling.tell_refusal(db, teller, ada, "activity", ada, until=None),
        "other": lambda db: telling.tell_apart(db, teller, ada, ada, until=None),
        "last": lambda db: telling.tell_refusal(db, teller, ada, "activity", choir, until=MONDAY),
        "reason": lambda db: telling.tell_absence(db, teller, elm.facilitators["finn"].id, day, "x" * 201),
    }
    for field, attempt in attempts.items():
        with pytest.raises(Invalid) as refused, unit_of_work(engines) as db:
            attempt(db)
        assert refused.value.at == field
    assert told(engines, elm) == []


def test_the_same_is_told_once_whoever_tells_it(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    finn, lounge, ada = elm.facilitators["finn"].id, elm.spaces["lounge"].id, elm.residents["ada"].id
    day, morning = Stretch(THURSDAY, THURSDAY), Stretch(THURSDAY, THURSDAY, 0, 720)
    same: list[Callable[[DbSession], object]] = [
        lambda db: telling.tell_absence(db, teller, finn, day, "a cold"),
        lambda db: telling.tell_closure(db, teller, lounge, day, "repairs"),
        lambda db: telling.tell_busy(db, teller, ada, day, "outing"),
        lambda db: tell_in_bed(db, teller, ada, THURSDAY, None, ""),
        lambda db: tell_hospital(db, teller, ada, THURSDAY, None),
    ]
    for attempt in same:
        tell(engines, attempt)
        with pytest.raises(Conflict, match="known already") as refused:
            tell(engines, attempt)
        assert refused.value.at == "who"
    tell(engines, lambda db: telling.tell_absence(db, teller, finn, morning))

    assert len(told(engines, elm)) == len(same) + 1


@pytest.mark.parametrize(
    ("first", "last", "part", "at"),
    [
        (None, None, "", "first"),
        (TODAY, MONDAY, "", "last"),
        (TODAY - timedelta(days=8), None, "", "first"),
        (TODAY, TODAY + timedelta(days=366), "", "last"),
        (TODAY, FRIDAY, "morning", "part"),
        (TODAY, None, "night", "part"),
    ],
)
def test_a_stretch_that_cannot_be_is_refused_at_its_field(
    first: date | None, last: date | None, part: str, at: str
) -> None:
    with pytest.raises(Invalid) as refused:
        stretch_of(first, last, part, today=TODAY)

    assert refused.value.at == at


def test_one_day_may_be_a_part_of_it_or_some_hours() -> None:
    assert stretch_of(TODAY, None, "afternoon", today=TODAY) == Stretch(TODAY, TODAY, 720, 1020)
    assert stretch_of(TODAY, None, "", today=TODAY, hours=(630, 750)) == Stretch(TODAY, TODAY, 630, 750)
    for last, part, hours, at in (
        (FRIDAY, "", (630, 750), "part"),
        (None, "morning", (630, 750), "part"),
        (None, "", (750, 750), "end"),
    ):
        with pytest.raises(Invalid) as refused:
            stretch_of(TODAY, last, part, today=TODAY, hours=hours)
        assert refused.value.at == at


def test_what_was_told_by_mistake_is_taken_back_once(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    finn = elm.facilitators["finn"].id
    tell(engines, lambda db: telling.tell_absence(db, teller, finn, Stretch(THURSDAY, THURSDAY)))
    (fact,) = told(engines, elm)

    tell(engines, lambda db: take_back(db, teller, fact.id))

    with reading(engines) as db:
        assert db.scalars(select(Absence)).all() == []
        verbs = list(db.scalars(select(Change.verb).where(Change.noun == "absence").order_by(Change.id)))
    assert sorted(verbs) == ["told", "took back"]
    (after,) = told(engines, elm)
    assert (after.taken_back_at, after.touches) == (NOW, ())
    with pytest.raises(Conflict), unit_of_work(engines) as db:
        take_back(db, teller, fact.id)
    with pytest.raises(NotFound), unit_of_work(engines) as db:
        take_back(db, teller, "x" * 26)


def test_a_no_is_taken_back_only_as_a_slip_of_who_wrote_it_on_that_day(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    ada, choir = elm.residents["ada"].id, elm.activities["choir"].id
    with unit_of_work(engines) as db:
        elm.db = db
        dana, sam = elm.account(email="dana@elm.example").id, elm.account(email="sam@elm.example").id
    tell(engines, lambda db: telling.tell_refusal(db, Teller(elm.id, dana, NOW), ada, "activity", choir, until=None))
    (fact,) = told(engines, elm)

    for other in (Teller(elm.id, sam, NOW), Teller(elm.id, dana, NOW + timedelta(days=1))):
        with pytest.raises(NotAllowed), unit_of_work(engines) as db:
            take_back(db, other, fact.id)
    tell(engines, lambda db: take_back(db, Teller(elm.id, dana, NOW + timedelta(hours=2)), fact.id))

    with reading(engines) as db:
        assert db.scalars(select(Refusal)).all() == []
    assert invited(engines, elm)["thursday"] == {"ben"}  # she is not invited behind her back


def test_days_say_how_much_was_told(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    finn = elm.facilitators["finn"].id
    for days in (0, 1, 20):
        by, day = Teller(elm.id, None, NOW - timedelta(days=days)), FRIDAY + timedelta(days=days)
        tell(engines, lambda db, by=by, day=day: telling.tell_absence(db, by, finn, Stretch(day, day)))

    with reading(engines) as db:
        counts = days_with_facts(db, elm.id, timezone="Europe/London", today=TODAY)

    assert counts == {TODAY: 1, TODAY - timedelta(days=1): 1}


def test_another_community_is_as_absent_as_what_never_was(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
        finn = oak.facilitators["finn"].id
    tell(engines, lambda db: telling.tell_absence(db, Teller(oak.id, None, NOW), finn, Stretch(FRIDAY, FRIDAY)))
    with reading(engines) as db:
        (theirs,) = facts_told(db, oak.id, TODAY, timezone="Europe/London", now=NOW)

    with pytest.raises(Invalid), unit_of_work(engines) as db:
        telling.tell_absence(db, teller, finn, Stretch(FRIDAY, FRIDAY))
    with pytest.raises(NotFound), unit_of_work(engines) as db:
        take_back(db, teller, theirs.id)
    assert told(engines, elm) == []
