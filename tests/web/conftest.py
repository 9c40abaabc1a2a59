"""The application over a fresh database, with somebody signed in: `sign_in(account)` gives a browser of theirs."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.test import TestResponse

from milieu.database import Engines, make_engines, unit_of_work
from milieu.ids import new_id
from milieu.models import Account, Relative
from milieu.services.access.accounts import create_account
from milieu.services.access.sign_ins import Lifetime, begin_sign_in
from milieu.services.access.tours import go_to_step
from milieu.settings import Settings
from tests.milieu.builders import NOW, CommunityBuilder, FixedClock, small_community
from web.app import create_app
from web.guards.sessions import ACCOUNT

PASSWORD = "a made-up password"
DESK = Lifetime(timedelta(hours=1), timedelta(hours=12))
LIFETIMES = {
    "staff": Lifetime(timedelta(minutes=15), timedelta(hours=12)),
    "family": Lifetime(timedelta(days=30), timedelta(days=30)),
}


class Browser(FlaskClient):
    """A client that fills in what a form carries: its token, and a key of its own unless one is given."""

    def send(self, path: str, form_page: str = "", **fields: Any) -> TestResponse:
        """POST a form; `form_page` is the page it stands on (its own address unless told)."""
        page = self.get(form_page or path)
        hidden = dict(re.findall(r'name="(csrf_token|form_key)" value="([^"]+)"', page.text))
        return self.post(path, data={**hidden, **fields})


@pytest.fixture
def engines(sqlite_url: str) -> Iterator[Engines]:
    """Pages are tested on SQLite; what they call is tested on both databases where it lives."""
    opened = make_engines(sqlite_url)
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


class InHexadecimal(URLSafeTimedSerializer):
    """Spells a form's token without capitals: by chance one holds a short name, which a page must not be accused of."""

    def dumps(self, obj: Any, salt: str | bytes | None = None) -> str:
        return str(super().dumps(obj, salt)).encode().hex()

    def loads(self, s: str | bytes, *arguments: Any, **named: Any) -> Any:
        try:
            return super().loads(bytes.fromhex(str(s)), *arguments, **named)
        except ValueError as error:
            raise BadData(str(error)) from error


@pytest.fixture
def app(engines: Engines, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr("flask_wtf.csrf.URLSafeTimedSerializer", InHexadecimal)
    app = create_app(Settings(data_dir=tmp_path, secret_key="for tests only"), engines, clock)
    app.test_client_class = Browser
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Nobody's browser."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """A small community, committed; its rows may be read afterwards."""
    with unit_of_work(engines) as db:
        return small_community(db)


@pytest.fixture
def sign_in(app: Flask, engines: Engines, clock: FixedClock) -> Callable[..., Browser]:
    """Make an account of a role in a community and give its signed-in browser; no password, which would take time.

    A director has been shown around before, unless she `is_toured` now.
    """

    def do(
        community: CommunityBuilder, role: str = "director", *, is_toured: bool = False, **fields: str | None
    ) -> Browser:
        with unit_of_work(engines) as db:
            if role == "family" and "relative_id" not in fields:
                somebody = Relative(community_id=community.id, key=f"nobody-{new_id()}", name="Nobody’s Relative")
                db.add(somebody)
                db.flush()
                fields["relative_id"] = somebody.id
            address = f"{role}{db.query(Account).count()}@{community.community.key}.example"
            account_id = create_account(
                db,
                community.id,
                email=address,
                name=f"{role.title()} Made-Up",
                password=None,
                roles=(role,),
                now=NOW,
                **fields,  # type: ignore[arg-type]
            )
            if not is_toured:
                go_to_step(db, account_id, None)
            contents = json.dumps({ACCOUNT: account_id}).encode()
            begun = begin_sign_in(db, account_id, contents, lifetime=LIFETIMES.get(role, DESK), now=clock.now())
        browser: Browser = app.test_client()  # type: ignore[assignment]
        browser.set_cookie("milieu", begun.token)
        return browser

    return do
