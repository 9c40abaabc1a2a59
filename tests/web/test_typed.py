"""Days and times of forms and addresses: each edge, and the sentence that says what is wrong at its field."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel

from milieu.errors import Invalid
from tests.milieu.builders import CommunityBuilder
from tests.web.conftest import Browser
from web.typed import day_asked, needed_day, typed_day, typed_minute


@pytest.fixture
def plain() -> Flask:
    app = Flask(__name__)
    Babel(app)
    return app


@pytest.mark.parametrize(
    ("text", "minute"), [("00:00", 0), ("9:05", 545), ("09:05", 545), (" 14:30 ", 870), ("23:59", 1439)]
)
def test_a_time_is_minutes_after_midnight(plain: Flask, text: str, minute: int) -> None:
    with plain.test_request_context(method="POST", data={"start": text}):
        assert typed_minute("start") == minute


@pytest.mark.parametrize(
    "text", ["", "14", "1430", "14.30", "14:60", "24:00", "-1:30", "14:30:00", "٣:00", ":30", "14:"]
)
def test_what_is_no_time_is_told_at_its_field(plain: Flask, text: str) -> None:
    with plain.test_request_context(method="POST", data={"start": text}), pytest.raises(Invalid) as refused:
        typed_minute("start")

    assert (refused.value.args[0], refused.value.at) == ("Please write the time as 14:30.", "start")


def test_a_day_may_be_left_empty_or_not_and_is_told_where_it_is_none(plain: Flask) -> None:
    with plain.test_request_context(method="POST", data={"first": " 2026-12-31 ", "last": " ", "other": "31.12."}):
        assert typed_day("first") == needed_day("first", "Which day, please.") == date(2026, 12, 31)
        assert typed_day("last") is None
        with pytest.raises(Invalid, match="Which day"):
            needed_day("last", "Which day, please.")
        with pytest.raises(Invalid, match="2026-12-31") as refused:
            needed_day("other", "Which day, please.")
    assert refused.value.at == "other"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("2000-01-01", date(2000, 1, 1)),
        ("1999-12-31", None),
        ("2199-12-31", date(2199, 12, 31)),
        ("2200-01-01", None),
        ("soon", None),
        ("", None),
    ],
)
def test_an_address_names_a_day_that_has_a_week_beside_it(plain: Flask, text: str, day: date | None) -> None:
    with plain.test_request_context(query_string={"day": text}):
        assert day_asked("day") == day


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar_are_no_fault_of_ours(
    sign_in: Callable[..., Browser], elm: CommunityBuilder, day: str
) -> None:
    director = sign_in(elm)

    for path in (f"/people?week={day}", f"/changed?day={day}"):
        assert director.get(path).status_code == 200
