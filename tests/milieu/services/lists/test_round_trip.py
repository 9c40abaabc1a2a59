"""What a community knows, told by files, by pages and by hand, is taken out and read back: nothing changes."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from milieu.database import Engines, unit_of_work
from milieu.exports.tables import community_sheets, csv_file, package, workbook
from milieu.imports.folder import import_folder
from milieu.models import ListUpload, Stay
from milieu.services.facts import telling
from milieu.services.facts.stretch import Stretch
from milieu.services.lists import waiting
from milieu.services.lists.previews import preview_of
from milieu.services.lists.snapshots import take_snapshot
from milieu.services.teller import Teller
from tests.milieu.builders import NOW, CommunityBuilder, small_community

TODAY = NOW.date()
AWAKE = ("=1+1", "+44 20 7946", "-2", "@SUM(A1)", "'=1", "''-", "＝1", "-", "'", '"quoted", and more', "a;b")


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        ada, ben, cleo, dov = (elm.residents[name] for name in ("ada", "ben", "cleo", "dov"))
        for row, text in zip([*elm.residents.values(), *elm.activities.values()], AWAKE, strict=False):
            row.invite_how = row.about = text  # of each its own
        ada.invite_how = "Sit down beside her first.\nThen ask."  # as a page takes it
        ada.family_name, ben.given_name = "=cmd|' /C calc'!A0", "@Ben"
        ada.times, ben.cannot = {"morning": 2, "evening": -2}, ["stands", "reads"]
        elm.limit(cleo, activity=elm.activities["walk"], reason="+ her knee", charted_by="-")
        elm.busy(ada, "09:00", "09:30", kind="bath", weekday=2)
        elm.calm(ben, "16:00", "18:00")
        elm.target(ada)
        elm.requirement(ben, elm.activities["chess"])
        elm.relative("una", of=ada)
        db.add(Stay(community_id=elm.id, resident_id=dov.id, arrived_on=date(2020, 1, 1), left_on=date(2020, 2, 1)))
        elm.refusal(ada, activity=elm.activities["chess"])
        _tell(elm, Teller(elm.id, elm.account("director", email="tells@elm.example").id, NOW))
        ended = elm.group("attic")
        ended.ended_on = TODAY - timedelta(days=9)
        gone = elm.resident("gus", group="attic")
        gone.left_on, gone.left_reason = TODAY - timedelta(days=9), "moved"
        return elm


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lists").mkdir()
    return tmp_path / "lists"


def _tell(elm: CommunityBuilder, teller: Teller) -> None:
    """What pages know and files did not bring."""
    people, week = elm.residents, Stretch(TODAY, TODAY + timedelta(days=7))
    telling.tell_absence(elm.db, teller, elm.facilitators["finn"].id, week, "- a cold")
    telling.tell_closure(elm.db, teller, elm.spaces["studio"].id, week, "repairs", "=the roof")
    telling.tell_busy(elm.db, teller, people["ben"].id, week, telling.OUT_KINDS[0])
    telling.tell_outbreak(elm.db, teller, elm.groups["garden"].id, week, "@")
    telling.tell_refusal(elm.db, teller, people["esi"].id, "activity", elm.activities["walk"].id, until=None)
    telling.tell_apart(elm.db, teller, people["ada"].id, people["cleo"].id, until=None)


def test_handed_in_again_nothing_changes(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        by = elm_account(db, elm)
        before = take_snapshot(db, elm.id)
        sheets = community_sheets(db, elm.id, today=TODAY, blank=True)
        for file in (("all.xlsx", workbook(sheets, made=NOW)), ("all.zip", package(sheets))):
            upload_id = waiting.take_in(db, elm.id, waiting.read_files([file]), by=by, now=NOW)
            preview = preview_of(db.get_one(ListUpload, (elm.id, upload_id)).preview or {})
            assert preview.problems == ()
            assert [line for table in preview.tables for line in table.lines] == []
        assert take_snapshot(db, elm.id) == before


def elm_account(db: object, elm: CommunityBuilder) -> str:
    elm.db = db  # type: ignore[assignment]
    return elm.account("director").id


def test_read_by_the_command_line_nothing_changes(engines: Engines, elm: CommunityBuilder, folder: Path) -> None:
    with unit_of_work(engines) as db:
        before = take_snapshot(db, elm.id)
        for sheet in community_sheets(db, elm.id, today=TODAY, blank=True):
            (folder / f"{sheet.name}.csv").write_bytes(csv_file(sheet))

        report = import_folder(db, folder, now=NOW)

        assert not report.has_changed
        assert take_snapshot(db, elm.id) == before


def test_in_an_empty_database_it_is_the_same_community(engines: Engines, elm: CommunityBuilder, folder: Path) -> None:
    """Not row by row, for they have other ids: table by table, as it is taken out again."""
    with unit_of_work(engines) as db:
        told = community_sheets(db, elm.id, today=TODAY, blank=True)
        for sheet in told:
            rows = sheet.rows if sheet.name != "community" else (("oak", "Oak Cottage", *sheet.rows[0][2:]),)
            (folder / f"{sheet.name}.csv").write_bytes(csv_file(type(sheet)(sheet.name, sheet.header, rows)))
        oak = import_folder(db, folder, now=NOW).community_id

        again = community_sheets(db, oak, today=TODAY, blank=True)

    for one, other in zip(told[1:], again[1:], strict=True):
        assert [tuple(" ".join(cell.split()) for cell in row) for row in one.rows] == list(other.rows), one.name
