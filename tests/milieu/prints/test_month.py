"""The month on paper: on one page, nothing cut off, nobody's name, closed groups only under what they chose."""

from datetime import date, timedelta

import pytest

from milieu.database import DbSession
from milieu.models import BaseSession
from milieu.prints.months import month_sheet
from milieu.prints.papers import PAPERS, Paper
from milieu.queries.paper.programme import Listed, ListedDay, ListedDays, days_of_month, listed_days
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.milieu.prints.reading import read_pdf

A4, A3, LETTER, TABLOID = PAPERS
WIDTHS = {"a4": 842, "a3": 1191, "letter": 792, "tabloid": 1224}
LONG = "Wilhelmina" * 6
HOSTILE = '#set text(red) "quoted" \\ $x$ *b* _i_ `c` @ref <label> // gone \u202ekcab\u200b'


def month_of(count: int, title: str = "Chair yoga and balance", **fields: object) -> ListedDays:
    """December 2026 with so many sessions on every day."""
    days = [
        ListedDay(day, True, tuple(listed(day, 540 + 40 * each, f"{title} {each}", **fields) for each in range(count)))
        for day in days_of_month(date(2026, 12, 1))
    ]
    return ListedDays("Elm Cottage", "Europe/London", date(2026, 12, 1), tuple(days), NOW)


def listed(day: date, start: int, title: str, **fields: object) -> Listed:
    given = {"domains": ("social",), "space_id": None, "space": "Lounge", "is_closed": False, "is_off": False, **fields}
    return Listed(f"{day}-{start}", day, start, start + 30, title, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_a_month_of_nine_a_day_is_one_tagged_page_in_landscape(paper: Paper) -> None:
    read = read_pdf(month_sheet(month_of(9), paper, made=NOW))

    assert [round(width) for width, _ in read.sizes] == [WIDTHS[paper.name]]
    assert (read.is_tagged, read.claims_ua, read.unembedded) == (True, True, ())
    assert read.title == "December 2026, Elm Cottage"
    assert read.outside() == []
    for number in range(9):
        assert read.has(f"Chair yoga and balance {number}")


def test_what_no_page_holds_goes_on_to_another() -> None:
    full = month_of(0)
    days = [
        ListedDay(
            day.on_date,
            True,
            tuple(listed(day.on_date, 540 + 20 * n, f"No {n} of {day.on_date.day}") for n in range(12)),
        )
        for day in full.days
    ]
    read = read_pdf(month_sheet(ListedDays(full.community, full.timezone, full.today, tuple(days), NOW), A4, made=NOW))

    assert len(read.sizes) > 1
    assert read.outside() == []
    for day in days:
        for each in day.sessions:
            assert read.has(each.title)


def test_what_is_on_every_week_stands_once_where_a_page_is_too_full_and_what_is_missing_is_told() -> None:
    shown = month_of(9, "Chair yoga")
    days = list(shown.days)
    days[8] = ListedDay(days[8].on_date, True, days[8].sessions[1:])  # Wednesday the 9th
    read = read_pdf(month_sheet(ListedDays("Elm", "UTC", shown.today, tuple(days), NOW), A4, made=NOW))

    assert read.text.count("Chair yoga 3") == 7, "once above each weekday"
    assert read.has("no Chair yoga 0, 09:00")


@pytest.mark.parametrize("count", [1, 9], ids=["roomy", "full"])
def test_a_day_with_nothing_says_so_and_a_week_between_published_ones_is_told_as_usual(count: int) -> None:
    """Where a weekday's column is headed by what is on every week, an empty day would be read as one of those."""
    days = list(month_of(count).days)
    days[8] = ListedDay(days[8].on_date, True, ())  # Wednesday the 9th
    days[20:27] = [ListedDay(day.on_date, False, day.sessions) for day in days[20:27]]  # from Monday the 21st
    days[23] = ListedDay(days[23].on_date, False, ())
    shown = ListedDays("Elm", "UTC", date(2026, 12, 1), tuple(days), NOW)
    read = read_pdf(month_sheet(shown, A4, made=NOW))

    assert read.has("9 A quiet day")
    assert read.has("24 Not planned yet")
    assert read.text.count("A quiet day") == read.text.count("Not planned yet") == 1
    assert read.has("From Monday 21 December to Sunday 27 December it is what is usual")
    assert not shown.is_usual_to_the_end


@pytest.mark.parametrize("title", [LONG, HOSTILE], ids=["long", "hostile"])
@pytest.mark.parametrize("paper", [A4, A3], ids=lambda paper: paper.name)
def test_no_name_is_lost_or_read_as_mark_up(title: str, paper: Paper) -> None:
    read = read_pdf(month_sheet(month_of(1, title), paper, made=NOW))

    assert read.claims_ua
    assert read.outside() == []
    assert read.has(title.replace("\u202e", "").replace("\u200b", "") + " 0")
    assert "\u202e" not in read.text


def test_a_sign_that_no_font_has_costs_the_claim_and_nothing_else() -> None:
    read = read_pdf(month_sheet(month_of(1, "Tea \U0001f9ff\U00012000 hour"), A4, made=NOW))

    assert (read.is_tagged, read.outside()) == (True, [])
    assert read.has("hour 0")


def test_published_days_are_as_published_and_later_ones_as_usual(db: DbSession, elm: CommunityBuilder) -> None:
    elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada"])])
    elm.add(BaseSession(community_id=elm.id, activity_id=elm.activities["walk"].id, weekday=3, start_minute=840))
    month = listed_days(db, elm.id, days_of_month(MONDAY + timedelta(days=14)), now=NOW)
    by_date = {day.on_date: day for day in month.days}

    choir, walk = MONDAY + timedelta(days=2), MONDAY + timedelta(days=10)
    assert [(each.title, each.space) for each in by_date[choir].sessions] == [("Choir", "Lounge")]
    assert (by_date[walk].is_published, [each.title for each in by_date[walk].sessions]) == (False, ["Walk"])
    assert by_date[choir + timedelta(days=7)].sessions == (), "kept by hand, the base week is what is usual"
    assert all("Ada" not in each.title for day in month.days for each in day.sessions)


def test_without_a_base_week_the_last_published_week_is_what_is_usual(db: DbSession, elm: CommunityBuilder) -> None:
    elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada"])])
    elm.activities["choir"].months = [12]
    days = days_of_month(date(2027, 1, 1))
    december = listed_days(db, elm.id, [MONDAY + timedelta(days=9)], now=NOW)
    january = listed_days(db, elm.id, days, now=NOW)

    assert [each.title for each in december.days[0].sessions] == ["Choir"]
    assert [day.on_date for day in january.days if day.sessions] == [], "out of its season it is not held"


@pytest.mark.parametrize(("public_name", "told"), [("", []), ("Thursday friends", ["Thursday friends"])])
def test_a_closed_group_is_told_of_under_its_public_name_alone(
    db: DbSession, elm: CommunityBuilder, public_name: str, told: list[str]
) -> None:
    elm.activity("memory", name="Memory training", is_closed=True, public_name=public_name)
    elm.publication([Held("memory", "lounge", 3, "10:00", ["finn"], ["ada"])])
    days = days_of_month(MONDAY + timedelta(days=3))
    month = listed_days(db, elm.id, days, now=NOW)
    read = read_pdf(month_sheet(month, A4, made=NOW))

    assert [each.title for day in month.days if day.is_published for each in day.sessions] == told
    assert not read.has("Memory training")
    assert read.has("Thursday friends") == bool(told)


def test_visits_and_what_is_off_are_not_promised(db: DbSession, elm: CommunityBuilder) -> None:
    elm.activity("visit", name="A visit", max_group=1, min_group=1)
    elm.publication([Held("visit", "lounge", 3, "10:00", ["finn"], ["ada"])])
    month = listed_days(db, elm.id, days_of_month(MONDAY + timedelta(days=3)), now=NOW)

    assert [each for day in month.days for each in day.sessions] == []
    read = read_pdf(month_sheet(month_of(1, "Choir", is_off=True), A3, made=NOW))
    assert read.has("Choir 0 (off)")


def test_each_session_says_its_kind_where_there_is_room_for_the_word() -> None:
    roomy, full = (read_pdf(month_sheet(month_of(count), A4, made=NOW)) for count in (1, 9))

    assert roomy.text.count("Company") == 1 + 31, "beside the month's name, and with each session"
    assert full.text.count("Company") >= 1
    assert len(full.sizes) == 1
