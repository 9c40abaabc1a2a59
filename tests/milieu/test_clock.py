"""The clock: local days, and noticing that somebody set it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from milieu.clock import JumpWatch, SystemClock, local_day
from tests.milieu.builders import ShiftedClock

NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("timezone", "day"),
    [("Europe/London", date(2026, 12, 1)), ("Asia/Tokyo", date(2026, 12, 2)), ("America/New_York", date(2026, 12, 1))],
)
def test_day_is_the_one_on_the_wall(timezone: str, day: date) -> None:
    assert local_day(datetime(2026, 12, 1, 23, 30, tzinfo=UTC), timezone) == day


def test_system_clock_is_aware() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_shifted_clock_goes_on_from_where_it_was_put() -> None:
    clock = ShiftedClock(NOON)

    assert timedelta(0) <= clock.now() - NOON < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("wall_seconds", "passed_seconds", "jump"),
    [(10, 10, 0), (70, 10, 0), (71, 10, 61), (-51, 10, -61), (-50, 10, 0), (10, 71, -61), (86_410, 10, 86_400)],
)
def test_jump_is_more_than_a_minute_between_wall_and_time(wall_seconds: int, passed_seconds: int, jump: int) -> None:
    watch = JumpWatch(NOON, passed=100)

    assert watch.jump(NOON + timedelta(seconds=wall_seconds), 100 + passed_seconds) == jump


def test_jump_is_told_once() -> None:
    watch = JumpWatch(NOON, passed=100)

    assert watch.jump(NOON + timedelta(hours=1), 110) > 0
    assert watch.jump(NOON + timedelta(hours=1, seconds=10), 120) == 0
