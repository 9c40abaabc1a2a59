"""Nothing can be saved: a full disk, a held lock, a folder only to be read. Reading goes on, and says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from milieu.coordination import upkeep
from milieu.database import Engines, reading, unit_of_work
from milieu.models import Attendance, ResidentRead, Upkeep
from milieu.services.access.accounts import create_account
from milieu.solving.cluster import looking
from milieu.solving.cluster.program import program
from tests.milieu.builders import NOW, CommunityBuilder, FixedClock, Held
from tests.troubles import TROUBLES, Disk
from tests.web.conftest import PASSWORD, Browser
from web.guards.records.read_record import HELD, ReadRecord, record_of

pytestmark = pytest.mark.slow(0.2)

TODAY = "/today"


@pytest.fixture
def disk(engines: Engines) -> Disk:
    return Disk(engines)


@pytest.fixture
def home(disk: Disk, elm: CommunityBuilder, engines: Engines) -> CommunityBuilder:
    """A community with a choir at this very hour."""
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "09:00", ["finn"], ["ada", "ben"], ref="choir-1")])
    return elm


@pytest.fixture
def record(app: Flask) -> ReadRecord:
    return record_of(app)


def reads(engines: Engines) -> int:
    with reading(engines) as db:
        return db.scalar(select(func.count()).select_from(ResidentRead)) or 0


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("path", [TODAY, "/today/2026-12-02/session/choir-1", "/today/2026-12-02/sheet"])
def test_reading_goes_on_and_says_that_nothing_is_saved(
    home: CommunityBuilder,
    sign_in: Callable[..., Browser],
    engines: Engines,
    record: ReadRecord,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
    path: str,
) -> None:
    browser = sign_in(home, "staff")
    with disk.trouble(trouble, monkeypatch):
        answer = browser.get(path)

        assert answer.status_code == 200
        assert "Ada" in answer.text
        if trouble == "held lock":  # somebody may write for a moment: nobody is told of that
            assert "Nothing can be saved" not in answer.text
            record._stuck_since, record._again_at = record._ticks() - HELD, 0.0
            answer = browser.get(path)
        assert "Nothing can be saved just now. You can go on reading." in answer.text or path.endswith("sheet")
        waiting = record.waiting
        assert (waiting > 0, reads(engines)) == (True, 0)

    record._again_at = 0.0
    answer = browser.get(path)

    assert "Nothing can be saved" not in answer.text
    assert (record.waiting, reads(engines)) == (0, waiting)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_who_reads_for_hours_is_not_signed_out(
    home: CommunityBuilder,
    sign_in: Callable[..., Browser],
    clock: FixedClock,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    browser = sign_in(home, "staff")
    with disk.trouble(trouble, monkeypatch):
        for _turn in range(6):
            clock.advance(minutes=10)
            assert browser.get(TODAY).status_code == 200
        clock.advance(minutes=16)
        assert browser.get(TODAY).status_code == 302


@pytest.mark.parametrize("trouble", TROUBLES)
def test_who_signs_out_is_out(
    home: CommunityBuilder, sign_in: Callable[..., Browser], disk: Disk, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    browser = sign_in(home, "staff")
    page = browser.get(TODAY)
    cookie = browser.get_cookie("milieu")
    assert cookie is not None
    with disk.trouble(trouble, monkeypatch):
        browser.send("/sign-out", TODAY)
        assert browser.get(TODAY).status_code == 302
        browser.set_cookie("milieu", cookie.value)  # replayed

        assert browser.get(TODAY).status_code == 302
    assert page.status_code == 200


@pytest.mark.parametrize("trouble", TROUBLES)
def test_right_sign_in_is_refused_in_words(
    home: CommunityBuilder,
    browser: Browser,
    engines: Engines,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    with unit_of_work(engines) as db:
        create_account(db, home.id, email="sam@elm.example", name="Sam", password=PASSWORD, roles=("staff",), now=NOW)
    with disk.trouble(trouble, monkeypatch):
        answer = browser.send("/sign-in", email="sam@elm.example", password=PASSWORD)

        assert (answer.status_code, "Nothing was saved" in answer.text) == (503, True)
        assert "Retry-After" in answer.headers
        assert "Location" not in answer.headers
        assert browser.get(TODAY).status_code == 302

    assert browser.send("/sign-in", email="sam@elm.example", password=PASSWORD).status_code == 302


@pytest.mark.parametrize("trouble", TROUBLES)
def test_mark_is_refused_in_words_and_taken_afterwards(
    home: CommunityBuilder,
    sign_in: Callable[..., Browser],
    engines: Engines,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    browser = sign_in(home, "staff")
    path = f"/today/2026-12-02/session/choir-1/mark/{home.residents['ada'].id}"
    with disk.trouble(trouble, monkeypatch):
        answer = browser.send(path, TODAY, mark="attended", form_key="one-tap-of-somebody")

        assert (answer.status_code, "Nothing was saved" in answer.text) == (503, True)

    assert browser.send(path, TODAY, mark="attended", form_key="one-tap-of-somebody").status_code == 303
    with reading(engines) as db:
        assert db.scalars(select(Attendance.outcome)).all() == ["attended"]


def test_watcher_and_director_are_told(
    home: CommunityBuilder,
    sign_in: Callable[..., Browser],
    disk: Disk,
    record: ReadRecord,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    director = sign_in(home)
    with disk.trouble("full disk", monkeypatch):
        director.get(TODAY)

        told = director.get("/readyz")
        assert told.status_code == 503
        assert told.json is not None
        assert (told.json["saves"], told.json["waiting_reads"]) == (False, record.waiting)
        assert told.json["why"].startswith("The disk is full.")
        assert director.get("/healthz").status_code == 200
        page = director.get("/health")
        assert "The disk is full." in page.text
        assert f"{record.waiting} looks at residents wait to be recorded." in page.text
        assert "They would be lost if the machine stopped." in page.text

    record._again_at = 0.0
    told = director.get("/readyz")
    assert told.json is not None
    assert (told.json["saves"], told.json["waiting_reads"]) == (True, 0)
    assert "Every look at a resident is recorded." in director.get("/health").text


def test_director_is_told_how_it_stands_with_the_backups(
    home: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    director = sign_in(home)
    assert "None are made. Please ask whoever looks after Milieu" in director.get("/health").text
    for state, days in ((upkeep.PROVEN, 8), (upkeep.MADE, 1)):
        at = NOW - timedelta(days=days)
        with unit_of_work(engines) as db:
            db.add(Upkeep(kind=upkeep.BACKUP, on_day=at.date(), state=state, began_at=at, finished_at=at))
    assert "It is unproven: none was restored on trial this week." in director.get("/health").text

    with unit_of_work(engines) as db:
        at = NOW - timedelta(hours=7)
        db.add(Upkeep(kind=upkeep.BACKUP, on_day=NOW.date(), state=upkeep.PROVEN, began_at=at, finished_at=at))

    page = director.get("/health").text
    assert "The last that was restored on trial, and was sound, is from today 02:00." in page
    assert "unproven" not in page
    told = director.get("/readyz").json
    assert told is not None
    assert (told["backup_age_seconds"], told["backup_is_proven"]) == (7 * 3600, True)


def test_pages_with_names_are_refused_where_no_more_can_wait(
    home: CommunityBuilder,
    app: Flask,
    sign_in: Callable[..., Browser],
    engines: Engines,
    clock: FixedClock,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = ReadRecord(engines, most_bytes=400)
    app.extensions["milieu_read_record"] = record
    browser = sign_in(home, "staff")
    with disk.trouble("full disk", monkeypatch):
        assert browser.get(TODAY).status_code == 200
        clock.advance(minutes=2)
        assert browser.get(TODAY).status_code == 200  # the same page once more is the same view
        clock.advance(minutes=10)
        for _turn in range(2):
            answer = browser.get(TODAY)
            clock.advance(minutes=10)

        assert answer.status_code == 503
        assert "it cannot be recorded who looks at whom" in answer.text
        assert "Ada" not in answer.text
        assert browser.get("/programme/elm").status_code == 200


def test_director_is_told_where_weeks_are_planned(
    home: CommunityBuilder, sign_in: Callable[..., Browser], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    director = sign_in(home)
    assert "Planning" not in director.get("/health").text

    given = app.extensions["milieu"]
    far = replace(given, settings=given.settings.model_copy(update={"solve_on": "tcp://127.0.0.1:1"}))
    monkeypatch.setitem(app.extensions, "milieu", far)
    assert "The machines that plan weeks cannot be reached." in director.get("/health").text

    monkeypatch.setattr(looking, "look_now_and_then", lambda address: looking.Seen({program(): 2, "another": 1}, 8))
    page = director.get("/health").text
    assert "Weeks are planned on 2 other machines." in page
    assert "1 more is of another version and does nothing." in page
