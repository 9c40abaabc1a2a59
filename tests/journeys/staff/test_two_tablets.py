"""Two tablets on one floor: clocks apart, no reception, one desk for two, a server that cannot save, midnight."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Account, Attendance, Invitation, SignInSession
from tests.browsers import let_refuse
from tests.journeys.conftest import TickingClock, sign_in
from tests.journeys.staff.tablet import TIME, card, tap
from tests.milieu.builders import CommunityBuilder, Held
from tests.patience import PATIENCE
from tests.troubles import SAID, Disk
from tests.web.staff.floor import CHOIR, CHOIR_PAGE, mark_of, rows_of

APART = """const wall = Date.now; Date.now = () => wall() + 1000 * (SECONDS);"""
UNSENT = "#unsent"


@pytest.fixture
def tablet(enter: Callable[..., Page], elm: CommunityBuilder) -> Callable[..., Page]:
    """`tablet(seconds, zone)`: one whose clock is so far ahead of the server's, on the choir's page."""

    def do(seconds: int = 0, zone: str = "Europe/London", path: str = CHOIR_PAGE) -> Page:
        page = enter(elm, "staff", timezone_id=zone)
        page.context.add_init_script(APART.replace("SECONDS", str(seconds)))
        page.context.add_init_script(TIME)
        page.set_viewport_size({"width": 820, "height": 1180})
        page.goto(path)
        return page

    return do


def lose_network(page: Page) -> None:
    page.context.set_offline(True)


def find_network(page: Page) -> None:
    page.context.set_offline(False)
    wait_until_sent(page)


def wait_until_sent(page: Page) -> None:
    """Until the server has answered for everything that the tablet keeps."""
    deadline = monotonic() + PATIENCE
    while page.evaluate("localStorage.getItem('milieu-unsent')") is not None:
        assert monotonic() < deadline, "marks are still kept"
        page.wait_for_timeout(50)


@dataclass(frozen=True)
class Kept:
    """A mark as a row, in the order of arrival; people by the first part of their address."""

    outcome: str | None
    by: str
    sent_by: str | None
    on_date: date
    tapped_at: datetime
    marked_at: datetime


def taps_of(engines: Engines, elm: CommunityBuilder, who: str) -> list[Kept]:
    with reading(engines) as db:
        names = {row.id: row.email.split("@")[0] for row in db.query(Account)}
        rows = db.query(Attendance).filter_by(resident_id=elm.residents[who].id).order_by(Attendance.number)
        return [
            Kept(
                row.outcome,
                names[row.marked_by],
                names.get(row.sent_by),
                row.on_date,
                row.tapped_at,
                row.marked_at,
            )
            for row in rows
        ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((420, "Europe/London"), (-180, "Europe/London")),
        ((-86_400, "Asia/Kathmandu"), (0, "America/St_Johns")),
        ((0, "Pacific/Kiritimati"), (86_400, "Pacific/Niue")),
    ],
)
def test_two_tablets_agree_whatever_their_clocks_say(
    tablet: Callable[..., Page],
    engines: Engines,
    elm: CommunityBuilder,
    clock: TickingClock,
    one: tuple[int, str],
    other: tuple[int, str],
) -> None:
    first, second = tablet(*one), tablet(*other)
    began = clock.now()
    lose_network(first)
    tap(first, "Ada", "Asleep")
    tap(first, "Ben", "Said no")
    tap(first, "Ben", "Came")
    tap(first, "Esi", "Unwell")
    tap(first, "Esi", "Take back Esi Made-Up")
    expect(first.locator(UNSENT)).to_contain_text("5 marks are not saved yet.")
    ended = clock.now()
    clock.skip(timedelta(minutes=2))
    for page in (first, second):
        page.evaluate("letPass(120)")
    tap(second, "Ada", "Unwell")
    expect(card(second, "Ada")).to_contain_text("Unwell · 10:2")
    tap(second, "Esi", "Said no")
    expect(card(second, "Esi")).to_contain_text("Said no · 10:2")
    find_network(first)

    for page in (first, second):
        page.evaluate("letPass(20)")
        expect(card(page, "Ada")).to_contain_text("Unwell · 10:2")
        expect(card(page, "Ben")).to_contain_text("Came · 10:2")
        expect(card(page, "Esi")).to_contain_text("Said no · 10:2")
        assert page.locator(".person .out > .five > [aria-pressed=true]").count() <= 3
    marks = {who: taps_of(engines, elm, who) for who in ("ada", "ben", "esi")}
    assert {who: [(mark.outcome, mark.by) for mark in each] for who, each in marks.items()} == {
        "ada": [("unwell", "staff1"), ("asleep", "staff0")],
        "ben": [("declined", "staff0"), ("attended", "staff0")],
        "esi": [("declined", "staff1"), ("unwell", "staff0"), (None, "staff0")],
    }
    slack = timedelta(seconds=2)  # what the page's way took when it told the server's time
    for mark in (mark for each in marks.values() for mark in each):
        assert mark.tapped_at <= mark.marked_at
        if mark.by == "staff0":
            assert began - slack <= mark.tapped_at <= ended + slack
        else:
            assert mark.tapped_at > ended + slack


def test_a_full_disk_keeps_the_mark_on_the_tablet_and_says_why(
    tablet: Callable[..., Page], engines: Engines, elm: CommunityBuilder
) -> None:
    page, disk = tablet(), Disk(engines)
    let_refuse(page)
    disk.fails = SAID["full disk"]
    tap(page, "Ada", "Came")

    expect(page.locator(UNSENT)).to_contain_text(
        "1 mark is not saved yet: Milieu can save nothing just now. It is kept on this tablet and sent again by itself."
    )
    expect(card(page, "Ada").get_by_role("button", name="Came", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(card(page, "Ada")).to_contain_text("not saved yet")
    page.evaluate("letPass(20)")  # what others see is no news to it
    expect(card(page, "Ada")).to_contain_text("not saved yet")
    page.reload()
    expect(page.locator(UNSENT)).to_contain_text("Milieu can save nothing just now.")
    expect(card(page, "Ada").get_by_role("button", name="Came", exact=True)).to_have_attribute("aria-pressed", "true")
    assert rows_of(engines) == 0
    disk.fails = ""
    page.get_by_role("button", name="Try again").click()
    expect(card(page, "Ada")).to_contain_text("Came · 10:2")
    expect(page.locator(UNSENT)).to_be_hidden()
    assert rows_of(engines) == 1


def test_marks_outlive_the_window_they_were_made_in(tablet: Callable[..., Page], engines: Engines) -> None:
    first = tablet()
    lose_network(first)
    tap(first, "Ada", "Came")
    expect(first.locator(UNSENT)).to_contain_text("1 mark is not saved yet.")
    kept = first.evaluate("JSON.stringify(localStorage)")
    other = first.context.new_page()  # the window is gone, as far as a new one can know
    first.context.set_offline(False)
    other.goto(CHOIR_PAGE)
    wait_until_sent(other)  # by either window
    other.evaluate("letPass(20)")

    expect(card(other, "Ada")).to_contain_text("Came · 10:2")
    expect(other.locator(UNSENT)).to_be_hidden()
    assert "Made-Up" not in kept
    assert rows_of(engines) == 1
    expect(first.locator(UNSENT)).to_be_hidden()


def test_a_publication_in_between_takes_nothing_from_a_kept_mark(
    tablet: Callable[..., Page], engines: Engines, elm: CommunityBuilder, clock: TickingClock
) -> None:
    first, second = tablet(), tablet(path="/today")
    lose_network(first)
    for name in ("Ada", "Ben", "Esi"):
        tap(first, name, "Said no")
    with unit_of_work(engines) as db:  # Ada moves with the choir to the afternoon, Ben is out, Esi's choir is another
        elm.db = db
        elm.publication(
            [
                Held("choir", "studio", 2, "15:30", ["gita"], ["ada"], ref=CHOIR),
                Held("choir", "lounge", 2, "10:30", ["finn"], ["esi"], ref="another"),
            ],
            published_at=clock.now(),
        )
    find_network(first)
    first.evaluate("letPass(20)")
    second.evaluate("letPass(20)")

    for who in ("ada", "ben", "esi"):
        held = mark_of(engines, elm, who)
        assert held is not None
        assert (held.outcome, held.session_ref) == ("declined", CHOIR)
    expect(card(first, "Ada")).to_contain_text("Said no · 10:2")
    expect(card(first, "Ben")).to_contain_text("Said no · 10:2")
    assert rows_of(engines) == 3
    expect(second.get_by_role("link", name="15:30 Choir")).to_be_visible()
    second.goto(CHOIR_PAGE)
    for name in ("Ada", "Ben", "Esi"):
        expect(card(second, name)).to_contain_text("Said no · 10:2")


def test_midnight_in_between_leaves_the_mark_on_its_day(
    tablet: Callable[..., Page], engines: Engines, elm: CommunityBuilder, clock: TickingClock
) -> None:
    page = tablet(path="/today")
    lose_network(page)
    tap(page, "Ada", "Came")
    tap(page, "Ben", "Unwell")
    tapped = clock.now()
    clock.skip(timedelta(hours=14))
    page.evaluate("letPass(50400)")
    page.context.set_offline(False)
    expect(page.locator(UNSENT)).to_contain_text("You were signed out. 2 marks are not saved yet")
    page.get_by_role("button", name="Open again").click()
    sign_in(page, "staff0@elm.example")

    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    expect(page.get_by_text("Thursday 3 December")).to_be_visible()
    wait_until_sent(page)
    expect(page.locator(UNSENT)).to_be_hidden()
    marks = taps_of(engines, elm, "ada") + taps_of(engines, elm, "ben")
    assert [(mark.outcome, mark.on_date) for mark in marks] == [
        ("attended", date(2026, 12, 2)),
        ("unwell", date(2026, 12, 2)),
    ]
    assert all(abs(mark.tapped_at - tapped) < timedelta(minutes=1) for mark in marks)
    assert all(mark.marked_at - tapped > timedelta(hours=13) for mark in marks)
    page.goto(CHOIR_PAGE)
    expect(card(page, "Ada")).to_contain_text("Came · 10:2")
    expect(card(page, "Ben")).to_contain_text("Unwell · 10:2")


def test_who_sends_what_a_colleague_kept_and_what_is_refused_says_whose(
    tablet: Callable[..., Page], engines: Engines, elm: CommunityBuilder, enrol: Callable[..., str], clock: TickingClock
) -> None:
    page = tablet()
    colleague = enrol(elm, "staff")
    lose_network(page)
    tap(page, "Ada", "Came")
    tap(page, "Ben", "Asleep")
    tap(page, "Ben", "Take back Ben Made-Up")
    with unit_of_work(engines) as db:
        db.query(SignInSession).delete()
    page.context.set_offline(False)
    page.get_by_role("button", name="Open again").click()
    sign_in(page, colleague)
    expect(page.locator(UNSENT)).to_contain_text("3 marks that somebody else made on this tablet are not saved yet.")
    with unit_of_work(engines) as db:  # and in the meantime the choir is no more, as if it had never been
        db.query(Invitation).filter_by(resident_id=elm.residents["ada"].id).delete()
    let_refuse(page)
    page.get_by_role("button", name="Save them").click()

    expect(page.locator(UNSENT)).to_contain_text("“Came”, tapped at 10:2")
    expect(page.locator(UNSENT)).not_to_contain_text("somebody else")
    for _ in range(int(PATIENCE * 10)):
        if len(taps_of(engines, elm, "ben")) == 2:
            break
        page.wait_for_timeout(100)  # the last of them is still under way
    page.goto("/today/2026-12-01")
    page.get_by_role("link", name="(Whose mark?)").click()
    expect(page).to_have_url(re.compile(CHOIR_PAGE))
    assert [(mark.outcome, mark.by, mark.sent_by) for mark in taps_of(engines, elm, "ben")] == [
        ("asleep", "staff0", "staff1"),
        (None, "staff0", "staff1"),
    ]
    assert taps_of(engines, elm, "ada") == []
