"""The pages of lists: handed in, looked at, brought in, taken back, in plain words and without a script."""

import io
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from milieu.database import Engines, unit_of_work
from milieu.imports.watching import CELLS
from milieu.models import Account, ListUpload, ResidentRead, Wish
from tests.milieu.builders import CommunityBuilder, small_community
from tests.milieu.services.lists.workbooks import csv_file, workbook
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words
from web.director.community.under_way import UNDER_WAY, Form

WISHES = ("wishes.csv", csv_file("resident|activity|strength\nada|choir|5\nben|choir|-2"))


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def hand_in(director: Browser, *files: tuple[str, bytes]) -> TestResponse:
    page = director.get("/lists")
    hidden = dict(re.findall(r'name="(csrf_token|form_key)" value="([^"]+)"', page.text))
    given = [(io.BytesIO(content), name) for name, content in files]
    return director.post("/lists", data={**hidden, "files": given})


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def test_lists_are_looked_at_before_anything_changes(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    answer = hand_in(director, WISHES)

    page = director.get(answer.location)
    said = words(page.text)
    assert "Nothing has changed yet." in said
    assert "Changes 2 ada – choir row 2 strength 1 → 5 ben – choir row 3 strength 2 → -2" in said
    with unit_of_work(engines) as db:
        assert set(db.scalars(select(Wish.strength))) == {1, 2, 3, 4}
        looked = set(db.scalars(select(ResidentRead.resident_id).where(ResidentRead.page == "director.waiting_list")))
    assert looked == {elm.residents["ada"].id, elm.residents["ben"].id}  # whom the page names, and nobody else


def test_brought_in_and_taken_back(director: Browser, engines: Engines) -> None:
    path = hand_in(director, WISHES).location
    done = director.send(f"{path}/bring-in", path, seen=seen(director.get(path).text))

    said = words(director.get(done.location).text)
    assert "The lists are brought in." in said
    assert "2 changed" in said
    with unit_of_work(engines) as db:
        assert {5, -2} <= set(db.scalars(select(Wish.strength)))

    back = director.send(f"{path}/take-back", "/lists")

    assert "Taken back: everything is as it was before these lists." in words(director.get(back.location).text)
    with unit_of_work(engines) as db:
        assert set(db.scalars(select(Wish.strength))) == {1, 2, 3, 4}


def test_what_cannot_be_read_is_told_at_its_field(director: Browser, engines: Engines) -> None:
    answer = hand_in(director, ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)))

    assert answer.status_code == 422
    assert "old.xls: is in the format of before 2007 (.xls), whatever its name" in words(answer.text)
    assert 'aria-invalid="true" aria-describedby="fault-files"' in answer.text
    with unit_of_work(engines) as db:
        assert db.scalars(select(ListUpload.id)).all() == []


def test_without_a_file_it_says_so(director: Browser) -> None:
    assert "Please choose a file first." in words(hand_in(director).text)


def test_what_needs_mending_is_listed_and_there_is_no_yes(director: Browser) -> None:
    path = hand_in(director, ("wishes.csv", csv_file("resident|activity|strength\nada|choir|99"))).location

    page = director.get(path).text
    assert "One thing needs mending first" in words(page)
    assert "wishes.csv row 2, strength: 99 is not between -2 and 5" in words(page)
    assert "Bring them in" not in page


def test_a_missing_tick_is_asked_for(director: Browser, engines: Engines) -> None:
    noes = "resident|activity\nada|choir\nben|choir"
    path = hand_in(director, ("refusals.csv", csv_file(noes))).location
    director.send(f"{path}/bring-in", path, seen=seen(director.get(path).text))
    path = hand_in(director, ("refusals.csv", csv_file("resident|activity\nada|choir"))).location
    page = director.get(path).text
    assert "This protection is to end: refusal ben – choir" in words(page)

    refused = director.send(f"{path}/bring-in", path, seen=seen(page))
    assert refused.status_code == 409
    assert "Nothing was brought in: please tick what is meant to end." in words(refused.text)
    done = director.send(f"{path}/bring-in", path, seen=seen(page), **{"tick-protections": "yes"})

    assert "The lists are brought in." in words(director.get(done.location).text)


def test_a_column_is_said_to_be_another_and_the_sheet_looked_at_again(director: Browser) -> None:
    own = workbook({"Wishes": [["Who", "activity", "How much"], ["ada", "choir", 5]]})
    path = hand_in(director, ("ours.xlsx", own)).location
    page = director.get(path).text
    assert 'name="column-0-2"' in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version

    again = director.send(
        f"{path}/sheets",
        path,
        version=version[1],
        **{"file-0": "wishes.csv", "column-0-0": "resident", "column-0-1": "activity", "column-0-2": "strength"},
    )

    said = words(director.get(again.location).text)
    assert "This is what it would do now." in said
    assert "strength 1 → 5" in said


def test_names_in_lists_are_shown_as_text(director: Browser) -> None:
    shown = '<img src=x onerror="alert(1)">'
    own = workbook({"Wishes": [["resident", shown], ["ada", shown]]})

    page = director.get(hand_in(director, (f"{shown}.xlsx", own)).location).text

    assert "<img" not in page


def test_lists_of_others_are_not_there(director: Browser, engines: Engines, sign_in: Callable[..., Browser]) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    path = hand_in(sign_in(oak), WISHES).location

    assert director.get(path).status_code == 404
    for step in ("sheets", "bring-in", "drop", "take-back"):
        assert director.send(f"{path}/{step}", "/lists").status_code == 404


def test_everything_is_taken_out_recorded_and_read_back_without_a_change(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    for kind in ("xlsx", "zip"):
        answer = director.get(f"/lists/everything.{kind}")

        assert answer.headers["Content-Disposition"] == f'attachment; filename="elm-2026-12-02.{kind}"'
        assert answer.headers["Cache-Control"] == "no-store"
        page = director.get(hand_in(director, (f"everything.{kind}", answer.data)).location).text
        assert "Everything is here already just as these lists say it." in words(page)
    with unit_of_work(engines) as db:
        seen = db.scalars(select(ResidentRead.resident_id).where(ResidentRead.page == "director.everything")).all()
    assert sorted(seen) == sorted(2 * [each.id for each in elm.residents.values()])
    assert director.get("/lists/everything.exe").status_code == 404


def test_a_residents_own_file_is_recorded_as_a_look_at_them(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    ada = elm.residents["ada"].id
    assert f"/people/{ada}/everything.xlsx" in director.get(f"/people/{ada}").text

    answer = director.get(f"/people/{ada}/everything.xlsx")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="resident-2026-12-02.xlsx"'
    with unit_of_work(engines) as db:
        assert db.scalars(
            select(ResidentRead.resident_id).where(ResidentRead.page == "director.resident_file")
        ).all() == [ada]


def test_every_column_is_explained(director: Browser) -> None:
    page = words(director.get("/lists/columns").text)

    assert "how much residents like an activity" in page
    assert "-2 dislikes it, 0 does not mind, 5 loves it" in page


def test_lists_under_way_are_watched_and_stopped_by_who_sent_them_alone(
    director: Browser, elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    """A form that has arrived and is not answered yet; its second arrival is stopped with the first."""
    page = director.get("/lists").text
    hidden = dict(re.findall(r'name="(csrf_token|form_key)" value="([^"]+)"', page))
    key = hidden["form_key"]
    with unit_of_work(engines) as db:
        mine = db.scalars(select(Account.id).where(Account.community_id == elm.id)).one()
    first = UNDER_WAY[elm.id, mine, key] = Form(sent=1)
    first.watch.step, first.watch.done, first.watch.of = CELLS, 2, 3
    try:
        stranger = sign_in(elm)
        assert stranger.get(f"/lists/under-way?form={key}").json["open"] is False
        assert stranger.send("/lists/under-way/stop", "/lists", form=key).json == {"stopping": False}

        told = director.get(f"/lists/under-way?form={key}").json
        assert (told["open"], told["stopping"]) == (True, False)
        assert "Reading what the rows say: 2 of 3." in words(told["html"])
        assert director.post("/lists/under-way/stop", data={**hidden, "form": key}).json == {"stopping": True}
        answer = director.post("/lists", data={**hidden, "files": [(io.BytesIO(WISHES[1]), WISHES[0])]})
    finally:
        del UNDER_WAY[elm.id, mine, key]

    assert answer.location == "/lists"
    assert "Stopped. Nothing was taken in, and everything is as it was." in words(director.get("/lists").text)
    with unit_of_work(engines) as db:
        assert db.scalars(select(ListUpload.id)).all() == []
    assert hand_in(director, WISHES).location != "/lists"
    assert not UNDER_WAY
