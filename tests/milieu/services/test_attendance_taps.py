"""Taps of several people: what was tapped last holds, whenever it arrives; one takes back one's own last mark alone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid
from milieu.models import Attendance
from milieu.queries.published.marks import Mark, marks_of
from milieu.services.attendance import mark, take_back
from tests.milieu.builders import CommunityBuilder, Held, small_community

CHOIR = "2026-W49-choir-2"
MIDNIGHT = datetime(2026, 12, 2, 0, 0, tzinfo=UTC)  # Wednesday, London in winter
NOW = datetime(2026, 12, 2, 10, 40, tzinfo=UTC)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """A published choir on Wednesday at 10:30 with Ada and Ben; Joe and Mei are staff."""
    with unit_of_work(engines) as db:
        built = small_community(db)
        built.publication([Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben"])])
        for name in ("joe", "mei"):
            built.account("staff", id=name, email=f"{name}@elm.example", name=f"{name.title()} Made-Up")
    return built


def tap(
    engines: Engines,
    elm: CommunityBuilder,
    by: str,
    outcome: str,
    *,
    at: datetime = NOW,
    arrives: datetime | None = None,
    level: str | None = None,
    key: str = "",
) -> int:
    with unit_of_work(engines) as db:
        return mark(
            db,
            elm.id,
            CHOIR,
            elm.residents["ada"].id,
            outcome,
            level,
            key=key or f"{by} {outcome} {at}",
            by=by,
            now=arrives or at,
            tapped_at=at,
        ).number


def undo(
    engines: Engines, elm: CommunityBuilder, by: str, taken: str, *, now: datetime = NOW, key: str = "undo"
) -> int:
    with unit_of_work(engines) as db:
        return take_back(db, elm.id, CHOIR, elm.residents["ada"].id, taken, key=key, by=by, now=now).number


def holding(engines: Engines, elm: CommunityBuilder) -> Mark:
    with reading(engines) as db:
        return marks_of(db, elm.id, refs=[CHOIR])[CHOIR, elm.residents["ada"].id]


def rows(engines: Engines) -> list[Attendance]:
    with reading(engines) as db:
        return list(db.scalars(select(Attendance).order_by(Attendance.number)))


def seconds(number: float) -> datetime:
    return NOW + timedelta(seconds=number)


def test_the_later_tap_holds_although_it_arrived_first(engines: Engines, elm: CommunityBuilder) -> None:
    tap(engines, elm, "mei", "unwell", at=seconds(22))
    tap(engines, elm, "joe", "asleep", at=seconds(18), arrives=seconds(24))

    held = holding(engines, elm)
    first, second = rows(engines)

    assert (held.outcome, held.by, held.at) == ("unwell", "Mei Made-Up", seconds(22))
    assert (first.outcome, first.tapped_at, first.marked_at) == ("unwell", seconds(22), seconds(22))
    assert (second.outcome, second.tapped_at, second.marked_at) == ("asleep", seconds(18), seconds(24))


def test_of_two_taps_at_one_moment_the_later_arrival_holds(engines: Engines, elm: CommunityBuilder) -> None:
    tap(engines, elm, "mei", "unwell")
    tap(engines, elm, "joe", "asleep")

    assert holding(engines, elm).outcome == "asleep"


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        (NOW + timedelta(hours=1), NOW),  # a tablet whose clock is ahead
        (NOW, NOW),
        (MIDNIGHT, MIDNIGHT),
        (MIDNIGHT - timedelta(days=40), MIDNIGHT),
    ],
)
def test_a_tap_is_never_later_than_its_arrival_nor_before_its_day(
    engines: Engines, elm: CommunityBuilder, claimed: datetime, kept: datetime
) -> None:
    tap(engines, elm, "joe", "declined", at=claimed, arrives=NOW)

    [row] = rows(engines)
    assert (row.tapped_at, row.marked_at) == (kept, NOW)


@pytest.mark.parametrize(
    ("tapped", "arrives", "is_taken"),
    [
        (datetime(2026, 12, 3, 23, 59, tzinfo=UTC), datetime(2026, 12, 4, 9, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 4, 0, 0, tzinfo=UTC), datetime(2026, 12, 4, 9, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 3, 12, 0, tzinfo=UTC), datetime(2026, 12, 4, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 3, 12, 0, tzinfo=UTC), datetime(2026, 12, 5, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_tap_in_time_counts_although_it_arrives_the_next_day(
    engines: Engines, elm: CommunityBuilder, tapped: datetime, arrives: datetime, is_taken: bool
) -> None:
    if is_taken:
        assert tap(engines, elm, "joe", "declined", at=tapped, arrives=arrives) == 1
    else:
        with pytest.raises(Invalid, match="more than a day ago"):
            tap(engines, elm, "joe", "declined", at=tapped, arrives=arrives)


def test_whether_somebody_can_have_come_is_judged_by_when_it_was_tapped(
    engines: Engines, elm: CommunityBuilder
) -> None:
    with pytest.raises(Invalid, match="has not begun"):
        tap(engines, elm, "joe", "attended", at=NOW - timedelta(hours=2), arrives=NOW)


def test_saying_the_same_again_adds_nothing_and_what_was_said_between_counts(
    engines: Engines, elm: CommunityBuilder
) -> None:
    first = tap(engines, elm, "joe", "attended")
    again = tap(engines, elm, "joe", "attended", at=seconds(5))
    tap(engines, elm, "mei", "attended", at=seconds(10))
    mine = tap(engines, elm, "joe", "attended", at=seconds(15))

    assert (first, again, mine) == (1, 1, 3)


def test_taking_back_brings_back_what_stood_before(engines: Engines, elm: CommunityBuilder) -> None:
    tap(engines, elm, "mei", "in care", key="care")
    tap(engines, elm, "joe", "attended", at=seconds(30), key="slip")

    undo(engines, elm, "joe", "slip", now=seconds(40))

    held = holding(engines, elm)
    assert (held.outcome, held.by, held.rivals) == ("in care", "Mei Made-Up", ())
    assert [(row.outcome, row.takes_back) for row in rows(engines)] == [
        ("in care", None),
        ("attended", None),
        (None, 2),
    ]


def test_one_s_own_marks_are_taken_back_one_after_the_other(engines: Engines, elm: CommunityBuilder) -> None:
    tap(engines, elm, "joe", "in care", key="care")
    tap(engines, elm, "joe", "attended", at=seconds(30), key="slip")

    undo(engines, elm, "joe", "slip", key="one")
    undo(engines, elm, "joe", "care", key="two")
    nothing = holding(engines, elm)
    tap(engines, elm, "joe", "asleep", at=seconds(90))

    assert nothing.outcome is None
    assert holding(engines, elm).outcome == "asleep"


def test_a_colleague_s_correction_outlives_what_is_taken_back_from_an_old_page(
    engines: Engines, elm: CommunityBuilder
) -> None:
    tap(engines, elm, "joe", "attended", key="slip")
    tap(engines, elm, "mei", "unwell", at=seconds(20), key="correction")

    undo(engines, elm, "joe", "slip", now=seconds(40))
    stands = holding(engines, elm)
    undo(engines, elm, "mei", "correction", now=seconds(50), key="hers")

    assert (stands.outcome, stands.by) == ("unwell", "Mei Made-Up")
    assert holding(engines, elm).outcome is None  # and Joe's slip does not come back


@pytest.mark.parametrize("by", ["joe", "mei"])
@pytest.mark.parametrize("taken", ["first", "gone", "nothing"])
def test_what_is_not_one_s_own_last_mark_is_not_taken_back(
    engines: Engines, elm: CommunityBuilder, by: str, taken: str
) -> None:
    tap(engines, elm, "joe", "declined", key="first")
    tap(engines, elm, "joe", "attended", at=seconds(10), key="gone")
    undo(engines, elm, "joe", "gone", now=seconds(20))
    tap(engines, elm, "joe", "asleep", at=seconds(30), key="last")

    with pytest.raises(Conflict, match="one’s own last mark"):
        undo(engines, elm, by, taken, key="again")

    assert holding(engines, elm).outcome == "asleep"


def test_taking_back_twice_with_one_tap_is_once(engines: Engines, elm: CommunityBuilder) -> None:
    tap(engines, elm, "joe", "in care", key="care")
    tap(engines, elm, "joe", "attended", at=seconds(30), key="slip")

    assert undo(engines, elm, "joe", "slip") == undo(engines, elm, "joe", "slip", now=seconds(90)) == 3
    assert holding(engines, elm).outcome == "in care"


def test_who_sent_a_mark_for_a_colleague_is_kept_beside_who_tapped(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        mark(
            db,
            elm.id,
            CHOIR,
            elm.residents["ada"].id,
            "declined",
            key="hers",
            by="mei",
            now=seconds(60),
            tapped_at=NOW,
            sent_by="joe",
        )

    [row] = rows(engines)
    assert (row.marked_by, row.sent_by, holding(engines, elm).by) == ("mei", "joe", "Mei Made-Up")


@pytest.mark.parametrize(
    ("after", "second", "is_told"),
    [(0, "unwell", True), (60, "unwell", True), (60.1, "unwell", False), (5, "asleep", False)],
)
def test_two_people_who_differ_within_a_minute_are_told_of_each_other(
    engines: Engines, elm: CommunityBuilder, after: float, second: str, is_told: bool
) -> None:
    tap(engines, elm, "joe", "asleep")
    tap(engines, elm, "mei", second, at=seconds(after))

    rivals = holding(engines, elm).rivals

    assert [(each.outcome, each.by, each.at) for each in rivals] == [("asleep", "Joe Made-Up", NOW)] * is_told


@pytest.mark.parametrize(
    ("first", "second", "is_told"), [(None, "quiet", False), ("active", "quiet", True), ("quiet", None, False)]
)
def test_that_somebody_came_and_how_are_no_two_things(
    engines: Engines, elm: CommunityBuilder, first: str | None, second: str | None, is_told: bool
) -> None:
    tap(engines, elm, "joe", "attended", level=first)
    tap(engines, elm, "mei", "attended", level=second, at=seconds(5))

    assert bool(holding(engines, elm).rivals) == is_told


def test_who_corrects_oneself_is_nobody_s_rival(engines: Engines, elm: CommunityBuilder) -> None:
    tap(engines, elm, "joe", "asleep")
    tap(engines, elm, "joe", "unwell", at=seconds(5))

    assert holding(engines, elm).rivals == ()
