"""Ties on a person's page: every kind noted, seen, changed and ended there, by who may know them."""

import re
from collections.abc import Callable

from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Tie
from tests.milieu.builders import NOW, CommunityBuilder
from tests.web.conftest import Browser


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_from_noting_to_ending(elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]) -> None:
    browser, ada, cleo = sign_in(elm), elm.residents["ada"].id, elm.residents["cleo"].id
    page = f"/people/{ada}/ties"

    noted = browser.send(page, page, other=cleo, kind="helps", named_by="one", seen_by="director", until="")

    assert noted.status_code in (302, 303)
    own = words(browser.get(f"/people/{ada}").text)
    assert "Cleo Made-Up , 3: one helps the other" in own
    assert "Cleo" not in words(sign_in(elm, "staff").get(f"/people/{ada}").text)
    again = browser.send(page, page, other=cleo, kind="helps", named_by="", seen_by="team", until="")
    assert (again.status_code, "This is noted already" in again.text) == (409, True)
    with reading(engines) as db:
        tie = db.scalars(select(Tie).where(Tie.kind == "helps")).one()
    one = f"{page}/{tie.id}"

    stale = browser.send(one, page, kind="neighbour", named_by="", seen_by="team", version="7")
    assert (stale.status_code, "Somebody changed this meanwhile" in stale.text) == (409, True)
    browser.send(one, page, kind="neighbour", named_by="both", seen_by="team", version="1")
    assert "Cleo Made-Up , 3: neighbours" in words(sign_in(elm, "staff").get(f"/people/{ada}").text)
    foreign = f"/people/{elm.residents['dov'].id}/ties"
    assert browser.send(f"{foreign}/{tie.id}/end", foreign, version="2").status_code == 404
    with unit_of_work(engines) as db:
        db.get_one(Tie, (elm.id, tie.id)).asks_on = NOW.date()
    assert "Does it still hold?" in browser.get(f"/people/{ada}").text
    browser.send(f"{one}/still", page, version="3")
    assert "Does it still hold?" not in browser.get(f"/people/{ada}").text
    browser.send(f"{one}/end", page, version="4")
    assert "Cleo" not in words(browser.get(f"/people/{ada}").text)


def test_who_is_chosen_is_told_of_at_the_field(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    page = f"/people/{elm.residents['ada'].id}/ties"

    answer = sign_in(elm).send(page, page, other="", kind="friend", seen_by="team", until="")

    assert answer.status_code == 422
    assert "Please choose somebody who lives here." in words(answer.text)
