"""What lies ready for when the server is down: made anew when no longer right, private, gone when it is old."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from milieu.database import Engines, unit_of_work
from milieu.models import SessionHeld
from milieu.prints import standby
from milieu.prints.sheets import day_sheet
from milieu.prints.standby import FOLDER, folder_of, keep_ready, ready_in
from milieu.settings import Settings
from tests.milieu.builders import NOW, CommunityBuilder, FixedClock, Held, small_community
from tests.milieu.prints.reading import read_pdf

TODAY = NOW.date()
CHOIR = Held("choir", "lounge", 2, "10:00", ["finn"], ["ada"], ref="choir-1")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def published(engines: Engines, *sessions: Held) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        elm.publication(sessions or [CHOIR])
    return elm


def test_they_are_made_once_and_anew_when_something_changes(engines: Engines, settings: Settings) -> None:
    elm, clock = published(engines), FixedClock()

    assert [keep_ready(engines, settings, clock) for _ in range(2)] == [1, 0]
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("walk", "studio", 2, "14:00", ["gita"], ["ada"])])
    assert [keep_ready(engines, settings, clock) for _ in range(2)] == [1, 0]
    with unit_of_work(engines) as db:
        row = SessionHeld(
            community_id=elm.id, session_ref="2026-W49-walk-2", on_date=TODAY, was_held=False, number=1, marked_at=NOW
        )
        db.add(row)
    assert [keep_ready(engines, settings, clock) for _ in range(2)] == [1, 0]

    ready = ready_in(settings.data_dir, "elm")
    assert ready is not None
    assert (ready.made_at, ready.days) == (NOW, (TODAY, TODAY + timedelta(days=1)))
    read = read_pdf((ready.folder / f"{TODAY}-01-garden-wing.pdf").read_bytes())
    assert (read.has("14:00–14:30 Walk"), read.has("This will not be held."), read.has("Choir")) == (True, True, False)


def test_with_a_new_day_come_its_sheets_and_those_of_the_day_before_go(engines: Engines, settings: Settings) -> None:
    published(engines)
    clock = FixedClock()
    keep_ready(engines, settings, clock)
    clock.advance(days=1)

    assert keep_ready(engines, settings, clock) == 1
    names = sorted(each.name[:10] for each in folder_of(settings.data_dir, "elm").iterdir() if each.suffix == ".pdf")
    assert names == [str(TODAY + timedelta(days=1))] * 3 + [str(TODAY + timedelta(days=2))] * 2


def test_they_are_their_owners_alone(engines: Engines, settings: Settings) -> None:
    published(engines)
    keep_ready(engines, settings, FixedClock())

    folder = folder_of(settings.data_dir, "elm")
    assert [each.stat().st_mode & 0o777 for each in (folder.parent, folder)] == [0o700, 0o700]
    assert {each.stat().st_mode & 0o777 for each in folder.iterdir()} == {0o600}


def test_what_is_older_than_two_days_is_removed_whoevers_it_was(engines: Engines, settings: Settings) -> None:
    gone = settings.data_dir / FOLDER / "gone-1" / "2026-11-01-01-ash.pdf"
    gone.parent.mkdir(parents=True)
    gone.write_bytes(b"%PDF")
    os.utime(gone, times=((NOW - timedelta(hours=49)).timestamp(),) * 2)
    published(engines)
    keep_ready(engines, settings, FixedClock())

    assert not gone.exists()


def test_a_file_that_was_taken_away_is_made_again(engines: Engines, settings: Settings) -> None:
    published(engines)
    keep_ready(engines, settings, FixedClock())
    sheet = folder_of(settings.data_dir, "elm") / f"{TODAY}-01-garden-wing.pdf"
    sheet.unlink()

    assert keep_ready(engines, settings, FixedClock()) == 1
    assert sheet.is_file()


def test_one_communitys_trouble_stays_its_own(engines: Engines, settings: Settings) -> None:
    published(engines)
    with unit_of_work(engines) as db:
        small_community(db, "oak", timezone="Nowhere/Nowhere")
        small_community(db, "yew")
    blocked = folder_of(settings.data_dir, "elm")
    blocked.parent.mkdir(parents=True)
    blocked.write_text("in the way")

    assert keep_ready(engines, settings, FixedClock()) == 1
    assert (ready_in(settings.data_dir, "elm"), ready_in(settings.data_dir, "yew") is not None) == (None, True)


def test_where_nothing_or_nonsense_lies_nothing_is_ready(settings: Settings) -> None:
    assert ready_in(settings.data_dir, "elm") is None
    folder = folder_of(settings.data_dir, "elm")
    folder.mkdir(parents=True)
    for text in ("", "[]", "{}", '{"made_at": 1, "days": 2, "files": 3}'):
        (folder / "made.json").write_text(text)
        assert ready_in(settings.data_dir, "elm") is None


def test_who_goes_to_hospital_is_told_by_sheets_that_lay_ready(engines: Engines, settings: Settings) -> None:
    elm, clock = published(engines), FixedClock()
    keep_ready(engines, settings, clock)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.busy(elm.residents["ada"], "00:00", "24:00", kind="hospital", valid_from=TODAY, valid_until=TODAY)

    assert [keep_ready(engines, settings, clock) for _ in range(2)] == [1, 0]
    sheet = folder_of(settings.data_dir, "elm") / f"{TODAY}-01-garden-wing.pdf"
    assert read_pdf(sheet.read_bytes()).has("In hospital: do not ask.")


def test_of_several_who_share_the_folder_one_makes_them(
    engines: Engines, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(engines)
    clock, of_others = FixedClock(), []

    def meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(standby, "day_sheet", day_sheet)
        of_others.append(keep_ready(engines, settings, clock))
        return day_sheet(*arguments[:2], made=NOW)

    monkeypatch.setattr(standby, "day_sheet", lambda *arguments, made: meanwhile(*arguments))
    assert (keep_ready(engines, settings, clock), of_others) == (1, [0])


def test_what_another_has_made_meanwhile_is_not_made_again(
    engines: Engines, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(engines)
    clock, of_others = FixedClock(), []
    alone_with = standby.alone_with

    def late(lock: Path) -> Any:
        monkeypatch.setattr(standby, "alone_with", alone_with)
        of_others.append(keep_ready(engines, settings, clock))
        return alone_with(lock)

    monkeypatch.setattr(standby, "alone_with", late)
    assert (keep_ready(engines, settings, clock), of_others) == (0, [1])
