"""Days, times and counts as pages write them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from web.director.week.board import short_names
from web.words import domains, times

NOW = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def words(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW, "today 09:00"),
        (NOW - timedelta(hours=9), "today 00:00"),
        (NOW - timedelta(hours=9, minutes=1), "yesterday 23:59"),
        (NOW + timedelta(hours=15), "tomorrow 00:00"),
        (NOW - timedelta(days=5), "Fri 27 November 09:00"),
        (NOW - timedelta(days=365), "Tue 2 December 2025 09:00"),
    ],
)
def test_when_is_told_from_today(moment: datetime, said: str) -> None:
    assert times.when(moment, NOW, "Europe/London") == said


def test_when_is_told_on_the_communitys_wall() -> None:
    assert times.when(NOW, NOW, "America/New_York") == "today 04:00"
    assert times.when(NOW - timedelta(hours=5), NOW, "America/New_York") == "yesterday 23:00"


@pytest.mark.parametrize(("minute", "said"), [(0, "00:00"), (570, "09:30"), (870, "14:30"), (1440, "24:00")])
def test_times_have_24_hours(minute: int, said: str) -> None:
    assert times.clock_time(minute) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 seconds"), (1, "1 second"), (89, "89 seconds"), (90, "2 minutes")]
)
def test_durations_are_round(seconds: float, said: str) -> None:
    assert times.duration(seconds) == said


@pytest.mark.parametrize(("day", "monday"), [(date(2026, 11, 30), 30), (date(2026, 12, 6), 30)])
def test_weeks_start_on_monday(day: date, monday: int) -> None:
    assert times.monday_of(day).day == monday


def test_every_domain_has_a_word_and_a_colour() -> None:
    shown = [domains.domain(key) for key in domains.KEYS]

    assert len({each.word for each in shown}) == len({each.css for each in shown}) == 9
    assert domains.domain("horticulture").word == "Horticulture"


def test_teams_go_by_given_names() -> None:
    names = ["Ana Sousa", "Joe Marsh", "Joe Tan", "Fr. Lee", "Mo"]

    assert short_names(names) == {
        "Ana Sousa": "Ana",
        "Joe Marsh": "Joe M.",
        "Joe Tan": "Joe T.",
        "Fr. Lee": "Fr. Lee",
        "Mo": "Mo",
    }
