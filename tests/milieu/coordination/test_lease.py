"""One scheduler at a time, in the database's own time; a take-over raises the fence."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from milieu.coordination import lease
from milieu.database import Engines, database_now, reading, retrying, unit_of_work
from milieu.errors import Busy
from milieu.models import Lease


def take(engines: Engines, holder: str, seconds: float = 30) -> int | None:
    return retrying(engines, lambda db: lease.take(db, holder=holder, seconds=seconds))


def shift(engines: Engines, seconds: float) -> None:
    """As if the lease had been written so many seconds earlier."""
    with unit_of_work(engines) as db:
        expires_at = db.scalars(select(Lease.expires_at)).one()
        db.execute(update(Lease).values(expires_at=expires_at - timedelta(seconds=seconds)))


def test_first_to_come_holds_it(engines: Engines) -> None:
    assert take(engines, "ann") == 1
    assert take(engines, "bob") is None


def test_holder_renews_under_the_same_fence(engines: Engines) -> None:
    take(engines, "ann")
    shift(engines, 20)

    assert take(engines, "ann") == 1
    with reading(engines) as db:
        left = db.scalars(select(Lease.expires_at)).one() - database_now(db)
    assert timedelta(seconds=25) < left <= timedelta(seconds=30)


def test_lease_that_ran_out_is_taken_over_under_a_higher_fence(engines: Engines) -> None:
    take(engines, "ann")
    shift(engines, 31)

    assert take(engines, "bob") == 2
    assert take(engines, "ann") is None


def test_lease_that_has_not_run_out_is_not_taken_over(engines: Engines) -> None:
    take(engines, "ann")
    shift(engines, 25)

    assert take(engines, "bob") is None


def test_holder_that_came_late_keeps_its_fence_where_nobody_took_over(engines: Engines) -> None:
    take(engines, "ann")
    shift(engines, 300)

    assert take(engines, "ann") == 1


def test_who_holds_on_keeps_it_longer_and_says_no_beat(engines: Engines) -> None:
    take(engines, "ann")
    shift(engines, 25)
    with reading(engines) as db:
        beat = lease.last_beat(db)

    assert retrying(engines, lambda db: lease.keep(db, holder="ann", seconds=30))
    shift(engines, 25)

    assert take(engines, "bob") is None
    with reading(engines) as db:
        assert lease.last_beat(db) == beat


def test_nobody_holds_on_to_what_ran_out_or_is_anothers(engines: Engines) -> None:
    take(engines, "ann")
    assert not retrying(engines, lambda db: lease.keep(db, holder="bob", seconds=30))
    shift(engines, 31)

    assert not retrying(engines, lambda db: lease.keep(db, holder="ann", seconds=30))
    assert take(engines, "bob") == 2


def test_lease_given_up_is_free_at_once(engines: Engines) -> None:
    take(engines, "ann")
    with unit_of_work(engines) as db:
        lease.give_up(db, holder="ann")

    assert take(engines, "bob") == 2


def test_nobody_can_give_up_anothers_lease(engines: Engines) -> None:
    take(engines, "ann")
    with unit_of_work(engines) as db:
        lease.give_up(db, holder="bob")

    assert take(engines, "bob") is None


def test_lease_written_before_the_clock_was_set_back_is_over(engines: Engines) -> None:
    take(engines, "ann")
    shift(engines, -3600)

    assert take(engines, "bob") == 2


def test_roles_do_not_meet(engines: Engines) -> None:
    take(engines, "ann")

    assert retrying(engines, lambda db: lease.take(db, holder="bob", seconds=30, role="outbox")) == 1


def test_beat_is_the_databases_time(engines: Engines) -> None:
    with reading(engines) as db:
        assert lease.last_beat(db) is None
    take(engines, "ann")

    with reading(engines) as db:
        beat = lease.last_beat(db)
        assert beat is not None
        assert timedelta(seconds=-1) < database_now(db) - beat < timedelta(seconds=5)


def test_who_publishes_holds_the_fence_while_beats_go_on(engines: Engines) -> None:
    fence = take(engines, "ann")
    assert fence == 1
    is_shared = engines.dialect == "postgresql"  # SQLite lets one write at a time: its beats come after

    with unit_of_work(engines) as db:
        assert lease.current_fence(db) == fence
        if is_shared:
            assert take(engines, "ann") == fence
            with unit_of_work(engines) as another:
                assert lease.hold(another, fence)
        assert lease.hold(db, fence)
        if is_shared:
            assert take(engines, "ann") == fence

    assert take(engines, "ann") == fence


def take_what_ran_out(engines: Engines) -> None:
    with unit_of_work(engines, patience=0.1) as db:
        db.execute(update(Lease).values(expires_at=database_now(db) - timedelta(seconds=1)))
        lease.take(db, holder="bob", seconds=30)


def test_nobody_takes_over_from_who_holds_the_fence(engines: Engines) -> None:
    fence = take(engines, "ann")
    assert fence == 1

    with unit_of_work(engines) as db:
        assert lease.hold(db, fence)
        with pytest.raises(Busy):
            take_what_ran_out(engines)

    shift(engines, 31)
    assert take(engines, "bob") == 2
    with unit_of_work(engines) as db:
        assert not lease.hold(db, fence)


def test_fence_goes_on_where_the_lease_was_lost(engines: Engines) -> None:
    take(engines, "ann")
    with unit_of_work(engines) as db:
        db.execute(delete(Lease))

    assert take(engines, "bob") == 2
