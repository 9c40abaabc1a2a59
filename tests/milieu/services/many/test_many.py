"""One wish, one busy time, one need for many residents: what it does to each, one save, one way back."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from milieu.database import DbSession, Engines, unit_of_work
from milieu.errors import Conflict
from milieu.models import Resident, ResidentBusy, Wish
from milieu.services.editing.reading import Refused
from milieu.services.many.asking import BUSY, NEED, WISH, needs, read_asked
from milieu.services.many.effects import CHANGED, NEW, SAID_NO, SAME, Effect, effects
from milieu.services.many.giving import give, given_to_many, lately_given, undo_given
from milieu.services.teller import Teller
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

TODAY = NOW.date()
BATHS = {"kind": "bath", "days": "Mon;Thu", "from": "10:00", "to": "11:00", "minutes": "30", "instead": "yes"}


@pytest.fixture
def db(engines: Engines) -> Iterator[DbSession]:
    with unit_of_work(engines) as opened:
        yield opened


@pytest.fixture
def elm(db: DbSession) -> CommunityBuilder:
    return small_community(db)


@pytest.fixture
def teller(elm: CommunityBuilder) -> Teller:
    return Teller(elm.id, None, NOW)


@pytest.fixture
def do(db: DbSession, teller: Teller, elm: CommunityBuilder) -> Callable[..., dict[str, Effect]]:
    """`do(kind, form, *keys)`: what it does to each of these residents, by key."""

    def shown(kind: str, form: dict[str, str], *keys: str) -> dict[str, Effect]:
        ids = {elm.residents[key].id: key for key in keys}
        found = effects(db, teller, read_asked(db, teller, kind, form), list(ids))
        return {ids[each.resident_id]: each for each in found}

    return shown


def test_a_wish_is_new_or_changed_or_so_already_and_never_against_a_no(
    elm: CommunityBuilder, do: Callable[..., dict[str, Effect]]
) -> None:
    tea = elm.activity("tea")
    elm.wish(elm.residents["ada"], tea, 5, said_by="observed")
    elm.wish(elm.residents["ben"], tea, 2, said_by="observed")
    elm.wish(elm.residents["cleo"], tea, 5, said_by="resident")
    elm.refusal(elm.residents["dov"], activity=tea)

    found = do(WISH, {"activity": tea.id, "strength": "5", "said_by": "observed"}, "ada", "ben", "cleo", "dov", "esi")

    assert {key: each.kind for key, each in found.items()} == {
        "ada": SAME,
        "ben": CHANGED,
        "cleo": NEW,
        "dov": SAID_NO,
        "esi": NEW,
    }
    assert (found["cleo"].louder, found["esi"].louder) == (("resident", 5), None)


def test_a_wish_for_many_is_one_save_and_one_undo(elm: CommunityBuilder, db: DbSession, teller: Teller) -> None:
    tea = elm.activity("tea")
    ids = [elm.residents[key].id for key in ("ada", "ben", "cleo")]
    old = elm.wish(elm.residents["ben"], tea, 1, said_by="observed")
    asked = read_asked(db, teller, WISH, {"activity": tea.id, "strength": "4", "said_by": "observed"})

    given = give(db, teller, asked, ids)

    of_tea = select(Wish).where(Wish.activity_id == tea.id)
    assert {wish.resident_id: wish.strength for wish in db.scalars(of_tea)} == dict.fromkeys(ids, 4)
    assert [(each.id, set(each.residents), each.is_undone) for each in lately_given(db, elm.id, since=NOW)] == [
        (given, set(ids), False)
    ]
    old.strength = 3  # somebody changed it since
    db.flush()
    assert undo_given(db, teller, given) == (2, 1)
    assert [(wish.resident_id, wish.strength) for wish in db.scalars(of_tea)] == [(ids[1], 3)]
    assert given_to_many(db, elm.id, given).is_undone
    with pytest.raises(Conflict):
        undo_given(db, teller, given)


def test_baths_in_turn_take_the_place_of_those_of_until_now(
    elm: CommunityBuilder, db: DbSession, teller: Teller, do: Callable[..., dict[str, Effect]]
) -> None:
    ada, ben, cleo = (elm.residents[key] for key in ("ada", "ben", "cleo"))
    before = elm.busy(ada, "09:00", "09:30", kind="bath", weekday=1)
    other = elm.busy(ada, "14:00", "14:30", kind="therapy", weekday=1)
    elm.busy(ben, "10:30", "11:00", kind="bath", weekday=0)
    elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["cleo"], ref="thursday")])
    elm.wish(cleo, elm.activities["choir"], 5, said_on=TODAY)

    found = do(BUSY, BATHS, "ada", "ben", "cleo")

    assert {
        key: (each.kind, each.typed["days"], each.typed["from"], each.typed["to"]) for key, each in found.items()
    } == {
        "ada": (CHANGED, "Mon", "10:00", "10:30"),
        "ben": (SAME, "Mon", "10:30", "11:00"),
        "cleo": (NEW, "Thu", "10:00", "10:30"),
    }
    assert [each.ends for each in found.values()] == [[before.id], [], []]
    assert [(each.on_date, each.title, each.is_loved) for each in found["cleo"].meets] == [
        (MONDAY + timedelta(days=3), "Choir", True)
    ]
    assert not found["ada"].meets

    given = give(db, teller, read_asked(db, teller, BUSY, BATHS), [ada.id, ben.id, cleo.id])
    assert (before.valid_until, other.valid_until) == (TODAY - timedelta(days=1), None)
    rows = db.scalars(select(ResidentBusy).where(ResidentBusy.kind == "bath", ResidentBusy.valid_from == TODAY))
    assert {(row.resident_id, row.weekday, row.start_minute) for row in rows} == {(ada.id, 0, 600), (cleo.id, 3, 600)}

    assert undo_given(db, teller, given) == (3, 0)
    assert before.valid_until is None
    assert db.scalars(select(ResidentBusy.id).where(ResidentBusy.valid_from == TODAY)).all() == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"days": "Mon", "minutes": "30"}, "minutes"),  # two times for three people
        ({"minutes": "90"}, "minutes"),
        ({"minutes": "4"}, "minutes"),
        ({"days": ""}, "days"),
        ({"to": "09:00"}, "to"),
        ({"kind": "dance"}, "kind"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    changed: dict[str, str], field: str, do: Callable[..., dict[str, Effect]]
) -> None:
    with pytest.raises(Refused) as refused:
        do(BUSY, {**BATHS, **changed}, "ada", "ben", "cleo")

    assert list(refused.value.faults) == [field]


def test_every_need_is_saved_told_and_taken_back(elm: CommunityBuilder, db: DbSession, teller: Teller) -> None:
    ada, ben = elm.residents["ada"], elm.residents["ben"]
    ben.cannot = ["walks", "reads"]
    ada.support, ada.noise_max = 1, 1
    db.flush()
    columns = [each.key for each in Resident.__table__.columns if each.key not in ("id", "version")]
    held = {row.id: {name: getattr(row, name) for name in columns} for row in (ada, ben)}
    for need in needs():
        asked = read_asked(db, teller, NEED, {"need": need})
        different = [each for each in effects(db, teller, asked, [ada.id, ben.id]) if each.kind == CHANGED]
        if not different:
            with pytest.raises(Conflict):
                give(db, teller, asked, [ada.id, ben.id])
            continue

        given = give(db, teller, asked, [ada.id, ben.id])

        assert {each.kind for each in effects(db, teller, asked, [ada.id, ben.id])} == {SAME}, need
        assert set(given_to_many(db, elm.id, given).residents) == {each.resident_id for each in different}, need
        assert undo_given(db, teller, given) == (len(different), 0), need
        assert {row.id: {name: getattr(row, name) for name in columns} for row in (ada, ben)} == held, need


def test_a_need_that_is_none_is_refused(db: DbSession, teller: Teller) -> None:
    for need in ("", "wheelchair", "born_on=2020-01-01", "noise_max=9"):
        with pytest.raises(Refused):
            read_asked(db, teller, NEED, {"need": need})


def test_from_a_day_to_come_the_present_time_holds_until_then(
    elm: CommunityBuilder, db: DbSession, teller: Teller
) -> None:
    ada = elm.residents["ada"]
    before = elm.busy(ada, "09:00", "09:30", kind="bath", weekday=1)
    later = elm.busy(ada, "09:00", "09:30", kind="bath", weekday=2, valid_from=date(2027, 2, 1))
    asked = read_asked(db, teller, BUSY, {**BATHS, "minutes": "", "valid_from": "2027-01-04"})

    give(db, teller, asked, [ada.id])

    assert before.valid_until == date(2027, 1, 3)
    assert later.valid_until == date(2027, 1, 3) or db.get(ResidentBusy, (elm.id, later.id)) is None
