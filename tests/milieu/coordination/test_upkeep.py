"""The ledger of the installation's own duties: one row a day, one holder, tried again and then told."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from milieu.coordination import lease, upkeep
from milieu.coordination.ledger import FenceLost
from milieu.database import Engines, reading, retrying, unit_of_work
from milieu.models import Upkeep

NIGHT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
DAY = NIGHT.date()


@pytest.fixture
def held(engines: Engines) -> Engines:
    with unit_of_work(engines) as db:
        lease.take(db, holder="ann", seconds=3600)
    return engines


def claim(engines: Engines, *, fence: int = 1, now: datetime = NIGHT, day: date = DAY) -> bool:
    return retrying(engines, lambda db: upkeep.claim(db, upkeep.BACKUP, day, fence=fence, now=now))


def row(engines: Engines) -> tuple[str, int, str]:
    with reading(engines) as db:
        found = db.scalars(select(Upkeep)).one()
        return found.state, found.attempts, found.message


def test_of_eight_at_once_one_has_it(held: Engines) -> None:
    together, got = threading.Barrier(8), []

    def try_it() -> None:
        together.wait()
        got.append(claim(held))

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(got) == [False] * 7 + [True]
    assert row(held) == ("running", 1, "")


def test_what_is_under_way_is_taken_over_by_the_next_fence_or_after_hours(held: Engines) -> None:
    assert claim(held)

    assert not claim(held, now=NIGHT + timedelta(hours=6))
    assert claim(held, fence=2)
    assert claim(held, fence=2, now=NIGHT + timedelta(hours=6, seconds=1))


def test_who_lost_the_lease_ends_nothing(held: Engines) -> None:
    claim(held)
    with unit_of_work(held) as db:
        lease.give_up(db, holder="ann")
    with unit_of_work(held) as db:
        lease.take(db, holder="ben", seconds=3600)

    with pytest.raises(FenceLost), unit_of_work(held) as db:
        upkeep.finish(db, upkeep.BACKUP, DAY, state=upkeep.PROVEN, fence=1, now=NIGHT)

    assert row(held)[0] == "running"


def test_failed_is_tried_again_later_and_later_and_then_parked(held: Engines) -> None:
    now, waits = NIGHT, []
    for _ in range(5):
        assert claim(held, now=now)
        with unit_of_work(held) as db:
            state = upkeep.put_off(db, upkeep.BACKUP, DAY, fence=1, now=now, message="No room.")
        with reading(held) as db:
            again = db.scalars(select(Upkeep.next_attempt_at)).one()
        if state == "due":
            assert again is not None
            assert not claim(held, now=again - timedelta(seconds=1))
            waits.append((again - now).total_seconds())
            now = again

    assert waits == [60, 120, 240, 480]
    assert row(held) == ("parked", 5, "No room.")
    assert not claim(held, fence=2, now=now + timedelta(days=1))


def test_what_the_database_was_too_busy_for_is_tried_again_after_as_long_as_it_took(held: Engines) -> None:
    now, waits = NIGHT, []
    for minutes in (0, 1, 20, 3, 3, 3):
        assert claim(held, now=now)
        now += timedelta(minutes=minutes)
        with unit_of_work(held) as db:
            assert upkeep.put_off(db, upkeep.BACKUP, DAY, fence=1, now=now, message="Busy.", gives_up=False) == "due"
        with reading(held) as db:
            again = db.scalars(select(Upkeep.next_attempt_at)).one()
        assert again is not None
        waits.append((again - now).total_seconds())
        now = again

    assert waits == [60, 60, 1200, 180, 180, 180]
    assert row(held) == ("due", 0, "Busy.")


@pytest.mark.parametrize(
    ("before", "noted", "after"),
    [
        ("made", "proven", "proven"),
        ("proven", "made", "proven"),
        ("parked", "made", "made"),
        ("running", "proven", "running"),
    ],
)
def test_what_is_done_by_hand_takes_nothing_from_the_clock(held: Engines, before: str, noted: str, after: str) -> None:
    with unit_of_work(held) as db:
        db.add(Upkeep(kind=upkeep.BACKUP, on_day=DAY, state=before, began_at=NIGHT, fence=1))
    with unit_of_work(held) as db:
        upkeep.note(db, upkeep.BACKUP, DAY, state=noted, now=NIGHT)

    assert row(held)[0] == after
