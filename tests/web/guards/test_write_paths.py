"""Every form there is: under a full disk, a held lock and a read-only folder; clicked twice; from elsewhere; too late.

The table names each address that takes a POST; one that is new and stands not here fails.
"""

import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from milieu.database import Engines, reading, unit_of_work
from milieu.ids import new_id
from milieu.models import (
    Account,
    AccountHolder,
    Base,
    ResidentRead,
)
from milieu.services.house.founding import offer_set_up
from milieu.settings import Settings
from tests.milieu.builders import NOW, FixedClock
from tests.patience import PATIENCE
from tests.troubles import TROUBLES, Disk
from tests.web.conftest import PASSWORD, Browser
from tests.web.guards.access.world import community_of_forms
from tests.web.guards.forms import (
    AGAIN,
    DONE,
    FORMS,
    LETTER,
    PAT,
    READ,
    REFUSED,
    SAM,
    SEEN,
    VISITOR,
    ZOE,
    Form,
)
from web.app import create_app

pytestmark = pytest.mark.slow(0.3)

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
    elm, gaps = community_of_forms(engines)
    sign_in: Callable[..., Browser] = request.getfixturevalue("sign_in")

    def browser(role: str) -> Browser:
        if role in (VISITOR, SAM, PAT):
            somebody: Browser = app.test_client()  # type: ignore[assignment]
            if role != VISITOR:
                assert somebody.send("/sign-in", email=role, password=PASSWORD).status_code == 302
            return somebody
        return sign_in(elm, role)

    return World(gaps, browser)


def of_world(only: str) -> dict[str, Form]:
    """The forms that work on one community, or the one that works on none."""
    return {name: form for name, form in FORMS.items() if (name == SET_UP) == (only == SET_UP)}


def posted(browser: Browser, path: str, form: Form, fields: dict[str, str]) -> TestResponse:
    """Send fields, and the files of the form with them."""
    files = {name: (io.BytesIO(content), file) for name, (file, content) in form.files.items()}
    return browser.post(path, data={**fields, **files})


def everything(engines: Engines) -> dict[str, list[str]]:
    """All rows of all tables as they are stored, but for the record of who looked at whom."""
    names = [name for name in Base.metadata.tables if name != ResidentRead.__tablename__]
    with engines.read.connect() as connection:
        rows = {name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in names}
    return {name: sorted(map(repr, each)) for name, each in rows.items()}


def read(browser: Browser, form: Form, gaps: dict[str, str]) -> str:
    """The page on which a form stands."""
    page = browser.get(form.page.format(**gaps))
    assert page.status_code == 200, (form.page, page.status_code, page.location)
    return page.text


def filled(page: str, form: Form, gaps: dict[str, str]) -> dict[str, str]:
    """The fields of a form, with what its page says that its reader saw."""
    return {**dict(HIDDEN.findall(page)), **{name: value.format(**gaps) for name, value in form.fields.items()}}


def stated(page: str, path: str, *, is_own: bool) -> list[str]:
    """The fields of the form that leads to an address which say what its reader saw; `is_own`: the page's address."""
    own = re.search(rf'<form[^>]*action="{re.escape(path)}".*?</form>', page, re.DOTALL)
    if own is None and is_own:  # a form that names no address leads to its page's
        own = re.search(r"<form(?![^>]*\saction=).*?</form>", page, re.DOTALL)
    found = dict(HIDDEN.findall(own[0] if own else ""))
    return [name for name in ("plan", "version", "instead_of", "beside") if name in found]


def send(browser: Browser, form: Form, gaps: dict[str, str]) -> TestResponse:
    """Read the page of a form and send it."""
    return posted(browser, form.path.format(**gaps), form, filled(read(browser, form, gaps), form, gaps))


def test_every_form_is_here(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())} == set(FORMS)


@pytest.mark.parametrize("endpoint", FORMS)
def test_a_form_under_trouble_writes_nothing_by_halves_and_is_taken_afterwards(
    endpoint: str, world: World, engines: Engines, disk: Disk
) -> None:
    """Each trouble meets a browser of its own: what one left waiting in memory is not what the next begins with.

    That pages are read under a trouble is seen when the form is; once it was refused, it is looked at under the last.
    """
    form = FORMS[endpoint]
    browsers = [world.browser(form.role) for _ in TROUBLES]
    before = everything(engines)
    for trouble, browser in zip(TROUBLES, browsers, strict=True):
        with pytest.MonkeyPatch.context() as patch, disk.trouble(trouble, patch):
            answer = send(browser, form, world.gaps)
            assert everything(engines) == before, trouble
            if form.becomes == REFUSED:
                assert (answer.status_code, "Nothing was saved" in answer.text) == (503, True), trouble
                assert "Retry-After" in answer.headers
                assert "Location" not in answer.headers
            else:
                assert answer.status_code in (200, 302, 303), trouble
            if form.becomes == READ:
                shown = browser.get(answer.location) if answer.location else answer
                assert f"{form.fields.get('q', 'Ada')} Made-Up" in " ".join(shown.text.split())
            if form.becomes == DONE:
                assert browser.get(form.page.format(**world.gaps)).status_code == 302, trouble
            if form.becomes == REFUSED and trouble == TROUBLES[-1]:
                assert read(browser, form, world.gaps)

    if form.becomes == REFUSED:
        assert send(browser, form, world.gaps).status_code in (200, 302, 303)
        assert everything(engines) != before


@pytest.mark.parametrize("endpoint", ["", SET_UP], ids=["in one community", "in none"])
def test_a_form_without_its_own_token_does_nothing(endpoint: str, world: World, engines: Engines) -> None:
    """Nobody's and another browser's; all forms in one world, which none of them may change."""
    forms = of_world(endpoint)
    first = {form.role: form for form in forms.values()}
    browsers = {role: world.browser(role) for role in first}
    others = {role: dict(HIDDEN.findall(read(world.browser(role), form, world.gaps))) for role, form in first.items()}
    for endpoint, form in forms.items():
        browser, foreign = browsers[form.role], others[form.role]["csrf_token"]
        fields = filled(read(browser, form, world.gaps), form, world.gaps)
        assert fields["csrf_token"] not in ("", foreign)
        before = everything(engines)

        for token in ("", foreign):
            answer = posted(browser, form.path.format(**world.gaps), form, {**fields, "csrf_token": token})
            assert (answer.status_code, everything(engines) == before) == (400, True), endpoint


@pytest.mark.parametrize("endpoint", FORMS)
def test_a_form_clicked_twice_is_done_once_and_answered_alike(endpoint: str, world: World, engines: Engines) -> None:
    form = FORMS[endpoint]
    browser = world.browser(form.role)
    fields, path = filled(read(browser, form, world.gaps), form, world.gaps), form.path.format(**world.gaps)

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
        made = db.scalar(select(Account.id).join(AccountHolder).where(AccountHolder.email == ZOE["email"]))
    assert second.location == (answer.format(**world.gaps, made=made) if answer else answer)
    assert second.status_code < 400 or "holds" in second.text


@pytest.mark.parametrize("endpoint", [endpoint for endpoint, form in FORMS.items() if form.fields])
def test_no_field_of_a_form_brings_in_what_cannot_be_seen(endpoint: str, world: World, engines: Engines) -> None:
    form = FORMS[endpoint]
    browser = world.browser(form.role)
    fields = filled(read(browser, form, world.gaps), form, world.gaps)
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
        page = read(browser, form, world.gaps)
        fields, stands_on = filled(page, form, world.gaps), form.page.format(**world.gaps)
        seen = stated(page, path, is_own=stands_on.partition("?")[0] == path)
        before = everything(engines) if seen else {}

        for name in seen:
            stale = {**fields, name: "0" if name == "version" else new_id()}
            answer = posted(browser, path, form, stale)
            assert answer.status_code == (404 if name == "plan" else 409), (endpoint, name)
            assert everything(engines) == before, (endpoint, name)

        assert seen == SEEN.get(endpoint, []), endpoint
