"""Logs tell what happened by ids, codes and milliseconds, and nothing about anybody."""

import json
from collections.abc import Callable

from structlog.testing import capture_logs

from milieu.database import Engines, unit_of_work
from tests.milieu.builders import MONDAY, CommunityBuilder, Held
from tests.web.conftest import Browser


def test_a_line_for_each_request_and_no_name_in_any(
    elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        for resident in elm.residents.values():
            db.merge(resident).family_name = "Canary"
        elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")])
    browser = sign_in(elm)

    with capture_logs() as logs:
        for path in (f"/week/{MONDAY}", f"/week/{MONDAY}/session/choir-1", "/people?band=Canary", "/Canary"):
            browser.get(path)
        browser.post("/sign-in?Canary", data={"email": "canary@elm.example", "password": "Canary"})

    lines = [each for each in logs if each["event"] == "request"]
    assert [(line["endpoint"], line["status"]) for line in lines] == [
        ("director.week", 200),
        ("director.session", 200),
        ("director.people", 200),
        (None, 404),
        ("account.sign_in", 400),
    ]
    assert all(line["ms"] >= 0 and len(line["request"]) == 16 for line in lines)
    assert "canary" not in json.dumps(logs).lower()
    assert "Made-Up" not in json.dumps(logs)
