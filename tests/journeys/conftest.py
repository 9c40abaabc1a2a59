"""Journeys of people through the real pages: a real server, a real browser, and the solver where a week is planned."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Page

from milieu.database import Engines, make_engines, unit_of_work
from milieu.models import Account, CommunitySettings
from milieu.services.access.accounts import create_account
from milieu.services.access.tours import go_to_step
from milieu.services.choices import CHOICES
from milieu.services.choices.finding import find_choices
from milieu.services.weeks.plans.planning import execute_next_run
from milieu.settings import Settings
from tests.milieu.builders import NOW, CommunityBuilder, small_community
from tests.patience import PATIENCE
from web.app import create_app

PASSWORD = "a made-up password"
SIZES = {"desk": 1280, "phone": 360}
ALL_SIZES = {**SIZES, "tablet": 820}


class TickingClock:
    """Starts on a known Wednesday morning and goes on as time does."""

    def __init__(self, start: datetime = NOW) -> None:
        self._start, self._begun = start, monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=monotonic() - self._begun)

    def skip(self, ahead: timedelta) -> None:
        """Go on to a later moment at once."""
        self._start += ahead

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.wait(seconds)


@pytest.fixture
def engines(sqlite_url: str) -> Iterator[Engines]:
    opened = make_engines(sqlite_url)
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, secret_key="for tests only", solver_workers=1)


@pytest.fixture
def app(settings: Settings, engines: Engines, clock: TickingClock) -> Flask:
    return create_app(settings, engines, clock)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """A small community with an empty week."""
    with unit_of_work(engines) as db:
        made = small_community(db)
        settings = db.get_one(CommunitySettings, made.id)
        settings.plan_seconds, settings.repair_seconds = 8, 12  # a busy machine takes some to load the solver
        return made


@pytest.fixture
def runner(engines: Engines, settings: Settings, clock: TickingClock) -> Iterator[None]:
    """Does the runs that are asked for, as the server's own runner would."""
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            if not execute_next_run(engines, settings, clock, others={CHOICES: find_choices}):
                over.wait(0.1)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join(PATIENCE)


@pytest.fixture
def enrol(engines: Engines) -> Callable[..., str]:
    """`enrol(community, role)`: the address of a new account of that role, whose password is PASSWORD.

    A director has been shown around before, unless she `is_toured` now.
    """

    def do(community: CommunityBuilder, role: str, *, is_toured: bool = False, **fields: object) -> str:
        with unit_of_work(engines) as db:
            address = f"{role}{db.query(Account).count()}@{community.community.key}.example"
            account_id = create_account(
                db,
                community.id,
                email=address,
                name=f"{role.title()} Made-Up",
                password=PASSWORD,
                roles=(role,),
                now=NOW,
                **fields,  # type: ignore[arg-type]
            )
            if not is_toured:
                go_to_step(db, account_id, None)
        return address

    return do


@pytest.fixture
def enter(
    enrol: Callable[..., str], app: Flask, serve: Callable[[Flask], str], visit: Callable[..., Page]
) -> Callable[..., Page]:
    """`enter(community, role, size="desk")`: the first page of somebody of that role, who has just signed in."""
    origin = serve(app)

    def do(community: CommunityBuilder, role: str, size: str = "desk", **fields: object) -> Page:
        known = ("java_script_enabled", "color_scheme", "timezone_id")
        options = {name: fields.pop(name) for name in known if name in fields}
        address = enrol(community, role, **fields)
        page = visit(origin, width=ALL_SIZES[size], **options)
        page.goto("/")
        sign_in(page, address)
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))  # and has loaded, styles and all
        return page

    return do


@pytest.fixture
def accessible_everywhere(accessible: Callable[[Page], None]) -> Callable[..., None]:
    """`accessible_everywhere(page)`: `accessible` and not too wide, at every size; `schemes`: by day and by night, too.

    So a journey is gone once, on the screen that is hardest for it, and each of its pages is looked at on all.
    """

    def check(page: Page, *schemes: Literal["light", "dark"]) -> None:
        size = page.viewport_size
        assert size is not None
        for scheme in schemes or (None,):
            if scheme is not None:
                page.emulate_media(color_scheme=scheme)
            for width in ALL_SIZES.values():
                page.set_viewport_size({"width": width, "height": size["height"]})
                accessible(page)
                # never against innerWidth, which on a phone is as wide as whatever stands beyond its edge
                assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} at {width}"
        page.set_viewport_size(size)

    return check


def sign_in(page: Page, address: str) -> None:
    """Fill in the sign-in form that the page shows; what comes next is on its way when this returns."""
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
