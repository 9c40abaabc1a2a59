"""What was told is corrected in its own form, filtered in the list, and told from the page that one is on."""

from collections.abc import Callable

import pytest

from milieu.database import Engines, unit_of_work
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

THURSDAY, FRIDAY = "2026-12-03", "2026-12-04"


@pytest.fixture
def director(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday")])
    browser = sign_in(elm)
    given = {"who": elm.facilitators["gita"].id, "first": THURSDAY, "last": "", "part": "morning", "reason": "a cold"}
    browser.send("/changed/absence", "/changed?kind=absence", **given)
    return browser


def line(director: Browser) -> str:
    """The way to correct what stands first in the list."""
    return "/changed/line/" + director.get("/changed").text.split('href="/changed/line/')[1].split('"')[0]


def test_the_form_holds_what_was_told_and_saves_it_in_place(director: Browser, elm: CommunityBuilder) -> None:
    path, finn = line(director), elm.facilitators["finn"].id
    form = director.get(path).text
    assert f'<option value="{elm.facilitators["gita"].id}" selected>' in form
    assert 'name="first" type="date" required value="2026-12-03"' in form
    assert '<option value="morning" selected>' in form
    assert 'name="reason" maxlength="200" autocomplete="off" value="a cold"' in form

    wrong = director.send(path, path, who=finn, first=FRIDAY, last=THURSDAY, part="", reason="", version="1")
    assert wrong.status_code == 422
    assert "The last day is before the first." in wrong.text
    answer = director.send(path, path, who=finn, first=THURSDAY, last="", part="", reason="", version="1")

    assert answer.location == "/week/2026-11-30/choices"  # it stands against the choir now
    page = words(director.get("/changed").text)
    assert "Finn Made-Up is away on Thursday 3 December." in page
    assert "Told before: Gita Made-Up is away on Thursday 3 December, in the morning." in page
    assert "1 published session stands against it: Choir, Thu 3 10:00." in page


def test_an_older_version_is_told_and_nothing_is_overwritten(director: Browser, elm: CommunityBuilder) -> None:
    path, finn = line(director), elm.facilitators["finn"].id
    assert director.send(path, path, who=finn, first=FRIDAY, version="1").status_code == 303
    late = director.send(path, path, who=finn, first=THURSDAY, version="1")
    assert late.status_code == 409
    assert "Somebody changed this while you were writing." in late.text
    assert "Finn Made-Up is away on Friday 4 December." in words(director.get("/changed").text)


def test_the_list_shows_what_one_asks_it_for(director: Browser, elm: CommunityBuilder) -> None:
    ada, choir = elm.residents["ada"].id, elm.activities["choir"].id
    no = {"who": ada, "what": f"activity:{choir}", "for": "good", "last": ""}
    director.send("/changed/refusal", "/changed?kind=refusal", **no)
    both = words(director.get("/changed").text)
    assert "is away on Thursday" in both
    assert "said no to Choir" in both

    for did, there, gone in (("gone", "said no to Choir", "is away"), ("nothing", "is away", "said no to Choir")):
        found = words(director.get(f"/changed?did={did}").text)
        assert there in found
        assert f"Made-Up {gone}" not in found
    assert "Nothing of what was told is like that." in words(director.get("/changed?did=back").text)
    assert "Nothing of what was told is like that." in words(director.get("/changed?by=nobody").text)


def test_the_form_is_filled_in_from_where_one_comes(director: Browser, elm: CommunityBuilder) -> None:
    ada, finn, lounge = elm.residents["ada"].id, elm.facilitators["finn"].id, elm.spaces["lounge"].id
    for page, kind, who, first in (
        (f"/people/{ada}", "busy", ada, ""),
        (f"/people/{ada}", "bed", ada, ""),
        (f"/people/{ada}", "hospital", ada, ""),
        (f"/house/team/{finn}", "absence", finn, ""),
        (f"/house/spaces/{lounge}", "closure", lounge, ""),
        ("/week/2026-11-30/session/thursday", "absence", finn, f"&amp;first={THURSDAY}"),
        ("/week/2026-11-30/session/thursday", "closure", lounge, f"&amp;first={THURSDAY}"),
    ):
        address = f"/changed?kind={kind}&amp;who={who}{first}"
        assert f'href="{address}#tell"' in director.get(page).text, page
        form = director.get(address.replace("&amp;", "&")).text
        assert f'<option value="{who}" selected>' in form
        assert f'name="first" type="date" required value="{THURSDAY if first else "2026-12-02"}"' in form
    noes = director.get(f"/changed?kind=busy&who={ada}").text
    assert (
        f'href="/changed?kind=refusal&amp;who={ada}#tell"' in noes
    )  # whom it is about stays while one chooses what it is
    assert 'href="/changed?kind=absence#tell"' in noes
