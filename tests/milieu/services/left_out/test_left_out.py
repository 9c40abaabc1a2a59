"""Who misses what, and the ways to mend it; on both databases."""

from datetime import timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Attendance, Plan, Stay
from milieu.queries.residents.people import Unit
from milieu.queries.week.people_out import Share
from milieu.queries.week.weeks import draft_cards
from milieu.services.left_out.missing import Before, Known, missing_in
from milieu.services.left_out.ways import JOIN
from milieu.services.left_out.weeks import LeftOut, left_out_of
from milieu.services.teller import Teller
from milieu.solving.answer.checking import check_week
from milieu.solving.contents import Place, read_plan
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.web.builders import CHOIR, NEXT_MONDAY, draft

WING = Unit("wing", "Wing", 0)


def share(**fields: int | None) -> Share:
    return Share("ada", "Ada", WING, "1", **{"count": 0, "wished": 0, **fields})  # type: ignore[arg-type]


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


def found(engines: Engines, elm: CommunityBuilder, plan_id: str) -> LeftOut:
    with reading(engines) as db:
        plan = db.get_one(Plan, (elm.id, plan_id))
        cards = draft_cards(db, elm.id, plan_id)
        return left_out_of(db, Teller(elm.id, None, NOW), NEXT_MONDAY, cards, (plan_id, plan.version))


@pytest.mark.parametrize(
    ("person", "known", "before", "kinds"),
    [
        (share(wished=2), Known(), Before(), ("nothing",)),
        (share(most=0), Known(loved=frozenset({"choir"})), Before(no=9), ()),
        (share(), Known(), Before(no=3), ("nothing", "refused")),
        (share(), Known(), Before(no=3, yes=1), ("nothing",)),
        (share(), Known(), Before(no=2), ("nothing",)),
        (share(), Known(arrived=MONDAY), Before(groups=frozenset("ab")), ("nothing", "new")),
        (share(), Known(arrived=MONDAY), Before(groups=frozenset("abc")), ("nothing",)),
    ],
)
def test_kinds_on_both_sides_of_each_edge(person: Share, known: Known, before: Before, kinds: tuple[str, ...]) -> None:
    assert missing_in([person], [], {"ada": known}, {"ada": before}).get("ada", ()) == kinds


def test_every_way_keeps_the_rules_and_is_worth_what_it_says(engines: Engines, elm: CommunityBuilder) -> None:
    plan_id = draft(engines, elm, [CHOIR, Held("walk", "lounge", 2, "14:00", ["finn"], ["ada", "dov"], ref="walk-1")])

    left = found(engines, elm, plan_id)

    with reading(engines) as db:
        source = make_problem(db, elm.id, NEXT_MONDAY, NOW, repair=False)
        sessions = read_plan(db, db.get_one(Plan, (elm.id, plan_id)))
    stood = check_week(source, sessions)
    joins = [(each.share.resident_id, way) for each in left.people for way in each.ways or () if way.kind == JOIN]
    assert joins
    for who, way in joins:
        changed = [
            each.__class__(**{**vars(each), "places": (*each.places, Place(who))}) if each.ref == way.ref else each
            for each in sessions
        ]
        checked = check_week(source, changed)
        assert {each.subject for each in checked.breaches} <= {each.subject for each in stood.breaches}
        assert checked.objective - stood.objective == way.gain
    homes = {row.id: row.living_group_id for row in elm.residents.values()}
    alone = {each.share.resident_id for each in left.people if "unknown" in each.kinds and not each.friends}
    invited = {each.ref: set(each.residents) for each in sessions}
    for who, way in joins:
        near = {other for other in invited[way.ref] - {who} if homes[other] == homes[who]}
        assert way.has_neighbour == (who in alone and bool(near))
    assert any(way.has_neighbour for _who, way in joins)


def test_noes_over_the_weeks_before_and_newcomers_are_told(engines: Engines, elm: CommunityBuilder) -> None:
    ben, dov = elm.residents["ben"], elm.residents["dov"]
    with unit_of_work(engines) as db:
        elm.db = db
        held = [Held("choir", "lounge", day, "10:00", ["finn"], ["ben"], ref=f"choir-{day}") for day in (0, 1, 2)]
        elm.publication(held)
        for number, each in enumerate(held):
            db.add(
                Attendance(
                    community_id=elm.id,
                    session_ref=each.ref,
                    resident_id=ben.id,
                    on_date=MONDAY + timedelta(days=each.day),
                    outcome="declined",
                    was_invited=True,
                    marked_at=NOW,
                    tapped_at=NOW,
                    number=number + 1,
                    key=f"tap-{number}",
                )
            )
        db.query(Stay).filter(Stay.resident_id == dov.id).update({"arrived_on": NEXT_MONDAY - timedelta(days=3)})
    plan_id = draft(engines, elm, [CHOIR])

    kinds = {each.share.resident_id: each.kinds for each in found(engines, elm, plan_id).people}

    assert "refused" in kinds[ben.id]
    assert "new" in kinds[dov.id]
