"""At most one row a day and duty; who lost the fence writes nothing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from milieu.coordination import lease, ledger
from milieu.database import Engines, reading, retrying, unit_of_work
from milieu.models import LedgerEntry, Note
from tests.milieu.builders import NOW, community

DAY = date(2026, 12, 2)
DUE = NOW - timedelta(hours=3)


@pytest.fixture
def elm(engines: Engines) -> str:
    with unit_of_work(engines) as db:
        lease.take(db, holder="ann", seconds=30)
        return community(db).id


def entry(engines: Engines) -> LedgerEntry:
    with reading(engines) as db:
        return db.scalars(select(LedgerEntry)).one()


def doing(engines: Engines, work: Callable[[Session], object]) -> object:
    return retrying(engines, work)


def claim(engines: Engines, elm: str, *, fence: int = 1, now=NOW) -> object:  # type: ignore[no-untyped-def]
    return doing(engines, lambda db: ledger.claim(db, elm, DAY, due_at=DUE, fence=fence, now=now))


def take_over(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        lease.give_up(db, holder="ann")
    with unit_of_work(engines) as db:
        assert lease.take(db, holder="bob", seconds=30) == 2


def test_day_is_claimed_once(engines: Engines, elm: str) -> None:
    assert claim(engines, elm) is True
    assert claim(engines, elm) is False
    assert (entry(engines).state, entry(engines).attempts) == ("running", 1)


def test_finished_day_is_never_claimed_again(engines: Engines, elm: str) -> None:
    claim(engines, elm)
    doing(engines, lambda db: ledger.finish(db, elm, DAY, state="unchanged", fence=1, now=NOW))

    assert claim(engines, elm, now=NOW + timedelta(hours=5)) is False
    assert claim(engines, elm, fence=9) is False
    assert (entry(engines).state, entry(engines).finished_at) == ("unchanged", NOW)


@pytest.mark.parametrize(("state", "is_opened"), [("waiting", True), ("unchanged", False), ("kept", False)])
def test_day_that_found_nothing_to_work_on_can_be_opened_again(
    engines: Engines, elm: str, state: str, is_opened: bool
) -> None:
    claim(engines, elm)
    doing(engines, lambda db: ledger.finish(db, elm, DAY, state=state, fence=1, now=NOW, message="Nothing yet."))

    assert doing(engines, lambda db: ledger.open_again(db, elm, DAY)) is is_opened
    assert claim(engines, elm) is is_opened
    assert (entry(engines).state, entry(engines).attempts) == ("running" if is_opened else state, 1)


def test_day_that_ran_under_an_older_fence_is_taken_over(engines: Engines, elm: str) -> None:
    claim(engines, elm)
    take_over(engines)

    assert claim(engines, elm, fence=2) is True
    assert (entry(engines).fence, entry(engines).attempts) == (2, 2)


def test_who_was_taken_over_writes_nothing(engines: Engines, elm: str) -> None:
    claim(engines, elm)
    take_over(engines)
    claim(engines, elm, fence=2)

    def publish_late(db: Session) -> None:
        db.add(Note(name="published", value="late"))
        ledger.finish(db, elm, DAY, state="published", fence=1, now=NOW)

    with pytest.raises(ledger.FenceLost):
        doing(engines, publish_late)
    with reading(engines) as db:
        assert db.get(Note, "published") is None
    assert entry(engines).state == "running"


def test_who_lost_the_lease_writes_nothing_even_before_the_day_is_claimed_anew(engines: Engines, elm: str) -> None:
    claim(engines, elm)
    take_over(engines)

    with pytest.raises(ledger.FenceLost):
        doing(engines, lambda db: ledger.finish(db, elm, DAY, state="published", fence=1, now=NOW))
    assert entry(engines).state == "running"


def test_failed_day_is_tried_again_later_and_later_and_then_parked(engines: Engines, elm: str) -> None:
    now, waits, states = NOW, [], []
    while claim(engines, elm, now=now):
        states.append(
            doing(engines, lambda db, now=now: ledger.put_off(db, elm, DAY, fence=1, now=now, message="No room."))
        )
        again = entry(engines).next_attempt_at
        if again is None:
            break
        waits.append((again - now).total_seconds())
        assert claim(engines, elm, now=again - timedelta(seconds=1)) is False
        now = again

    assert waits == [30, 60, 120, 240]
    assert states == ["due", "due", "due", "due", "parked"]
    assert (entry(engines).state, entry(engines).message) == ("parked", "No room.")


def test_day_is_never_given_up_because_the_database_was_taken(engines: Engines, elm: str) -> None:
    def put_off(db: Session) -> str:
        return ledger.put_off(db, elm, DAY, fence=1, now=now, message="Busy.", is_busy=True)

    now, waits = DUE, []
    for _ in range(ledger.ATTEMPTS + 3):
        assert claim(engines, elm, now=now) is True
        assert doing(engines, put_off) == "due"
        again = entry(engines).next_attempt_at
        assert again is not None
        waits.append((again - now).total_seconds())
        now = again + timedelta(seconds=90)

    assert [round(wait) for wait in waits] == [30, 30, 60, 98, 144, 203, 240, 240]
    assert (entry(engines).state, entry(engines).attempts, entry(engines).message) == ("due", 0, "Busy.")


def test_past_day_is_missed_unless_it_was_finished(engines: Engines, elm: str) -> None:
    claim(engines, elm)
    doing(engines, lambda db: ledger.miss(db, elm, DAY, due_at=DUE, fence=2, now=NOW))
    assert entry(engines).state == "missed"

    doing(engines, lambda db: ledger.miss(db, elm, DAY, due_at=DUE, fence=3, now=NOW + timedelta(days=1)))
    assert entry(engines).finished_at == NOW


@pytest.mark.parametrize(
    ("rows", "until", "settled"),
    [
        ({}, DAY, None),
        ({0: "due"}, DAY, DAY - timedelta(days=1)),
        ({0: "published", 1: "due"}, DAY + timedelta(days=5), DAY),
        ({0: "missed", 2: "parked"}, DAY + timedelta(days=5), DAY + timedelta(days=2)),
        ({0: "unchanged", 3650: "unchanged"}, DAY, DAY),
    ],
)
def test_last_settled_day(engines: Engines, elm: str, rows: dict[int, str], until: date, settled: date | None) -> None:
    with unit_of_work(engines) as db:
        for offset, state in rows.items():
            day = DAY + timedelta(days=offset)
            db.add(LedgerEntry(community_id=elm, local_day=day, kind="repair", state=state, due_at=DUE))

    with reading(engines) as db:
        assert ledger.last_settled_days(db, {elm: until}) == ({} if settled is None else {elm: settled})
