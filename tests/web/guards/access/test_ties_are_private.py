"""Whatever page there is, whoever asks: a tie is told to who may see it, and to nobody else.

Directors see all ties, the team those whose author allowed it, on the page of a person alone, families and walls none.

Ties with unmistakable words are laid in a community; then each address that can be read is asked for as each role.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from milieu.database import Engines, unit_of_work
from milieu.models import Wall
from milieu.services.access.feeds import make_feed
from milieu.services.access.walls import open_wall
from milieu.services.suggestions import hope_to_meet
from milieu.services.teller import Teller
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.milieu.prints.reading import read_pdf
from tests.web.conftest import Browser
from web.guards.access import TABLE
from web.public.addresses import sign_wall
from web.public.codes import code_of

CANARIES = ("Quillfeather-Noted-It", "Zanzibrook-Noted-It", "Vexworth-Noted-It")
STRAIN = re.compile(r"uneas|kept ?apart|keep ?apart|strain|tie-apart|tie-uneasy|is_apart", re.IGNORECASE)
OTHERS = ("Bexalot Canaryfriend", "Cromwitch Canaryfoe", "Dunderfell Canaryapart")  # the director's own knowledge
FOR_THE_TEAM = "Edwinna Canaryteam"
TEAM_PAGE = "director.resident"
ROLES = ("anyone", "family", "staff", "administrator")
NOT_ASKED = {"account.set_up", "public.getting_ready", "public.readiness", "assets.font", "health.readyz"}
"""What there is only before there is a community, in a demonstration or with a clock; and a font."""
Gaps = Mapping[str, tuple[str, ...]]


@pytest.fixture
def elm(engines: Engines, elm: CommunityBuilder) -> CommunityBuilder:
    """Ada has a friend, somebody uneasy with her and somebody kept apart from her, all of whom are asked to things."""
    with unit_of_work(engines) as db:
        elm.db = db
        for key, name in zip(("bex", "crom", "dun", "edwinna"), (*OTHERS, FOR_THE_TEAM), strict=True):
            given, family = name.split()
            elm.resident(key, given_name=given, family_name=family)
        ada, bex, crom, dun = (elm.residents[key] for key in ("ada", "bex", "crom", "dun"))
        elm.tie(ada, bex, 5, author=CANARIES[0], kind="friend", visibility="director")
        elm.tie(ada, crom, -5, author=CANARIES[1], kind="uneasy", visibility="director", asks_on=MONDAY)
        elm.tie(ada, dun, None, author=CANARIES[2], kind="apart", visibility="director")
        elm.tie(ada, elm.residents["edwinna"], -1, kind="uneasy", visibility="team")
        hope_to_meet(db, Teller(elm.id, None, NOW), elm.residents["cleo"].id, [dun.id])
        elm.publication(
            [
                Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "bex"], ref="choir-1"),
                Held("walk", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="walk-1"),
            ]
        )
        elm.relative("una", of=ada)
        open_wall(db, elm.id, elm.groups["garden"].id, by=None, now=NOW)
    return elm


@pytest.fixture
def gaps(app: Flask, engines: Engines, elm: CommunityBuilder) -> Gaps:
    """What there is in place of each gap of an address."""
    with unit_of_work(engines) as db:
        una, ada = elm.relatives["una"].id, elm.residents["ada"].id
        own = make_feed(db, elm.id, relative_id=una, resident_id=ada, by=None, now=NOW)
        leads = make_feed(db, elm.id, facilitator_id=elm.facilitators["finn"].id, by=None, now=NOW)
        wall = db.scalars(select(Wall.id)).one()
    with app.app_context():
        token, code = sign_wall(wall), code_of(wall)
    return {
        "week_start": (MONDAY.isoformat(),),
        "on": tuple((MONDAY + timedelta(days=day)).isoformat() for day in (2, 3)),
        "first": (MONDAY.isoformat(), "2026-12-01"),
        "space_id": (elm.spaces["lounge"].id,),
        "token": (token, own, leads),
        "code": (code,),
        "ref": ("choir-1", "walk-1"),
        "resident_id": tuple(elm.residents[key].id for key in ("ada", "crom", "dun")),
        "living_group_id": (elm.groups["garden"].id,),
        "community_key": (elm.community.key,),
        "activity_id": (elm.activities["choir"].id,),
        "filename": ("milieu.css",),
    }


def addresses(app: Flask, elm: CommunityBuilder, known: Gaps) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of everything that can be read."""
    rules: list[Rule] = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    for rule in rules:
        names = sorted(rule.arguments)
        for values in product(*(known.get(name, (elm.residents["ada"].id,)) for name in names)):
            path = rule.rule
            for name, value in zip(names, values, strict=True):
                path = re.sub(rf"<(?:[^<>:]+:)?{name}>", value, path)
            yield rule.endpoint, path


def browser_of(role: str, app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    if role == "anyone":
        visitor: Browser = app.test_client()  # type: ignore[assignment]
        return visitor
    fields = {"relative_id": elm.relatives["una"].id} if role == "family" else {}
    return sign_in(elm, role, **fields)


def text_of(answer: TestResponse) -> str:
    """What stands in an answer, a sheet's text too. Anything else that comes has to be read first."""
    if answer.mimetype == "application/pdf":
        return read_pdf(answer.data).text
    assert answer.mimetype.startswith(("text", "application/json")), answer.mimetype
    return answer.get_data(as_text=True)


@pytest.mark.slow(2)
@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_who_does_not_plan_tells_of_a_tie(
    role: str,
    app: Flask,
    elm: CommunityBuilder,
    gaps: Gaps,
    sign_in: Callable[..., Browser],
    capsys: pytest.CaptureFixture[str],
) -> None:
    browser = browser_of(role, app, elm, sign_in)
    read = set()

    for endpoint, path in addresses(app, elm, gaps):
        answer = browser.get(path)
        text = text_of(answer)
        if answer.status_code in (200, 302):
            read.add(endpoint)
        told = [canary for canary in CANARIES if canary in text]
        assert told == [], path
        is_for_the_team = role == "staff" and endpoint == TEAM_PAGE
        if endpoint != "static" and not is_for_the_team:
            assert STRAIN.search(text) is None, path
        if role in ("anyone", "family") or path == f"/people/{elm.residents['ada'].id}":
            hidden = OTHERS if is_for_the_team else (*OTHERS, FOR_THE_TEAM)
            assert [name for name in hidden if name in text or name.split()[0] in text] == [], path

    may_read = {endpoint for endpoint, row in TABLE.items() if row.roles & {role, "anyone"}}
    can_be_asked = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert (may_read & can_be_asked) - read - NOT_ASKED == set(), "what a role may read was not read"
    logged = capsys.readouterr().out
    assert [word for word in (*CANARIES, *OTHERS) if word in logged] == []


def test_who_plans_reads_all_of_it_on_the_living_groups_page(
    app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    """The canaries sing where they may: the test above would otherwise find nothing because there is nothing."""
    page = sign_in(elm).get(f"/living-groups/{elm.groups['garden'].id}").text

    assert all(name in page for name in OTHERS)
    assert STRAIN.search(page) is not None
    assert CANARIES[1] in page  # beside the question whether it still holds


def test_pages_that_hold_strain_are_the_directors_alone() -> None:
    private = {endpoint: row.roles for endpoint, row in TABLE.items() if endpoint.startswith("ground.")}

    assert private
    assert set(private.values()) == {frozenset({"director"})}
