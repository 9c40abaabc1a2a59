"""A living group's page on the floor: what it wants, how often that is this week, its council, its sessions."""

from datetime import date, timedelta

from milieu.database import Engines, unit_of_work
from milieu.models import CouncilWish, GroupAim
from milieu.services.attendance import mark_held
from tests.milieu.builders import CommunityBuilder, FixedClock
from tests.web.conftest import Browser
from tests.web.staff.floor import ASKING, CHOIR, text_of


def test_the_team_sees_what_its_group_wants_and_where_its_people_go(
    elm: CommunityBuilder, engines: Engines, joe: Browser
) -> None:
    garden = elm.groups["garden"].id
    group = {"community_id": elm.id, "living_group_id": garden}
    with unit_of_work(engines) as db:
        elm.db = db
        elm.tie(elm.residents["ada"], elm.residents["ben"], -3)
        db.add(GroupAim(**group, domain="creative", members=2, min_sessions=2))
        db.add(GroupAim(**group, domain="", members=9, min_sessions=1))
        db.add(CouncilWish(**group, wish="Supper at six", said_on=date(2026, 11, 20)))
        said = {"answer": "From Monday on", "answered_on": date(2026, 11, 24)}
        db.add(CouncilWish(**group, wish="More music", said_on=date(2026, 11, 21), **said))
    assert f'href="/today/group/{garden}"' in joe.get(f"/today?unit={garden}").text
    page = joe.get(f"/today/group/{garden}")
    text = text_of(page.text)

    assert page.status_code == 200
    assert "at least 2 times a week, with 2 of them. This week once." in text
    assert "at least once a week, with 9 of them. Not this week." in text
    assert "Supper at six 20 November 2026 not answered yet" in text
    assert "More music 21 November 2026 Answer: From Monday on" in text
    assert "Ada" not in text, "nobody is named, and no tie is told"
    assert f'href="/today/2026-12-02/session/{CHOIR}"' in page.text
    assert "Tuesday" not in text, "what is over is not told"
    assert "A visit" not in text
    friday = [part.split('"')[0] for part in page.text.split('href="') if part.startswith("/today/2026-12-03/session/")]
    assert [joe.get(path).status_code for path in friday] == [200]

    with unit_of_work(engines) as db:
        mark_held(db, elm.id, CHOIR, False, by=None, now=ASKING)
    off = text_of(joe.get(f"/today/group/{garden}").text)
    assert "with 2 of them. Not this week." in off
    assert "not held" in off


def test_a_group_of_elsewhere_is_not_there(elm: CommunityBuilder, joe: Browser) -> None:
    assert joe.get("/today/group/nowhere").status_code == 404


def test_of_a_week_that_is_not_published_nothing_is_counted(
    elm: CommunityBuilder, engines: Engines, clock: FixedClock, joe: Browser
) -> None:
    garden = elm.groups["garden"].id
    with unit_of_work(engines) as db:
        db.add(GroupAim(community_id=elm.id, living_group_id=garden, domain="", members=1, min_sessions=1))
    clock.present = ASKING - timedelta(days=28)
    text = text_of(joe.get(f"/today/group/{garden}").text)
    assert "This week is not published yet." in text
    assert "with 1 of them." in text
    assert "Not this week" not in text
