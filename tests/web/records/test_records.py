"""Records through the pages: figures that lead to their rows, the folder as PDF and workbook, who may see them."""

import io
import re
from collections.abc import Callable
from html import unescape

import openpyxl
import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Attendance, Resident, ResidentRead
from tests.milieu.builders import NOW, CommunityBuilder, Held, small_community
from tests.milieu.prints.reading import read_pdf
from tests.web.conftest import Browser

TIME = "first=2026-11-30&last=2026-12-06"
HOSTILE = '#panic("x") \\ $y$ =1+1'


@pytest.fixture
def published(engines: Engines, elm: CommunityBuilder) -> CommunityBuilder:
    """A choir that Ada came to and of which nothing is marked of Ben; a visit to Ada; a walk of Ben's."""
    ada = elm.residents["ada"]
    with unit_of_work(engines) as db:
        elm.db = db
        db.get_one(Resident, (elm.id, ada.id)).family_name = HOSTILE
        elm.activity("visit", name="A visit", max_group=1, min_group=1)
        elm.target(ada, "creative", 2)
        elm.publication(
            [
                Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref="choir-1"),
                Held("walk", "studio", 5, "14:00", ["gita"], ["ben"], ref="walk-1"),
                Held("visit", "lounge", 1, "15:00", ["gita"], ["ada"], ref="visit-1"),
            ]
        )
        ids = {"community_id": elm.id, "resident_id": ada.id, "session_ref": "choir-1"}
        marked = {"on_date": NOW.date(), "tapped_at": NOW, "marked_at": NOW, "number": 1, "key": "k"}
        db.add(Attendance(**ids, **marked, outcome="attended", level="active"))
    return elm


def folder(elm: CommunityBuilder, ending: str, *who: str) -> str:
    return f"/records/folder.{ending}?{TIME}" + "".join(f"&who={elm.residents[name].id}" for name in who)


def test_every_figure_leads_to_as_many_rows(published: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    browser, seen = sign_in(published), 0
    for by in ("all", "unit", "domain", "part", "days", "resident"):
        page = browser.get(f"/records?{TIME}&by={by}").text
        for path, figure in re.findall(r'href="(/records/rows[^"]+)">(\d+)<', page):
            rows = browser.get(unescape(path)).text
            assert rows.count("<tr>") == int(figure) + 1, path
            seen += 1
    assert seen > 30


def test_only_a_director_sees_records(published: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    rows = f"/records/rows?{TIME}&by=all&key=all&what=came"
    for role, status in (("director", 200), ("staff", 404), ("family", 404)):
        browser = sign_in(published, role)
        for path in ("/records", rows, folder(published, "pdf", "ada"), folder(published, "xlsx", "ada")):
            assert browser.get(path).status_code == status, (role, path)


def test_the_folder_has_an_index_and_names_nobody_else(
    published: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    read = read_pdf(sign_in(published).get(folder(published, "pdf", "ada")).data)

    assert (read.is_tagged, read.claims_ua, read.unembedded, read.outside()) == (True, True, (), [])
    for words in ("Index", "Changes after a week was published", f"Ada {HOSTILE}", "attended, active", "A visit"):
        assert read.has(words), words
    assert read.has("Making 2 2026-11-30 to 2026-12-06 1.0 1.0"), "two a week were aimed at, one was had"
    assert not read.has("Ben")


def test_a_living_group_is_ticked_with_one_tick_and_who_left_since_is_in_it(
    published: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    elm = published
    with unit_of_work(engines) as db:
        elm.db = db
        elm.resident("ivo", group="south")
        unit = elm.residents["ada"].living_group_id
        db.get_one(Resident, (elm.id, elm.residents["ben"].id)).left_on = NOW.date()
    browser = sign_in(elm)

    page = browser.get(f"/records?{TIME}").text
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{folder(elm, 'xlsx', 'ada')}&unit={unit}").data))

    assert f'value="{unit}"' in page
    assert f'value="{elm.residents["ben"].id}"' in page
    people = [str(row[1].value) for row in book["index"] if row[0].value == "resident"]
    there = [key for key, each in elm.residents.items() if each.living_group_id == unit]
    assert sorted(each.split()[0].lower() for each in people) == sorted(there)
    assert {"ada", "ben"} < set(there) < set(elm.residents)


def test_the_workbook_has_the_same_rows(published: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    browser = sign_in(published)
    book = openpyxl.load_workbook(io.BytesIO(browser.get(folder(published, "xlsx", "ada")).data))
    rows = {sheet.title: [tuple(cell.value for cell in row) for row in sheet][1:] for sheet in book}

    assert list(rows) == ["index", "figures", "calendar", "changes", "attendance", "visits", "wishes", "aims"]
    name = f"Ada {HOSTILE}"
    assert rows["attendance"] == [(name, "2026-12-01", "10:00", "Choir", "Lounge", "yes", "attended", "active")]
    assert [row[:4] for row in rows["visits"]] == [(name, "2026-12-01", "15:00", "A visit")]
    assert rows["figures"][0] == ("In all", "All", "3", "3", "4", "1", "1", "3")
    assert "Ben" not in str(rows)
    read = read_pdf(browser.get(folder(published, "pdf", "ada")).data)
    lost = [row for each in ("figures", "aims") for row in rows[each] if not read.has(" ".join(row[1:]))]
    assert (lost, len(rows["figures"]) > 8) == ([], True), "each figure of the workbook stands in the PDF"


def test_it_is_recorded_whose_folder_was_taken(
    published: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    sign_in(published).get(folder(published, "pdf", "ada"))
    with reading(engines) as db:
        looked = db.scalars(select(ResidentRead.resident_id).where(ResidentRead.page == "records.folder")).all()
    assert looked == [published.residents["ada"].id]


def test_nobody_and_strangers_have_no_folder(
    published: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    browser = sign_in(published)
    nowhere = browser.get("/nowhere").data
    assert browser.get(folder(published, "pdf")).status_code == 422
    for path in (folder(oak, "pdf", "ada"), f"/records/folder.pdf?{TIME}&who=x", folder(published, "doc", "ada")):
        answer = browser.get(path)
        assert (answer.status_code, answer.data) == (404, nowhere), path


def test_a_time_that_is_none_is_said_in_words(published: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    browser = sign_in(published)
    for asked in ("first=2026-12-01&last=2026-11-01", "first=2020-01-01&last=2026-01-01", "first=soon"):
        answer = browser.get(f"/records?{asked}")
        assert (answer.status_code, "Choose a first day and a last day" in answer.text) == (422, True)
    assert browser.get("/records?by=age").status_code == 404
