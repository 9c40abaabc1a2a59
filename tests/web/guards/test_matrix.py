"""Who gets what of whose: every route against every kind of account, on own, foreign and missing things.

What is foreign and what is missing must be told alike, byte for byte, or the answer itself would tell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from milieu.database import Engines, unit_of_work
from milieu.ids import new_id
from milieu.models import BaseSession, Change, Plan, Run
from milieu.services.facts.stretch import Stretch
from milieu.services.facts.telling import tell_absence
from milieu.services.lists.waiting import read_files, take_in
from milieu.services.many.asking import WISH, read_asked
from milieu.services.many.giving import give
from milieu.services.programme.base_weeks.saving import save_week
from milieu.services.teller import Teller
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.web.builders import draft
from tests.web.conftest import Browser
from web.guards.access import ANYONE, TABLE

pytestmark = pytest.mark.slow(1)

OF_A_DRAFT = {
    f"director.{name}"
    for name in (
        "publish_week",
        "add_session",
        "change_session",
        "where_session",
        "not_here",
        "week_of_person",
        "family_reads",
    )
}
ALL_NAMED = {
    *("resident_id", "run_id", "account_id", "upload_id", "thing_id", "change_id", "given_id"),
    *("base_week_id", "base_session_id"),
    *("ref", "part", "kind", "ending"),
}
ROLES = ("director", "staff", "family", "administrator")


@dataclass(frozen=True)
class Homes:
    """Two communities with the same week, and what addresses name in each: own, foreign, missing."""

    own: CommunityBuilder
    foreign: CommunityBuilder
    values: dict[str, dict[str, str]]


@pytest.fixture
def homes(engines: Engines) -> Homes:
    made, values = [], {}
    for key, which in (("elm", "own"), ("oak", "foreign")):
        with unit_of_work(engines) as db:
            home = small_community(db, key)
            home.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "ben"], ref=f"choir-{key}")])
            run = home.add(
                Run(
                    community_id=home.id,
                    kind="plan",
                    state="done",
                    week_start=MONDAY,
                    requested_at=NOW,
                    seconds_limit=15,
                    seed=1,
                )
            )
            values[which] = {
                "resident_id": home.residents["ada"].id,
                "ref": f"choir-{key}",
                "run_id": run.id,
                "ending": "zip",
                "kind": "activities",
                "thing_id": home.activities["choir"].id,
                "part": "wishes",
            }
            values[which]["thing_id"] = home.facilitators["gita"].id
            values[which] |= base_week_of(home)
            values[which]["change_id"] = told_away(home)
            values[which]["given_id"] = wished_by_many(home)
            values[which]["account_id"] = home.account("staff", email=f"kept@{key}.example").id
        draft(engines, home, [Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref=f"choir-{key}")])
        with unit_of_work(engines) as db:
            wishes = read_files([("wishes.csv", b"resident,activity,strength\r\nada,choir,5\r\n")])
            values[which]["upload_id"] = take_in(db, home.id, wishes, by=values[which]["account_id"], now=NOW)
        made.append(home)
    names = ("resident_id", "run_id", "account_id", "upload_id", "thing_id", "change_id", "given_id")
    names += ("base_week_id", "base_session_id")
    values["missing"] = {name: new_id() for name in names} | {
        "ref": "choir-none",
        "part": "wishes",
    }
    return Homes(made[0], made[1], values)


def told_away(home: CommunityBuilder) -> str:
    """Somebody is away on the day after; the journal's line that says so."""
    day = (NOW + timedelta(days=1)).date()
    told = Teller(home.id, None, NOW)
    row_id = tell_absence(home.db, told, home.facilitators["finn"].id, Stretch(day, day))
    return home.db.scalars(select(Change.id).where(Change.row_id == row_id)).one()


def base_week_of(home: CommunityBuilder) -> dict[str, str]:
    """A base week and a session of it."""
    made = save_week(home.db, Teller(home.id, None, NOW), MONDAY, "Summer", is_draft=False)
    session = home.db.scalars(select(BaseSession.id).where(BaseSession.base_week_id == made)).one()
    return {"base_week_id": made, "base_session_id": session}


def wished_by_many(home: CommunityBuilder) -> str:
    """Ada and Ben like to walk, as somebody noted of both at once; the id under which that is taken back."""
    teller = Teller(home.id, None, NOW)
    form = {"activity": home.activities["walk"].id, "strength": "2", "said_by": "observed"}
    asked = read_asked(home.db, teller, WISH, form)
    return give(home.db, teller, asked, [home.residents[name].id for name in ("ada", "ben")])


def addresses(app: Flask, which: dict[str, str], *, only_with: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Every GET address of the director's pages, filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        names = {name for name in rule.arguments if name in which}
        if "GET" not in (rule.methods or ()) or not rule.endpoint.startswith("director."):
            continue
        if only_with and not names & set(only_with):
            continue
        week = "2026-12-07" if rule.endpoint in OF_A_DRAFT else MONDAY.isoformat()
        days = {name for name in rule.arguments if f"<day:{name}>" in rule.rule}
        assert rule.arguments - days <= ALL_NAMED, "What the homes have of it is not named above."
        values = {name: which.get(name, week) for name in rule.arguments}
        if rule.rule.startswith("/house/<kind>"):
            values["kind"] = "team"
        path = rule.rule
        for name, value in values.items():
            path = path.replace(f"<day:{name}>", value).replace(f"<{name}>", value)
        found.append((rule.endpoint, path))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_a_page_answers_the_roles_of_its_row_and_nobody_else(
    role: str, app: Flask, homes: Homes, sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in(homes.own, role)
    nowhere = browser.get("/nowhere")

    for endpoint, path in addresses(app, homes.values["own"]):
        answer = browser.get(path)
        if role in TABLE[endpoint].roles:
            assert answer.status_code in (200, 302), path
        else:
            assert (answer.status_code, answer.data) == (404, nowhere.data), path


@pytest.mark.parametrize("role", ["staff", "family", "administrator"])
def test_a_form_does_nothing_for_other_roles(
    role: str, app: Flask, homes: Homes, sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in(homes.own, role)
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint.startswith("director."):
            path = rule.rule.replace("<day:week_start>", "2026-12-07").replace(
                "<run_id>", homes.values["own"]["run_id"]
            )
            assert browser.post(path, data={"form_key": "x" * 22}).status_code == 404, path


def test_foreign_and_missing_things_are_told_alike(app: Flask, homes: Homes, sign_in: Callable[..., Browser]) -> None:
    browser = sign_in(homes.own)
    nowhere = browser.get("/nowhere").data

    for which in ("foreign", "missing"):
        for _, path in addresses(app, homes.values[which], only_with=tuple(homes.values["missing"])):
            answer = browser.get(path)
            assert (answer.status_code, answer.data) == (404, nowhere), path


@pytest.mark.parametrize("which", ["foreign", "missing"])
def test_nobody_stops_or_publishes_what_is_not_theirs(
    which: str, homes: Homes, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    browser = sign_in(homes.own)
    run_id = homes.values[which]["run_id"]
    foreign_plan = (
        draft(engines, homes.foreign, week_start=MONDAY + timedelta(days=14)) if which == "foreign" else new_id()
    )

    stopped = browser.send(f"/run/{run_id}/stop", "/week/2026-12-07/plan")
    published = browser.send("/week/2026-12-07/publish", plan=foreign_plan, version="1")
    with unit_of_work(engines) as db:
        db.query(Plan).filter(Plan.id == foreign_plan).update({"state": "set aside"})
    taken = browser.send("/week/2026-12-07/drafts", "/week/2026-12-07/plan", plan=foreign_plan, version="1")

    assert (stopped.status_code, published.status_code, taken.status_code) == (404, 404, 404)


def test_names_of_another_community_are_on_no_page(app: Flask, homes: Homes, sign_in: Callable[..., Browser]) -> None:
    browser = sign_in(homes.own)

    for _, path in addresses(app, homes.values["own"]):
        text = browser.get(path).data.decode(errors="replace")  # files among them
        assert homes.foreign.id not in text, path
        assert "Oak Cottage" not in text, path


def test_pages_open_to_all_are_those_that_say_so() -> None:
    public = {endpoint for endpoint, row in TABLE.items() if row.roles == ANYONE}

    assert public == {
        "static",
        "assets.font",
        "feeds.community",
        "feeds.private",
        "health.healthz",
        "health.readyz",
        "account.start",
        "account.set_up",
        "account.sign_in",
        "account.new_password",
        "account.forgotten",
        "public.getting_ready",
        "public.month",
        "public.programme",
        "public.readiness",
        "public.short_wall",
        "public.wall",
    }


# What url_for, and Python, would take for themselves: each as a page's own argument in an address.
COLLIDING = (
    "endpoint",
    "_method",
    "_external",
    "_scheme",
    "_anchor",
    "_query",
    "values",
    "self",
    "week_start",
    "day",
    "ref",
    "resident_id",
    "run_id",
    "path",
    "filename",
    "name",
    "location",
    "code",
    "unit",
    "q",
    "band",
    "view",
    "next",
)


@pytest.mark.parametrize("role", ROLES)
def test_no_argument_of_an_address_is_a_fault(
    role: str, app: Flask, homes: Homes, sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in(homes.own, role)
    asked = "&".join(f"{name}={value}" for name in COLLIDING for value in ("x", "1", "PUT", "%00", ""))
    farthest = ["&".join(f"{name}={day}" for name in ("week", "day", "on")) for day in ("0001-01-01", "9999-12-31")]

    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        path = rule.rule
        for name in rule.arguments:
            value = homes.values["own"].get(
                name, "2026-12-02"
            )  # a Wednesday: a week's address is sent on to its Monday
            path = path.replace(f"<day:{name}>", value).replace(f"<path:{name}>", value).replace(f"<{name}>", value)
        for query in (asked, "week_start=1", "endpoint=x", "_method=PUT", *farthest):
            assert browser.get(f"{path}?{query}").status_code < 500 or rule.endpoint == "health.readyz", (path, query)


def test_a_week_named_by_another_day_keeps_what_was_asked(homes: Homes, sign_in: Callable[..., Browser]) -> None:
    answer = sign_in(homes.own, "director").get("/week/2026-12-02?view=draft&view=b%26c&endpoint=x")

    assert (answer.status_code, answer.location) == (302, f"/week/{MONDAY}?view=draft&view=b%26c&endpoint=x")
