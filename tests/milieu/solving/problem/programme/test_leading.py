"""Who leads: by how many may come, volunteers alone only what they may, and no more wheelchairs than one can see to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from milieu.database import DbSession, Engines, make_engines, reading, unit_of_work
from milieu.models import Pin, SpaceRelation
from milieu.solving.answer.sentences import Sentences
from milieu.solving.problem.commitments.past import as_session
from milieu.solving.problem.document import ProblemSource, make_problem
from milieu.solving.problem.programme.seating import second, space_of
from solver.documents.exchange import Session, SessionPin
from solver.model import check
from tests.milieu.builders import MONDAY, CommunityBuilder, Held, community

BEFORE = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
CHAIRS = tuple(f"chair{number}" for number in range(6))


@pytest.fixture
def db(sqlite_url: str) -> Iterator[DbSession]:
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as session:
        yield session
    engines.dispose()


@pytest.fixture
def elm(db: DbSession) -> CommunityBuilder:
    """A hall and a nook, Finn of the staff and Gita and Hal who volunteer, the choir, and six people in wheelchairs."""
    built = community(db)
    built.space("hall", capacity=40)
    built.space("nook", capacity=6, wheelchair_places=2)
    built.facilitator("finn")
    built.facilitator("gita", kind="volunteer", leads_alone=["choir"])
    built.facilitator("hal", kind="volunteer")
    built.activity("choir", min_group=1)
    for name in CHAIRS:
        built.resident(name, wheelchair=True)
    return built


def problem(elm: CommunityBuilder) -> ProblemSource:
    elm.db.flush()
    return make_problem(elm.db, elm.id, MONDAY, BEFORE, repair=False)


def leaders(elm: CommunityBuilder) -> int:
    [choir] = [row for row in problem(elm).document.activities if row.id == elm.activities["choir"].id]
    return choir.facilitators


@pytest.mark.parametrize(
    ("size", "each", "count"), [(15, None, 1), (16, None, 2), (40, None, 2), (12, 6, 2), (13, 6, 3), (60, 15, 3)]
)
def test_larger_group_has_more_leaders(elm: CommunityBuilder, size: int, each: int | None, count: int) -> None:
    elm.activities["choir"].max_group = size
    elm.activities["choir"].people_per_leader = each

    assert leaders(elm) == count


def test_it_has_at_least_those_it_says_and_no_more_than_there_are(elm: CommunityBuilder) -> None:
    elm.activities["choir"].facilitators = 3
    assert leaders(elm) == 3

    elm.activities["choir"].facilitators, elm.activities["choir"].people_per_leader = 1, 1
    assert leaders(elm) == 3  # of ten who come ten would lead, and three lead at all

    elm.activities["choir"].facilitators = 0
    assert leaders(elm) == 0


def breaks(elm: CommunityBuilder, *team: str, people: tuple[str, ...] = CHAIRS[:3], space: str = "hall") -> set[str]:
    """The codes of the rules that the choir breaks with these people."""
    source = problem(elm)
    session = Session(
        id="choir-1",
        activity=elm.activities["choir"].id,
        day=1,
        start="10:00",
        space=source.facts.seating.told(elm.activities["choir"].id, elm.spaces[space].id),
        facilitators=tuple(sorted(elm.facilitators[each].id for each in team)),
        residents=tuple(sorted(elm.residents[each].id for each in people)),
    )
    return {each.reason.code for each in check.broken(source.document, (session,))}


def test_volunteer_leads_alone_what_they_may(elm: CommunityBuilder) -> None:
    assert breaks(elm, "finn") == set()
    assert breaks(elm, "gita") == set()
    assert breaks(elm, "hal") == {"skills"}

    elm.facilitators["gita"].leads_alone = ["bingo"]
    assert breaks(elm, "finn") == set()
    assert breaks(elm, "gita") == {"skills"}


def test_two_are_enough_where_one_of_them_may(elm: CommunityBuilder) -> None:
    elm.activities["choir"].facilitators = 2
    assert breaks(elm, "finn", "hal") == breaks(elm, "gita", "hal") == set()

    elm.facilitators["gita"].leads_alone = []
    assert breaks(elm, "finn", "hal") == set()
    assert breaks(elm, "gita", "hal") == {"skills"}


def test_visit_needs_nobodys_leave(elm: CommunityBuilder) -> None:
    elm.activities["choir"].max_group = 1

    assert breaks(elm, "hal", people=CHAIRS[:1]) == set()


def test_what_is_missing_is_said_with_the_activity_s_name(elm: CommunityBuilder) -> None:
    source = problem(elm)
    names = {elm.activities["choir"].id: "Choir", elm.spaces["hall"].id: "Hall"}
    hall = second(elm.spaces["hall"].id)
    session = Session(
        id="choir-1",
        activity=elm.activities["choir"].id,
        day=1,
        start="10:00",
        space=hall,
        facilitators=(elm.facilitators["hal"].id,),
        residents=tuple(sorted(elm.residents[each].id for each in CHAIRS)),
    )
    words = Sentences(names, source.document, (session,))

    assert set(words.of_breaches(check.broken(source.document, (session,)))) == {
        "Nobody who leads Choir on Tuesday at 10:00 has what it needs: leave to lead Choir.",
        "Hall has 5 wheelchair places, and 6 are needed for Choir on Tuesday at 10:00.",
    }


def test_one_leader_sees_to_five_wheelchairs_and_two_to_more(elm: CommunityBuilder) -> None:
    assert breaks(elm, "finn", people=CHAIRS[:5]) == set()
    assert breaks(elm, "finn", people=CHAIRS) == {"wheelchairs"}

    elm.activities["choir"].facilitators = 2
    assert breaks(elm, "finn", "hal", people=CHAIRS) == set()


def test_room_with_few_places_is_told_once(elm: CommunityBuilder) -> None:
    told = {row.id: row for row in problem(elm).document.spaces}
    hall, nook = elm.spaces["hall"].id, elm.spaces["nook"].id

    assert set(told) == {hall, second(hall), nook}
    assert [told[each].wheelchair_places for each in (hall, second(hall), nook)] == [40, 5, 2]
    assert breaks(elm, "finn", people=CHAIRS[:2], space="nook") == set()


def test_where_few_come_in_wheelchairs_nothing_is_told_twice(elm: CommunityBuilder) -> None:
    elm.residents[CHAIRS[0]].wheelchair = False
    source = problem(elm)

    assert {row.id for row in source.document.spaces} == {elm.spaces["hall"].id, elm.spaces["nook"].id}
    assert {row.features for row in source.document.spaces} == {()}


def test_both_are_one_room(elm: CommunityBuilder) -> None:
    """Walls, neighbours and a no hold for the room, whatever it is called."""
    hall, nook = elm.spaces["hall"].id, elm.spaces["nook"].id
    elm.add(SpaceRelation(community_id=elm.id, kind="adjacent", space_id=nook, other_id=hall))
    elm.refusal(elm.residents[CHAIRS[0]], space=elm.spaces["hall"])
    document = problem(elm).document
    told = {row.id: row for row in document.spaces}

    assert told[second(hall)].shares == (hall,)
    assert told[second(hall)].adjacent == (nook,)
    assert document.residents[0].refuses.spaces == (hall, second(hall))
    assert breaks(elm, "finn", people=CHAIRS[:1]) == {"refuses_space"}


def test_pins_and_what_is_published_are_told_by_it_and_read_back(elm: CommunityBuilder) -> None:
    hall, choir = elm.spaces["hall"].id, elm.activities["choir"].id
    elm.publication([Held("choir", "hall", 1, "10:00", ["finn"], CHAIRS[:3], ref="choir-1")])
    fixed = {"activity": choir, "day": 1, "start": "10:00", "space": hall}
    elm.add(
        Pin(
            community_id=elm.id,
            week_start=MONDAY,
            kind="session",
            session_ref="choir-1",
            fixed=fixed,
            made_at=BEFORE,
        )
    )
    source = problem(elm)
    [told], [pin] = source.document.previous, source.document.pins

    assert isinstance(pin, SessionPin)
    assert told.space == pin.session.space == second(hall)
    assert space_of(told.space) == space_of(hall) == hall
    assert source.past.published is not None
    [held] = source.past.published.sessions
    assert held.space_id == hall
    assert as_session(source.facts.seating, held, MONDAY, held.residents) == told


def test_habit_is_told_with_the_space_as_one_leader_can_see_to_it(elm: CommunityBuilder) -> None:
    held = [Held("choir", "hall", 1, "10:00", ["finn"], CHAIRS[:3], ref="choir-0")]
    elm.publication(held, week_start=MONDAY - timedelta(days=7))

    [habit] = problem(elm).document.usual
    assert habit.space == second(elm.spaces["hall"].id)


def test_upgrade_leaves_nobody_alone(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        gita = community(db).facilitator("gita", kind="volunteer")
        key = (gita.community_id, gita.id)
    with reading(engines) as db:
        assert db.get_one(type(gita), key).leads_alone == []
