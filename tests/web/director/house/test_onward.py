"""On the way to a first week each form leads to the next step; once a week was published it leads to what was made."""

from collections.abc import Callable

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Activity, Facilitator
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

ARRIVAL = {"given_name": "Nan", "family_name": "Made-Up", "room": "9", "first": "2026-12-02"}
SPACE = {"name": "Winter garden", "seats": "14", "noise": "0", "turnaround_minutes": "0"}
TEAM = {"kind": "staff", "max_sessions_a_day": "4", "gap_minutes": "15", "support": "8"}


def test_until_something_is_published_a_form_leads_to_the_next_step(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    director, group = sign_in(elm), elm.groups["garden"].id
    new = "/house/spaces/new"
    assert director.send(new, new, **SPACE).location == "/house/first-week"
    page = director.get("/house/library").text
    assert "that your spaces and your team can hold" in page
    taken = director.send("/house/library", "/house/library", all="yes")
    assert taken.location == "/house/first-week"
    with reading(engines) as db:
        assert db.query(Activity).filter_by(community_id=elm.id).count() > 10
    arrived = director.send("/changed/arrival", "/changed?kind=arrival", **ARRIVAL, group=group)
    assert arrived.location == "/changed?kind=arrival#tell"
    assert "On to your first week" in director.get("/changed?kind=arrival").text
    assert "On to your first week" not in director.get("/changed?kind=absence").text

    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada"])])
    made = director.send(new, new, **{**SPACE, "name": "Summer garden"})
    assert made.location.startswith("/house/spaces/")
    arrived = director.send(
        "/changed/arrival", "/changed?kind=arrival", **{**ARRIVAL, "given_name": "Oto"}, group=group
    )
    assert arrived.location.startswith("/people/")
    assert "On to your first week" not in director.get("/changed?kind=arrival").text


def test_somebody_new_of_the_team_leads_to_their_roster(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    director, new = sign_in(elm), "/house/team/new"
    made = director.send(new, new, name="Rosa Delgado", **TEAM)
    with reading(engines) as db:
        rosa = db.query(Facilitator.id).filter_by(community_id=elm.id, name="Rosa Delgado").one()[0]
    assert made.location == f"/house/team/{rosa}#roster"
    hours = {"days": "Mon;Tue", "from": "09:00", "to": "17:00"}
    page = f"/house/team/{rosa}"
    assert '<a href="#roster">The weekly roster</a>' in director.get(page).text
    assert director.send(f"{page}/roster/add", page, **hours).location == "/house/first-week"


def test_what_cannot_be_held_says_so_on_the_way_in_the_list_and_on_its_page(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        baking = elm.activity("baking", needs_features=["kitchen"], needs_skills=["cooking"]).id
    director, own = sign_in(elm), f"/house/activities/{baking}"
    both = "No space has what it needs: kitchen. Nobody on a roster can lead it: cooking."

    assert f"Baking : {both}" in words(director.get("/house/first-week").text)
    assert f"Cannot be held yet. {both}" in words(director.get("/house/activities").text)
    assert f"Cannot be held yet. {both}" in words(director.get(own).text)
    assert words(director.get("/house/activities").text).count("Cannot be held yet.") == 1

    with unit_of_work(engines) as db:
        db.get_one(Facilitator, (elm.id, elm.facilitators["finn"].id)).skills = ["music", "cooking"]
    said = words(director.get(own).text)
    assert "No space has what it needs: kitchen." in said
    assert "Nobody on a roster" not in said
