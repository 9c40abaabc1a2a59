"""Who else could come to a session: whom nothing speaks against, those who have lost something first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Attendance, Outbreak, SessionHeld, Tie, Wish
from milieu.services.weeks.openings import Openings, who_else
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

WEDNESDAY = NOW.date()
CHOIR = Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "esi"], ref="choir")
CHESS = Held("chess", "studio", 2, "10:30", ["gita"], ["cleo", "dov"], ref="chess")
Fact = Callable[[CommunityBuilder], object]


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.publication([CHOIR, CHESS])
        return made


@dataclass(frozen=True)
class Floor:
    """Asks who else could come to the choir after something has happened."""

    engines: Engines
    elm: CommunityBuilder

    def after(self, *facts: Fact, now: datetime = NOW) -> Openings:
        with unit_of_work(self.engines) as db:
            self.elm.db = db
            for fact in facts:
                fact(self.elm)
        with reading(self.engines) as db:
            return who_else(db, self.elm.id, "choir", WEDNESDAY, now)


@pytest.fixture
def floor(engines: Engines, elm: CommunityBuilder) -> Floor:
    return Floor(engines, elm)


def called(found: Openings) -> list[str]:
    return [each.person.called for each in found.candidates]


def off(elm: CommunityBuilder) -> None:
    said = {"session_ref": "chess", "on_date": WEDNESDAY, "was_held": False}
    elm.add(SessionHeld(community_id=elm.id, number=1, marked_at=NOW, **said))


def marked(who: str, outcome: str, ref: str = "choir") -> Fact:
    def mark(elm: CommunityBuilder) -> None:
        given = {"session_ref": ref, "on_date": WEDNESDAY, "outcome": outcome, "key": f"{who}-{ref}", "number": 1}
        ids = {"community_id": elm.id, "resident_id": elm.residents[who].id}
        elm.add(Attendance(**ids, **given, tapped_at=NOW, marked_at=NOW))

    return mark


def test_whoever_is_free_and_does_not_dislike_it_could_come(floor: Floor) -> None:
    found = floor.after()

    assert found.free == 8
    assert sorted(called(found)) == ["Ben", "Fay"]  # Cleo and Dov are at chess then


def test_who_has_lost_something_comes_first(floor: Floor, elm: CommunityBuilder) -> None:
    found = floor.after(off)

    assert {each.person.called: each.freed_by for each in found.candidates} == {
        "Cleo": "Chess",
        "Dov": "Chess",
        "Ben": "",
        "Fay": "",
    }
    assert set(called(found)[:2]) == {"Cleo", "Dov"}


def test_then_who_likes_it_most_who_meets_somebody_and_who_has_little(floor: Floor) -> None:
    """The wishes for the choir go 1, 2, 3, 4, 1, 2 from Ada to Fay; Ada likes to be with Ben."""
    found = floor.after(off)

    assert called(found) == ["Dov", "Cleo", "Ben", "Fay"]
    assert {each.person.called: each.sits_well_with for each in found.candidates}["Ben"] == ("Ada",)
    assert [each.liking for each in found.candidates] == [4, 3, 2, 2]


@pytest.mark.parametrize(
    "fact",
    [
        lambda elm: elm.refusal(elm.residents["ben"], activity=elm.activities["choir"]),
        lambda elm: elm.refusal(elm.residents["ben"], facilitator=elm.facilitators["finn"]),
        lambda elm: elm.limit(elm.residents["ben"], space=elm.spaces["lounge"]),
        lambda elm: elm.tie(elm.residents["ben"], elm.residents["esi"], None),
        lambda elm: elm.busy(elm.residents["ben"], "11:00", "11:30", kind="visit", on_date=WEDNESDAY),
        lambda elm: setattr(elm.db.merge(elm.residents["ben"]), "sessions_max", 0),
        lambda elm: setattr(elm.db.merge(elm.residents["ben"]), "needs_familiar", True),
        lambda elm: elm.wish(elm.residents["ben"], elm.activities["choir"], -1) and _no_other_wish(elm),
        marked("ben", "asleep", "chess"),
        marked("ben", "declined"),
    ],
    ids=["refusal", "leader", "limit", "apart", "busy", "quiet", "familiar", "dislike", "asleep", "said no"],
)
def test_whom_anything_speaks_against_is_not_named(floor: Floor, fact: Fact) -> None:
    found = floor.after(fact, _no_friends)

    assert "Ben" not in called(found)
    assert "Fay" in called(found)


def _no_other_wish(elm: CommunityBuilder) -> None:

    choir, ben = elm.activities["choir"].id, elm.residents["ben"].id
    elm.db.query(Wish).filter(Wish.resident_id == ben, Wish.activity_id == choir, Wish.strength > 0).delete()


def _no_friends(elm: CommunityBuilder) -> None:

    elm.db.query(Tie).filter(Tie.strength > 0).delete()


@pytest.mark.parametrize(("invited", "told"), [(["ada", "esi"], []), (["ada", "cleo"], ["Ben"])])
def test_in_an_outbreak_nobody_is_mixed_in(
    engines: Engines, floor: Floor, elm: CommunityBuilder, invited: list[str], told: list[str]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        choir = Held("choir", "lounge", 2, "10:30", ["finn"], invited, ref="choir")
        elm.publication([choir, Held("chess", "studio", 2, "10:30", ["gita"], ["dov"], ref="chess")])
    river = elm.groups["river"].id

    assert called(floor.after(lambda elm: elm.add(Outbreak(community_id=elm.id, living_group_id=river)))) == told


def test_a_place_that_somebody_will_not_take_is_free(engines: Engines, floor: Floor, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db, choir = db, db.merge(elm.activities["choir"])
        choir.max_group, elm.activities["choir"] = 2, choir
        elm.publication([CHOIR, CHESS], kind="repair")

    assert floor.after() == Openings(0, ())

    found = floor.after(marked("ada", "declined"))

    assert (found.free, "Ada" in called(found), "Ben" in called(found)) == (1, False, True)


def test_of_a_visit_what_is_off_and_what_is_over_nobody_is_told(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.activity("visit", minutes=30, max_group=1)
        elm.publication([CHOIR, Held("visit", "studio", 2, "15:00", ["gita"], ["ada"], ref="visit")])
        said = {"session_ref": "choir", "on_date": WEDNESDAY, "was_held": False}
        elm.add(SessionHeld(community_id=elm.id, number=1, marked_at=NOW, **said))

    with reading(engines) as db:
        told = [who_else(db, elm.id, ref, WEDNESDAY, NOW) for ref in ("visit", "choir", "nothing")]
        told.append(who_else(db, elm.id, "choir", WEDNESDAY, NOW + timedelta(days=7)))
        told.append(who_else(db, elm.id, "choir", MONDAY, NOW))

    assert told == [Openings(0, ())] * 5
