"""One table says who may call what; what it does not name answers nobody."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.milieu.builders import CommunityBuilder
from tests.web.conftest import Browser
from web.guards.access import ANYONE, TABLE, own_path


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(TABLE)


def test_an_endpoint_without_a_row_answers_nobody(
    app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    answer = sign_in(elm).get("/forgotten")

    assert (answer.status_code, "secret" in answer.text) == (404, False)


def test_a_visitor_is_asked_to_sign_in_and_comes_back(app: Flask, browser: Browser) -> None:
    closed = [rule for rule in app.url_map.iter_rules() if not rule.arguments and TABLE[rule.endpoint].roles != ANYONE]
    for rule in closed:
        if "GET" in rule.methods:
            answer = browser.get(rule.rule)
            assert (answer.status_code, answer.location) == (302, f"/sign-in?next={rule.rule}"), rule


ELSEWHERE = [
    f"{start}{host}"
    for start in (
        "//",
        "///",
        "/\\",
        "\\\\",
        "\\/",
        "/%09/",
        "/%2f/",
        "/%5c",
        "/%5C%5C",
        "/%0d%0a//",
        "https://",
        "http:/",
        "https:",
        "HTTPS://",
        "ftp://",
        "javascript:",
        "data:text/html,",
        " //",
        "\t//",
        "\n//",
        "/\t/",
        "/ /",
        "//a@",
        "/.//",
        "/x//",
    )
    for host in ("evil.example", "evil.example/week", "localhost:80@evil.example")
]


@pytest.mark.parametrize("wanted", [*ELSEWHERE, "", "evil", "week", "?x", "#x", "/\x00", "/\x7f", "/" + "x" * 1000])
def test_only_own_paths_are_gone_to(wanted: str) -> None:
    assert own_path(wanted) is None


@pytest.mark.parametrize("wanted", ["/", "/week/2026-11-30", "/people?few=1", "/week?view=published&day=3"])
def test_own_paths_stay_as_they_are(wanted: str) -> None:
    assert own_path(wanted) == wanted
