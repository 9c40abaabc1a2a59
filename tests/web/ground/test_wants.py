"""What a living group wants: its aims, and its council's wishes with the answers, on the group's own page."""

import re
from collections.abc import Callable

from sqlalchemy import select

from milieu.database import Engines, reading
from milieu.models import CouncilWish, GroupAim
from tests.milieu.builders import CommunityBuilder
from tests.web.conftest import Browser


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_an_aim_and_a_wish_with_its_answer(
    elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    browser, group = sign_in(elm), elm.groups["garden"].id
    page = f"/living-groups/{group}/wants"

    browser.send(f"{page}/aims", page, domain="creative", members="4", sessions_a_week="2", weight="1")
    browser.send(f"{page}/council", page, wish="Supper at six", said_on="2026-11-20", answer="", answered_on="")

    own = words(browser.get(f"/living-groups/{group}").text)
    assert "at least 2 times a week, with 4 of them." in own
    assert "The council: Supper at six not answered yet" in own
    with reading(engines) as db:
        aim, wish = db.scalars(select(GroupAim)).one(), db.scalars(select(CouncilWish)).one()
        assert (aim.living_group_id, aim.domain, aim.members, aim.min_sessions) == (group, "creative", 4, 2)
    half = {"wish": "Supper at six", "said_on": "2026-11-20", "answer": "From Monday", "version": "1"}
    refused = browser.send(f"{page}/council/{wish.id}", page, **half, answered_on="")
    assert (refused.status_code, "An answer has its day" in refused.text) == (422, True)
    browser.send(f"{page}/council/{wish.id}", page, **half, answered_on="2026-12-01")
    assert "The council: Supper at six Answer: From Monday" in words(browser.get(f"/living-groups/{group}").text)
    river = f"/living-groups/{elm.groups['river'].id}/wants"
    assert browser.send(f"{river}/council/{wish.id}/end", river, version="2").status_code == 404
    browser.send(f"{page}/aims/{aim.id}/end", page, version="1")
    assert "at least 2 times" not in browser.get(f"/living-groups/{group}").text
    assert sign_in(elm, "staff").get(page).status_code == 404


def test_what_became_of_them_is_told_and_undone_where_nothing_came_after(
    elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    browser, group = sign_in(elm), elm.groups["garden"].id
    page = f"/living-groups/{group}/wants"
    browser.send(f"{page}/aims", page, domain="creative", members="4", sessions_a_week="2", weight="1")
    with reading(engines) as db:
        aim = db.scalars(select(GroupAim)).one().id
    changed = {"domain": "creative", "members": "6", "sessions_a_week": "2", "weight": "1", "version": "1"}
    browser.send(f"{page}/aims/{aim}", page, **changed)

    shown = browser.get(page).text
    said = words(shown)
    assert "with 6 of them: So many of them are there: 4 → 6" in said
    assert "with 6 of them: noted" in said
    ways = re.findall(rf'action="({page}/undo/[^"]+)"', shown)
    assert len(ways) == 1, "what a change came after is not undone"
    assert browser.send(ways[0].replace(group, elm.groups["river"].id), page).status_code == 404
    assert browser.send(ways[0], page).status_code == 303
    with reading(engines) as db:
        assert db.scalars(select(GroupAim.members)).one() == 4
    assert "with 4 of them: undone" in words(browser.get(page).text)

    browser.send(f"{page}/aims/{aim}/end", page, version="3")
    ended = browser.get(page).text
    assert "with 4 of them: holds no longer" in words(ended)
    browser.send(re.findall(rf'action="({page}/undo/[^"]+)"', ended)[0], page)
    assert "at least 2 times a week, with 4 of them." in words(browser.get(f"/living-groups/{group}").text)
