"""The sheets of a week and a day: what is on them, and what never is."""

from datetime import timedelta

import pytest

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Attendance
from milieu.prints.papers import PAPERS, SHEETS, paper_of
from milieu.prints.reasons import SAID, why_said
from milieu.prints.sheets import day_sheet, door_sheet, own_sheet, slips, week_sheet
from milieu.queries.floor.today import staff_day
from milieu.queries.paper.invited import asked_days
from milieu.queries.paper.programme import days_of_week, listed_days
from milieu.queries.published.absent import ABSENT_KINDS
from milieu.reasons import CODES, Reason, audience_of
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.milieu.prints.reading import Read, read_pdf

A4 = PAPERS[0]
WEDNESDAY = MONDAY + timedelta(days=2)
LONG = "Wolfeschlegelsteinhausenbergerdorff Featherstonehaugh-Cholmondeley"
HOSTILE = '#panic("x") \\ $y$ *z* \u202ekcab'


@pytest.fixture
def elm(elm: CommunityBuilder) -> CommunityBuilder:
    """A week with a choir of both wings, a walk and a visit; Ada has a name of 66 letters, Ben a hostile one."""
    elm.residents["ada"].family_name, elm.residents["ben"].family_name = LONG, HOSTILE
    elm.residents["ada"].invite_how = "Ask her twice."
    elm.activity("visit", name="A visit", max_group=1, min_group=1)
    elm.publication(
        [
            Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "ben", "esi"], ref="choir-1"),
            Held("walk", "studio", 3, "14:00", ["gita"], ["ada"], ref="walk-1"),
            Held("visit", "lounge", 2, "15:00", ["gita"], ["fay"], ref="visit-1"),
        ]
    )
    return elm


def sound(pdf: bytes) -> Read:
    """A PDF as it was read, which every sheet can be held to."""
    read = read_pdf(pdf)
    assert (read.is_tagged, read.claims_ua, read.unembedded, read.outside()) == (True, True, (), [])
    assert read.title
    return read


def test_the_programme_of_a_week_names_nobody(db: DbSession, elm: CommunityBuilder) -> None:
    shown = listed_days(db, elm.id, days_of_week(WEDNESDAY), now=NOW)
    read = sound(week_sheet(shown, A4, made=NOW))

    assert read.has("Wednesday 2 December")
    assert read.has("10:00 Choir Lounge")
    assert read.has("As published 27 November 2026, 09:00.")
    assert not any(read.has(word) for word in ("A visit", LONG, "Finn"))


def test_a_door_has_what_is_on_behind_it(db: DbSession, elm: CommunityBuilder) -> None:
    shown = listed_days(db, elm.id, days_of_week(WEDNESDAY), now=NOW)
    read = sound(door_sheet(shown, elm.spaces["studio"].id, "Studio", A4, made=NOW))

    assert (read.has("14:00 Walk"), read.has("Choir")) == (True, False)
    assert read.text.count("Studio") == 1, "whoever stands before a door knows where it leads"


@pytest.mark.parametrize("kind", ABSENT_KINDS)
def test_a_day_sheet_says_who_is_not_to_be_asked(db: DbSession, elm: CommunityBuilder, kind: str) -> None:
    elm.busy(elm.residents["ada"], "09:00", "12:00", kind=kind, on_date=WEDNESDAY)
    shown = staff_day(db, elm.id, WEDNESDAY, NOW, elm.groups["garden"].id)
    read = sound(day_sheet([shown], A4, made=NOW))

    assert read.has("do not ask.")
    assert not read.has("Ask her twice.")


def test_a_day_sheet_has_a_page_for_each_living_group_and_no_tie(db: DbSession, elm: CommunityBuilder) -> None:
    units = [elm.groups[key].id for key in ("garden", "river")]
    shown = [staff_day(db, elm.id, WEDNESDAY, NOW, unit) for unit in units]
    assert any(guest.sits_well_with for each in shown for session in each.sessions for guest in session.guests)
    read = sound(day_sheet(shown, A4, made=NOW))
    by_page = ["".join(piece.text for piece in read.pieces if piece.page == page) for page in range(len(read.sizes))]

    assert len(read.sizes) == 2
    assert read.has(f"Ada {LONG}")
    assert read.has("Ask her twice.")
    assert read.has("Ben " + HOSTILE.replace("\u202e", ""))
    assert ("Ada" in by_page[0], "Ada" in by_page[1], "Esi" in by_page[1], "Fay" in by_page[1]) == (
        *(True, False, True, True),
    )
    assert read.has("and 1 person from elsewhere")
    assert not read.has("sits well")


def test_ones_own_week_names_who_leads_and_no_other_resident(db: DbSession, elm: CommunityBuilder) -> None:
    elm.activities["walk"].is_closed, elm.activities["walk"].public_name = True, "Thursday round"
    shown = asked_days(db, elm.id, days_of_week(WEDNESDAY), resident_id=elm.residents["ada"].id)
    read = sound(own_sheet(shown, A4, made=NOW))

    assert read.has(f"Ada {LONG}")
    assert read.has("10:00 Choir Lounge, with Finn")
    assert read.has("You like it.")
    assert read.has("14:00 Thursday round")
    assert read.has("A quiet day.")
    assert not any(read.has(name) for name in ("Ben", "Esi", "14:00 Walk"))


def test_a_week_on_a_wall_says_why_by_every_reason_that_is_for_anybody_and_by_no_other() -> None:
    assert set(SAID) == {code for code in CODES if audience_of(code) == "anybody"}
    seen, loved = Reason("wish", 5, None, "observed"), Reason("wish", 4, None, "relative")
    kept_back = [Reason("care_plan", 2), Reason("company", 1), Reason("wish", 1, None, "resident")]

    assert why_said([*kept_back, loved]) == "Your family says you love it."
    assert (why_said([seen]), why_said(kept_back)) == ("You seem to enjoy it.", "")
    assert why_said([Reason("familiar")], is_visit=True) == "You know who comes."


def test_nobody_elses_week_is_printed(db: DbSession, elm: CommunityBuilder) -> None:
    with pytest.raises(NotFound):
        asked_days(db, elm.id, days_of_week(WEDNESDAY), resident_id="nobody")
    with pytest.raises(NotFound):
        asked_days(db, "nowhere", days_of_week(WEDNESDAY))


def test_there_is_a_slip_for_each_invitation_of_a_day(db: DbSession, elm: CommunityBuilder) -> None:
    of_all = sound(slips(asked_days(db, elm.id, [WEDNESDAY]), A4, made=NOW))
    of_river = sound(slips(asked_days(db, elm.id, [WEDNESDAY], living_group_id=elm.groups["river"].id), A4, made=NOW))

    assert of_all.text.count("You are invited to") == 4
    assert of_all.has("Ben " + HOSTILE.replace("\u202e", ""))
    assert (of_river.text.count("You are invited to"), of_river.has("Ada")) == (2, False)


@pytest.mark.parametrize("kind", ABSENT_KINDS)
def test_nobody_is_handed_a_slip_for_when_they_are_away(db: DbSession, elm: CommunityBuilder, kind: str) -> None:
    ada = elm.residents["ada"]
    elm.busy(ada, "09:00", "12:00", kind=kind, on_date=WEDNESDAY)
    read = sound(slips(asked_days(db, elm.id, [WEDNESDAY]), A4, made=NOW))
    own = sound(own_sheet(asked_days(db, elm.id, days_of_week(WEDNESDAY), resident_id=ada.id), A4, made=NOW))

    assert (read.text.count("You are invited to"), read.has(LONG)) == (3, False)
    assert read.has("1 invitation has no slip: who it is for is in hospital, out or in bed then.")
    assert own.has("Choir (you are not free then)")
    assert not own.has("Walk (")


def test_whoever_came_all_the_same_is_not_said_to_be_away(db: DbSession, elm: CommunityBuilder) -> None:
    ada = elm.residents["ada"]
    elm.busy(ada, "09:00", "12:00", kind="outing", on_date=WEDNESDAY)
    ids = {"community_id": elm.id, "session_ref": "choir-1", "resident_id": ada.id, "key": "tap", "number": 1}
    given = {"on_date": WEDNESDAY, "was_invited": True, "outcome": "attended"}
    elm.add(Attendance(**ids, **given, tapped_at=NOW, marked_at=NOW))
    sheet = sound(day_sheet([staff_day(db, elm.id, WEDNESDAY, NOW, elm.groups["garden"].id)], A4, made=NOW))

    assert all(each.is_on for each in asked_days(db, elm.id, [WEDNESDAY], resident_id=ada.id).people[0].asked)
    assert not sheet.has("do not ask.")


def test_an_empty_day_says_so(db: DbSession, elm: CommunityBuilder) -> None:
    far = MONDAY + timedelta(days=60)
    assert sound(slips(asked_days(db, elm.id, [far]), A4, made=NOW)).has("Nothing is published for this day yet.")
    assert sound(slips(asked_days(db, elm.id, [MONDAY]), A4, made=NOW)).has("Nobody is invited by name on this day.")
    day = staff_day(db, elm.id, WEDNESDAY, NOW, elm.groups["river"].id, day=far)
    assert sound(day_sheet([day], A4, made=NOW)).has("Nothing is published for this day yet.")
    day = staff_day(db, elm.id, WEDNESDAY, NOW, elm.groups["river"].id, day=MONDAY + timedelta(days=3))
    assert sound(day_sheet([day], A4, made=NOW)).has("Nothing is planned here on this day.")


def test_a_week_that_is_not_out_says_so_once(db: DbSession, elm: CommunityBuilder) -> None:
    days = days_of_week(MONDAY + timedelta(days=60))
    own = sound(own_sheet(asked_days(db, elm.id, days, resident_id=elm.residents["ada"].id), A4, made=NOW))
    listed = listed_days(db, elm.id, days, now=NOW)
    door = sound(door_sheet(listed, "no such space", "Studio", A4, made=NOW))

    for read in (own, door):
        assert read.text.count("yet") == 1 + read.text.count("Nothing is published yet")
        assert read.has("Nothing is planned for this week yet.")
        assert not read.has("Wednesday")


def test_only_papers_that_there_are(db: DbSession) -> None:
    assert [paper_of(name, SHEETS).name for name in SHEETS] == ["a4", "letter"]
    for name in ("a3", "b5", ""):
        with pytest.raises(NotFound):
            paper_of(name, SHEETS)
