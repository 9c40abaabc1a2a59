"""The house: what there is is listed, made, changed and ended on pages, which say first what that does to the week."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import ActivityHours, Facilitator, LivingGroup, Roster, Space, SpaceHours, SpaceRelation
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

SPACE = {
    "name": "Winter garden",
    "zone": "garden",
    "seats": "14",
    "wheelchair_places": "4",
    "comfort": "",
    "noise": "0",
    "turnaround_minutes": "15",
    "features": "piano, tall plants",
    "months": "Apr",
}


@pytest.fixture
def director(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [
                Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday"),
                Held("chess", "studio", 4, "14:00", ["gita"], ["ada", "cleo"], ref="friday"),
            ]
        )
    return sign_in(elm)


def fields(page: str) -> dict[str, Any]:
    """What the first form of a page holds as it stands: its inputs, its ticked boxes, its chosen options."""
    form = re.search(r'<form method="post" class="sheet".*?</form>', page, re.DOTALL)
    assert form
    found: dict[str, list[str]] = {}
    whole = r"(<input[^>]*>|<(select|textarea)[^>]*>(.*?)</\2>)"
    for tag, kind, inside in re.findall(whole, form[0], re.DOTALL):
        name, value = (re.search(rf' {each}="([^"]*)"', tag) for each in ("name", "value"))
        if kind == "select":
            value = re.search(r'value="([^"]*)" selected', inside)
        if name and ("checkbox" not in tag or " checked" in tag):
            found.setdefault(name[1], []).append(inside if kind == "textarea" else value[1] if value else "")
    return {name: values for name, values in found.items() if name not in ("csrf_token", "form_key")}


def test_the_house_leads_to_every_list(director: Browser, elm: CommunityBuilder) -> None:
    page = director.get("/house")

    assert page.status_code == 200
    for kind, one in (
        ("living-groups", "Garden wing"),
        ("spaces", "Lounge"),
        ("team", "Finn Made-Up"),
        ("activities", "Choir"),
    ):
        assert f'href="/house/{kind}"' in page.text
        assert one in director.get(f"/house/{kind}").text
    assert director.get("/house/attic").status_code == 404
    assert director.get("/house/spaces/nobody").status_code == 404


def test_a_space_is_made_with_a_key_of_its_own_and_changed(
    engines: Engines, director: Browser, elm: CommunityBuilder
) -> None:
    made = director.send("/house/spaces/new", **SPACE)

    page = director.get(made.location)
    assert "Saved." in page.text
    with reading(engines) as db:
        row = db.query(Space).filter_by(community_id=elm.id, name="Winter garden").one()
    assert (row.key, row.capacity, row.wheelchair_places, row.turnaround_minutes) == ("winter-garden", 14, 4, 15)
    assert (row.features, row.months, row.comfort) == (["piano", "tall plants"], [4], None)

    again = director.send(made.location, **{**fields(page.text), "seats": "18"})
    assert again.status_code == 303
    told = words(director.get(again.location).text)
    assert "Seats: 14 → 18" in told
    assert "Director Made-Up" in told
    with reading(engines) as db:
        changed = db.query(Space).filter_by(community_id=elm.id, id=row.id).one()
    assert (changed.capacity, changed.features, changed.months) == (18, ["piano", "tall plants"], [4])


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    director: Browser, elm: CommunityBuilder
) -> None:
    answer = director.send("/house/spaces/new", **{**SPACE, "name": "LOUNGE", "seats": "14"})
    assert answer.status_code == 422
    assert "Another one has this name already." in answer.text
    assert 'value="LOUNGE"' in answer.text

    answer = director.send("/house/spaces/new", **{**SPACE, "seats": "2"})
    assert answer.status_code == 422
    assert "4 wheelchairs do not fit on 2 seats." in answer.text
    assert 'value="piano" checked' in answer.text
    assert 'value="tall plants" checked' in answer.text


def test_a_fault_names_the_other_field_as_the_page_does(director: Browser, elm: CommunityBuilder) -> None:
    own = f"/house/activities/{elm.activities['choir'].id}"
    text = director.get(own).text
    typed = {"name": "Choir", "domains": "social", "minutes": "45", "group_min": "6", "group_max": "4"}
    version = text.split('name="version" value="', 1)[1].split('"', 1)[0]

    answer = director.send(own, own, **typed, version=version)

    assert "4 is below “At least so many people”, 6." in answer.text
    assert "group_min, 6" not in answer.text


def test_a_change_says_what_it_does_to_the_published_week_before_it_is_saved(
    engines: Engines, director: Browser, elm: CommunityBuilder
) -> None:
    lounge = elm.spaces["lounge"]
    path = f"/house/spaces/{lounge.id}"
    typed = {**fields(director.get(path).text), "seats": "1", "wheelchair_places": "", "comfort": ""}

    asked = director.send(path, **typed)

    assert asked.status_code == 409
    said = words(asked.text)
    assert "1 session on Thursday needs another space." in said
    assert "Lounge has 1 seat, and 2 people are invited to Choir on Thursday at 10:00." in said
    assert "Nothing is saved yet." in said
    assert seats(engines, elm, "lounge") == 12

    changed = director.post(path, data={**hidden(asked.text), "again": "yes"})
    assert changed.status_code == 200
    assert 'name="seats" value="1"' in changed.text

    saved = director.post(path, data=hidden(asked.text))
    assert saved.status_code == 303
    assert seats(engines, elm, "lounge") == 1
    other = director.send(path, **{**fields(director.get(path).text), "zone": "west"})
    assert other.status_code == 303, "what stood against the week before is no news"


def test_what_was_read_is_what_is_saved(engines: Engines, director: Browser, elm: CommunityBuilder) -> None:
    """A page that was read before somebody else's edit is asked again."""
    path = f"/house/spaces/{elm.spaces['lounge'].id}"
    typed = {**fields(director.get(path).text), "seats": "1", "wheelchair_places": "", "comfort": ""}
    asked = director.send(path, **typed)
    with unit_of_work(engines) as db:
        db.query(Roster).filter_by(community_id=elm.id, facilitator_id=elm.facilitators["gita"].id).delete()

    again = director.post(path, data=hidden(asked.text))

    assert again.status_code == 409
    assert seats(engines, elm, "lounge") == 12


def test_hours_are_added_and_ended_and_said_in_words(
    engines: Engines, director: Browser, elm: CommunityBuilder
) -> None:
    path = f"/house/team/{elm.facilitators['finn'].id}"
    page = words(director.get(path).text)
    assert "Every day, 09:00 to 17:00" in page

    given = {"days": "Sat", "date": "", "from": "17:00", "to": "20:00", "valid_from": "", "valid_until": ""}
    added = director.send(f"{path}/roster/add", path, **given)
    page = director.get(added.location).text
    assert "Saturday, 17:00 to 20:00" in words(page)
    assert "Added: Saturday, 17:00 to 20:00" in words(page)

    daily = re.search(r'action="([^"]+/end)">\s*<input.*?: Every day', page, re.DOTALL)
    assert daily
    asked = director.send(daily[1], path)
    assert asked.status_code == 409
    assert "1 session on Thursday needs somebody else to lead." in words(asked.text)
    assert 'name="again"' not in asked.text
    ended = director.post(daily[1], data=hidden(asked.text))
    assert ended.status_code == 303
    assert "Every day, 09:00 to 17:00" not in words(director.get(path).text).split("What became of it")[0]

    wrong = director.send(f"{path}/roster/add", path, **{**given, "from": "17:07"})
    assert wrong.status_code == 422
    assert "Please choose a multiple of 15 minutes" in wrong.text


def test_neighbours_are_told_on_both_pages_and_stored_once(
    engines: Engines, director: Browser, elm: CommunityBuilder
) -> None:
    ids = [elm.spaces["lounge"].id, elm.spaces["studio"].id]
    for one, other in (ids, ids[::-1]):
        answer = director.send(
            f"/house/spaces/{one}/neighbours/add", f"/house/spaces/{one}", other=other, kind="adjacent"
        )
        assert answer.status_code in (303, 422)

    with reading(engines) as db:
        (row,) = db.query(SpaceRelation).filter_by(community_id=elm.id).all()
    assert [row.space_id, row.other_id] == sorted(ids)
    assert "Studio: one hears the other" in director.get(f"/house/spaces/{ids[0]}").text
    assert "Lounge: one hears the other" in director.get(f"/house/spaces/{ids[1]}").text
    ended = director.send(f"/house/spaces/{ids[1]}/neighbours/{row.id}/end", f"/house/spaces/{ids[1]}")
    assert ended.status_code == 303
    with reading(engines) as db:
        assert db.query(SpaceRelation).filter_by(community_id=elm.id).count() == 0
    page = director.get(f"/house/spaces/{ids[0]}").text
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', page)
    assert undo
    assert director.send(undo[1], f"/house/spaces/{ids[0]}").status_code == 303
    assert "Studio: one hears the other" in director.get(f"/house/spaces/{ids[0]}").text


def test_an_end_names_what_still_uses_it_and_can_be_undone(
    engines: Engines, director: Browser, elm: CommunityBuilder
) -> None:
    finn = elm.facilitators["finn"]
    page = director.get(f"/house/team/{finn.id}/end")
    assert "1 published session to come." in page.text
    assert "1 line of the roster." in page.text

    asked = director.send(f"/house/team/{finn.id}/end", version=str(finn.version))
    assert "needs somebody else to lead" in asked.text
    assert director.post(f"/house/team/{finn.id}/end", data=hidden(asked.text)).status_code == 303
    assert "Finn" not in director.get("/house/team").text
    page = director.get(f"/house/team/{finn.id}").text
    assert "Ended on Wednesday 2 December 2026" in page
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', page)
    assert undo
    assert director.send(undo[1], f"/house/team/{finn.id}").status_code == 303
    with reading(engines) as db:
        assert db.query(Facilitator).filter_by(community_id=elm.id, id=finn.id).one().ended_on is None


def test_a_living_group_with_people_does_not_end(engines: Engines, director: Browser, elm: CommunityBuilder) -> None:
    group = next(iter(elm.groups.values()))

    page = director.get(f"/house/living-groups/{group.id}/end")
    assert "let them move to another living group first" in page.text
    assert '<button class="main">End it' not in page.text
    path = f"/house/living-groups/{group.id}"
    assert director.send(f"{path}/end", path, version="1").status_code == 409
    with reading(engines) as db:
        assert db.query(LivingGroup).filter_by(id=group.id).one().ended_on is None

    made = director.send("/house/living-groups/new", name="Hof Süd", zone="", sort="3")
    assert made.status_code == 303
    with reading(engines) as db:
        row = db.query(LivingGroup).filter_by(community_id=elm.id, name="Hof Süd").one()
    assert (row.key, row.zone, row.sort) == ("hof-süd", "Hof Süd", 3)


def test_an_activity_keeps_what_its_form_does_not_change(
    engines: Engines, director: Browser, elm: CommunityBuilder
) -> None:
    choir = elm.activities["choir"]
    path = f"/house/activities/{choir.id}"
    before = fields(director.get(path).text)

    assert before["domains"] == ["creative", "social"]
    saved = director.send(path, **{**before, "domains": ["social", "creative"], "wet_twin": elm.activities["walk"].key})

    assert saved.status_code == 303, words(saved.text)
    page = director.get(saved.location)
    assert "When it is wet, instead: nothing → Walk" in words(page.text)
    assert fields(page.text)["domains"] == ["social", "creative"]
    assert director.send(path, **fields(page.text)).status_code == 303
    assert "Nothing was changed." in director.get(path).text
    given = {"days": "", "date": "2026-12-24", "from": "15:00", "to": "16:00", "valid_from": "", "valid_until": ""}
    asked = director.send(f"{path}/hours/add", path, **given)
    assert "1 session on Thursday needs another time." in words(asked.text)
    assert 'name="again"' in asked.text
    with reading(engines) as db:
        assert db.query(ActivityHours).filter_by(community_id=elm.id).count() == 0
        assert db.query(SpaceHours).filter_by(community_id=elm.id).count() == 0


@pytest.mark.parametrize(("most", "is_told"), [("1", True), ("2", False)])
def test_a_size_that_is_lowered_below_what_is_published_says_that_they_stay_invited(
    director: Browser, elm: CommunityBuilder, most: str, is_told: bool
) -> None:
    path = f"/house/activities/{elm.activities['choir'].id}"
    typed = {**fields(director.get(path).text), "group_min": "1", "group_max": most}

    saved = director.send(path, **typed)

    said = words(director.get(saved.location).text)
    told = "1 published group asks more people than it would by now: they stay invited."
    assert (told in said) is is_told
    assert "Saved." in said


def test_whoever_comes_second_sees_both(director: Browser, elm: CommunityBuilder) -> None:
    path = f"/house/spaces/{elm.spaces['studio'].id}"
    mine = fields(director.get(path).text)
    director.send(path, **{**mine, "seats": "20"})

    answer = director.send(path, **{**mine, "seats": "22"})

    assert answer.status_code == 409
    assert "Saved meanwhile: 20" in answer.text
    assert "Last saved by Director Made-Up." in answer.text
    assert director.send(path, **{**fields(answer.text), "seats": "22"}).status_code == 303


def test_staff_and_foreign_directors_see_nothing_of_it(
    director: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    staff = sign_in(elm, "staff")
    for path in ("/house", "/house/spaces", f"/house/spaces/{elm.spaces['lounge'].id}", "/house/spaces/new"):
        assert staff.get(path).status_code == 404


def seats(engines: Engines, elm: CommunityBuilder, key: str) -> int:
    with reading(engines) as db:
        return db.query(Space).filter_by(community_id=elm.id, key=key).one().capacity


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page that asks first."""
    form = page[page.index('name="read"') - 400 :]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
