"""Every form there is under a full disk, a held lock and a read-only folder: refused in words, nothing half written.

The table names each address that takes a POST; one that is new and stands not here fails.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Base, Change, Plan, ResidentRead, Run
from milieu.services.access.accounts import close_account, create_account
from milieu.services.access.passes import CODE, make_pass
from milieu.services.access.walls import open_wall
from milieu.services.facts.stretch import Stretch
from milieu.services.facts.teller import Teller
from milieu.services.facts.telling import tell_absence
from milieu.settings import Settings
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, FixedClock, Held
from tests.patience import PATIENCE
from tests.troubles import TROUBLES, Disk
from tests.web.builders import CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import PASSWORD, Browser
from web.app import create_app

SESSION = "/today/2026-12-02/session/choir-1"
ZOE = {"name": "Zoe", "email": "zoe@elm.example", "role": "staff"}
TWICE = dict.fromkeys(("new", "again"), "another made-up password")
HIDDEN = re.compile(r'name="(csrf_token|form_key|plan|version|instead_of|beside)" value="([^"]*)"')
REFUSED, DONE, READ = "refused", "done all the same", "changes no row"


@dataclass(frozen=True)
class Form:
    """A form: who sends it, the page on which it stands, its address and its fields; gaps are filled by the world.

    `becomes` is what happens to it while nothing can be saved.
    """

    role: str
    page: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)
    becomes: str = REFUSED


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
    "director.open_wall": Form(DIRECTOR, "/walls", "/walls/{river}/open"),
    "director.end_wall": Form(DIRECTOR, "/walls", "/walls/{wall}/end"),
    "director.people": Form(DIRECTOR, "/people", "/people", {"q": "Ada"}, becomes=READ),
    "director.wish_again": Form(
        DIRECTOR, "/people", "/people/{ada}/asked-again/{choir}", {"form_key": "one-click-of-somebody"}
    ),
    "director.tell_change": Form(
        DIRECTOR,
        "/changed?kind=refusal",
        "/changed/refusal",
        {"who": "{ada}", "what": "activity:{choir}", "for": "good"},
    ),
    "director.take_change_back": Form(DIRECTOR, "/changed", "/changed/line/{change}/take-back"),
    "director.plan_week": Form(DIRECTOR, f"/week/{NEXT_MONDAY}/plan", f"/week/{NEXT_MONDAY}/plan"),
    "director.stop_run": Form(DIRECTOR, "/run/{run}", "/run/{run}/stop"),
    "director.take_back_draft": Form(DIRECTOR, f"/week/{NEXT_MONDAY}/drafts", f"/week/{NEXT_MONDAY}/drafts"),
    "director.publish_now": Form(DIRECTOR, f"/week/{NEXT_MONDAY}/publish", f"/week/{NEXT_MONDAY}/publish"),
    "staff.mark": Form(STAFF, "/today", f"{SESSION}/mark/{{ada}}", {"mark": "attended"}),
    "staff.find_other": Form(STAFF, f"{SESSION}/others", f"{SESSION}/others/find", {"q": "Fay"}, becomes=READ),
    "staff.mark_other": Form(STAFF, f"{SESSION}/others?of={{garden}}", f"{SESSION}/others", {"resident": "{fay}"}),
    "staff.mark_held": Form(STAFF, f"{SESSION}/held", f"{SESSION}/held", {"held": "no", "reason": "The piano is away"}),
}


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
        change = db.scalars(select(Change).where(Change.row_id == away)).one()
        gaps = {
            "account": sam,
            "ended": ended,
            "code": make_pass(db, sam, CODE, by=None, now=NOW),
            "wall": open_wall(db, elm.id, elm.groups["garden"].id, by=None, now=NOW),
            "run": run.id,
            "change": change.id,
            **{name: group.id for name, group in elm.groups.items()},
            **{name: resident.id for name, resident in elm.residents.items()},
            **{name: activity.id for name, activity in elm.activities.items()},
        }
    aside = draft(engines, elm, [CHOIR])
    with unit_of_work(engines) as db:
        db.query(Plan).filter(Plan.id == aside).update({"state": "set aside", "version": 2})
    draft(engines, elm)

    def browser(role: str) -> Browser:
        if role in (VISITOR, SAM):
            somebody: Browser = app.test_client()  # type: ignore[assignment]
            if role == SAM:
                assert somebody.send("/sign-in", email=SAM, password=PASSWORD).status_code == 302
            return somebody
        return sign_in(elm, role)

    return World(elm, gaps, browser)


def everything(engines: Engines) -> dict[str, list[str]]:
    """All rows of all tables, but for the record of who looked at whom."""
    with reading(engines) as db:
        tables = [table for table in Base.metadata.sorted_tables if table.name != ResidentRead.__tablename__]
        return {table.name: sorted(map(repr, db.execute(select(table)))) for table in tables}


def send(browser: Browser, form: Form, gaps: dict[str, str]) -> TestResponse:
    """Read the page of a form and send it with what the page says that its reader saw."""
    page = browser.get(form.page.format(**gaps))
    assert page.status_code == 200, page.location
    fields = {name: value.format(**gaps) for name, value in form.fields.items()}
    hidden = dict(HIDDEN.findall(page.text))
    return browser.post(form.path.format(**gaps), data={**hidden, **fields})


def test_every_form_is_here(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())} == set(FORMS)


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("endpoint", FORMS)
def test_a_form_under_trouble_writes_nothing_by_halves_and_is_taken_afterwards(
    endpoint: str, trouble: str, world: World, engines: Engines, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = FORMS[endpoint]
    browser = world.browser(form.role)
    before = everything(engines)

    with disk.trouble(trouble, monkeypatch):
        answer = send(browser, form, world.gaps)
        assert everything(engines) == before
        if form.becomes == REFUSED:
            assert (answer.status_code, "Nothing was saved" in answer.text) == (503, True)
            assert "Retry-After" in answer.headers
            assert "Location" not in answer.headers
            assert browser.get(form.page.format(**world.gaps)).status_code == 200
        else:
            assert answer.status_code in (200, 302, 303)
        if form.becomes == READ:
            shown = browser.get(answer.location) if answer.location else answer
            assert f"{form.fields['q']} Made-Up" in " ".join(shown.text.split())

    if form.becomes == REFUSED:
        assert send(browser, form, world.gaps).status_code in (200, 302, 303)
        assert everything(engines) != before
