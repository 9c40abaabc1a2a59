"""Pages for what went wrong say what happened and what to do, and nothing of what lies behind."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from structlog.testing import capture_logs

from milieu.errors import Busy, Conflict, Invalid, NotAllowed, NotFound, Unwritable
from tests.milieu.builders import CommunityBuilder
from tests.web.conftest import Browser
from web.guards.access import ANYONE, TABLE, Access
from web.guards.fields import MOST_FIELDS


@pytest.fixture
def raising(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Make /raise raise something."""

    def do(error: Exception) -> None:
        def view() -> str:
            raise error

        monkeypatch.setitem(TABLE, "raise", Access(ANYONE, "a test's"))
        app.add_url_rule("/raise", "raise", view)

    return do


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (NotFound("There is no such thing."), 404, "This page is not there"),
        (NotAllowed("Not for you."), 404, "This page is not there"),
        (Conflict("Somebody was quicker.", ["Choir is full."]), 409, "Choir is full."),
        (Invalid("That is no week.", ["residents.csv, row 3"]), 422, "residents.csv, row 3"),
        (Busy("The database is busy. Nothing was saved."), 503, "The database is busy."),
        (Unwritable("The disk is full."), 503, "Nothing can be saved just now"),
        (RuntimeError("Mrs Osei, room 12"), 500, "Something went wrong on our side"),
    ],
)
def test_each_error_has_its_page(
    error: Exception, status: int, told: str, raising: Callable[[Exception], None], browser: Browser
) -> None:
    raising(error)

    answer = browser.get("/raise")

    assert (answer.status_code, told in answer.text) == (status, True)


def test_a_fault_is_logged_with_a_number_and_without_a_name(
    raising: Callable[[Exception], None], browser: Browser
) -> None:
    raising(RuntimeError("Mrs Osei, room 12"))

    with capture_logs() as logs:
        answer = browser.get("/raise")

    (line,) = [each for each in logs if each["event"] == "request failed"]
    assert line["request"] in answer.text
    assert (line["endpoint"], line["kind"]) == ("raise", "RuntimeError")
    assert "Osei" not in json.dumps(logs)
    assert "Osei" not in answer.text


def test_methods_that_a_page_does_not_have(
    browser: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    answer = sign_in(elm).get("/sign-out")

    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"OPTIONS", "POST"})


def test_too_much_at_once(browser: Browser) -> None:
    answer = browser.post("/sign-in", data={"email": "x" * 1_100_000})

    assert (answer.status_code, "too large" in answer.text) == (413, True)


@pytest.mark.parametrize(("fields", "status"), [(MOST_FIELDS, 400), (MOST_FIELDS + 1, 413)])
def test_more_fields_than_a_form_has(browser: Browser, fields: int, status: int) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = browser.post("/sign-in", data="&".join(["a"] * fields), headers={"Content-Type": kind})

    assert answer.status_code == status  # the other one lacks its token


@pytest.mark.parametrize(
    "path", ["/%00", "/week/2026-02-30", "/week/0000-00-00", "/week/x", "/..%2f", "/people/" + "x" * 5000]
)
def test_odd_addresses_are_not_there(path: str, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    assert sign_in(elm).get(path).status_code == 404
