"""A week as the director reads it, on both databases: what holds on which day, who is invited how often and why."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import NotFound
from milieu.models import Facilitator, LivingGroup, Pin, Plan, Resident
from milieu.queries.paper.walls import programme_of
from milieu.queries.programme.turnout import Asking, Turnout
from milieu.queries.week.drafts import pinned_refs
from milieu.queries.week.people_out import quality, shares
from milieu.queries.week.runs import find_run, last_run
from milieu.queries.week.sessions import show_resident, show_session, week_of_resident
from milieu.queries.week.weeks import (
    draft_cards,
    find_draft,
    find_published,
    published_cards,
)
from milieu.reasons import Reason
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.web.builders import CHESS, CHOIR, NEXT_MONDAY, draft

WISH = {"reasons": [{"code": "wish", "amount": 4, "domain": None}, {"code": "company", "amount": 1, "domain": None}]}
FIRST = [
    Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref="choir-1", reasons=WISH),
    Held("chess", "studio", 3, "14:00", ["gita", "finn"], ["cleo"], ref="chess-1"),
]
MENDED = [Held("choir", "lounge", 1, "10:00"), Held("chess", "studio", 4, "15:00", [], ["cleo"], ref="chess-1")]


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """A published week, mended on Wednesday for the days from then on; and another community's, which is nobody's."""
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.publication(FIRST)
        made.publication(MENDED, kind="repair", published_at=NOW - timedelta(hours=3), days=range(2, 7))
        other = small_community(db, "oak")
        other.publication(FIRST)
        return made


def test_each_day_shows_the_publication_that_holds_on_it(engines: Engines, elm: CommunityBuilder) -> None:
    with reading(engines) as db:
        cards = published_cards(db, elm.id, MONDAY)

    assert [(card.ref, card.on_date.day, card.start_minute) for card in cards] == [
        ("choir-1", 1, 600),
        ("chess-1", 4, 900),
    ]
    assert [card.leaders for card in cards] == [("Finn Made-Up",), ()]
    assert [card.part for card in cards] == ["morning", "afternoon"]
    assert {place.reasons for place in cards[0].places} == {(Reason("wish", 4), Reason("company", 1))}


def test_a_published_week_knows_who_began_it_and_who_mended_it(engines: Engines, elm: CommunityBuilder) -> None:
    with reading(engines) as db:
        found = find_published(db, elm.id, MONDAY)
        assert find_published(db, elm.id, NEXT_MONDAY) is None

    assert found is not None
    assert (found.number, found.is_repair, found.first_at) == (2, True, NOW - timedelta(days=5))


def test_a_draft_has_its_cards_and_no_other_weeks(engines: Engines, elm: CommunityBuilder) -> None:
    plan_id = draft(engines, elm, [CHOIR, CHESS])

    with reading(engines) as db:
        found = find_draft(db, elm.id, NEXT_MONDAY)
        assert find_draft(db, elm.id, MONDAY) is None
        cards = draft_cards(db, elm.id, plan_id)

    assert found is not None
    assert (found.id, found.objective, found.bound) == (plan_id, 900, 1_000)
    assert [(card.title, card.space, card.taken, card.seats) for card in cards] == [
        ("Choir", "Lounge", 3, 10),
        ("Chess", "Studio", 2, 4),
    ]


def test_what_was_set_aside_is_no_draft(engines: Engines, elm: CommunityBuilder) -> None:
    draft(engines, elm)
    with unit_of_work(engines) as db:
        db.query(Plan).update({"state": "set aside"})

    with reading(engines) as db:
        assert find_draft(db, elm.id, NEXT_MONDAY) is None


def test_fixed_sessions_are_those_that_a_person_pinned(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        for kind, ref in (("session", "choir-1"), ("absent", "chess-1")):
            db.add(Pin(community_id=elm.id, week_start=MONDAY, kind=kind, session_ref=ref, made_at=NOW))

    with reading(engines) as db:
        assert pinned_refs(db, elm.id, MONDAY) == {"choir-1"}


def test_everybody_of_the_week_has_a_share(engines: Engines, elm: CommunityBuilder) -> None:
    leaving = {"ben": MONDAY, "cleo": MONDAY - timedelta(days=1), "dov": None}
    with unit_of_work(engines) as db:
        for key, day in leaving.items():
            db.merge(elm.residents[key]).left_on = day
        db.merge(elm.residents["esi"]).arrived_on = MONDAY + timedelta(days=6)
        db.merge(elm.residents["fay"]).arrived_on = MONDAY + timedelta(days=7)
        db.merge(elm.residents["ada"]).sessions_min = 2
        db.merge(elm.residents["dov"]).sessions_max = 0

    with reading(engines) as db:
        people = shares(db, elm.id, MONDAY, published_cards(db, elm.id, MONDAY))

    assert [(share.name, share.count) for share in people] == [
        ("Ada Made-Up", 1),
        ("Ben Made-Up", 1),
        ("Dov Made-Up", 0),
        ("Esi Made-Up", 0),
    ]
    assert [share.is_short for share in people] == [True, False, False, False]
    assert [share.wants_none for share in people] == [False, False, True, False]


@pytest.mark.parametrize(
    ("count", "band"), [(0, "none"), (1, "few"), (4, "few"), (5, "some"), (9, "some"), (10, "many")]
)
def test_bands_have_their_edges(count: int, band: str, engines: Engines, elm: CommunityBuilder) -> None:
    held = [Held("choir", "lounge", 0, f"{9 + number:02d}:00", [], ["ada"], f"c{number}") for number in range(count)]
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(held, week_start=NEXT_MONDAY)

    with reading(engines) as db:
        people = shares(db, elm.id, NEXT_MONDAY, published_cards(db, elm.id, NEXT_MONDAY))

    assert next(share for share in people if share.name.startswith("Ada")).band == band


@pytest.mark.parametrize(
    ("days", "empty", "is_long"), [((0, 3, 6), (1, 2), False), ((0, 4, 6), (1, 3), True), (range(7), None, False)]
)
def test_three_days_running_with_nothing_are_told(
    days: Iterable[int], empty: tuple[int, int] | None, is_long: bool, engines: Engines, elm: CommunityBuilder
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        held = [Held("choir", "lounge", day, "10:00", [], ["ada"], f"c{day}") for day in days]
        elm.publication(held, week_start=NEXT_MONDAY)

    with reading(engines) as db:
        ada, *_ = shares(db, elm.id, NEXT_MONDAY, published_cards(db, elm.id, NEXT_MONDAY))

    assert ada.empty == (empty and tuple(NEXT_MONDAY + timedelta(days=day) for day in empty))
    assert ada.has_empty_days is is_long


def test_living_groups_are_walked_in_their_order_and_rooms_by_number(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        db.query(LivingGroup).filter(LivingGroup.key == "garden").update({"sort": 9})
        db.query(Resident).filter(Resident.key == "ada").update({"room": "10"})

    with reading(engines) as db:
        people = shares(db, elm.id, MONDAY, ())

    assert [share.room for share in people] == ["4", "5", "6", "2", "3", "10"]


def test_a_week_is_worth_what_its_people_like(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.target(db.merge(elm.residents["ada"]), "creative", 1)
        elm.target(db.merge(elm.residents["ben"]), "creative", 2)
        elm.target(db.merge(elm.residents["ben"]), "social", 1, valid_until=MONDAY - timedelta(days=1))

    with reading(engines) as db:
        cards = published_cards(db, elm.id, MONDAY)
        people, half = shares(db, elm.id, MONDAY, cards), Turnout(0, 0, 0.5)
        asking = {
            row.id: Asking(row.id, 10, 12, half, False, is_exact=row.key != "choir") for row in elm.activities.values()
        }
        worth = quality(db, elm.id, MONDAY, cards, people, asking)
        asked = {card.activity_id: card.taken for card in cards}

    assert (worth.invitations, worth.people, worth.with_company) == (3, 6, 2)
    assert asked[elm.activities["choir"].id] == 2
    assert (worth.coming, worth.liked) == (2, 2)  # half of the two asked to the choir, and the third
    assert (worth.aims_met, worth.aims) == (1, 2)


def test_a_session_is_shown_with_its_people_in_walking_order(engines: Engines, elm: CommunityBuilder) -> None:
    with reading(engines) as db:
        cards = published_cards(db, elm.id, MONDAY)
        shown = show_session(db, elm.id, cards, "choir-1")
        with pytest.raises(NotFound):
            show_session(db, elm.id, cards, "choir-2")

    assert [(each.name, each.unit.name, each.room) for each in shown.invited] == [
        ("Ada Made-Up", "Garden wing", "1"),
        ("Ben Made-Up", "Garden wing", "2"),
    ]


def test_a_resident_is_shown_only_in_their_own_community(engines: Engines, elm: CommunityBuilder) -> None:
    with reading(engines) as db:
        foreign = db.query(Resident.id).filter(Resident.community_id != elm.id).first()
        shown = show_resident(db, elm.id, elm.residents["ada"].id, today=NOW.date())
        days = week_of_resident(published_cards(db, elm.id, MONDAY), shown.id, MONDAY)
        with pytest.raises(NotFound):
            show_resident(db, elm.id, foreign[0], today=NOW.date())

    assert (shown.name, shown.unit.name, shown.is_gone) == ("Ada Made-Up", "Garden wing", False)
    assert [len(entries) for entries in days.values()] == [0, 1, 0, 0, 0, 0, 0]


def test_there_is_no_run_of_another_community(engines: Engines, elm: CommunityBuilder) -> None:
    with reading(engines) as db:
        assert last_run(db, elm.id, MONDAY) is None
        with pytest.raises(NotFound):
            find_run(db, elm.id, "r" * 26)


def test_the_programme_is_that_of_the_community_named(engines: Engines, elm: CommunityBuilder) -> None:
    with reading(engines) as db:
        shown = programme_of(db, "elm", now=NOW)
        with pytest.raises(NotFound):
            programme_of(db, "ash", now=NOW)

    assert shown.today == date(2026, 12, 2)
    assert [[each.title for each in day.sessions] for day in shown.days] == [[], ["Choir"], [], [], ["Chess"], [], []]
    assert all(day.is_published for day in shown.days)


def test_who_leads_a_published_session_is_told_by_the_name_of_today(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada"], ref="thursday")])
    with reading(engines) as db:
        before = published_cards(db, elm.id, MONDAY)
    with unit_of_work(engines) as db:
        db.get_one(Facilitator, (elm.id, elm.facilitators["finn"].id)).name = "Finn Renamed"

    with reading(engines) as db:
        after, again = published_cards(db, elm.id, MONDAY), published_cards(db, elm.id, MONDAY)

    assert [each.leaders for each in (*before, *after)] == [("Finn Made-Up",), ("Finn Renamed",)]
    assert again is after
