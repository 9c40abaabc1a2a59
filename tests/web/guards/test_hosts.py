"""A name that is not ours gets one plain line; ours in any letters, and the watchers by address, get their answer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from structlog.testing import capture_logs

from milieu.database import Engines
from milieu.settings import Settings
from tests.milieu.builders import FixedClock
from web.app import create_app

OURS = "milieu.example,.homes.example"


@pytest.fixture
def app_of(engines: Engines, clock: FixedClock, tmp_path: Path) -> Callable[..., Flask]:
    def make(**given: object) -> Flask:
        app = create_app(Settings(data_dir=tmp_path, secret_key="for tests only", **given), engines, clock)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        return app

    return make


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "milieu.example.evil.example",
        "xmilieu.example",
        "homes.example@evil.example",
        "127.0.0.1",
        "",
        "a b",
        "milieu.example:99999999",
        "[::1",
        "milieu.example, evil.example",
        "m\xfclieu.example",
        "..homes.example",
        "a..homes.example",
        f"{'a' * 64}.homes.example",
    ],
)
@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/static/milieu.css"])
def test_foreign_host_gets_a_plain_400(host: str, path: str, app_of: Callable[..., Flask]) -> None:
    browser = app_of(trusted_hosts=OURS).test_client()

    with capture_logs() as logs:
        answer = browser.get(path, headers={"Host": host})

    assert (answer.status_code, answer.content_type) == (400, "text/plain; charset=utf-8")
    assert answer.text == "Milieu does not answer to this name.\n"
    assert [line["event"] for line in logs] == ["host.refused"]


@pytest.mark.parametrize(
    "host",
    ["milieu.example", "MILIEU.Example", "milieu.example:8000", "milieu.example.", "homes.example", "a.Homes.example"],
)
def test_own_host_answers_in_any_letters(host: str, app_of: Callable[..., Flask]) -> None:
    assert app_of(trusted_hosts=OURS).test_client().get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(("path", "statuses"), [("/healthz", {200}), ("/readyz", {200, 503})])
def test_who_watches_asks_by_address(path: str, statuses: set[int], app_of: Callable[..., Flask]) -> None:
    answer = app_of(trusted_hosts=OURS).test_client().get(path, headers={"Host": "10.0.0.7:8000"})

    assert (answer.status_code in statuses, answer.is_json) == (True, True)


def test_name_that_a_trusted_proxy_tells_is_the_one_that_counts(app_of: Callable[..., Flask]) -> None:
    browser = app_of(trusted_hosts=OURS, trusted_proxies=1).test_client()

    told = {"Host": "127.0.0.1:8000", "X-Forwarded-Host": "milieu.example"}
    assert browser.get("/sign-in", headers=told).status_code == 200
    assert browser.get("/sign-in", headers=told | {"X-Forwarded-Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("host", ["", "a b", "[::1", "milieu.example:0", "<script>", "m\xfclieu.example"])
def test_host_that_cannot_be_read_is_no_fault_where_all_are_answered(host: str, app_of: Callable[..., Flask]) -> None:
    assert app_of().test_client().get("/sign-in", headers={"Host": host}).status_code in (200, 400)


@pytest.mark.parametrize("host", [".", "..", "a..b", "a" * 64, "..:8000"])
@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/healthz"])
def test_what_can_be_no_name_gets_a_plain_400(host: str, path: str, app_of: Callable[..., Flask]) -> None:
    with capture_logs() as logs:
        answer = app_of().test_client().get(path, headers={"Host": host})

    assert (answer.status_code, [line["event"] for line in logs]) == (400, ["host.refused"])
