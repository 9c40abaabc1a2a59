"""Allowances: reserved before a try, never overdrawn by many at once, given back, bounded; on both databases."""

import threading
from datetime import timedelta

import pytest

from milieu.database import Engines, reading, retrying, unit_of_work
from milieu.errors import TooFast
from milieu.models import TryMeter
from milieu.services.access import tries
from milieu.services.access.tries import Allowance, Meter, forget_tries, give_back, meter_key, reserve_try
from tests.milieu.builders import NOW

THREE = Allowance(3, timedelta(seconds=10))


def meter(name: str, allowance: Allowance = THREE) -> Meter:
    return Meter(meter_key("secret", "name", name), allowance)


def reserve(engines: Engines, *meters: Meter, seconds: float = 0) -> timedelta:
    """Try once; how long to wait, nothing where it was taken."""
    try:
        retrying(engines, lambda db: reserve_try(db, meters, now=NOW + timedelta(seconds=seconds)))
    except TooFast as error:
        return error.wait
    return timedelta(0)


def test_an_allowance_comes_back_with_time(engines: Engines) -> None:
    dee = meter("dee")

    waits = [
        reserve(engines, dee, seconds=at).total_seconds() for at in (0, 0, 0, 0, 9, 10, 10, 1000, 1000, 1000, 1000)
    ]

    assert waits == [0, 0, 0, 10, 1, 0, 10, 0, 0, 0, 10]


def test_a_clock_that_was_put_back_keeps_nobody_waiting(engines: Engines) -> None:
    dee, hours = meter("dee"), 3 * 3600
    waits = [reserve(engines, dee, seconds=at).total_seconds() for at in (hours, hours, hours, 0, 0, 0, 0)]

    assert waits == [0, 0, 0, 0, 0, 0, 10]


def test_clocks_that_are_apart_give_no_try_more(engines: Engines) -> None:
    dee = meter("dee")
    waits = [reserve(engines, dee, seconds=at).total_seconds() for at in (60, 60, 60, 0, 60, 0)]

    assert waits == [0, 0, 0, 70, 10, 70]


def test_a_try_that_one_meter_refuses_is_counted_by_none(engines: Engines) -> None:
    one, other = meter("one"), meter("other", Allowance(1, timedelta(seconds=10)))
    reserve(engines, one, other)

    for _ in range(9):
        assert reserve(engines, one, other)

    assert [reserve(engines, one).total_seconds() for _ in range(3)] == [0, 0, 10]


def test_of_sixty_at_once_three_are_taken(engines: Engines) -> None:
    taken: list[timedelta] = []
    threads = [threading.Thread(target=lambda: taken.append(reserve(engines, meter("dee")))) for _ in range(60)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(taken), taken.count(timedelta(0))) == (60, 3)


def test_what_was_right_is_given_back_or_forgotten(engines: Engines) -> None:
    dee = meter("dee")
    for _ in range(3):
        reserve(engines, dee)

    with unit_of_work(engines) as db:
        give_back(db, [dee])
    assert [reserve(engines, dee).total_seconds() for _ in range(2)] == [0, 10]

    with unit_of_work(engines) as db:
        forget_tries(db, [dee])
    assert [reserve(engines, dee).total_seconds() for _ in range(4)] == [0, 0, 0, 10]


def test_rows_are_never_more_than_fit_and_the_most_used_stay(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST_METERS", 10)
    for _ in range(3):
        reserve(engines, meter("victim"))

    for number in range(40):
        reserve(engines, meter(f"name {number}"))

    with reading(engines) as db:
        assert db.query(TryMeter).count() == 10
    assert reserve(engines, meter("victim"))


def test_what_is_whole_again_leaves_no_row(engines: Engines) -> None:
    reserve(engines, meter("dee"))
    reserve(engines, meter("ben"), seconds=11)

    with reading(engines) as db:
        assert [row.key for row in db.query(TryMeter)] == [meter("ben").key]


def test_a_key_tells_nothing_without_the_secret() -> None:
    keys = {meter_key(secret, kind, *parts) for secret in "ab" for kind in "cd" for parts in [("e", "f"), ("ef",)]}

    assert len(keys) == 8
    assert all(len(key) == 32 for key in keys)
