"""What is entered in a real form, field by field, stands in the problem document exactly; nothing typed is lost."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Activity, Change, Resident
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.web.conftest import Browser
from tests.web.forms_read import form_at

NEXT = MONDAY + timedelta(days=7)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def submit(
    browser: Browser, page: str, action: str, typed: Mapping[str, str | list[str]], *, of: str = ""
) -> TestResponse:
    """Open a page, type into the form that leads to an address, send it; `of` is a page that was opened before."""
    form = form_at(of or browser.get(page).text, action)
    strange = typed.keys() - form.names
    assert not strange, strange
    return browser.post(action, data={**form.fields, **typed})


def document(engines: Engines, elm: CommunityBuilder, who: str = "ada") -> Mapping[str, Any]:
    """What the solver is told of somebody for next week, as plain values."""
    with reading(engines) as db:
        problem = make_problem(db, elm.id, NEXT, NOW, repair=False).document
    (found,) = [each for each in problem.residents if each.id == elm.residents[who].id]
    return found.model_dump(mode="json", by_alias=True)


Row = tuple[str, str, Mapping[str, str | list[str]], str, Any]
TABLE: tuple[Row, ...] = (
    ("needs", "needs", {"wheelchair": "yes"}, "wheelchair", True),
    ("needs", "needs", {"escort": "yes"}, "escort", True),
    ("needs", "needs", {"support": "2"}, "support", 2),
    ("needs", "needs", {"noise_max": "1"}, "noise_max", 1),
    ("needs", "needs", {"needs_familiar": "yes"}, "needs_familiar", True),
    ("needs", "needs", {"stays_in_zone": "yes"}, "zone_locked", True),
    ("needs", "needs", {"cannot": ["walks", "hears"]}, "avoids.activities", ["{walk}"]),
    ("rhythm", "rhythm", {"morning": "2", "evening": "-2"}, "times", {"morning": 2, "evening": -2}),
    ("rhythm", "rhythm", {"rest_minutes": "45"}, "rest_minutes", 45),
    ("rhythm", "rhythm", {"max_a_day": "2"}, "max_per_day", 2),
    ("rhythm", "rhythm", {"sessions_min": "2", "sessions_max": "6"}, "sessions", {"min": 2, "max": 6}),
    (
        "rhythm",
        "busy/more",
        {"kind": "bath", "days": ["Tue", "Fri"], "from": "09:15", "to": "09:45"},
        "busy",
        [{"day": day, "from": "09:15", "to": "09:45"} for day in (1, 4)],
    ),
    (
        "rhythm",
        "busy/more",
        {"kind": "appointment", "date": (NEXT + timedelta(days=2)).isoformat(), "from": "14:00", "to": "15:30"},
        "busy",
        [{"day": 2, "from": "14:00", "to": "15:30"}],
    ),
    (
        "rhythm",
        "calm/more",
        {"noise_max": "0", "from": "16:00", "to": "18:00"},
        "calm",
        [{"day": None, "from": "16:00", "to": "18:00", "noise_max": 0}],
    ),
    (
        "wishes",
        "wishes/more",
        {"activity": "{gym}", "strength": "4", "said_by": "relative"},
        "interests.{gym}",
        4,
    ),
    ("wishes", "wishes/more", {"activity": "{gym}", "strength": "-1"}, "refuses.activities", ["{gym}"]),
    ("limits", "limits/more", {"activity": "{gym}", "reason": "Dizzy"}, "avoids.activities", ["{gym}"]),
    ("limits", "limits/more", {"facilitator": "{finn}"}, "avoids.facilitators", ["{finn}"]),
    ("limits", "limits/more", {"space": "{studio}"}, "avoids.spaces", ["{studio}"]),
    (
        "aims",
        "aims/more",
        {"domain": "spiritual", "sessions_a_week": "2", "weight": "3"},
        "targets",
        [{"domain": "spiritual", "min": 2, "weight": 3}],
    ),
    ("aims", "demands/more", {"activity": "{gym}", "times_a_week": "2"}, "required", {"{gym}": 2}),
)


def _fill(value: Any, gaps: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return value.format(**gaps) if "{" in value else value
    if isinstance(value, dict):
        return {_fill(name, gaps): _fill(each, gaps) for name, each in value.items()}
    return [_fill(each, gaps) for each in value] if isinstance(value, list) else value


@pytest.fixture
def gaps(engines: Engines, elm: CommunityBuilder) -> Mapping[str, str]:
    """The ids of what forms choose; an activity that nobody likes yet, and one that asks something."""
    with unit_of_work(engines) as db:
        elm.db = db
        elm.activity("gym", sessions_max=5)
        db.get_one(Activity, (elm.id, elm.activities["walk"].id)).asks = ["walks"]
    rows = (*elm.activities.items(), *elm.spaces.items(), *elm.facilitators.items())
    return {key: row.id for key, row in rows}


@pytest.mark.parametrize(("page", "form", "typed", "place", "value"), TABLE)
def test_what_is_entered_is_what_the_solver_is_told(
    page: str,
    form: str,
    typed: Mapping[str, str | list[str]],
    place: str,
    value: Any,
    director: Browser,
    elm: CommunityBuilder,
    gaps: Mapping[str, str],
    engines: Engines,
) -> None:
    own = f"/people/{elm.residents['ada'].id}/change"
    before = document(engines, elm)

    answer = submit(director, f"{own}/{page}", f"{own}/{form}", _fill(dict(typed), gaps))

    assert answer.status_code == 303, words(answer.text)
    after = document(engines, elm)
    found: Any = after
    for step in _fill(place, gaps).split("."):
        found = found[step]
    assert found == _fill(value, gaps)
    whole = _fill(place, gaps).split(".")[0]
    others = {name for name in after if after[name] != before[name]} - {whole}
    assert others <= ({"interests"} if whole == "refuses" else set())


def test_a_no_in_two_taps_is_gone_at_once_and_only_the_right_voice_takes_it_back(
    director: Browser, elm: CommunityBuilder, engines: Engines, gaps: Mapping[str, str]
) -> None:
    ada = elm.residents["ada"].id
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday")])
    own, noes = director.get(f"/people/{ada}"), f"/people/{ada}/noes"
    assert f"{noes}?what=activity:{gaps['choir']}" in own.text

    second = director.get(f"{noes}?what=activity:{gaps['choir']}").text
    assert "Not when Finn Made-Up leads" in second
    assert "Not in: Lounge" in second
    answer = submit(director, "", noes, {}, of=second.replace('value="week"', 'value="good"', 1))

    assert answer.status_code == 303
    assert "Noted. It holds at once." in director.get(answer.location).text
    assert document(engines, elm)["refuses"]["activities"] == [gaps["choir"]]
    session = words(director.get("/week/2026-11-30/session/thursday").text)
    assert "Ada" not in session.split("Who else")[0]
    again = submit(director, noes, noes, {"what": f"activity:{gaps['choir']}"})
    assert (again.status_code, "This no is known already" in again.text) == (409, True)

    (yes,) = re.findall(rf'action="({noes}/\w+/yes)"', director.get(noes).text)
    nobody = submit(director, noes, yes, {"said_by": "speaker", "speaker": " "})
    assert (nobody.status_code, "Please say who speaks for them." in nobody.text) == (422, True)
    assert document(engines, elm)["refuses"]["activities"] == [gaps["choir"]]
    assert submit(director, noes, yes, {"said_by": "speaker", "speaker": "Una"}).status_code == 303
    assert document(engines, elm)["refuses"]["activities"] == []
    told = words(director.get(f"/people/{ada}/history").text)
    assert "No: Choir, the no is taken back" in told
    assert "who says so: who may speak for them" in told


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_there(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    own = f"/people/{elm.residents['ada'].id}/change"
    typed = {"kind": "bath", "from": "10:00", "to": "09:00", "days": ["Mon", "Wed"]}

    answer = submit(director, f"{own}/rhythm", f"{own}/busy/more", typed)

    assert answer.status_code == 422
    assert "09:00 is not after “From”, 10:00." in answer.text
    form = form_at(answer.text, f"{own}/busy/more")
    assert {name: form.fields[name] for name in typed} == {
        name: value if isinstance(value, list) else [value] for name, value in typed.items()
    }
    assert document(engines, elm)["busy"] == []


def test_two_directors_see_both_and_lose_nothing(
    director: Browser, elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    path = f"/people/{elm.residents['ada'].id}/change/asking"
    other = sign_in(elm)
    opened = other.get(path).text
    submit(director, path, path, {"how_to_invite": "Show the picture card."})

    answer = submit(other, path, path, {"how_to_invite": "Wait for her."}, of=opened)

    assert answer.status_code == 409
    assert "Saved meanwhile: Show the picture card." in words(answer.text)
    assert "Wait for her." in answer.text
    assert submit(other, path, path, {}, of=answer.text).status_code == 303
    with reading(engines) as db:
        assert db.get_one(Resident, (elm.id, elm.residents["ada"].id)).invite_how == "Wait for her."


def test_each_change_is_told_in_words_and_undone(
    director: Browser, elm: CommunityBuilder, engines: Engines, gaps: Mapping[str, str]
) -> None:
    ada = elm.residents["ada"].id
    own, history = f"/people/{ada}/change", f"/people/{ada}/history"
    before = document(engines, elm)
    submit(director, f"{own}/needs", f"{own}/needs", {"noise_max": "1", "wheelchair": "yes"})
    submit(director, f"{own}/wishes", f"{own}/wishes/more", {"activity": gaps["gym"], "strength": "5"})

    told = words(director.get(history).text)
    assert "Who they are, changed wheelchair: from no to yes noise: from also loud to quiet talk" in told
    assert "Wish: Gym, new how much: loves it most who says so: the resident" in told
    assert "Director Made-Up" in told
    assert "this page" in told

    for _ in range(2):
        undo = re.findall(rf'action="({history}/\w+/undo)"', director.get(history).text)
        assert submit(director, history, undo[0], {}).status_code == 303
    assert document(engines, elm) == before
    with reading(engines) as db:
        assert db.query(Change).filter(Change.verb == "undone").count() == 2


def test_the_page_as_of_a_day(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    ada = elm.residents["ada"].id
    path = f"/people/{ada}/change/asking"
    submit(director, path, path, {"how_to_invite": "Show the picture card."})

    assert "Show the picture card." in director.get(f"/people/{ada}").text
    then = director.get(f"/people/{ada}?on=2026-12-01").text
    assert "As it was known at the end of Tuesday 1 December." in then
    assert "Show the picture card." not in then
    assert "/change/" not in then
