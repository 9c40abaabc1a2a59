"""What a resident's page shows: every fact once, as it holds on a day, and their last weeks as counts."""

from datetime import date, timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import NotFound
from milieu.models import ActivityMember
from milieu.queries.person.company import family_of, ties_of
from milieu.queries.person.known import Known, known_of, things_of
from milieu.queries.person.lately import lately
from milieu.queries.person.rows import as_of, lines_about, read_rows
from milieu.services.attendance import mark, mark_uninvited
from milieu.services.editing.saving import add_row, change_row, end_row
from milieu.services.editing.undoing import undo
from milieu.services.facts.telling import tell_refusal
from milieu.services.residents.parts import ASKING, WISHES
from milieu.services.teller import Teller
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

TODAY = NOW.date()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


def known(engines: Engines, elm: CommunityBuilder, who: str = "ada", on: date = TODAY) -> Known:
    with reading(engines) as db:
        rows = read_rows(db, elm.id, elm.residents[who].id)
        past = as_of(rows, lines_about(db, elm.id, rows), on, "Europe/London")
        return known_of(db, past, things_of(db, elm.id), on)


def test_every_kind_of_fact_is_there(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        ada, choir, chess = elm.residents["ada"], elm.activities["choir"], elm.activities["chess"]
        elm.wish(ada, choir, 5, said_by="relative", said_on=TODAY)
        elm.wish(ada, chess, 4, valid_until=YESTERDAY)
        elm.refusal(ada, space=elm.spaces["studio"], said_on=YESTERDAY)
        elm.limit(ada, activity=chess, reason="Dizzy", charted_by="Dr Made-Up", valid_from=TOMORROW)
        elm.target(ada, "spiritual", 2)
        elm.requirement(ada, choir, 3)
        elm.add(ActivityMember(community_id=elm.id, activity_id=choir.id, resident_id=ada.id))
        for day in (0, 3):
            elm.busy(ada, "09:00", "09:30", kind="bath", weekday=day)
        elm.busy(ada, "12:00", "13:00", kind="meal")
        elm.calm(ada, "16:00", "18:00", 0)

    shown = known(engines, elm)

    assert (shown.who.name, shown.who.unit.name, shown.who.came_on) == ("Ada Made-Up", "Garden wing", date(2026, 1, 5))
    assert [(wish.activity, wish.strength, wish.counts) for wish in shown.wishes if wish.activity == "Choir"] == [
        ("Choir", 1, True),  # her own word stands before the relative's
        ("Choir", 5, False),
    ]
    assert [wish.strength for wish in shown.wishes if wish.activity == "Chess"] == [2]  # what is over is gone
    assert [(no.thing, no.name) for no in shown.noes] == [("space", "Studio")]
    assert [(no.name, no.reason, no.charted_by, no.first) for no in shown.limits] == [
        ("Chess", "Dizzy", "Dr Made-Up", TOMORROW)
    ]
    assert [(aim.domain, aim.times) for aim in shown.aims] == [("spiritual", 2)]
    assert [(demand.activity, demand.times) for demand in shown.demands] == [("Choir", 3)]
    assert [group.activity for group in shown.groups] == ["Choir"]
    assert [(taken.kind, taken.weekdays) for taken in shown.busy] == [("bath", (0, 3)), ("meal", ())]
    assert [(taken.noise_max, taken.start_minute) for taken in shown.calm] == [(0, 960)]


def test_others_and_strangers_are_not(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")

    with reading(engines) as db, pytest.raises(NotFound):
        read_rows(db, elm.id, oak.residents["ada"].id)


def test_ties_are_shown_to_those_who_may_see_them(engines: Engines, elm: CommunityBuilder) -> None:
    ada = elm.residents["ada"]
    with unit_of_work(engines) as db:
        elm.db = db
        elm.tie(ada, elm.residents["cleo"], None, visibility="director")
        elm.tie(ada, elm.residents["esi"], 3, expires_on=YESTERDAY)
        elm.tie(ada, elm.residents["fay"], -2)

    with reading(engines) as db:
        team = ties_of(db, elm.id, ada.id, TODAY, visibilities=("team",))
        both = ties_of(db, elm.id, ada.id, TODAY, visibilities=("team", "director"))

    assert [(tie.other, tie.strength) for tie in team] == [("Ben Made-Up", 4), ("Fay Made-Up", -2)]
    assert [(tie.other, tie.is_apart) for tie in both][-1] == ("Cleo Made-Up", True)


def test_the_family_and_what_each_may_see(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.relative("una", of=elm.residents["ada"], kinds=("calendar",))
        elm.relative("vera", of=elm.residents["ada"], resident_is="aunt", kinds=("photo",), valid_until=YESTERDAY)

    with reading(engines) as db:
        una, vera = family_of(db, elm.id, elm.residents["ada"].id, TODAY)

    assert (una.resident_is, list(una.shares)) == ("mother", ["calendar"])
    assert (vera.resident_is, list(vera.shares)) == ("aunt", [])


def test_the_last_weeks_are_counts(engines: Engines, elm: CommunityBuilder) -> None:
    ada = elm.residents["ada"].id
    held = [
        Held("choir", "lounge", 0, "10:00", ["finn"], ["ada", "ben"], ref="a"),
        Held("walk", "lounge", 0, "14:00", ["finn"], ["ada"], ref="b"),
        Held("choir", "lounge", 1, "10:00", ["finn"], ["ada"], ref="c"),
        Held("chess", "studio", 1, "14:00", ["gita"], ["ben"], ref="d"),
        Held("walk", "lounge", 4, "14:00", ["finn"], ["ada"], ref="later"),
    ]
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(held)
        for ref, outcome in (("a", "attended"), ("b", "asleep")):
            mark(db, elm.id, ref, ada, outcome, key=ref * 20, by=None, now=NOW - timedelta(hours=17))
        mark_uninvited(db, elm.id, "d", ada, key="d" * 20, by=None, now=NOW - timedelta(hours=17))

    with reading(engines) as db:
        (week,) = lately(db, elm.id, ada, TODAY)

    assert (week.monday, week.asked, week.came, week.said_no, week.rested) == (MONDAY, 3, 1, 0, 1)
    assert (week.elsewhere, week.unasked, week.unmarked, week.best) == (0, 1, 1, "Choir")


def test_the_page_as_of_a_day(engines: Engines, elm: CommunityBuilder) -> None:
    """A week of changes, an hour apart each; each day's end shows what was known then."""
    ada, choir, walk = elm.residents["ada"].id, elm.activities["choir"].id, elm.activities["walk"].id
    days = [TODAY + timedelta(days=number) for number in range(6)]
    tellers = [Teller(elm.id, None, NOW + timedelta(days=number)) for number in range(6)]
    with unit_of_work(engines) as db:
        elm.db = db
        wish = elm.wish(elm.residents["cleo"], elm.activities["choir"], 1).id
    with unit_of_work(engines) as db:
        change_row(db, tellers[1], ASKING, ada, 1, {"how_to_invite": "Slowly."})
        (made,) = add_row(db, tellers[2], WISHES, ada, {"activity": walk, "strength": "5", "said_by": "observed"})
        change = {"activity": walk, "strength": "-2", "said_by": "observed"}
        change_row(db, tellers[3], WISHES, made.row_id, 1, change, owner_id=ada)
        tell_refusal(db, tellers[3], ada, "activity", choir, until=None)
        end_row(db, tellers[4], WISHES, made.row_id, 2, owner_id=ada)
    with unit_of_work(engines) as db:
        rows = read_rows(db, elm.id, ada)
        (asked,) = [line for line in lines_about(db, elm.id, rows) if line.noun == "resident"]
        undo(db, tellers[5], ASKING, asked.id)

    def observed(day: date) -> list[int]:
        return [each.strength for each in known(engines, elm, on=day).wishes if each.said_by == "observed"]

    assert [known(engines, elm, on=day).who.invite_how for day in days] == ["", *["Slowly."] * 4, ""]
    assert [observed(day) for day in days] == [[], [], [5], [-2], [], []]
    assert [[no.name for no in known(engines, elm, on=day).noes] for day in days] == [[], [], [], *[["Choir"]] * 3]
    assert wish not in {each.id for each in known(engines, elm).wishes}


def test_what_was_taken_out_is_there_before(engines: Engines, elm: CommunityBuilder) -> None:
    """A wish that had not begun, taken out again: on the day between it stood."""
    ada, walk = elm.residents["ada"].id, elm.activities["walk"].id
    later = [Teller(elm.id, None, NOW + timedelta(days=number)) for number in range(3)]
    given = {"activity": walk, "strength": "5", "said_by": "staff"}
    with unit_of_work(engines) as db:
        (made,) = add_row(db, later[1], WISHES, ada, given, valid_from=TODAY + timedelta(days=9))
        end_row(db, later[2], WISHES, made.row_id, 1, owner_id=ada)

    counts = [
        sum(wish.said_by == "staff" for wish in known(engines, elm, on=TODAY + timedelta(days=number)).wishes)
        for number in range(3)
    ]
    assert counts == [0, 1, 0]
