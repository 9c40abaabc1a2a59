"""Every form there is: under a full disk, a held lock and a read-only folder; clicked twice; from elsewhere; too late.

The table names each address that takes a POST; one that is new and stands not here fails.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from milieu.database import DbSession, Engines, reading, sqlite_file, sqlite_module, unit_of_work
from milieu.ids import new_id
from milieu.models import (
    Account,
    Base,
    Change,
    Choice,
    CommunitySettings,
    ListUpload,
    Plan,
    ResidentRead,
    Roster,
    Run,
    Tie,
    Wish,
)
from milieu.services.access.accounts import close_account, create_account
from milieu.services.access.passes import CODE, make_pass
from milieu.services.access.walls import open_wall
from milieu.services.by_hand import edits
from milieu.services.by_hand.trying import change, step
from milieu.services.choices import CHOICE, CHOICES, LEAVE
from milieu.services.editing.saving import add_row, change_row
from milieu.services.facts.stretch import Stretch
from milieu.services.facts.teller import Teller
from milieu.services.facts.telling import tell_absence
from milieu.services.house import settings
from milieu.services.house.founding import offer_set_up
from milieu.services.house.kinds import AIMS, LIVING_GROUPS
from milieu.services.lists.applying import apply
from milieu.services.lists.previews import preview_of
from milieu.services.lists.waiting import take_in
from milieu.services.residents.parts import ASKING
from milieu.services.suggestions import hope_to_meet
from milieu.settings import Settings
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, FixedClock, Held, small_community
from tests.patience import PATIENCE
from tests.troubles import TROUBLES, Disk
from tests.web.builders import CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import PASSWORD, Browser
from tests.web.guards.forms import (
    AGAIN,
    ASKED,
    DONE,
    FORMS,
    FOUND,
    LETTER,
    READ,
    REFUSED,
    SAM,
    SEEN,
    SOUGHT,
    VISITOR,
    WISHES,
    ZOE,
    Form,
)
from web.app import create_app

HIDDEN = re.compile(r'name="(csrf_token|form_key|plan|version|instead_of|beside|seen)" value="([^"]*)"')
SET_UP = "account.set_up"


@pytest.fixture
def app(engines: Engines, clock: FixedClock, tmp_path: Path) -> Iterator[Flask]:
    """With a post office that takes no letter, so that links are asked for on a page."""
    mail = {"smtp_host": "127.0.0.1", "smtp_port": 9, "smtp_security": "none", "mail_from": "milieu@elm.example"}
    given = Settings(data_dir=tmp_path, secret_key="for tests only", public_url="https://milieu.elm.example/", **mail)
    made = create_app(given, engines, clock)
    made.test_client_class = Browser
    made.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    yield made
    room = made.extensions.get("milieu_post")
    if room is not None and room.last is not None:
        wait([room.last], PATIENCE)


@pytest.fixture
def disk(engines: Engines) -> Disk:
    return Disk(engines)


@dataclass(frozen=True)
class World:
    """A community in which each form has something to work on; `gaps` fills what the table leaves open."""

    gaps: dict[str, str]
    browser: Callable[[str], Browser]


@pytest.fixture
def only(request: pytest.FixtureRequest) -> str:
    """The form that a test is about, "" where it is about all that work on one community."""
    return (getattr(request.node, "callspec", None) and request.node.callspec.params.get("endpoint", "")) or ""


@pytest.fixture
def world(only: str, request: pytest.FixtureRequest, disk: Disk, engines: Engines, app: Flask) -> World:
    """The first page of all works on an empty database; every other form on a community."""
    if only == SET_UP:
        with unit_of_work(engines) as db:
            secret = offer_set_up(db, NOW)
        assert secret is not None
        return World({"secret": secret}, lambda role: app.test_client())  # type: ignore[arg-type, return-value]
    elm, gaps = _community(engines)
    sign_in: Callable[..., Browser] = request.getfixturevalue("sign_in")

    def browser(role: str) -> Browser:
        if role in (VISITOR, SAM):
            somebody: Browser = app.test_client()  # type: ignore[assignment]
            if role == SAM:
                assert somebody.send("/sign-in", email=SAM, password=PASSWORD).status_code == 302
            return somebody
        return sign_in(elm, role)

    return World(gaps, browser)


SQLITE = sqlite_module()  # the library that the product has the file open with: two would break each other's locks
_BUILT: list[tuple[Any, CommunityBuilder, dict[str, str]]] = []
"""The community of all forms as it was built once in this process: its database, and what its addresses name."""


def _community(engines: Engines) -> tuple[CommunityBuilder, dict[str, str]]:
    """A community in which each form has something to work on; built once, which takes long, and copied then."""
    if not _BUILT:
        with unit_of_work(engines) as db:
            elm = small_community(db)
        gaps = {**_people(engines, elm), **_house(engines, elm), **_choices(engines, elm)}
        aside = draft(engines, elm, [CHOIR])
        with unit_of_work(engines) as db:
            db.query(Plan).filter(Plan.id == aside).update({"state": "set aside", "version": 2})
        _edit_by_hand(engines, elm, draft(engines, elm))
        whole = SQLITE.connect(":memory:")
        with closing(SQLITE.connect(_file_of(engines))) as built:
            built.backup(whole)
        _BUILT.append((whole, elm, gaps))
        return elm, gaps
    whole, elm, gaps = _BUILT[0]
    with closing(SQLITE.connect(_file_of(engines))) as copy:
        whole.backup(copy)
    return elm, gaps


def _file_of(engines: Engines) -> Path:
    file = sqlite_file(engines.write.url.render_as_string(hide_password=False))
    assert file is not None
    return file


def _people(engines: Engines, elm: CommunityBuilder) -> dict[str, str]:
    """A published week, accounts, facts that were told and can be taken back, lists."""
    teller = Teller(elm.id, None, NOW)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "09:00", ["finn"], ["ada", "ben"], ref="choir-1")])
        sam = create_account(db, elm.id, email=SAM, name="Sam", password=PASSWORD, roles=("staff",), now=NOW)
        ended = create_account(db, elm.id, email="e@elm.example", name="E", password=None, roles=("staff",), now=NOW)
        close_account(db, ended)
        given = {"week_start": MONDAY, "requested_at": NOW, "seconds_limit": 15, "seed": 1}
        run = elm.add(Run(community_id=elm.id, kind="plan", state="running", open_week=MONDAY.isoformat(), **given))
        away = tell_absence(db, teller, elm.facilitators["finn"].id, Stretch(MONDAY, MONDAY))
        hope_to_meet(db, teller, elm.residents["esi"].id, [elm.residents["dov"].id])
        gita = elm.facilitators["gita"].id
        slip = tell_absence(db, Teller(elm.id, sam, NOW), gita, Stretch(NOW.date(), NOW.date()))
        told = db.scalars(select(Change).where(Change.row_id == away)).one()
        ada = elm.residents["ada"]
        no = elm.refusal(ada, space=elm.spaces["studio"], valid_from=MONDAY)
        wish = db.scalars(select(Wish).where(Wish.resident_id == ada.id).order_by(Wish.strength)).first()
        assert wish is not None
        change_row(db, teller, ASKING, ada.id, 1, {"how_to_invite": "Slowly"})
        line = db.scalars(select(Change).where(Change.row_id == ada.id)).one()
        return {
            "no": no.id,
            "wish": wish.id,
            "line": line.id,
            "lounge": elm.spaces["lounge"].id,
            **{name: somebody.id for name, somebody in elm.facilitators.items()},
            "account": sam,
            "ended": ended,
            "code": make_pass(db, sam, CODE, by=None, now=NOW),
            "wall": open_wall(db, elm.id, elm.groups["garden"].id, by=None, now=NOW),
            "run": run.id,
            "change": told.id,
            "slip": db.scalars(select(Change.id).where(Change.row_id == slip)).one(),
            "tie": db.scalars(select(Tie.id).where(Tie.strength == 4)).one(),
            **lists_of(elm),
            **{name: group.id for name, group in elm.groups.items()},
            **{name: resident.id for name, resident in elm.residents.items()},
            **{name: activity.id for name, activity in elm.activities.items()},
        }


def _house(engines: Engines, elm: CommunityBuilder) -> dict[str, str]:
    """What is kept on the house's pages: each with a line of its history."""
    teller, garden = Teller(elm.id, None, NOW), elm.groups["garden"].id

    def line(db: DbSession, row_id: str, kept: str = "") -> str:
        lines = db.scalars(select(Change).where(Change.row_id == row_id)).all()
        (found,) = (each.id for each in lines if kept in (each.after or {}) or not kept)
        return found

    with unit_of_work(engines) as db:
        db.get_one(CommunitySettings, elm.id).escorts = {"default": 6, "windows": []}
        db.flush()
        settings.add_window(db, teller, {"days": "Mon", "from": "09:00", "to": "12:00", "escorts": "5"})
        settings.set_way(db, teller, {"from": "garden", "to": "river", "minutes": "5"})
        change_row(db, teller, LIVING_GROUPS.part, garden, 1, {"name": "Garden wing", "zone": "garden", "sort": "1"})
        hours = {"days": "Mon", "from": "14:00", "to": "17:00"}
        (aim,) = add_row(db, teller, AIMS, "", {**hours, "sessions": "0", "members": "1", "weight": "1"})
        (window,) = settings.settings_of(db, elm.id).windows
        gita = elm.facilitators["gita"].id
        return {
            "window": json.dumps(window),
            "way_line": line(db, elm.id, "travel"),
            "group_line": line(db, garden),
            "target": aim.row_id,
            "target_line": line(db, aim.row_id),
            "roster": db.scalars(select(Roster.id).where(Roster.facilitator_id == gita)).one(),
        }


def _choices(engines: Engines, elm: CommunityBuilder) -> dict[str, str]:
    """Three published weeks whose leader is away: choices are asked for in one, sought in one, found in one."""
    asked = {"kind": CHOICES, "requested_at": NOW, "seconds_limit": 2, "seed": 1}
    with unit_of_work(engines) as db:
        elm.db = db
        weeks = {
            week: elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada"])], week_start=week).id
            for week in (ASKED, SOUGHT, FOUND)
        }
        away = Stretch(ASKED, FOUND + timedelta(days=6))
        tell_absence(db, Teller(elm.id, None, NOW), elm.facilitators["finn"].id, away)
        open_week = f"c{SOUGHT:%Y%m%d}"
        sought = elm.add(Run(community_id=elm.id, state="queued", week_start=SOUGHT, open_week=open_week, **asked))
        found = elm.add(Run(community_id=elm.id, state="done", week_start=FOUND, **asked))
    plan_id = draft(engines, elm, [], week_start=FOUND, state=CHOICE, run_id=found.id)
    with unit_of_work(engines) as db:
        elm.db = db
        ids = {"run_id": found.id, "plan_id": plan_id, "publication_id": weeks[FOUND]}
        choice = elm.add(Choice(community_id=elm.id, kind=LEAVE, seconds=1, **ids))
        return {"sought": sought.id, "choice": choice.id}


def lists_of(elm: CommunityBuilder) -> dict[str, str]:
    """Lists that wait for a yes, and some that were brought in."""
    db, by = elm.db, elm.account("director", email="lists@elm.example").id
    brought = ("refusals.csv", b"resident,activity\r\nfay,choir\r\n")
    done, waits = (take_in(db, elm.id, [file], by=by, now=NOW) for file in (brought, WISHES["files"]))
    seen = preview_of(db.get_one(ListUpload, (elm.id, done)).preview or {}).digest
    assert apply(db, elm.id, done, seen=seen, ticks=(), by=by, now=NOW)
    return {"lists": waits, "brought": done}


def of_world(only: str) -> dict[str, Form]:
    """The forms that work on one community, or the one that works on none."""
    return {name: form for name, form in FORMS.items() if (name == SET_UP) == (only == SET_UP)}


def posted(browser: Browser, path: str, form: Form, fields: dict[str, str]) -> TestResponse:
    """Send fields, and the files of the form with them."""
    files = {name: (io.BytesIO(content), file) for name, (file, content) in form.files.items()}
    return browser.post(path, data={**fields, **files})


def _edit_by_hand(engines: Engines, elm: CommunityBuilder, plan_id: str) -> None:
    """Change a draft by hand twice and undo the second, so that there is something to undo and to do again."""
    teller = Teller(elm.id, None, NOW)

    def version(db: DbSession) -> int:
        return db.get_one(Plan, (elm.id, plan_id)).version

    for resident in ("ben", "esi"):
        edit = edits.take_out("choir-1", elm.residents[resident].id)
        with unit_of_work(engines) as db:
            change(db, teller, NEXT_MONDAY, version(db), edits.TAKEN_OUT, "choir-1", edit, on_purpose=True)
    with unit_of_work(engines) as db:
        step(db, teller, NEXT_MONDAY, version(db), back=True)


def everything(engines: Engines) -> dict[str, list[str]]:
    """All rows of all tables, but for the record of who looked at whom."""
    with reading(engines) as db:
        tables = [table for table in Base.metadata.sorted_tables if table.name != ResidentRead.__tablename__]
        return {table.name: sorted(map(repr, db.execute(select(table)))) for table in tables}


def filled(browser: Browser, form: Form, gaps: dict[str, str]) -> dict[str, str]:
    """The fields of a form, with what its page says that its reader saw."""
    page = browser.get(form.page.format(**gaps))
    assert page.status_code == 200, (form.page, page.status_code, page.location)
    return {**dict(HIDDEN.findall(page.text)), **{name: value.format(**gaps) for name, value in form.fields.items()}}


def stated(page: str, path: str, *, is_own: bool) -> list[str]:
    """The fields of the form that leads to an address which say what its reader saw; `is_own`: the page's address."""
    own = re.search(rf'<form[^>]*action="{re.escape(path)}".*?</form>', page, re.DOTALL)
    if own is None and is_own:  # a form that names no address leads to its page's
        own = re.search(r"<form(?![^>]*\saction=).*?</form>", page, re.DOTALL)
    found = dict(HIDDEN.findall(own[0] if own else ""))
    return [name for name in ("plan", "version", "instead_of", "beside") if name in found]


def send(browser: Browser, form: Form, gaps: dict[str, str]) -> TestResponse:
    """Read the page of a form and send it."""
    return posted(browser, form.path.format(**gaps), form, filled(browser, form, gaps))


def test_every_form_is_here(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())} == set(FORMS)


@pytest.mark.parametrize("endpoint", FORMS)
def test_a_form_under_trouble_writes_nothing_by_halves_and_is_taken_afterwards(
    endpoint: str, world: World, engines: Engines, disk: Disk
) -> None:
    """Each trouble meets a browser of its own: what one left waiting in memory is not what the next begins with."""
    form = FORMS[endpoint]
    for trouble in TROUBLES:
        browser = world.browser(form.role)
        before = everything(engines)
        with pytest.MonkeyPatch.context() as patch, disk.trouble(trouble, patch):
            answer = send(browser, form, world.gaps)
            assert everything(engines) == before, trouble
            if form.becomes == REFUSED:
                assert (answer.status_code, "Nothing was saved" in answer.text) == (503, True), trouble
                assert "Retry-After" in answer.headers
                assert "Location" not in answer.headers
                assert browser.get(form.page.format(**world.gaps)).status_code == 200
            else:
                assert answer.status_code in (200, 302, 303), trouble
            if form.becomes == READ:
                shown = browser.get(answer.location) if answer.location else answer
                assert f"{form.fields['q']} Made-Up" in " ".join(shown.text.split())
            if form.becomes == DONE:
                assert browser.get(form.page.format(**world.gaps)).status_code == 302, trouble

    if form.becomes == REFUSED:
        assert send(browser, form, world.gaps).status_code in (200, 302, 303)
        assert everything(engines) != before


@pytest.mark.parametrize("endpoint", ["", SET_UP], ids=["in one community", "in none"])
def test_a_form_without_its_own_token_does_nothing(endpoint: str, world: World, engines: Engines) -> None:
    """Nobody's and another browser's; all forms in one world, which none of them may change."""
    forms = of_world(endpoint)
    browsers = {role: (world.browser(role), world.browser(role)) for role in {form.role for form in forms.values()}}
    for endpoint, form in forms.items():
        browser, other = browsers[form.role]
        foreign = filled(other, form, world.gaps)["csrf_token"]
        fields = filled(browser, form, world.gaps)
        before = everything(engines)

        for token in ("", foreign):
            answer = posted(browser, form.path.format(**world.gaps), form, {**fields, "csrf_token": token})
            assert (answer.status_code, everything(engines) == before) == (400, True), endpoint


@pytest.mark.parametrize("endpoint", FORMS)
def test_a_form_clicked_twice_is_done_once_and_answered_alike(endpoint: str, world: World, engines: Engines) -> None:
    form = FORMS[endpoint]
    browser = world.browser(form.role)
    fields, path = filled(browser, form, world.gaps), form.path.format(**world.gaps)

    cookie = browser.get_cookie("milieu")
    first = posted(browser, path, form, fields)
    done = everything(engines)
    if cookie is not None:  # the second click left before the first one's answer came
        browser.set_cookie("milieu", cookie.value)
    second = posted(browser, path, form, fields)
    changed = {name for name, rows in everything(engines).items() if rows != done[name]}

    assert first.status_code in (200, 302, 303)
    answer, more = AGAIN.get(endpoint, (first.location, set()))
    assert changed - (LETTER if endpoint == "account.forgotten" else set()) == more
    with reading(engines) as db:
        made = db.scalar(select(Account.id).where(Account.email == ZOE["email"]))
    assert second.location == (answer.format(**world.gaps, made=made) if answer else answer)
    assert second.status_code < 400 or "holds" in second.text


@pytest.mark.parametrize("endpoint", [endpoint for endpoint, form in FORMS.items() if form.fields])
def test_no_field_of_a_form_brings_in_what_cannot_be_seen(endpoint: str, world: World, engines: Engines) -> None:
    form = FORMS[endpoint]
    browser = world.browser(form.role)
    fields = filled(browser, form, world.gaps)
    for name in form.fields:
        if "password" not in name and name not in ("new", "again", "present"):
            fields[name] = f"\u202e{fields[name]}\u200b\u2066"

    answer = posted(browser, form.path.format(**world.gaps), form, fields)

    assert answer.status_code < 500
    assert not set("\u202e\u200b\u2066") & set(answer.text)
    rows = repr(everything(engines))
    assert [sign for sign in ("\\u202e", "\\u200b", "\\u2066") if sign in rows] == []


def test_a_form_made_from_what_is_no_more_changes_nothing(world: World, engines: Engines) -> None:
    """Each of the fields that say what its reader saw, one after another, as of a moment before."""
    forms = of_world("")
    browsers = {role: world.browser(role) for role in {form.role for form in forms.values()}}
    for endpoint, form in forms.items():
        browser, path = browsers[form.role], form.path.format(**world.gaps)
        fields = filled(browser, form, world.gaps)
        page = form.page.format(**world.gaps)
        seen = stated(browser.get(page).text, path, is_own=page.partition("?")[0] == path)
        before = everything(engines)

        for name in seen:
            stale = {**fields, name: "0" if name == "version" else new_id()}
            answer = posted(browser, path, form, stale)
            assert answer.status_code == (404 if name == "plan" else 409), (endpoint, name)
            assert everything(engines) == before, (endpoint, name)

        assert seen == SEEN.get(endpoint, []), endpoint
