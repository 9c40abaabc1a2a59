"""Lists that come by a page: shown as a difference, brought in as they were shown, taken back."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from milieu.database import Engines, unit_of_work
from milieu.errors import Conflict, Invalid, NotFound
from milieu.exports.tables import community_sheets, package
from milieu.exports.tables import csv_file as exported
from milieu.exports.tables import workbook as exported_workbook
from milieu.imports.uploads.plans import SheetPlan
from milieu.imports.watching import AGAINST, CELLS, COLUMNS, KEEPING, READING, WRITING, Stopped, Watch, watched_by
from milieu.models import Change, ListUpload, Resident, ResidentRead, Wish
from milieu.queries.published.days import day_sessions, invited_to
from milieu.services.lists import applying, undoing, waiting
from milieu.services.lists.expiry import forget_old
from milieu.services.lists.previews import Preview, preview_of
from milieu.services.lists.sheets import Said, shown_sheets
from milieu.services.lists.snapshots import take_snapshot
from tests.milieu.builders import NOW, CommunityBuilder, Held, small_community
from tests.milieu.services.lists.workbooks import csv_file, workbook

DAY = NOW.date()


@dataclass
class Desk:
    """A community whose rows came by an import, and the director who hands lists in."""

    engines: Engines
    elm: CommunityBuilder
    account_id: str

    def hand_in(self, *files: tuple[str, bytes], minutes: int = 0) -> str:
        uploads, now = waiting.read_files(files), NOW + timedelta(minutes=minutes)
        with unit_of_work(self.engines) as db:
            return waiting.take_in(db, self.elm.id, uploads, by=self.account_id, now=now)

    def choose(self, upload_id: str, *said: Said) -> None:
        with unit_of_work(self.engines) as db:
            version = db.get_one(ListUpload, (self.elm.id, upload_id)).version
            waiting.choose(db, self.elm.id, upload_id, said, version=version, now=NOW)

    def plans(self, upload_id: str) -> list[SheetPlan]:
        with unit_of_work(self.engines) as db:
            return waiting.plans_of(db.get_one(ListUpload, (self.elm.id, upload_id)))

    def preview(self, upload_id: str) -> Preview:
        with unit_of_work(self.engines) as db:
            row = db.get_one(ListUpload, (self.elm.id, upload_id))
            return preview_of(row.preview or {})

    def bring_in(self, upload_id: str, *ticks: str) -> applying.BroughtIn | None:
        seen = self.preview(upload_id).digest
        with unit_of_work(self.engines) as db:
            return applying.apply(db, self.elm.id, upload_id, seen=seen, ticks=ticks, by=self.account_id, now=NOW)

    def sheet(self, name: str) -> list[list[str]]:
        """A table as it would be taken out."""
        with unit_of_work(self.engines) as db:
            sheets = {each.name: each for each in community_sheets(db, self.elm.id, today=DAY, blank=True)}
        return [[*sheets[name].header], *map(list, sheets[name].rows)]

    def everything(self) -> dict[tuple[str, str], dict[str, object]]:
        with unit_of_work(self.engines) as db:
            return take_snapshot(db, self.elm.id)


@pytest.fixture
def desk(engines: Engines) -> Desk:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        elm.refusal(elm.residents["ada"], activity=elm.activities["chess"])
        db.execute(delete(Wish))
        elm.wish(elm.residents["ben"], elm.activities["choir"], 4)
        account_id = elm.account("director").id
    return Desk(engines, elm, account_id)


def lines(preview: Preview, file: str) -> list[tuple[str, str]]:
    table = {each.file: each for each in preview.tables}[file]
    return [(line.kind, line.what) for line in table.lines]


def test_one_list_is_enough_and_what_it_refers_to_is_here_already(desk: Desk) -> None:
    upload_id = desk.hand_in(("wishes.csv", csv_file("resident|activity|strength\nada|choir|5\nben|choir|2")))

    preview = desk.preview(upload_id)

    assert preview.problems == ()
    [wishes] = preview.tables
    assert (wishes.added, wishes.changed, wishes.ended) == (1, 1, 0)
    [changed] = wishes.of("changed")
    assert changed.row == 3
    assert [(each.column, each.before, each.after) for each in changed.changes] == [("strength", "4", "2")]
    with unit_of_work(desk.engines) as db:
        assert db.scalars(select(Wish.strength)).all() == [4]  # nothing has changed yet


def test_lists_are_brought_in_as_they_were_shown(desk: Desk) -> None:
    upload_id = desk.hand_in(("wishes.csv", csv_file("resident|activity|strength\nada|choir|5\nben|choir|2")))

    assert desk.bring_in(upload_id)

    with unit_of_work(desk.engines) as db:
        assert sorted(db.scalars(select(Wish.strength))) == [2, 5]
        row = db.get_one(ListUpload, (desk.elm.id, upload_id))
        assert (row.state, row.sheets, row.preview) == ("done", None, None)  # of the lists themselves nothing is kept
        assert row.expires_at == NOW + timedelta(days=30)
        assert db.scalars(select(Change.account_id).where(Change.noun == "wish")).all() == [desk.account_id] * 2


def test_what_is_wrong_is_told_with_its_row_and_column_and_nothing_is_brought_in(desk: Desk) -> None:
    upload_id = desk.hand_in(
        ("wishes.csv", csv_file("resident|activity|strength\nada|choir|99\nnobody|choir|2\nben|choir|3"))
    )

    assert desk.preview(upload_id).problems == (
        "wishes.csv row 2, strength: 99 is not between -2 and 5",
        "wishes.csv row 3, resident: there is no resident 'nobody'; residents.csv has ada, ben, cleo, dov, esi, fay",
    )
    with pytest.raises(Invalid):
        desk.bring_in(upload_id)


def test_a_living_group_that_people_live_in_cannot_be_left_out(desk: Desk) -> None:
    upload_id = desk.hand_in(("living_groups.csv", csv_file("key|name\nother|Other")))

    [told] = desk.preview(upload_id).problems
    assert told.startswith("resident in Milieu already, living_group: there is no living group")


def test_where_something_has_changed_meanwhile_it_is_shown_again_first(desk: Desk) -> None:
    upload_id = desk.hand_in(("wishes.csv", csv_file("resident|activity|strength\nada|choir|5\nben|choir|2")))
    seen = desk.preview(upload_id).digest
    with unit_of_work(desk.engines) as db:
        db.scalars(select(Wish)).one().strength = 1

    with unit_of_work(desk.engines) as db:
        done = applying.apply(db, desk.elm.id, upload_id, seen=seen, ticks=(), by=desk.account_id, now=NOW)

    assert not done
    [changed] = desk.preview(upload_id).tables[0].of("changed")
    assert [(each.before, each.after) for each in changed.changes] == [("1", "2")]
    assert desk.bring_in(upload_id)


def test_what_ends_a_protection_or_much_of_a_table_needs_a_tick_each(desk: Desk) -> None:
    residents = desk.sheet("residents")
    given = desk.hand_in(("refusals.csv", csv_file("resident|activity\nada|chess\nben|chess")))
    assert desk.bring_in(given)
    upload_id = desk.hand_in(
        ("refusals.csv", csv_file("resident|activity")),
        ("residents.csv", "\n".join(",".join(row) for row in residents).encode()),
    )

    ticks = desk.preview(upload_id).ticks
    assert [(tick.name, tick.ending) for tick in ticks] == [("refusals.csv", 1), ("protections", 1)]
    with pytest.raises(Conflict) as missing:
        desk.bring_in(upload_id, "refusals.csv")
    assert missing.value.at == "tick-protections"
    assert desk.bring_in(upload_id, "refusals.csv", "protections")


@pytest.mark.slow(0.8)
def test_taken_out_and_handed_in_again_nothing_changes(desk: Desk) -> None:
    with unit_of_work(desk.engines) as db:
        sheets = community_sheets(db, desk.elm.id, today=DAY, blank=True)
    before = desk.everything()

    for files in (
        [("all.xlsx", exported_workbook(sheets, made=NOW))],
        [(f"{each.name}.csv", exported(each)) for each in sheets],
        [("all.zip", package(sheets))],
    ):
        upload_id = desk.hand_in(*files)
        preview = desk.preview(upload_id)
        assert (preview.problems, preview.does_nothing) == ((), True)
        assert desk.bring_in(upload_id)
    assert desk.everything() == before


def test_a_directors_own_sheet_is_understood_shown_and_remembered(desk: Desk) -> None:
    own = [
        ["Our residents, November"],
        [],
        ["Resident", "Unit", "Room no.", "Date of birth", "Moved in", "Shoe size"],
        ["Made-Up, Ada", "Garden", "G1", date(1940, 5, 6), date(2024, 1, 2), 38],
        ["Nora Newcomer", "River", "R9", date(1938, 1, 31), date(2026, 12, 1), 39],
    ]
    upload_id = desk.hand_in(("ours.xlsx", workbook({"November": own})))

    with unit_of_work(desk.engines) as db:
        row = db.get_one(ListUpload, (desk.elm.id, upload_id))
        [sheet] = shown_sheets(row.sheets or b"", (row.plans or {})["sheets"])
    assert sheet.plan.file == "residents.csv"
    assert sheet.plan.columns == ("full_name", "living_group", "room", "born_on", "arrived_on", "")
    assert not sheet.plan.is_whole  # whoever is missing in a list of one's own stays
    assert lines(desk.preview(upload_id), "residents.csv") == [
        ("changed", "ada Ada Made-Up"),
        ("new", "nora-newcomer Nora Newcomer"),
    ]
    assert desk.bring_in(upload_id)
    with unit_of_work(desk.engines) as db:
        nora = db.scalars(select(Resident).where(Resident.given_name == "Nora")).one()
        assert (nora.family_name, nora.room, nora.born_on) == ("Newcomer", "R9", date(1938, 1, 31))
        assert nora.living_group_id == desk.elm.groups["river"].id


def test_what_a_person_says_of_a_column_is_remembered_for_the_next_list(desk: Desk) -> None:
    own = [["key", "Wie gern", "activity", "Bemerkung"], ["ada", 3, "choir", "x"]]
    first = desk.hand_in(("mag.xlsx", workbook({"wishes": own})))
    desk.choose(first, Said("wishes.csv", ("resident", "strength", "activity", ""), is_whole=False, order=""))
    assert desk.preview(first).tables[0].added == 1

    second = desk.hand_in(("again.xlsx", workbook({"Blatt 1": own})))

    [plan] = desk.plans(second)
    assert (plan.file, plan.columns) == ("wishes.csv", ("resident", "strength", "activity", ""))


def test_a_sheet_is_proposed_anew_as_the_table_that_somebody_says_it_is(desk: Desk) -> None:
    own = [["a title"], ["Name", "Lives where", "Shoe size", "Room"], ["Made-Up, Ada", "garden", 38, "G1"]]
    upload_id = desk.hand_in(("mag.xlsx", workbook({"Blatt 1": own})))

    desk.choose(upload_id, Said("residents.csv", (), is_whole=False, order=""))

    [plan] = desk.plans(upload_id)
    assert (plan.file, plan.header_row) == ("residents.csv", 2)
    assert plan.columns == ("full_name", "living_group", "", "room")  # the second by its cells
    again = desk.hand_in(("again.xlsx", workbook({"Blatt 1": own})))
    assert [each.columns for each in desk.plans(again)] == [plan.columns]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (("", ""), "own.csv: none of its columns is said to be one of this table; say below what each of them is"),
        (("", "room"), "own.csv: the columns that are read of it are empty in 2 rows below their headings"),
    ],
)
@pytest.mark.parametrize("file", ["residents.csv", "wishes.csv"])
def test_of_a_sheet_of_which_nothing_is_read_it_is_told_and_nothing_ends(
    desk: Desk, columns: tuple[str, str], told: str, file: str
) -> None:
    columns = (columns[0], columns[1] and {"wishes.csv": "strength"}.get(file, columns[1]))
    upload_id = desk.hand_in(("own.csv", csv_file("Foo|Bar\na|\nb|")))

    desk.choose(upload_id, Said(file, columns, is_whole=True, order=""))

    assert desk.preview(upload_id).problems == (told,)


def test_rows_of_which_nothing_is_read_are_counted(desk: Desk) -> None:
    upload_id = desk.hand_in(("own.csv", csv_file("Name|Unit|Foo\nAda Made-Up|Garden|\n||a remark")))
    desk.choose(upload_id, Said("residents.csv", (), is_whole=False, order=""))

    told = "own.csv: 1 row left out: nothing stands there in the columns that are read"
    assert told in desk.preview(upload_id).remarks


def test_what_was_left_out_is_left_out_again(desk: Desk) -> None:
    own = [["resident", "activity", "strength", "said by", "Birthday"], ["ada", "choir", 3, "nobody here", "x"]]
    first = desk.hand_in(("mag.xlsx", workbook({"wishes": own})))
    assert "none of: resident, relative" in desk.preview(first).problems[0]
    desk.choose(first, Said("wishes.csv", ("resident", "activity", "strength", "", ""), is_whole=False, order=""))

    second = desk.hand_in(("again.xlsx", workbook({"wishes": own})))

    assert desk.preview(second).problems == ()


def test_an_import_is_taken_back_to_the_letter(desk: Desk) -> None:
    before = desk.everything()
    residents = desk.sheet("residents")
    ada = next(row for row in residents if row[0] == "ada")
    ada[residents[0].index("room")], ada[residents[0].index("morning")] = "G99", "2"
    new = ["zoe", *ada[1:]]
    upload_id = desk.hand_in(
        ("residents.csv", "\n".join(",".join(row) for row in [*residents, new]).encode()),
        ("wishes.csv", csv_file("resident|activity|strength\nzoe|choir|5\nben|choir|-1")),
    )
    assert desk.bring_in(upload_id)
    assert desk.everything() != before
    with unit_of_work(desk.engines) as db:  # a page has shown her meanwhile
        zoe = db.scalars(select(Resident.id).where(Resident.key == "zoe")).one()
        db.add(ResidentRead(community_id=desk.elm.id, at=NOW, account_id=desk.account_id, resident_id=zoe, page="x"))

    with unit_of_work(desk.engines) as db:
        done = undoing.undo(db, desk.elm.id, upload_id, by=desk.account_id, now=NOW + timedelta(days=29))

    assert done.kept == ()
    assert desk.everything() == before
    with unit_of_work(desk.engines) as db, pytest.raises(Conflict):
        undoing.undo(db, desk.elm.id, upload_id, by=desk.account_id, now=NOW)


def test_what_has_changed_or_is_needed_since_is_named_and_stays(desk: Desk) -> None:
    upload_id = desk.hand_in(
        ("wishes.csv", csv_file("resident|activity|strength\nada|choir|5\nben|choir|2\ncleo|chess|2"))
    )
    assert desk.bring_in(upload_id)
    with unit_of_work(desk.engines) as db:
        db.scalars(select(Wish).where(Wish.strength == 5)).one().strength = 3

    with unit_of_work(desk.engines) as db, pytest.raises(Conflict) as refused:
        undoing.undo(db, desk.elm.id, upload_id, by=desk.account_id, now=NOW)
    assert refused.value.because == ("wish ada – choir",)

    with unit_of_work(desk.engines) as db:
        done = undoing.undo(db, desk.elm.id, upload_id, by=desk.account_id, now=NOW, whatever_changed=True)
        assert done.kept == ("wish ada – choir",)
        assert sorted(db.scalars(select(Wish.strength))) == [3, 4]


def test_somebody_new_who_is_invited_by_now_stays(desk: Desk) -> None:
    residents = desk.sheet("residents")
    new = ["zoe", *residents[1][1:]]
    upload_id = desk.hand_in(("residents.csv", "\n".join(",".join(row) for row in [*residents, new]).encode()))
    assert desk.bring_in(upload_id)
    with unit_of_work(desk.engines) as db:
        desk.elm.db = db
        desk.elm.residents["zoe"] = db.scalars(select(Resident).where(Resident.key == "zoe")).one()
        desk.elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["zoe", "ben"])])

    with unit_of_work(desk.engines) as db, pytest.raises(Conflict) as refused:
        undoing.undo(db, desk.elm.id, upload_id, by=desk.account_id, now=NOW)

    assert [name.split(" ")[:2] for name in refused.value.because] == [["resident", "zoe"]]


def test_lists_wait_a_day_and_no_more_than_five_at_once(desk: Desk) -> None:
    wishes = ("wishes.csv", csv_file("resident|activity|strength\nada|choir|5"))
    given = [desk.hand_in(wishes, minutes=minutes) for minutes in range(7)]
    with unit_of_work(desk.engines) as db:
        assert set(db.scalars(select(ListUpload.id))) == set(given[2:])
        forget_old(db, desk.elm.id, now=NOW + timedelta(days=1, minutes=6))
        assert db.scalars(select(ListUpload.id)).all() == []


def test_lists_of_another_community_are_not_there(desk: Desk) -> None:
    upload_id = desk.hand_in(("wishes.csv", csv_file("resident|activity|strength\nada|choir|5")))
    with unit_of_work(desk.engines) as db:
        oak = small_community(db, "oak")
        with pytest.raises(NotFound):
            waiting.drop(db, oak.id, upload_id)
        with pytest.raises(NotFound):
            applying.apply(db, oak.id, upload_id, seen="", ticks=(), by=desk.account_id, now=NOW)
        with pytest.raises(NotFound):
            undoing.undo(db, oak.id, upload_id, by=desk.account_id, now=NOW)


def test_a_file_of_another_community_is_refused(desk: Desk) -> None:
    upload_id = desk.hand_in(("community.csv", csv_file("key|name|timezone\noak|Oak|Europe/London")))

    assert desk.preview(upload_id).problems == (
        "community.csv row 2, key: 'oak' is another community; this one is 'elm'",
    )


@pytest.mark.parametrize(
    ("name", "sheet", "left"),
    [
        ("refusals.csv", "resident|activity\nada|chess\nada|choir", {"ben", "cleo"}),
        ("limits.csv", "resident|activity|reason\nben|choir|dizzy", {"ada", "cleo"}),
        ("wishes.csv", "resident|activity|strength\nada|choir|-2\nben|choir|4", {"ada", "ben", "cleo"}),
    ],
)
def test_a_no_that_comes_by_a_list_withdraws_the_invitation_at_once(
    desk: Desk, name: str, sheet: str, left: set[str]
) -> None:
    """Nobody is moved up, and a wish alone, however low, is no right."""
    with unit_of_work(desk.engines) as db:
        desk.elm.db = db
        tomorrow = DAY.weekday() + 1
        desk.elm.publication(
            [Held("choir", "lounge", tomorrow, "10:00", ["finn"], ["ada", "ben", "cleo"], ref="choir-1")]
        )

    done = desk.bring_in(desk.hand_in((name, csv_file(sheet))))

    assert done == applying.BroughtIn(3 - len(left))
    with unit_of_work(desk.engines) as db:
        [slot] = day_sessions(db, desk.elm.id, DAY + timedelta(days=1))
        invited = invited_to(db, desk.elm.id, [slot.id])[slot.id]
    assert invited == {desk.elm.residents[key].id for key in left}


class Impatient(Watch):
    """Asks for an end as soon as a step has begun, and notes which did before."""

    def __init__(self, ends_at: str) -> None:
        super().__init__()
        self.ends_at, self.steps = ends_at, [""]

    def heed(self) -> None:
        if self.step != self.steps[-1]:
            self.steps.append(self.step)
        self.is_stopping = self.step == self.ends_at
        super().heed()


def test_lists_can_be_stopped_at_each_step_and_nothing_of_them_stays(desk: Desk) -> None:
    book = workbook(
        {
            "residents": [["key", "preferred_name"], ["ada", "Addie"]],
            "wishes": [["resident", "activity", "strength"], ["ada", "choir", 5]],
        }
    )
    before, steps = desk.everything(), Impatient("never")
    with watched_by(steps):
        waits = desk.hand_in(("book.xlsx", book))
    assert steps.steps == ["", READING, COLUMNS, CELLS, AGAINST, WRITING]
    assert (steps.done, steps.of) == (2, 2)
    for step in steps.steps[1:]:
        with watched_by(Impatient(step)), pytest.raises(Stopped):
            desk.hand_in(("book.xlsx", book))
    for step in (CELLS, AGAINST, WRITING, KEEPING):
        with watched_by(Impatient(step)), pytest.raises(Stopped):
            desk.bring_in(waits)
    assert desk.everything() == before
    with unit_of_work(desk.engines) as db:
        assert db.scalars(select(ListUpload.id)).all() == [waits]

    with watched_by(Watch()):
        assert desk.bring_in(waits) is not None
    assert desk.everything() != before
