"""Whether a session took place: said once, taken back, and not before its time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Invalid, NotFound
from milieu.models import SessionHeld
from milieu.queries.published.marks import held_of
from milieu.services.attendance import REASON_LENGTH, mark_held
from tests.milieu.builders import CommunityBuilder, Held, small_community

CHOIR = "2026-W49-choir-2"
STARTS = datetime(2026, 12, 2, 10, 30, tzinfo=UTC)
NOW = STARTS + timedelta(minutes=10)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        built = small_community(db)
        built.publication([Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben"])])
    return built


def say_held(
    engines: Engines, elm: CommunityBuilder, was_held: bool | None, reason: str = "", now: datetime = NOW
) -> None:
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, CHOIR, was_held, reason, by=None, now=now)


def count(engines: Engines) -> int:
    with reading(engines) as db:
        return db.scalar(select(func.count()).select_from(SessionHeld)) or 0


def test_a_session_that_cannot_be_held_is_said_once_and_taken_back(engines: Engines, elm: CommunityBuilder) -> None:
    say_held(engines, elm, None)
    assert count(engines) == 0

    say_held(engines, elm, False, "Nobody to lead it")
    say_held(engines, elm, False, "Nobody to lead it")
    with reading(engines) as db:
        off = held_of(db, elm.id, refs=[CHOIR])[CHOIR]
    say_held(engines, elm, None, now=NOW + timedelta(minutes=1))
    with reading(engines) as db:
        on_again = held_of(db, elm.id, refs=[CHOIR])[CHOIR]

    assert (off.was_held, off.reason) == (False, "Nobody to lead it")
    assert on_again.was_held is None
    assert count(engines) == 2


def test_what_has_not_begun_is_not_said_to_be_held(engines: Engines, elm: CommunityBuilder) -> None:
    with pytest.raises(Invalid, match="has not begun"):
        say_held(engines, elm, True, now=STARTS - timedelta(minutes=61))

    say_held(engines, elm, False, now=STARTS - timedelta(minutes=61))
    say_held(engines, elm, True, now=STARTS)
    assert count(engines) == 2


@pytest.mark.parametrize(("length", "is_taken"), [(REASON_LENGTH, True), (REASON_LENGTH + 1, False)])
def test_a_reason_is_short(engines: Engines, elm: CommunityBuilder, length: int, is_taken: bool) -> None:
    if is_taken:
        say_held(engines, elm, False, "x" * length)
        assert count(engines) == 1
    else:
        with pytest.raises(Invalid, match="in at most"):
            say_held(engines, elm, False, "x" * length)


def test_a_session_of_another_community_is_not_there(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    with pytest.raises(NotFound), unit_of_work(engines) as db:
        mark_held(db, oak.id, CHOIR, False, by=None, now=NOW)

    assert count(engines) == 0
