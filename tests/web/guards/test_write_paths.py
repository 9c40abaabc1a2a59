"""Every form there is: under a full disk, a held lock and a read-only folder; clicked twice; from elsewhere; too late.

The table names each address that takes a POST; one that is new and stands not here fails.
"""

import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.ids import new_id
from milieu.models import Account, Base, Change, ListUpload, Plan, ResidentRead, Run, Tie, Wish
from milieu.services.access.accounts import close_account, create_account
from milieu.services.access.passes import CODE, make_pass
from milieu.services.access.walls import open_wall
from milieu.services.by_hand import edits
from milieu.services.by_hand.trying import change, step
from milieu.services.editing.saving import change_row
from milieu.services.facts.stretch import Stretch
from milieu.services.facts.teller import Teller
from milieu.services.facts.telling import tell_absence
from milieu.services.lists.applying import apply
from milieu.services.lists.previews import preview_of
from milieu.services.lists.waiting import take_in
from milieu.services.residents.parts import ASKING
from milieu.services.suggestions import hope_to_meet
from milieu.settings import Settings
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, FixedClock, Held
from tests.patience import PATIENCE
from tests.troubles import TROUBLES, Disk
from tests.web.builders import CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import PASSWORD, Browser
from web.app import create_app

DRAFTED = f"/week/{NEXT_MONDAY}/session/choir-1"
SESSION = "/today/2026-12-02/session/choir-1"
ZOE = {"name": "Zoe", "email": "zoe@elm.example", "role": "staff"}
TWICE = dict.fromkeys(("new", "again"), "another made-up password")
HIDDEN = re.compile(r'name="(csrf_token|form_key|plan|version|instead_of|beside|seen)" value="([^"]*)"')
REFUSED, DONE, READ = "refused", "done all the same", "changes no row"


@dataclass(frozen=True)
class Form:
    """A form: who sends it, the page on which it stands, its address and its fields; gaps are filled by the world.

    `files` are those of a field, by name and content. `becomes` is what happens to it while nothing can be saved.
    """

    role: str
    page: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)
    becomes: str = REFUSED
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


WISHES = {"files": ("wishes.csv", b"resident,activity,strength\r\nada,choir,5\r\n")}
STAFF, DIRECTOR, VISITOR, SAM = "staff", "director", "visitor", "sam@elm.example"
FORMS: dict[str, Form] = {
    "account.sign_in": Form(VISITOR, "/sign-in", "/sign-in", {"email": SAM, "password": PASSWORD}),
    "account.sign_out": Form(STAFF, "/today", "/sign-out", becomes=DONE),
    "account.change_password": Form(SAM, "/password", "/password", {"present": PASSWORD, **TWICE}),
    "account.new_password": Form(VISITOR, "/new-password", "/new-password", {"code": "{code}", **TWICE}),
    "account.forgotten": Form(VISITOR, "/forgotten-password", "/forgotten-password", {"email": SAM}),
    "director.make_account": Form(
        DIRECTOR,
        "/accounts/new?for=staff",
        "/accounts/new",
        ZOE,
    ),
    "director.change_account": Form(
        DIRECTOR, "/accounts/{account}", "/accounts/{account}", {"name": "Sam Other", "email": "other@elm.example"}
    ),
    "director.account_code": Form(DIRECTOR, "/accounts/{account}", "/accounts/{account}/code"),
    "director.end_account": Form(DIRECTOR, "/accounts/{account}", "/accounts/{account}/end"),
    "director.open_account": Form(DIRECTOR, "/accounts/{ended}", "/accounts/{ended}/open"),
    "director.end_sign_ins": Form(DIRECTOR, "/accounts/{account}", "/accounts/{account}/sign-ins"),
    "director.ask_more": Form(DIRECTOR, "/activities", "/activities/asks-more", {"more": "no"}),
    "director.book": Form(DIRECTOR, "/activities", "/activities/{choir}/booked", {"booked": "yes"}),
    "director.keep_base_week": Form(
        DIRECTOR, "/people", "/base-week/keep", {"form_key": "one-click-to-keep-the-base-week"}
    ),
    "director.let_go_of_base_week": Form(
        DIRECTOR, "/people", "/base-week/let-go", {"form_key": "one-click-to-let-the-base-week-go"}
    ),
    "director.open_wall": Form(DIRECTOR, "/walls", "/walls/{river}/open"),
    "director.end_wall": Form(DIRECTOR, "/walls", "/walls/{wall}/end"),
    "director.people": Form(DIRECTOR, "/people", "/people", {"q": "Ada"}, becomes=READ),
    "director.wish_again": Form(
        DIRECTOR, "/people", "/people/{ada}/asked-again/{choir}", {"form_key": "one-click-of-somebody"}
    ),
    "director.save_own": Form(
        DIRECTOR, "/people/{ada}/change/asking", "/people/{ada}/change/asking", {"how_to_invite": "Wait for her"}
    ),
    "director.add_row": Form(
        DIRECTOR,
        "/people/{ada}/change/wishes",
        "/people/{ada}/change/wishes/more",
        {"activity": "{walk}", "strength": "5", "said_by": "observed"},
    ),
    "director.save_row": Form(
        DIRECTOR,
        "/people/{ada}/change/wishes",
        "/people/{ada}/change/wishes/row/{wish}",
        {"activity": "{choir}", "strength": "-2", "said_by": "resident", "version": "1"},
    ),
    "director.end_row": Form(
        DIRECTOR, "/people/{ada}/change/wishes", "/people/{ada}/change/wishes/row/{wish}/end", {"version": "1"}
    ),
    "director.say_no": Form(
        DIRECTOR, "/people/{ada}/noes", "/people/{ada}/noes", {"what": "activity:{choir}", "for": "good"}
    ),
    "director.say_yes": Form(DIRECTOR, "/people/{ada}/noes", "/people/{ada}/noes/{no}/yes", {"said_by": "resident"}),
    "director.undo_fact": Form(DIRECTOR, "/people/{ada}/history", "/people/{ada}/history/{line}/undo"),
    "director.tell_change": Form(
        DIRECTOR,
        "/changed?kind=refusal",
        "/changed/refusal",
        {"who": "{ada}", "what": "activity:{choir}", "for": "good"},
    ),
    "director.take_change_back": Form(DIRECTOR, "/changed", "/changed/line/{change}/take-back"),
    "director.hand_in": Form(DIRECTOR, "/lists", "/lists", files=WISHES),
    "director.choose_sheets": Form(DIRECTOR, "/lists/{lists}", "/lists/{lists}/sheets"),
    "director.bring_in": Form(DIRECTOR, "/lists/{lists}", "/lists/{lists}/bring-in"),
    "director.drop_list": Form(DIRECTOR, "/lists/{lists}", "/lists/{lists}/drop"),
    "director.take_list_back": Form(DIRECTOR, "/lists", "/lists/{brought}/take-back"),
    "director.plan_week": Form(DIRECTOR, f"/week/{NEXT_MONDAY}/plan", f"/week/{NEXT_MONDAY}/plan"),
    "director.stop_run": Form(DIRECTOR, "/run/{run}", "/run/{run}/stop"),
    "director.take_back_draft": Form(DIRECTOR, f"/week/{NEXT_MONDAY}/drafts", f"/week/{NEXT_MONDAY}/drafts"),
    "director.publish_now": Form(DIRECTOR, f"/week/{NEXT_MONDAY}/publish", f"/week/{NEXT_MONDAY}/publish"),
    "ground.ask_to_meet": Form(
        DIRECTOR, "/living-groups/{garden}", "/living-groups/{garden}/meet/{cleo}", {"other": "{ada}"}
    ),
    "ground.meet_no_more": Form(DIRECTOR, "/living-groups/{river}", "/living-groups/{river}/meet/{esi}/take-back"),
    "director.begin_by_hand": Form(DIRECTOR, f"/week/{MONDAY}", f"/week/{MONDAY}/by-hand", {"from": "published"}),
    "director.place_session": Form(
        DIRECTOR,
        f"{DRAFTED}/change",
        f"{DRAFTED}/place",
        {"day": f"{NEXT_MONDAY}", "start": "11:00", "space": "{lounge}", "leader": "{finn}", "on_purpose": "yes"},
    ),
    "director.copy_session": Form(
        DIRECTOR,
        f"{DRAFTED}/change",
        f"{DRAFTED}/copy",
        {"day": f"{NEXT_MONDAY}", "start": "11:00", "on_purpose": "yes"},
    ),
    "director.remove_session": Form(DIRECTOR, f"{DRAFTED}/change", f"{DRAFTED}/remove", {"on_purpose": "yes"}),
    "director.fix_session": Form(DIRECTOR, DRAFTED, f"{DRAFTED}/fix", {"fixed": "yes"}),
    "director.invite_person": Form(DIRECTOR, DRAFTED, f"{DRAFTED}/invite", {"who": "{cleo}", "on_purpose": "yes"}),
    "director.take_person_out": Form(DIRECTOR, DRAFTED, f"{DRAFTED}/take-out", {"who": "{ada}", "on_purpose": "yes"}),
    "director.add_session_now": Form(
        DIRECTOR,
        f"/week/{NEXT_MONDAY}/add",
        f"/week/{NEXT_MONDAY}/add",
        {
            "activity": "{walk}",
            "day": f"{NEXT_MONDAY}",
            "start": "15:00",
            "space": "{lounge}",
            "leader": "{finn}",
            "on_purpose": "yes",
        },
    ),
    "director.undo_change": Form(DIRECTOR, f"/week/{NEXT_MONDAY}", f"/week/{NEXT_MONDAY}/undo"),
    "director.redo_change": Form(DIRECTOR, f"/week/{NEXT_MONDAY}", f"/week/{NEXT_MONDAY}/redo"),
    "ground.answer_likely": Form(
        DIRECTOR,
        "/living-groups/{garden}",
        "/living-groups/{garden}/likely",
        {"one": "{cleo}", "other": "{ada}", "answer": "yes"},
    ),
    "ground.note": Form(
        DIRECTOR,
        "/living-groups/{garden}",
        "/living-groups/{garden}/ties",
        {"one": "{cleo}", "other": "{ada}", "kind": "uneasy", "seen_by": "director"},
    ),
    "ground.change": Form(
        DIRECTOR,
        "/living-groups/{garden}/ties/{tie}",
        "/living-groups/{garden}/ties/{tie}",
        {"kind": "relative", "seen_by": "team"},
    ),
    "ground.end": Form(DIRECTOR, "/living-groups/{garden}/ties/{tie}", "/living-groups/{garden}/ties/{tie}/end"),
    "ground.still": Form(DIRECTOR, "/living-groups/{garden}/ties/{tie}", "/living-groups/{garden}/ties/{tie}/still"),
    "staff.mark": Form(STAFF, "/today", f"{SESSION}/mark/{{ada}}", {"mark": "attended"}),
    "staff.find_other": Form(STAFF, f"{SESSION}/others", f"{SESSION}/others/find", {"q": "Fay"}, becomes=READ),
    "staff.mark_other": Form(STAFF, f"{SESSION}/others?of={{garden}}", f"{SESSION}/others", {"resident": "{fay}"}),
    "staff.mark_held": Form(STAFF, f"{SESSION}/held", f"{SESSION}/held", {"held": "no", "reason": "The piano is away"}),
}


AGAIN: dict[str, tuple[str | None, set[str]]] = {
    "account.sign_in": ("/today", {"sign_in_session", "try_meter"}),  # signed in anew
    "account.change_password": ("/sign-in?twice=1", set()),
    "account.forgotten": ("/forgotten-password?sent=1", {"try_meter"}),  # and a second letter, when its turn comes
    "director.make_account": ("/accounts/{made}", {"sign_in_session"}),  # the code is shown once, and that is said
    "director.account_code": ("/accounts/{account}", {"sign_in_session"}),
    "account.new_password": (None, {"try_meter"}),  # the code is used, and the page says that its password holds
}
"""Where the second click of a form leads that cannot be answered alike, and the tables to which it adds."""
LETTER = {"change", "password_pass"}
SEEN = {
    "director.change_account": ["version"],
    "director.choose_sheets": ["version"],
    "director.save_own": ["version"],
    "director.save_row": ["version"],
    "director.end_row": ["version"],
    "director.plan_week": ["beside"],
    "director.take_back_draft": ["plan", "version", "instead_of"],
    "director.publish_now": ["plan", "version"],
    **{
        f"director.{name}": ["version"]
        for name in (
            "place_session",
            "copy_session",
            "remove_session",
            "fix_session",
            "invite_person",
            "take_person_out",
            "add_session_now",
            "undo_change",
            "redo_change",
        )
    },
    "ground.change": ["version"],
    "ground.end": ["version"],
}
"""The fields of a form that say what its reader saw."""


@pytest.fixture
def app(engines: Engines, clock: FixedClock, tmp_path: Path) -> Iterator[Flask]:
    """With a post office that takes no letter, so that links are asked for on a page."""
    mail = {"smtp_host": "127.0.0.1", "smtp_port": 9, "smtp_security": "none", "mail_from": "milieu@elm.example"}
    settings = Settings(
        data_dir=tmp_path, secret_key="for tests only", public_url="https://milieu.elm.example/", **mail
    )
    made = create_app(settings, engines, clock)
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

    home: CommunityBuilder
    gaps: dict[str, str]
    browser: Callable[[str], Browser]


@pytest.fixture
def world(disk: Disk, elm: CommunityBuilder, engines: Engines, app: Flask, sign_in: Callable[..., Browser]) -> World:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "09:00", ["finn"], ["ada", "ben"], ref="choir-1")])
        sam = create_account(db, elm.id, email=SAM, name="Sam", password=PASSWORD, roles=("staff",), now=NOW)
        ended = create_account(db, elm.id, email="e@elm.example", name="E", password=None, roles=("staff",), now=NOW)
        close_account(db, ended)
        given = {"week_start": MONDAY, "requested_at": NOW, "seconds_limit": 15, "seed": 1}
        run = elm.add(Run(community_id=elm.id, kind="plan", state="running", open_week=MONDAY.isoformat(), **given))
        away = tell_absence(db, Teller(elm.id, None, NOW), elm.facilitators["finn"].id, Stretch(MONDAY, MONDAY))
        hope_to_meet(db, Teller(elm.id, None, NOW), elm.residents["esi"].id, [elm.residents["dov"].id])
        told = db.scalars(select(Change).where(Change.row_id == away)).one()
        ada = elm.residents["ada"]
        no = elm.refusal(ada, space=elm.spaces["studio"], valid_from=MONDAY)
        wish = db.scalars(select(Wish).where(Wish.resident_id == ada.id).order_by(Wish.strength)).first()
        assert wish is not None
        change_row(db, Teller(elm.id, None, NOW), ASKING, ada.id, 1, {"how_to_invite": "Slowly"})
        line = db.scalars(select(Change).where(Change.row_id == ada.id)).one()
        gaps = {
            "no": no.id,
            "wish": wish.id,
            "line": line.id,
            "lounge": elm.spaces["lounge"].id,
            "finn": elm.facilitators["finn"].id,
            "account": sam,
            "ended": ended,
            "code": make_pass(db, sam, CODE, by=None, now=NOW),
            "wall": open_wall(db, elm.id, elm.groups["garden"].id, by=None, now=NOW),
            "run": run.id,
            "change": told.id,
            "tie": db.scalars(select(Tie.id).where(Tie.strength == 4)).one(),
            **lists_of(elm),
            **{name: group.id for name, group in elm.groups.items()},
            **{name: resident.id for name, resident in elm.residents.items()},
            **{name: activity.id for name, activity in elm.activities.items()},
        }
    aside = draft(engines, elm, [CHOIR])
    with unit_of_work(engines) as db:
        db.query(Plan).filter(Plan.id == aside).update({"state": "set aside", "version": 2})
    _edit_by_hand(engines, elm, draft(engines, elm))

    def browser(role: str) -> Browser:
        if role in (VISITOR, SAM):
            somebody: Browser = app.test_client()  # type: ignore[assignment]
            if role == SAM:
                assert somebody.send("/sign-in", email=SAM, password=PASSWORD).status_code == 302
            return somebody
        return sign_in(elm, role)

    return World(elm, gaps, browser)


def lists_of(elm: CommunityBuilder) -> dict[str, str]:
    """Lists that wait for a yes, and some that were brought in."""
    db, by = elm.db, elm.account("director", email="lists@elm.example").id
    brought = ("refusals.csv", b"resident,activity\r\nfay,choir\r\n")
    done, waits = (take_in(db, elm.id, [file], by=by, now=NOW) for file in (brought, WISHES["files"]))
    seen = preview_of(db.get_one(ListUpload, (elm.id, done)).preview or {}).digest
    assert apply(db, elm.id, done, seen=seen, ticks=(), by=by, now=NOW)
    return {"lists": waits, "brought": done}


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
    assert page.status_code == 200, page.location
    return {**dict(HIDDEN.findall(page.text)), **{name: value.format(**gaps) for name, value in form.fields.items()}}


def stated(page: str, path: str) -> list[str]:
    """The fields of the form that leads to an address which say what its reader saw."""
    own = re.search(rf'<form[^>]*action="{re.escape(path)}".*?</form>', page, re.DOTALL)
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
    form = FORMS[endpoint]
    browser = world.browser(form.role)
    before = everything(engines)

    for trouble in TROUBLES:
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
            return

    if form.becomes == REFUSED:
        assert send(browser, form, world.gaps).status_code in (200, 302, 303)
        assert everything(engines) != before


def test_a_form_without_its_own_token_does_nothing(world: World, engines: Engines) -> None:
    """Nobody's and another browser's; all forms in one world, which none of them may change."""
    browsers = {role: (world.browser(role), world.browser(role)) for role in {form.role for form in FORMS.values()}}
    for endpoint, form in FORMS.items():
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
    browsers = {role: world.browser(role) for role in {form.role for form in FORMS.values()}}
    for endpoint, form in FORMS.items():
        browser, path = browsers[form.role], form.path.format(**world.gaps)
        fields = filled(browser, form, world.gaps)
        seen = stated(browser.get(form.page.format(**world.gaps)).text, path)
        before = everything(engines)

        for name in seen:
            stale = {**fields, name: "0" if name == "version" else new_id()}
            answer = posted(browser, path, form, stale)
            assert answer.status_code == (404 if name == "plan" else 409), (endpoint, name)
            assert everything(engines) == before, (endpoint, name)

        assert seen == SEEN.get(endpoint, []), endpoint
