"""A week that cannot be planned: what could be lifted, what it costs, and the press that lifts it and plans again."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Activity, Change, Pin, Requirement, Run
from milieu.services.facts.visiting import Visit, tell_visit
from milieu.services.teller import Teller
from milieu.services.weeks.plans.again import Again, Only
from milieu.solving.problem.document import make_problem
from solver.documents import exchange
from tests.milieu.builders import NOW, CommunityBuilder
from tests.web.builders import NEXT_MONDAY
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

ASKED = Again(1, Only((NEXT_MONDAY,))).as_json()


@pytest.fixture
def impossible(elm: CommunityBuilder, engines: Engines) -> str:
    """A run of next week that stumbled over one demand of each kind."""
    choir, ada = elm.activities["choir"], elm.residents["ada"]
    pin = {"community_id": elm.id, "week_start": NEXT_MONDAY, "session_ref": "choir-1", "made_at": NOW}
    fixed = {"activity": choir.id, "day": 1, "start": "10:00"}
    with unit_of_work(engines) as db:
        elm.db = db
        db.get_one(Activity, (elm.id, choir.id)).sessions_min = 2
        elm.requirement(ada, elm.activities["walk"])
        db.add(Pin(**pin, kind="session", fixed=fixed))
        db.add(Pin(**pin, kind="attend", resident_id=ada.id))
        guest = Visit(elm.activities["chess"].id, elm.spaces["studio"].id, NEXT_MONDAY, 600, guest="A made-up guest")
        tell_visit(db, Teller(elm.id, None, NOW), guest)
    with unit_of_work(engines) as db:
        source = make_problem(db, elm.id, NEXT_MONDAY, NOW, repair=False)
        conflict: list[dict[str, Any]] = [
            {"rule": "R6", "activity": choir.id},
            {"rule": "R14", "resident": ada.id, "activity": elm.activities["walk"].id},
            *({"rule": "R18", "pin": number} for number, _pin in enumerate(source.document.pins)),
        ]
        answer = {"format": "milieu-schedule/2", "problem": source.digest, "status": "infeasible", "objective": None}
        answer |= {"bound": None, "sessions": [], "terms": {}, "conflict": conflict, "because": ["It clashes."]}
        run = Run(
            community_id=elm.id,
            kind="plan",
            state="impossible",
            week_start=NEXT_MONDAY,
            requested_at=NOW,
            seconds_limit=15,
            seed=1,
            problem=source.raw.decode(),
            schedule=json.dumps(answer),
            because={"because": ["It clashes."], "notes": []},
            asked=ASKED,
        )
        db.add(run)
        db.flush()
        exchange.read_schedule(json.dumps(answer).encode(), source.document)
        return f"/run/{run.id}"


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def test_each_demand_is_told_with_what_lifting_it_costs(director: Browser, impossible: str) -> None:
    page = director.get(impossible).text
    said = words(page)

    assert "It clashes." in said
    assert "Choir, at least 2 times a week" in said
    assert "people who like it may be invited to less of it." in said or "person who likes it may be" in said
    assert "The care plan of Ada Made-Up asks for Walk" in said
    assert "Choir is fixed, Tuesday 8 December 10:00" in said
    assert "Ada Made-Up is fixed in Choir, Tuesday 8 December 10:00" in said
    assert "Chess, Monday 7 December 10:00: a special day" in said
    assert page.count("Lift it and plan again") == 4


def key_of(page: str, begins: str) -> str:
    keys = [part.partition('"')[0] for part in page.split('name="key" value="')[1:]]
    return next(each for each in keys if each.startswith(begins))


def test_each_is_lifted_where_it_is_kept_and_the_week_is_planned_again(
    director: Browser, impossible: str, engines: Engines, elm: CommunityBuilder
) -> None:
    for begins in ("R6", "R14", "R18", "R18"):
        page = director.get(impossible).text
        answer = director.send(f"{impossible}/lift", impossible, key=key_of(page, begins))
        assert (answer.status_code, answer.location.startswith("/run/")) == (303, True)
        assert answer.location != impossible

    with reading(engines) as db:
        assert db.get_one(Activity, (elm.id, elm.activities["choir"].id)).sessions_min == 0
        assert not [row for row in db.query(Requirement) if row.valid_until is None]
        assert [row.fixed["activity"] for row in db.query(Pin) if row.fixed] == [elm.activities["chess"].id]
        assert [row.asked for row in db.query(Run).filter_by(state="queued")] == [ASKED]
        assert {"let go"} <= {row.verb for row in db.query(Change)}


def test_what_is_not_there_to_lift_is_not_lifted(director: Browser, impossible: str, engines: Engines) -> None:
    for key in ("R6|none", "R18|none", ""):
        assert director.send(f"{impossible}/lift", impossible, key=key).status_code == 404
    with reading(engines) as db:
        assert db.query(Run).count() == 1
