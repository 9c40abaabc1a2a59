"""What the staff tell of today: their kinds alone, of today alone, taken back by who told it alone."""

from collections.abc import Callable

import pytest

from milieu.database import Engines, unit_of_work
from milieu.models import ResidentRead, Run
from tests.milieu.builders import CommunityBuilder, Held, small_community
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

PAGE, TODAY, THURSDAY = "/today/changed", "2026-12-02", "2026-12-03"


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """A community that can be planned, on its Wednesday morning."""
    with unit_of_work(engines) as db:
        return small_community(db)


@pytest.fixture
def joe(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "15:00", ["finn"], ["ada", "ben"], ref="today")])
    return sign_in(elm, "staff")


def path_of_first(text: str) -> str:
    return "/today/changed/line/" + text.split('action="/today/changed/line/')[1].split('"')[0]


def test_a_colleague_is_away_today_and_whoever_plans_finds_what_can_be_done(
    joe: Browser, elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    assert "Something changed…" in joe.get("/today").text

    answer = joe.send(f"{PAGE}/absence", PAGE, who=elm.facilitators["finn"].id, first=TODAY, part="", reason="")

    assert answer.location == f"{PAGE}?kind=absence#told"
    page = words(joe.get(answer.location).text)
    assert "Finn Made-Up is away on Wednesday 2 December. Whoever plans the week sees what can be done." in page
    with unit_of_work(engines) as db:
        assert [run.kind for run in db.query(Run)] == ["choices"]
    assert "Looking for what can be done" in words(sign_in(elm).get("/changed").text)


def test_a_no_is_gone_at_once_and_a_slip_is_taken_back_by_who_told_it(
    joe: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    given = {"who": elm.residents["ada"].id, "what": f"activity:{elm.activities['choir'].id}", "for": "good"}
    joe.send(f"{PAGE}/refusal", f"{PAGE}?kind=refusal", **given)
    text = joe.get(PAGE).text
    assert "1 invitation was gone at once. Nobody was moved up." in words(text)
    mei = sign_in(elm, "staff")
    assert "Ada" not in words(mei.get(PAGE).text)
    assert mei.send(path_of_first(text), PAGE).status_code == 404

    assert joe.send(path_of_first(text), PAGE).status_code == 303
    assert "Taken back today" in words(joe.get(PAGE).text)


def test_of_another_day_and_of_other_things_the_director_tells(joe: Browser, elm: CommunityBuilder) -> None:
    finn = elm.facilitators["finn"].id
    for given in ({"first": THURSDAY}, {"first": TODAY, "last": THURSDAY}):
        refused = joe.send(f"{PAGE}/absence", PAGE, who=finn, part="", reason="", **given)
        assert refused.status_code == 422
        assert "Of another day please tell whoever plans the week." in refused.text
    assert joe.send(f"{PAGE}/death", PAGE, who=elm.residents["ada"].id, first=TODAY).status_code == 404
    assert joe.get(f"{PAGE}?kind=death").text.count("Somebody has died") == 0


@pytest.mark.slow(1.2)
def test_whom_the_form_names_is_in_the_record_of_reads(joe: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    joe.get(f"{PAGE}?kind=busy")

    with unit_of_work(engines) as db:
        read = {row.resident_id for row in db.query(ResidentRead).filter(ResidentRead.page == "staff.changed")}
    assert read == {row.id for row in elm.residents.values()}
