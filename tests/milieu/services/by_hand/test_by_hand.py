"""Drafts changed by hand: any order of changes can be undone to the last, each draft is weighed as it stands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import Activity, Plan, PlanEdit
from milieu.services.by_hand import edits, trying
from milieu.services.by_hand.beginning import EMPTY, LAST_WEEK, PUBLISHED, begin_draft
from milieu.services.by_hand.edits import Edit, Spot
from milieu.services.by_hand.elsewhere import OTHER_SPACE, OTHER_TIME, elsewhere, free_on, repairs, who_can
from milieu.services.by_hand.trying import Asked
from milieu.services.teller import Teller
from milieu.services.weeks.objections import hold
from milieu.solving.contents import SessionContent, read_plan
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

pytestmark = pytest.mark.slow(0.6)

NEXT = MONDAY + timedelta(days=7)
HELD = [
    Held("choir", "lounge", 0, "10:00", ["finn"], ["ada", "ben"], ref="choir"),
    Held("chess", "studio", 2, "14:00", ["gita"], ["cleo", "dov"], ref="chess"),
    Held("walk", "lounge", 4, "15:00", ["finn"], ["esi"], ref="walk"),
]


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.publication(HELD, week_start=MONDAY)
        return made


@pytest.fixture
def teller(elm: CommunityBuilder) -> Teller:
    return Teller(elm.id, None, NOW)


def plan_of(db: DbSession, elm: CommunityBuilder) -> Plan:
    return db.query(Plan).filter(Plan.community_id == elm.id, Plan.week_start == NEXT, Plan.state == "draft").one()


def contents(engines: Engines, elm: CommunityBuilder) -> tuple[SessionContent, ...]:
    with reading(engines) as db:
        return read_plan(db, plan_of(db, elm))


def faces(sessions: tuple[SessionContent, ...]) -> list[tuple[Any, ...]]:
    return sorted(
        (each.ref, each.activity_id, each.space_id, each.on_date, each.start_minute, each.facilitators, each.residents)
        for each in sessions
    )


def change(engines: Engines, teller: Teller, kind: str, ref: str, edit: Edit, *, on_purpose: bool = True) -> None:
    with unit_of_work(engines) as db:
        version = db.query(Plan).filter(Plan.week_start == NEXT, Plan.state == "draft").one().version
        trying.change(db, teller, NEXT, version, Asked(kind, ref, edit), on_purpose=on_purpose)


def step(engines: Engines, teller: Teller, *, back: bool) -> None:
    with unit_of_work(engines) as db:
        version = db.query(Plan).filter(Plan.week_start == NEXT, Plan.state == "draft").one().version
        trying.step(db, teller, NEXT, version, back=back)


def begin(engines: Engines, teller: Teller, begin_from: str) -> None:
    with unit_of_work(engines) as db:
        begin_draft(db, teller, NEXT, begin_from)


def random_edit(
    chance: Random, elm: CommunityBuilder, there: list[SessionContent], number: int
) -> tuple[str, str, Edit]:
    one = chance.choice(there) if there else None
    spot = Spot(
        NEXT + timedelta(days=chance.randrange(7)),
        chance.randrange(0, 1380, 15),
        chance.choice(list(elm.spaces.values())).id,
        tuple(row.id for row in elm.facilitators.values() if chance.random() < 0.5),
    )
    who = chance.choice(list(elm.residents.values())).id
    if one is None or chance.random() < 0.2:
        ref = f"new-{number}"
        return edits.ADDED, ref, edits.add(ref, chance.choice(list(elm.activities.values())).id, spot)
    making: list[Callable[[], tuple[str, str, Edit]]] = [
        lambda: (edits.PLACED, one.ref, edits.place(one.ref, spot)),
        lambda: (edits.REMOVED, one.ref, edits.remove(one.ref)),
        lambda: (edits.INVITED, one.ref, edits.invite(one.ref, who)),
        lambda: (edits.TAKEN_OUT, one.ref, edits.take_out(one.ref, chance.choice([*one.residents, who]))),
    ]
    return chance.choice(making)()


@pytest.mark.parametrize("seed", range(3))
def test_any_changes_are_undone_to_the_last_and_done_again(
    engines: Engines, elm: CommunityBuilder, teller: Teller, seed: int
) -> None:
    begin(engines, teller, LAST_WEEK)
    states, chance = [faces(contents(engines, elm))], Random(seed)
    for number in range(40):
        if len(states) > 1 and chance.random() < 0.2:
            step(engines, teller, back=True)
            states.pop()
        else:
            try:
                change(engines, teller, *random_edit(chance, elm, list(contents(engines, elm)), number))
            except (Conflict, Invalid):
                assert faces(contents(engines, elm)) == states[-1]
                continue
            states.append(faces(contents(engines, elm)))
        assert faces(contents(engines, elm)) == states[-1]
    last = states[-1]
    with reading(engines) as db:
        plan = plan_of(db, elm)
        held = hold(db, trying.source_of(db, elm.id, NEXT, teller), read_plan(db, plan))
        assert (plan.objective, plan.terms) == (held.checked.objective, held.checked.terms)

    for state in reversed(states[:-1]):
        step(engines, teller, back=True)
        assert faces(contents(engines, elm)) == state
    with pytest.raises(Conflict, match="nothing to undo"):
        step(engines, teller, back=True)
    for _ in states[1:]:
        step(engines, teller, back=False)
    assert faces(contents(engines, elm)) == last


def test_what_was_undone_is_gone_after_another_change(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    begin(engines, teller, LAST_WEEK)
    one, other = contents(engines, elm)[:2]
    change(engines, teller, edits.REMOVED, one.ref, edits.remove(one.ref))
    step(engines, teller, back=True)
    change(engines, teller, edits.REMOVED, other.ref, edits.remove(other.ref))

    with pytest.raises(Conflict, match="nothing to do again"):
        step(engines, teller, back=False)
    with reading(engines) as db:
        assert [row.ref for row in db.query(PlanEdit)] == [other.ref]


def test_a_change_made_from_an_old_version_is_refused(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    begin(engines, teller, LAST_WEEK)
    one, other = contents(engines, elm)[:2]
    with reading(engines) as db:
        version = plan_of(db, elm).version
    change(engines, teller, edits.REMOVED, one.ref, edits.remove(one.ref))

    removed = Asked(edits.REMOVED, other.ref, edits.remove(other.ref))
    with pytest.raises(Conflict, match="Somebody else"), unit_of_work(engines) as db:
        trying.change(db, teller, NEXT, version, removed, on_purpose=False)

    assert len(contents(engines, elm)) == 2


def test_what_is_proposed_breaks_nothing_and_is_taken(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    begin(engines, teller, LAST_WEEK)
    sessions = contents(engines, elm)
    with reading(engines) as db:
        source = trying.source_of(db, elm.id, NEXT, teller)
    for one in sessions:
        proposed = elsewhere(source, sessions, one.ref, most=5)
        assert proposed
        assert [len(each.coming) for each in proposed] == sorted((len(each.coming) for each in proposed), reverse=True)
        for each in proposed:
            change(
                engines, teller, edits.PLACED, one.ref, edits.place(one.ref, each.spot, each.coming), on_purpose=False
            )
            step(engines, teller, back=True)


def test_what_comes_nearest_is_of_each_kind_and_is_taken(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    begin(engines, teller, LAST_WEEK)
    sessions = contents(engines, elm)
    with reading(engines) as db:
        source = trying.source_of(db, elm.id, NEXT, teller)
    choir = next(each for each in sessions if each.title == "Choir")
    lounge, studio, finn = elm.spaces["lounge"].id, elm.spaces["studio"].id, elm.facilitators["finn"].id
    taken = Spot(NEXT + timedelta(days=2), 14 * 60, studio, (finn,))

    found = dict(repairs(source, sessions, choir.ref, taken))

    beside = found[OTHER_SPACE].spot
    assert (beside.on_date, beside.start_minute, beside.space_id) == (taken.on_date, 14 * 60, lounge)
    assert abs(found[OTHER_TIME].spot.start_minute - 14 * 60) <= 60
    assert {found[OTHER_TIME].spot.on_date} == {taken.on_date}
    for each in found.values():
        placed = edits.place(choir.ref, each.spot, each.coming)
        change(engines, teller, edits.PLACED, choir.ref, placed, on_purpose=False)
        step(engines, teller, back=True)
    ada, ben = (elm.residents[who].id for who in ("ada", "ben"))
    thursday = replace(taken, on_date=NEXT + timedelta(days=3), start_minute=10 * 60, space_id=lounge)
    with unit_of_work(engines) as db:
        elm.db = db
        db.query(Activity).filter(Activity.key == "choir").update({"min_group": 1})
        elm.busy(elm.residents["ada"], "09:00", "12:00", on_date=thursday.on_date)
    with reading(engines) as db:
        source = trying.source_of(db, elm.id, NEXT, teller)
    assert who_can(source, sessions, choir.ref, thursday) == (ben,), "Ada is at the hairdresser's"
    assert who_can(source, sessions, choir.ref, replace(thursday, facilitators=())) == (), "and nobody leads it"
    assert who_can(source, sessions, choir.ref, taken) == (), "the studio is taken, whoever comes"
    assert set(who_can(source, sessions, choir.ref, replace(thursday, start_minute=13 * 60))) == {ada, ben}
    free = free_on(source, sessions, choir.ref, taken.on_date)
    assert (lounge, 14 * 60) in {(each.space_id, each.start_minute) for each in free}
    assert (studio, 14 * 60) not in {(each.space_id, each.start_minute) for each in free}
    assert free_on(source, sessions, choir.ref, NEXT + timedelta(days=9)) == []


def test_like_last_week_leaves_out_who_and_what_is_gone(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.residents["esi"] = db.merge(elm.residents["esi"])
        elm.residents["esi"].left_on = NEXT
        elm.residents["ben"] = db.merge(elm.residents["ben"])
        elm.residents["ben"].left_on = NEXT
    begin(engines, teller, LAST_WEEK)

    ada = elm.residents["ada"].id
    assert [(each.title, each.residents == (ada,)) for each in contents(engines, elm)] == [
        ("Choir", True),
        ("Chess", False),
    ]


def test_a_draft_begins_from_what_is_there(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    with pytest.raises(Conflict, match="Nothing is published"):
        begin(engines, teller, PUBLISHED)
    begin(engines, teller, EMPTY)
    assert contents(engines, elm) == ()
    begin(engines, teller, LAST_WEEK)  # there is one already
    assert contents(engines, elm) == ()
    with pytest.raises(NotFound):
        change(engines, teller, edits.REMOVED, "nothing", edits.remove("nothing"))
