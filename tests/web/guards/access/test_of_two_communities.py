"""The access matrix for somebody of two communities: in each she may what her role there may, and no more."""

from collections.abc import Callable

import pytest
from flask import Flask

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Account
from milieu.services.access.accounts import create_account
from tests.milieu.builders import NOW
from tests.web.conftest import Browser
from tests.web.guards.test_matrix import Homes, addresses
from tests.web.guards.test_matrix import homes as homes
from web.guards.access import TABLE


@pytest.fixture
def pat(homes: Homes, sign_in: Callable[..., Browser], engines: Engines) -> tuple[Browser, str]:
    """A director of the first community who is of the second one's staff; her browser, and her account there."""
    browser = sign_in(homes.own, "director")
    with unit_of_work(engines) as db:
        account = db.query(Account).order_by(Account.created_at).filter(Account.name == "Director Made-Up").one()
        account.joined_at = NOW
        other = create_account(
            db,
            homes.foreign.id,
            email=account.email,
            name="Pat",
            password=None,
            roles=("staff",),
            now=NOW,
            is_taken_up=True,
        )
    return browser, other


def test_what_is_the_other_communitys_is_as_absent_as_what_never_was(
    app: Flask, homes: Homes, pat: tuple[Browser, str]
) -> None:
    browser, _ = pat
    nowhere = browser.get("/nowhere").data

    for _, path in addresses(app, homes.values["foreign"], only_with=tuple(homes.values["missing"])):
        answer = browser.get(path)
        assert (answer.status_code, answer.data) == (404, nowhere), path
    for _, path in addresses(app, homes.values["own"]):
        text = browser.get(path).data.decode(errors="replace")
        assert homes.foreign.id not in text, path
        assert "Oak Cottage" not in text, path


def test_her_role_is_the_one_of_the_community_that_she_is_in(
    app: Flask, homes: Homes, pat: tuple[Browser, str], engines: Engines
) -> None:
    browser, other = pat
    assert browser.send("/choose-community", account=other).location == "/today"
    nowhere = browser.get("/nowhere").data

    for endpoint, path in addresses(app, homes.values["foreign"]):
        answer = browser.get(path)
        if "staff" in TABLE[endpoint].roles:
            assert answer.status_code in (200, 302), path
        else:
            assert (answer.status_code, answer.data) == (404, nowhere), path
    with reading(engines) as db:
        mine = db.get_one(Account, other)
        assert mine.community_id == homes.foreign.id
    resident = homes.values["own"]["resident_id"]
    assert browser.get(f"/people/{resident}").status_code == 404  # of the community that she directs, and is not in
