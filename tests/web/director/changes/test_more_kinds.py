"""In hospital, in bed, short of hands, a guest for some of the people and one who cancels: told in their own forms."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from milieu.database import Engines, unit_of_work
from milieu.models import Facilitator
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

THURSDAY, FRIDAY = "2026-12-03", "2026-12-04"


@pytest.fixture
def director(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday")])
    return sign_in(elm)


def told(director: Browser, kind: str, **given: object) -> str:
    answer = director.send(f"/changed/{kind}", f"/changed?kind={kind}", **given)
    assert answer.status_code == 303, words(answer.text)
    return words(director.get("/changed").text)


def test_what_becomes_of_a_resident(director: Browser, elm: CommunityBuilder) -> None:
    ada, ben = elm.residents["ada"].id, elm.residents["ben"].id
    page = told(director, "hospital", who=ada, first=THURSDAY, back="")
    assert "Ada Made-Up is in hospital from Thursday 3 December on." in page
    assert "1 published session stands against it: Choir, Thu 3 10:00." in page

    path = "/changed/line/" + director.get("/changed").text.split('href="/changed/line/')[1].split('"')[0]
    assert director.send(path, path, who=ada, first=THURSDAY, back=FRIDAY, version="1").status_code == 303
    form = director.get(path).text
    assert f'name="back" type="date" value="{FRIDAY}"' in form
    assert "is in hospital from Thursday 3 December and back on Friday 4 December." in words(
        director.get("/changed").text
    )

    page = told(director, "bed", who=ben, first=THURSDAY, last="", part="morning")
    assert "Ben Made-Up stays in bed from Thursday 3 December on, in the morning." in page


def test_short_of_hands(director: Browser, elm: CommunityBuilder) -> None:
    wrong = director.send("/changed/hands", "/changed?kind=hands", first=THURSDAY, helpers="few", part="")
    assert wrong.status_code == 422
    assert "Please write a whole number, or nothing." in wrong.text

    finn = elm.facilitators["finn"].id
    page = told(director, "hands", first=THURSDAY, last=FRIDAY, part="", helpers="2", leaders=[finn])
    assert "Hands are short from Thursday 3 December to Friday 4 December: 2 can bring people; without Finn" in page
    assert "1 published session stands against it: Choir, Thu 3 10:00." in page


def test_a_guest_for_some_who_cancels(director: Browser, engines: Engines, elm: CommunityBuilder) -> None:
    assert "No guest from outside is to come." in director.get("/changed?kind=cancelled").text
    visit = {
        "activity": elm.activities["choir"].id,
        "space": elm.spaces["lounge"].id,
        "first": FRIDAY,
        "start": "15:00",
    }
    group = elm.groups["river"].id
    page = told(director, "guest", **visit, guest="Ida Fiddler", leader="", helper="", groups=[group])
    assert "Choir is fixed for Friday 4 December at 15:00: Lounge, Ida Fiddler; for River wing." in page

    form = director.get("/changed?kind=cancelled").text
    guest = form.split("Ida Fiddler: Choir, Fri 4 15:00")[0].rsplit('value="', 1)[1].split('"')[0]
    with unit_of_work(engines) as db:
        elm.db = db
        elm.facilitators["ida"] = db.scalars(select(Facilitator).where(Facilitator.name == "Ida Fiddler")).one()
        elm.publication([Held("choir", "lounge", 4, "15:00", ["ida"], ["dov"], ref="concert")])
    session = director.get("/week/2026-11-30/session/concert").text
    assert f'href="/changed?kind=cancelled&amp;who={guest}#tell"' in session
    page = told(director, "cancelled", who=guest, reason="")
    assert "Ida Fiddler does not come on Friday 4 December at 15:00 for Choir." in page
    assert "No guest from outside is to come." in director.get("/changed?kind=cancelled").text


def test_the_floor_tells_who_stays_in_bed_today(
    director: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    staff, ada = sign_in(elm, "staff"), elm.residents["ada"].id
    path, form = "/today/changed/bed", "/today/changed?kind=bed"
    given = {"who": ada, "first": "2026-12-02", "part": ""}
    assert staff.send(path, form, **given, last="").status_code == 422
    assert staff.send(path, form, **given, last="2026-12-02").status_code == 303
    assert "Ada Made-Up stays in bed on Wednesday 2 December." in words(staff.get("/today/changed").text)
