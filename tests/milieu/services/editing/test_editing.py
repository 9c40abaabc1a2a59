"""Rows edited by forms: what a list's cell means a field means, nothing is overwritten, everything can be undone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.errors import Conflict, NotFound
from milieu.imports.tables import cells, people, places
from milieu.imports.tables.description import Column
from milieu.imports.tables.registry import TABLES
from milieu.imports.tables.writing import written
from milieu.models import Change, Resident, ResidentBusy, Space, Target, Wish
from milieu.queries.facts.history import history_of
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused
from milieu.services.editing.saving import Stale, add_row, change_row, end_row, texts
from milieu.services.editing.undoing import undo
from milieu.services.teller import Teller
from tests.milieu.builders import NOW, CommunityBuilder, small_community

T = TypeVar("T")
WHO = Part("who", people.RESIDENTS, ("called", "room", "wheelchair", "morning", "evening", "cannot", "sessions_max"))
BUSY = Part("busy", people.BUSY, ("days", "from", "to", "kind"), "resident_id")
WISHES = Part("wishes", people.WISHES, ("activity", "strength", "said_by"), "resident_id")
SEATS = Part("seats", places.SPACES, ("seats", "wheelchair_places", "months"))
AIMS = Part("aims", people.TARGETS, ("domain", "sessions_a_week", "valid_from", "valid_until"), "resident_id")
TODAY = NOW.date()


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


@pytest.fixture
def teller(elm: CommunityBuilder) -> Teller:
    return Teller(elm.id, None, NOW)


@pytest.fixture
def do(engines: Engines) -> Callable[[Callable[[DbSession], T]], T]:
    def done(work: Callable[[DbSession], T]) -> T:
        with unit_of_work(engines) as db:
            return work(db)

    return done


Do = Callable[[Callable[[DbSession], Any]], Any]


def held(engines: Engines, model: Any, elm: CommunityBuilder, row_id: str) -> Any:
    with reading(engines) as db:
        return db.get(model, (elm.id, row_id))


def test_a_form_changes_what_it_shows_and_nothing_else(
    engines: Engines, elm: CommunityBuilder, teller: Teller, do: Do
) -> None:
    ada = elm.residents["ada"]
    typed = {"called": " Ada  dear ", "room": "12b", "wheelchair": "yes", "evening": "2", "cannot": "walks"}

    saved = do(lambda db: change_row(db, teller, WHO, ada.id, ada.version, typed))

    row = held(engines, Resident, elm, ada.id)
    assert (row.called, row.room, row.wheelchair, row.cannot) == ("Ada dear", "12b", True, ["walks"])
    assert row.times == {"evening": 2}
    assert row.given_name == ada.given_name
    assert row.living_group_id == ada.living_group_id
    assert "wheelchair" in saved.changed
    assert texts(WHO, row) == {"morning": "", "sessions_max": "", **typed, "called": "Ada dear"}


def test_every_wrong_field_says_so_and_nothing_is_saved(
    engines: Engines, elm: CommunityBuilder, teller: Teller, do: Do
) -> None:
    lounge = elm.spaces["lounge"]

    with pytest.raises(Refused) as refused:
        do(lambda db: change_row(db, teller, SEATS, lounge.id, 1, {"seats": "many", "months": "Brumaire"}))
    assert refused.value.faults == {
        "seats": "'many' is not a whole number.",
        "months": "'Brumaire' is not a month; the months are " + ", ".join(cells.MONTHS) + ".",
    }
    with pytest.raises(Refused) as refused:
        do(lambda db: change_row(db, teller, SEATS, lounge.id, 1, {"seats": "", "months": ""}))
    assert refused.value.faults == {"seats": "Please fill this in."}
    with pytest.raises(Refused) as refused:
        do(lambda db: change_row(db, teller, SEATS, lounge.id, 1, {"seats": "4", "wheelchair_places": "5"}))
    assert refused.value.faults == {"wheelchair_places": "5 wheelchairs do not fit on 4 seats."}
    with pytest.raises(Refused, match="not saved yet"):
        do(lambda db: change_row(db, teller, SEATS, lounge.id, 1, {"seats": "4\u202e"}))

    assert held(engines, Space, elm, lounge.id).capacity == lounge.capacity
    with reading(engines) as db:
        assert db.scalars(select(Change)).all() == []


def test_days_of_the_week_are_a_row_each(engines: Engines, elm: CommunityBuilder, teller: Teller, do: Do) -> None:
    ada = elm.residents["ada"].id
    typed = {"days": "Mon;Thu", "from": "9:00", "to": "9:30", "kind": "bath"}

    made = do(lambda db: add_row(db, teller, BUSY, ada, typed))
    do(lambda db: change_row(db, teller, BUSY, made[0].row_id, 1, {**typed, "days": "Tue;Fri"}, owner_id=ada))

    with reading(engines) as db:
        rows = db.scalars(select(ResidentBusy).where(ResidentBusy.resident_id == ada)).all()
        assert sorted((row.weekday or 0, row.start_minute, row.kind) for row in rows) == [
            (1, 540, "bath"),
            (3, 540, "bath"),
            (4, 540, "bath"),
        ]
        assert [texts(BUSY, row)["days"] for row in rows if row.weekday == 3] == ["Thu"]


def test_times_off_the_grid_and_foreign_rows_are_refused(elm: CommunityBuilder, teller: Teller, do: Do) -> None:
    ada = elm.residents["ada"].id

    with pytest.raises(Refused) as refused:
        do(lambda db: add_row(db, teller, BUSY, ada, {"from": "9:07", "to": "9:30", "kind": "bath"}))
    assert list(refused.value.faults) == ["from"]
    with pytest.raises(Refused) as refused:
        do(lambda db: add_row(db, teller, WISHES, ada, {"activity": "choir", "strength": "5"}))
    assert refused.value.faults == {"activity": "Please choose one of the list."}


def test_whoever_comes_second_sees_both(engines: Engines, elm: CommunityBuilder, teller: Teller, do: Do) -> None:
    ada = elm.residents["ada"]
    mine = {"called": "Ada", "room": "12", "wheelchair": "", "evening": "", "cannot": ""}
    do(lambda db: change_row(db, teller, WHO, ada.id, 1, {**mine, "room": "14"}))

    with pytest.raises(Stale) as stale:
        do(lambda db: change_row(db, teller, WHO, ada.id, 1, mine))

    assert stale.value.theirs["room"] == "14"
    assert stale.value.version == 2
    assert held(engines, Resident, elm, ada.id).room == "14"
    do(lambda db: change_row(db, teller, WHO, ada.id, stale.value.version, mine))
    assert held(engines, Resident, elm, ada.id).room == "12"
    do(lambda db: change_row(db, teller, WHO, ada.id, 1, mine))  # a second click: there is nothing to overwrite


def test_what_has_held_ends_yesterday_and_what_has_not_is_taken_out(
    engines: Engines, elm: CommunityBuilder, teller: Teller, do: Do
) -> None:
    ada, choir = elm.residents["ada"].id, elm.activities["choir"].id
    typed = {"activity": choir, "strength": "4"}
    (old,) = do(lambda db: add_row(db, teller, WISHES, ada, typed))
    (new,) = do(lambda db: add_row(db, teller, WISHES, ada, typed, valid_from=TODAY + timedelta(days=2)))

    for each in (old, new):
        do(lambda db, row_id=each.row_id: end_row(db, teller, WISHES, row_id, 1, owner_id=ada))

    assert held(engines, Wish, elm, old.row_id).valid_until == TODAY - timedelta(days=1)
    assert held(engines, Wish, elm, new.row_id) is None
    with pytest.raises(NotFound):
        do(lambda db: end_row(db, teller, WISHES, old.row_id, 2, owner_id=elm.residents["ben"].id))


def test_of_one_time_the_same_aim_is_there_once_as_lists_tell_it(
    engines: Engines, elm: CommunityBuilder, teller: Teller, do: Do
) -> None:
    ada, typed = elm.residents["ada"].id, {"domain": "physical", "sessions_a_week": "2"}
    [first] = do(lambda db: add_row(db, teller, AIMS, ada, typed))
    with pytest.raises(Refused) as refused:
        do(lambda db: add_row(db, teller, AIMS, ada, {**typed, "sessions_a_week": "3"}))
    assert refused.value.faults == {
        "domain": "This is here already. Please change it there, or say from when the new one holds."
    }

    do(lambda db: end_row(db, teller, AIMS, first.row_id, 1, owner_id=ada))
    [second] = do(lambda db: add_row(db, teller, AIMS, ada, {**typed, "sessions_a_week": "3"}))

    assert held(engines, Target, elm, first.row_id).valid_until == TODAY - timedelta(days=1)
    assert held(engines, Target, elm, second.row_id).valid_from == TODAY


def test_each_change_is_undone_where_nothing_came_after(
    engines: Engines, elm: CommunityBuilder, teller: Teller, do: Do
) -> None:
    ada, choir = elm.residents["ada"].id, elm.activities["choir"].id
    typed = {"activity": choir, "strength": "4"}
    (made,) = do(lambda db: add_row(db, teller, WISHES, ada, typed, valid_from=TODAY))
    soon, later = (replace(teller, now=NOW + timedelta(minutes=minutes)) for minutes in (1, 2))
    do(lambda db: change_row(db, soon, WISHES, made.row_id, 1, {**typed, "strength": "-2"}))
    do(lambda db: end_row(db, later, WISHES, made.row_id, 2))

    with reading(engines) as db:
        taken_out, changed, added = history_of(db, elm.id, [made.row_id])
    assert (changed.before, changed.after) == ({"strength": 4}, {"strength": -2})
    with pytest.raises(Conflict, match="changed again"):
        do(lambda db: undo(db, teller, WISHES, changed.id))
    do(lambda db: undo(db, teller, WISHES, taken_out.id))
    assert held(engines, Wish, elm, made.row_id).valid_from == TODAY
    do(lambda db: undo(db, teller, WISHES, changed.id))
    assert held(engines, Wish, elm, made.row_id).strength == 4
    do(lambda db: undo(db, teller, WISHES, added.id))
    assert held(engines, Wish, elm, made.row_id) is None
    with pytest.raises(Conflict):
        do(lambda db: undo(db, teller, WISHES, added.id))
    with pytest.raises(NotFound):
        do(lambda db: undo(db, teller, BUSY, added.id))


@given(st.data())
def test_what_is_written_reads_back(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES))
    column: Column = data.draw(st.sampled_from(table.columns))
    value = data.draw(_values(column))

    text = cells.clean(written(column, value))

    assert (column.read(text) if text else column.default) == (column.default if value is None else value)


def _values(column: Column) -> st.SearchStrategy[Any]:
    read = column.read
    if isinstance(read, cells.whole):
        return st.integers(read.least, read.most)
    if isinstance(read, cells.Choice):
        return st.sampled_from(read.words)
    if read is cells.yes_no:
        return st.booleans()
    if read is cells.day:
        return st.dates(date(1880, 1, 1), date(2200, 12, 31))
    if column.attribute.endswith("_minute"):
        return st.integers(240, 1439)
    if read is cells.weekdays:
        return st.sets(st.integers(0, 6), min_size=1).map(sorted).map(tuple)
    if read is cells.months:
        return st.sets(st.integers(1, 12), min_size=1, max_size=11).map(sorted)
    return st.none()
