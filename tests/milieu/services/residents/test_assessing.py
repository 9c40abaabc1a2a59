"""One sitting on what matters: kept as answered, made wishes, and what cannot be until it is answered."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.errors import Conflict
from milieu.models import Activity, Assessment, Wish, WishAnswer
from milieu.queries.person.preferences import unmet_wishes
from milieu.services.editing.reading import Refused
from milieu.services.editing.saving import change_row
from milieu.services.residents.assessing import answer_unmet, assess, take_back
from milieu.services.residents.parts import WISHES
from milieu.services.teller import Teller
from tests.milieu.builders import NOW, CommunityBuilder, small_community

TODAY = NOW.date()


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.activities["choir"].answers = ["music"]
        made.activities["walk"].answers = ["outdoors"]
        made.activity("hymns", max_group=20, answers=["music", "religion"])
        made.activity("reading-aloud", max_group=1, answers=["reading"])
        made.resident("zoe")
        return made


@pytest.fixture
def teller(elm: CommunityBuilder) -> Teller:
    return Teller(elm.id, None, NOW)


def sitting(**codes: str) -> dict[str, str]:
    return {"asked_on": TODAY.isoformat(), "said_by": "resident", **codes}


def wishes(db: DbSession, resident_id: str) -> dict[str, tuple[int, str, str]]:
    rows = db.execute(
        select(Activity.key, Wish.strength, Wish.said_by, Wish.source)
        .join(Activity, Activity.id == Wish.activity_id)
        .where(Wish.resident_id == resident_id)
    )
    return {row.key: (row.strength, row.said_by, row.source) for row in rows}


def open_of(engines: Engines, elm: CommunityBuilder, day: int = 0) -> list[tuple[str, str]]:
    with reading(engines) as db:
        return [(each.name, each.question) for each in unmet_wishes(db, elm.id, TODAY + timedelta(days=day))]


@pytest.mark.parametrize(
    ("code", "strength"), [("1", 3), ("2", 2), ("3", 1), ("4", 0), ("5", 3), ("9", None), ("", None)]
)
def test_what_each_answer_weighs(
    code: str, strength: int | None, engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    zoe = elm.residents["zoe"].id
    before = len(open_of(engines, elm))

    with unit_of_work(engines) as db:
        assess(db, teller, zoe, sitting(outdoors=code, clothes="1"))

    with reading(engines) as db:
        assert wishes(db, zoe).get("walk") == (None if strength is None else (strength, "resident", "assessment"))
    assert len(open_of(engines, elm)) - before == (code == "5")


def test_the_most_important_of_what_an_activity_answers(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    zoe = elm.residents["zoe"].id

    with unit_of_work(engines) as db:
        assess(db, teller, zoe, {**sitting(music="3", religion="1"), "said_by": "relative", "speaker": "Una"})

    with reading(engines) as db:
        assert wishes(db, zoe) == {"choir": (1, "relative", "assessment"), "hymns": (3, "relative", "assessment")}


def test_asked_anew_changes_its_own_wishes_and_no_others(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    zoe, later = elm.residents["zoe"].id, Teller(elm.id, None, NOW + timedelta(days=90))
    with unit_of_work(engines) as db:
        assess(db, teller, zoe, sitting(music="1", outdoors="2"))
        walk = db.scalars(select(Wish).join(Activity, Activity.id == Wish.activity_id).where(Activity.key == "walk"))
        row = next(each for each in walk if each.resident_id == zoe)
        said = {"activity": row.activity_id, "strength": "5", "said_by": "resident", "said_on": TODAY.isoformat()}
        change_row(db, teller, WISHES, row.id, row.version, said, owner_id=zoe)

    with unit_of_work(engines) as db:
        assert wishes(db, zoe)["walk"] == (5, "resident", "")  # it was said otherwise by then
        assess(db, later, zoe, {**sitting(music="4", outdoors="3"), "asked_on": later.now.date().isoformat()})

    with reading(engines) as db:
        assert wishes(db, zoe)["choir"] == (0, "resident", "assessment")
        strengths = db.execute(
            select(Wish.strength, Wish.source)
            .join(Activity, Activity.id == Wish.activity_id)
            .where(Wish.resident_id == zoe, Activity.key == "walk")
        )
        assert sorted(map(tuple, strengths)) == [(1, "assessment"), (5, "")]


def test_undone_it_takes_its_wishes_along(engines: Engines, elm: CommunityBuilder, teller: Teller) -> None:
    zoe = elm.residents["zoe"].id
    with unit_of_work(engines) as db:
        made = assess(db, teller, zoe, sitting(music="5", outdoors="1"))
        row = db.scalars(
            select(Wish).where(Wish.resident_id == zoe, Wish.activity_id == elm.activities["walk"].id)
        ).one()
        said = {"activity": row.activity_id, "strength": "-2", "said_by": "resident"}
        change_row(
            db, Teller(elm.id, None, NOW + timedelta(minutes=1)), WISHES, row.id, row.version, said, owner_id=zoe
        )
    assert open_of(engines, elm) == [("Zoe Made-Up", "music")]

    with unit_of_work(engines) as db:
        assert take_back(db, Teller(elm.id, None, NOW + timedelta(minutes=2)), zoe, made) == 1

    with reading(engines) as db:
        assert wishes(db, zoe) == {"walk": (-2, "resident", "")}
        assert db.scalars(select(Assessment)).all() == []
    assert open_of(engines, elm) == []


def test_a_visit_answers_and_is_planned_until_it_is_said_again(
    engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    zoe, visit = elm.residents["zoe"].id, elm.activities["reading-aloud"].id
    with unit_of_work(engines) as db:
        assess(db, teller, zoe, sitting(favourites="5", clothes="5", music="9"))
    assert [question for _name, question in open_of(engines, elm)] == ["clothes", "favourites"]

    with unit_of_work(engines) as db:
        answer_unmet(db, teller, zoe, {"question": "favourites", "answer": "visit", "activity": visit})
        with pytest.raises(Conflict):
            answer_unmet(db, teller, zoe, {"question": "favourites", "answer": "visit", "activity": visit})
        answer_unmet(db, teller, zoe, {"question": "clothes", "answer": "adaptation", "how": "Two dresses"})

    assert open_of(engines, elm) == []
    with reading(engines) as db:
        assert wishes(db, zoe)["reading-aloud"] == (3, "staff", "")
        assert {row.question: row.how for row in db.scalars(select(WishAnswer))} == {
            "favourites": "",
            "clothes": "Two dresses",
        }
    later = Teller(elm.id, None, NOW + timedelta(days=30))
    with unit_of_work(engines) as db:
        assess(db, later, zoe, {**sitting(favourites="5", clothes="1"), "asked_on": later.now.date().isoformat()})
    assert open_of(engines, elm, 30) == [("Zoe Made-Up", "favourites")]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"question": "clothes", "answer": "visit"}, "activity"),
        ({"question": "clothes", "answer": "adaptation"}, "how"),
        ({"question": "clothes", "answer": ""}, "answer"),
    ],
)
def test_an_answer_says_what_was_done(
    typed: dict[str, str], field: str, engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    with unit_of_work(engines) as db:
        assess(db, teller, elm.residents["zoe"].id, sitting(clothes="5"))

    with pytest.raises(Refused) as refused, unit_of_work(engines) as db:
        answer_unmet(db, teller, elm.residents["zoe"].id, typed)

    assert list(refused.value.faults) == [field]
    assert len(open_of(engines, elm)) == 1


@pytest.mark.parametrize("typed", [sitting(), sitting(clothes="7"), {**sitting(clothes="1"), "asked_on": "2099-01-01"}])
def test_nothing_is_kept_of_a_sitting_that_is_wrong(
    typed: dict[str, str], engines: Engines, elm: CommunityBuilder, teller: Teller
) -> None:
    with pytest.raises(Refused), unit_of_work(engines) as db:
        assess(db, teller, elm.residents["zoe"].id, typed)

    with reading(engines) as db:
        assert db.scalars(select(Assessment)).all() == []
