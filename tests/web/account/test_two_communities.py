"""Somebody of two communities: one sign-in, a choice, and in each what she is there; no way from one into the other."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Account, AccountHolder, Change, SignInSession
from milieu.queries.access.memberships import memberships_of
from milieu.services.access.accounts import create_account
from milieu.services.access.holders import LINK, find_holder
from milieu.services.access.keeping import KEPT_ROLES
from milieu.services.access.passes import make_pass
from tests.milieu.builders import NOW, CommunityBuilder, FixedClock, community, small_community
from tests.web.account.test_accounts import NEW, make
from tests.web.conftest import PASSWORD, Browser

DEE = "dee@home.local"


@pytest.fixture
def oak(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db, "oak")


@pytest.fixture
def belong(engines: Engines, elm: CommunityBuilder, oak: CommunityBuilder) -> Callable[..., dict[str, str]]:
    """Give Dee an account of a role in Elm, with a password, and one in Oak; their ids."""

    def do(in_elm: str = "director", in_oak: str = "staff") -> dict[str, str]:
        ids = {}
        with unit_of_work(engines) as db:
            for home, role, password in ((elm, in_elm, PASSWORD), (oak, in_oak, None)):
                home.db = db
                relative = home.relative("ellen", of=home.residents["ada"]).id if role == "family" else None
                ids[home.community.key] = create_account(
                    db,
                    home.id,
                    email=DEE,
                    name="Dee",
                    password=password,
                    roles=(role,),
                    now=NOW,
                    relative_id=relative,
                    is_taken_up=True,
                )
        return ids

    return do


def go(browser: Browser, account_id: str, **fields: str) -> tuple[int, str]:
    answer = browser.send("/choose-community", account=account_id, **fields)
    return answer.status_code, answer.location or ""


def anew(app: Flask) -> Browser:
    return app.test_client()  # type: ignore[return-value]


def test_who_belongs_to_two_signs_in_once_and_chooses(browser: Browser, belong: Callable[..., dict[str, str]]) -> None:
    ids = belong()

    entered = browser.send("/sign-in?next=/today", email=DEE, password=PASSWORD, next="/today")
    assert entered.location == "/choose-community?next=/today"
    page = browser.get(entered.location).text
    assert re.findall(r"<strong>(.+?)</strong><span class=\"soft\">([^<]+)<", page) == [
        ("Elm Cottage", "director · you are here"),
        ("Oak Cottage", "staff"),
    ]

    assert go(browser, ids["oak"]) == (302, "/today")
    here = browser.get("/today").text
    assert ("Oak Cottage" in here, "Elm Cottage" in here) == (True, False)
    assert browser.get("/people").status_code == 404  # she directs Elm, not Oak
    assert go(browser, ids["elm"], next="/people") == (302, "/people")
    assert browser.get("/people").status_code == 200


def test_who_belongs_to_many_finds_one_by_its_name_and_goes_where_she_wanted(
    browser: Browser, belong: Callable[..., dict[str, str]], engines: Engines
) -> None:
    belong()
    with unit_of_work(engines) as db:
        made = {}
        for number in range(7):
            home = community(db, f"yew{number}")
            account = {"email": DEE, "name": "Dee", "password": None, "roles": ("staff",), "is_taken_up": True}
            made[home.community.name] = create_account(db, home.id, **account, now=NOW)
    browser.send("/sign-in", email=DEE, password=PASSWORD)

    page = browser.get("/choose-community?next=/today&q=yew3").text

    assert re.findall(r"<strong>(.+?)</strong><span", page) == ["Yew3 Cottage"]
    assert page.count('name="next" value="/today"') == 2  # of the field to find by, and of the one that is found
    assert go(browser, made["Yew3 Cottage"], next="/today") == (302, "/today")


def test_who_belongs_to_one_is_asked_nothing(browser: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    with unit_of_work(engines) as db:
        create_account(db, elm.id, email=DEE, name="D", password=PASSWORD, roles=("staff",), now=NOW)

    assert browser.send("/sign-in", email=DEE, password=PASSWORD).location == "/today"
    assert "/choose-community" not in browser.get("/today").text


def test_nobody_goes_where_she_has_no_account(
    browser: Browser, belong: Callable[..., dict[str, str]], oak: CommunityBuilder, engines: Engines
) -> None:
    belong()
    browser.send("/sign-in", email=DEE, password=PASSWORD)
    with unit_of_work(engines) as db:
        oak.db = db
        others = oak.account("director", email="boss@oak.example").id
        waiting = create_account(
            db, small_community(db, "yew").id, email=DEE, name="D", password=None, roles=("staff",), now=NOW
        )

    assert [go(browser, each)[0] for each in (others, waiting, "x" * 26, "")] == [404] * 4
    assert "Yew Cottage" not in browser.get("/choose-community").text


def test_a_form_of_one_community_is_never_done_in_the_other(
    browser: Browser, belong: Callable[..., dict[str, str]]
) -> None:
    ids = belong("director", "director")
    browser.send("/sign-in", email=DEE, password=PASSWORD)
    page = browser.get("/accounts/new").text  # left open in another tab
    hidden = dict(re.findall(r'name="(csrf_token|form_key)" value="([^"]+)"', page))
    go(browser, ids["oak"])

    answer = browser.post("/accounts/new", data={**hidden, "name": "S", "email": "s@x.org", "role": "staff"})

    assert answer.status_code == 400


def test_going_over_makes_no_sign_in_younger(
    browser: Browser, belong: Callable[..., dict[str, str]], clock: FixedClock
) -> None:
    ids = belong("staff", "staff")
    browser.send("/sign-in", email=DEE, password=PASSWORD)
    for turn in range(71):  # twelve hours, and fifteen minutes without a click
        clock.advance(minutes=10)
        assert go(browser, ids["oak" if turn % 2 else "elm"])[0] == 302, turn

    clock.advance(minutes=10)

    assert browser.get("/today").status_code == 302


def test_where_a_sign_in_ends_sooner_the_password_is_asked(
    browser: Browser, belong: Callable[..., dict[str, str]], clock: FixedClock
) -> None:
    ids = belong("family", "director")
    browser.send("/sign-in", email=DEE, password=PASSWORD)
    assert go(browser, ids["oak"])[0] == 302  # a moment after the password
    assert go(browser, ids["elm"])[0] == 302
    clock.advance(minutes=120)  # a family's tablet was left lying

    asked = browser.send("/choose-community", account=ids["oak"])
    assert (asked.status_code, "Type your password to go on there." in asked.text) == (200, True)
    assert browser.get("/people").status_code == 404
    assert go(browser, ids["oak"], password="another one")[0] == 422
    assert go(browser, ids["oak"], password=PASSWORD) == (302, "/week")
    assert browser.get("/people").status_code == 200


def test_an_account_that_ends_in_one_community_goes_on_in_the_other(
    app: Flask, belong: Callable[..., dict[str, str]], elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    ids = belong("staff", "staff")
    here, there = anew(app), anew(app)
    for each in (here, there):
        each.send("/sign-in", email=DEE, password=PASSWORD)
    go(there, ids["oak"])

    sign_in(elm).send(f"/accounts/{ids['elm']}/end", f"/accounts/{ids['elm']}")

    assert (here.get("/today").status_code, there.get("/today").status_code) == (302, 200)
    assert go(there, ids["elm"])[0] == 404
    assert here.send("/sign-in", email=DEE, password=PASSWORD).location == "/today"
    assert "Oak Cottage" in here.get("/today").text


def test_a_lost_tablet_is_signed_out_wherever_it_could_go(
    browser: Browser,
    belong: Callable[..., dict[str, str]],
    elm: CommunityBuilder,
    sign_in: Callable[..., Browser],
) -> None:
    ids = belong("staff", "staff")
    browser.send("/sign-in", email=DEE, password=PASSWORD)
    go(browser, ids["oak"])

    sign_in(elm).send(f"/accounts/{ids['elm']}/sign-ins", f"/accounts/{ids['elm']}")

    assert browser.get("/today").status_code == 302


def test_another_communitys_code_changes_no_password_and_takes_the_account_up_with_it(
    app: Flask, elm: CommunityBuilder, oak: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        create_account(db, elm.id, email=DEE, name="Dee", password=PASSWORD, roles=("director",), now=NOW)
    account_id, code = make(sign_in(oak), email=DEE)
    thief = anew(app)  # whoever printed the code

    asked = thief.send("/new-password", code=code, new=NEW, again=NEW)
    wrong = thief.post(
        "/new-password",
        data={"csrf_token": re.findall(r'csrf_token" value="([^"]+)', asked.text)[0], "code": code, "present": NEW},
    )
    assert (asked.status_code, "You sign in to Milieu already" in asked.text) == (200, True)
    assert (wrong.status_code, thief.get("/today").status_code) == (422, 302)
    assert anew(app).send("/sign-in", email=DEE, password=PASSWORD).status_code == 302
    with reading(engines) as db:
        holder = find_holder(db, DEE)
        assert holder is not None
        assert [each.community_name for each in memberships_of(db, holder.id)] == ["Elm Cottage"]

    dee = anew(app)
    assert dee.send("/new-password", code=code, present=PASSWORD).location == "/today"

    assert "You belong to Oak Cottage now." in dee.get("/today").text
    assert dee.send("/new-password", code=code, present=PASSWORD).status_code == 422  # once
    with reading(engines) as db:
        lines = db.query(Change).filter(Change.row_id == account_id, Change.verb == "taken up")
        assert [line.community_id for line in lines] == [oak.id]
        assert db.query(AccountHolder).filter_by(email=DEE).one().password == holder.password


def test_an_address_that_one_community_changes_stays_in_the_other(
    app: Flask,
    belong: Callable[..., dict[str, str]],
    elm: CommunityBuilder,
    sign_in: Callable[..., Browser],
    engines: Engines,
) -> None:
    ids = belong("staff", "director")
    mine = f"/accounts/{ids['elm']}"
    director = sign_in(elm)

    saved = director.send(mine, mine, name="Dee", email="thief@x.org", version="1")

    assert saved.status_code == 303, saved.text
    with reading(engines) as db:
        moved, kept = (db.get_one(Account, ids[home]) for home in ("elm", "oak"))
        assert (moved.email, moved.joined_at, kept.email) == ("thief@x.org", None, DEE)
        thief = find_holder(db, "thief@x.org")
        assert thief is not None
        assert memberships_of(db, thief.id) == ()
    assert anew(app).send("/sign-in", email=DEE, password=PASSWORD).location == "/week"  # Oak's, alone


def test_a_letters_link_takes_up_what_waits_and_sets_the_password_of_all(
    app: Flask, elm: CommunityBuilder, oak: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        given = {"email": DEE, "name": "Dee", "password": None, "roles": ("staff",), "now": NOW}
        first, _ = (create_account(db, home.id, **given) for home in (elm, oak))  # type: ignore[arg-type]
        link = make_pass(db, first, LINK, by=None, now=NOW)
    dee = anew(app)

    assert dee.send("/new-password", code=link, new=NEW, again=NEW).location == "/choose-community"

    assert re.findall(r"<strong>(.+? Cottage)</strong>", dee.get("/choose-community").text) == [
        "Elm Cottage",
        "Oak Cottage",
    ]


def test_two_that_open_an_account_before_she_came_let_her_in_one_by_one(
    app: Flask, elm: CommunityBuilder, oak: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    codes = [make(sign_in(home), email=DEE)[1] for home in (elm, oak)]
    dee = anew(app)

    assert dee.send("/new-password", code=codes[1], new=NEW, again=NEW).location == "/today"
    assert "/choose-community" not in dee.get("/today").text
    assert dee.send("/new-password", code=codes[0], present=NEW).location == "/today"

    assert "Elm Cottage" in dee.get("/today").text
    with reading(engines) as db:
        assert db.query(SignInSession).filter(SignInSession.account_id.in_(_of(db, DEE))).count() == 1


def test_a_director_is_not_told_that_somebody_belongs_elsewhere(
    belong: Callable[..., dict[str, str]], elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    ids = belong(KEPT_ROLES[0], "director")
    director = sign_in(elm)

    for path in ("/accounts", f"/accounts/{ids['elm']}"):
        text = director.get(path).text
        assert "Oak" not in text
        assert ids["oak"] not in text


def _of(db, email: str) -> list[str]:  # type: ignore[no-untyped-def]
    holder = find_holder(db, email)
    assert holder is not None
    return [each.account_id for each in memberships_of(db, holder.id)]
