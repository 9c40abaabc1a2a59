"""Forms: only from our own pages, and done once however often they arrive."""

import re
import threading
from collections.abc import Callable

import pytest

from milieu.database import Engines, reading
from milieu.models import HandledRequest, Run
from tests.milieu.builders import CommunityBuilder
from tests.web.builders import draft
from tests.web.conftest import Browser

PLAN = "/week/2026-12-07/plan"
PAGE = "/week/2026-12-07"


def hidden(browser: Browser, page: str = PAGE) -> dict[str, str]:
    return dict(re.findall(r'name="(csrf_token|form_key)" value="([^"]+)"', browser.get(page).text))


def runs(engines: Engines) -> int:
    with reading(engines) as db:
        return db.query(Run).count()


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def test_a_form_without_its_token_does_nothing(director: Browser, engines: Engines) -> None:
    fields = hidden(director)

    answer = director.post(PLAN, data={"form_key": fields["form_key"]})

    assert (answer.status_code, runs(engines)) == (400, 0)
    assert "Nothing was saved" in answer.text


def test_somebody_elses_token_does_nothing(
    director: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    others = hidden(sign_in(elm))

    assert (director.post(PLAN, data=others).status_code, runs(engines)) == (400, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8001"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_does_nothing(headers: dict[str, str], director: Browser, engines: Engines) -> None:
    answer = director.post(PLAN, data=hidden(director), headers=headers)

    assert (answer.status_code, runs(engines)) == (400, 0)


def test_a_form_from_our_own_page_is_done(director: Browser, engines: Engines) -> None:
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    answer = director.post(PLAN, data=hidden(director), headers=own)

    assert (answer.status_code, runs(engines)) == (303, 1)


def test_the_same_form_twice_is_answered_alike_and_done_once(director: Browser, engines: Engines) -> None:
    fields = hidden(director)

    first, second = director.post(PLAN, data=fields), director.post(PLAN, data=fields)

    assert (first.status_code, first.location) == (second.status_code, second.location)
    with reading(engines) as db:
        assert (db.query(Run).count(), db.query(HandledRequest).count()) == (1, 1)


def test_twenty_at_once_are_one(director: Browser, app: object, engines: Engines) -> None:
    fields, token = hidden(director), director.get_cookie("milieu").value
    places: list[str | None] = []

    def send() -> None:
        other = director.application.test_client()
        other.set_cookie("milieu", token)
        places.append(other.post(PLAN, data=fields).location)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(places) == 20
    assert len(set(places)) == 1
    assert runs(engines) == 1


def test_a_second_form_finds_the_run_under_way(director: Browser, engines: Engines) -> None:
    first = director.post(PLAN, data=hidden(director))
    second = director.post(PLAN, data=hidden(director, "/week/2026-11-30"))

    assert (first.location == second.location, runs(engines)) == (True, 1)


@pytest.mark.parametrize("key", ["", "short", "x" * 65])
def test_a_form_without_a_proper_key_is_refused(key: str, director: Browser, engines: Engines) -> None:
    answer = director.post(PLAN, data={**hidden(director), "form_key": key})

    assert (answer.status_code, runs(engines)) == (422, 0)


def test_a_key_belongs_to_one_form(director: Browser, engines: Engines) -> None:
    fields = hidden(director)
    run = director.post(PLAN, data=fields).location

    assert director.post(f"{run}/stop", data=fields).status_code == 422


def test_what_a_form_says_is_shown_once_after_it_is_saved(
    elm: CommunityBuilder, director: Browser, engines: Engines
) -> None:
    draft(engines, elm)
    answer = director.send("/week/2026-12-07/publish", **_publish_fields(director))
    said = "Published. Everybody sees it from now on."

    assert said in director.get(answer.location).text
    assert said not in director.get(answer.location).text


def _publish_fields(browser: Browser) -> dict[str, str]:
    return dict(re.findall(r'name="(plan|version)" value="([^"]+)"', browser.get("/week/2026-12-07/publish").text))
