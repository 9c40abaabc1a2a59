"""Marks: every tap is kept, the newest holds, a replay is no second one, and none lands on another's session."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from milieu.database import Engines, reading, retrying, unit_of_work
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import LEVELS, OUTCOMES, Attendance
from milieu.queries.published.marks import Mark, marks_of
from milieu.services.attendance import KEY_LENGTH, mark, mark_uninvited, take_back
from tests.milieu.builders import CommunityBuilder, Held, small_community

CHOIR = "2026-W49-choir-2"
STARTS = datetime(2026, 12, 2, 10, 30, tzinfo=UTC)  # Wednesday, London in winter
NOW = STARTS + timedelta(minutes=10)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """A published choir on Wednesday at 10:30 with Ada and Ben; Cleo is not invited."""
    with unit_of_work(engines) as db:
        built = small_community(db)
        built.publication([Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben"])])
        built.account("staff")
    return built


def tap(engines: Engines, elm: CommunityBuilder, who: str, outcome: str, **given: object) -> int:
    """Mark somebody; the number of the mark."""
    told = {"level": None, "key": f"{who}-{outcome}", "by": None, "now": NOW, "ref": CHOIR, **given}
    with unit_of_work(engines) as db:
        return mark(
            db,
            elm.id,
            str(told["ref"]),
            elm.residents[who].id,
            outcome,
            told["level"],  # type: ignore[arg-type]
            key=str(told["key"]),
            by=told["by"],
            now=told["now"],  # type: ignore[arg-type]
        ).number


def come_uninvited(engines: Engines, elm: CommunityBuilder, who: str, now: datetime = NOW) -> int:
    with unit_of_work(engines) as db:
        return mark_uninvited(db, elm.id, CHOIR, elm.residents[who].id, key="walked in", by=None, now=now).number


def holding(engines: Engines, elm: CommunityBuilder, who: str, ref: str = CHOIR) -> Mark | None:
    with reading(engines) as db:
        return marks_of(db, elm.id, refs=[ref]).get((ref, elm.residents[who].id))


def count(engines: Engines) -> int:
    with reading(engines) as db:
        return db.scalar(select(func.count()).select_from(Attendance)) or 0


def test_the_newest_mark_of_a_person_holds_and_all_are_kept(engines: Engines, elm: CommunityBuilder) -> None:
    tap(engines, elm, "ada", "declined")
    tap(engines, elm, "ada", "attended", level="quiet", now=NOW + timedelta(minutes=5))

    held = holding(engines, elm, "ada")

    assert held is not None
    assert (held.outcome, held.level, held.was_invited) == ("attended", "quiet", True)
    assert held.on_date == date(2026, 12, 2)
    assert holding(engines, elm, "ben") is None
    assert count(engines) == 2


def test_a_tap_that_arrives_twice_is_one_row_even_after_another_mark(engines: Engines, elm: CommunityBuilder) -> None:
    first = tap(engines, elm, "ada", "attended", key="one tap")
    tap(engines, elm, "ada", "declined", key="another")
    replay = tap(engines, elm, "ada", "attended", key="one tap", now=NOW + timedelta(minutes=3))

    held = holding(engines, elm, "ada")

    assert replay == first
    assert held is not None
    assert held.outcome == "declined"
    assert count(engines) == 2


def test_a_key_used_for_somebody_else_is_refused(engines: Engines, elm: CommunityBuilder) -> None:
    tap(engines, elm, "ada", "attended", key="one tap")

    with pytest.raises(Conflict, match="already used for somebody else"):
        tap(engines, elm, "ben", "attended", key="one tap")


def test_every_outcome_and_level_of_the_lists_can_be_marked(engines: Engines, elm: CommunityBuilder) -> None:
    for outcome in OUTCOMES:
        tap(engines, elm, "ada", outcome)
        held = holding(engines, elm, "ada")
        assert held is not None
        assert held.outcome == outcome
    for level in LEVELS:
        tap(engines, elm, "ada", "attended", level=level, key=level)
        held = holding(engines, elm, "ada")
        assert held is not None
        assert held.level == level


@pytest.mark.parametrize(
    ("outcome", "level"),
    [("came", None), ("", None), ("ATTENDED", None), ("attended", "lively"), ("declined", "quiet")],
)
def test_other_words_are_refused(
    engines: Engines, elm: CommunityBuilder, outcome: str | None, level: str | None
) -> None:
    with pytest.raises(Invalid):
        tap(engines, elm, "ada", outcome, level=level, key="tap")

    assert count(engines) == 0


@pytest.mark.parametrize(("length", "is_taken"), [(0, False), (1, True), (KEY_LENGTH, True), (KEY_LENGTH + 1, False)])
def test_a_tap_needs_a_key_that_fits(engines: Engines, elm: CommunityBuilder, length: int, is_taken: bool) -> None:
    if is_taken:
        assert tap(engines, elm, "ada", "attended", key="k" * length) == 1
    else:
        with pytest.raises(Invalid, match="without its number"):
            tap(engines, elm, "ada", "attended", key="k" * length)


def test_what_is_foreign_is_as_absent_as_what_never_was(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
        oak.publication([Held("chess", "studio", 2, "14:00", residents=["ada"])])
    said = set()
    for community, ref, resident in [
        (elm, "2026-W49-chess-2", elm.residents["ada"].id),
        (elm, "no such session", elm.residents["ada"].id),
    ]:
        with pytest.raises(NotFound) as refused, unit_of_work(engines) as db:
            mark(db, community.id, ref, resident, "declined", key="tap", by=None, now=NOW)
        said.add(refused.value.sentence)
    for resident in (oak.residents["ada"].id, "a" * 26):
        with pytest.raises(NotFound) as refused, unit_of_work(engines) as db:
            mark(db, elm.id, CHOIR, resident, "declined", key="tap", by=None, now=NOW)
        said.add(refused.value.sentence)
        with pytest.raises(NotFound) as refused, unit_of_work(engines) as db:
            mark_uninvited(db, elm.id, CHOIR, resident, key="tap", by=None, now=NOW)
        said.add(refused.value.sentence)

    assert said == {"There is no such session.", "There is no such resident."}
    assert count(engines) == 0


def test_who_is_not_invited_is_told_apart_from_who_came_anyway(engines: Engines, elm: CommunityBuilder) -> None:
    with pytest.raises(Conflict, match="Someone else came"):
        tap(engines, elm, "cleo", "attended")

    come_uninvited(engines, elm, "cleo")
    came = holding(engines, elm, "cleo")
    tap(engines, elm, "cleo", "attended", level="active", key="level")
    for key in ("level", "walked in"):
        with unit_of_work(engines) as db:
            take_back(db, elm.id, CHOIR, elm.residents["cleo"].id, key, key=f"undo {key}", by=None, now=NOW)
    after = holding(engines, elm, "cleo")

    assert came is not None
    assert (came.outcome, came.was_invited) == ("attended", False)
    assert after is not None
    assert (after.outcome, after.was_invited) == (None, False)


def test_who_was_invited_after_all_simply_came(engines: Engines, elm: CommunityBuilder) -> None:
    come_uninvited(engines, elm, "ada")

    came = holding(engines, elm, "ada")

    assert came is not None
    assert (came.outcome, came.was_invited) == ("attended", True)


def test_nothing_is_said_of_a_refusal_or_of_who_is_kept_apart(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.refusal(elm.residents["cleo"], activity=elm.activities["choir"])
        elm.tie(elm.residents["ada"], elm.residents["cleo"], None)

    assert come_uninvited(engines, elm, "cleo") == 1


@pytest.mark.parametrize(
    ("arrived", "left", "lives_here"),
    [
        (date(2026, 12, 2), None, True),
        (date(2026, 12, 3), None, False),
        (date(2026, 1, 5), date(2026, 12, 2), True),
        (date(2026, 1, 5), date(2026, 12, 1), False),
    ],
)
def test_who_did_not_live_here_on_the_day_did_not_come(
    engines: Engines, elm: CommunityBuilder, arrived: date, left: date | None, lives_here: bool
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.resident("guest", arrived_on=arrived, left_on=left, left_reason=left and "stay ended")
    if lives_here:
        assert come_uninvited(engines, elm, "guest") == 1
    else:
        with pytest.raises(Invalid, match="did not live here"):
            come_uninvited(engines, elm, "guest")


@pytest.mark.parametrize(
    ("now", "refused"),
    [
        (datetime(2026, 12, 1, 23, 59, tzinfo=UTC), "on another day"),
        (datetime(2026, 12, 2, 0, 0, tzinfo=UTC), None),
        (datetime(2026, 12, 3, 23, 59, tzinfo=UTC), None),
        (datetime(2026, 12, 4, 0, 0, tzinfo=UTC), "more than a day ago"),
    ],
)
def test_marks_are_made_on_the_day_and_the_day_after(
    engines: Engines, elm: CommunityBuilder, now: datetime, refused: str | None
) -> None:
    if refused is None:
        assert tap(engines, elm, "ada", "declined", now=now) == 1
    else:
        with pytest.raises(Invalid, match=refused):
            tap(engines, elm, "ada", "declined", now=now)


def test_the_day_is_the_community_s_own(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        far = small_community(db, "rimu", timezone="Pacific/Auckland")
        far.publication([Held("choir", "lounge", 2, "10:30", residents=["ada"])])
    still_tuesday = datetime(2026, 12, 1, 10, 59, tzinfo=UTC)  # 23:59 in Auckland
    with pytest.raises(Invalid):
        tap(engines, far, "ada", "declined", now=still_tuesday)

    assert tap(engines, far, "ada", "declined", now=still_tuesday + timedelta(minutes=1)) == 1


@pytest.mark.parametrize(("minutes", "is_taken"), [(61, False), (60, True)])
def test_nobody_has_come_more_than_an_hour_before(
    engines: Engines, elm: CommunityBuilder, minutes: int, is_taken: bool
) -> None:
    early = STARTS - timedelta(minutes=minutes)

    tap(engines, elm, "ada", "declined", now=early)
    if is_taken:
        assert tap(engines, elm, "ada", "attended", now=early) == 2
        assert come_uninvited(engines, elm, "cleo", now=early) == 1
    else:
        with pytest.raises(Invalid, match="has not begun"):
            tap(engines, elm, "ada", "attended", now=early)
        with pytest.raises(Invalid, match="has not begun"):
            come_uninvited(engines, elm, "cleo", now=early)


def test_a_mark_stays_with_a_session_that_was_moved_or_taken_out(engines: Engines, elm: CommunityBuilder) -> None:
    tap(engines, elm, "ada", "attended")
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 4, "15:00", ["finn"], ["ada"], ref=CHOIR)], kind="repair")
    late = NOW + timedelta(minutes=30)

    tap(engines, elm, "ben", "declined", now=late)  # withdrawn since, but this tablet still showed him
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([], kind="repair")
    tap(engines, elm, "ada", "attended", level="active", key="level", now=late)

    ada, ben = holding(engines, elm, "ada"), holding(engines, elm, "ben")
    assert ada is not None
    assert ben is not None
    assert (ada.outcome, ada.level, ada.on_date) == ("attended", "active", date(2026, 12, 2))
    assert (ben.outcome, ben.was_invited, ben.on_date) == ("declined", True, date(2026, 12, 2))


def test_twenty_arrivals_of_one_tap_are_one_row(engines: Engines, elm: CommunityBuilder) -> None:
    def arrive(_number: int) -> int:
        return retrying(
            engines,
            lambda db: mark(db, elm.id, CHOIR, elm.residents["ada"].id, "attended", key="tap", by=None, now=NOW).number,
            attempts=8,
        )

    with ThreadPoolExecutor(20) as pool:
        numbers = list(pool.map(arrive, range(20)))

    assert numbers == [1] * 20
    assert count(engines) == 1


def test_tablets_that_mark_one_person_at_once_are_all_kept(engines: Engines, elm: CommunityBuilder) -> None:
    def arrive(tablet: int) -> int:
        outcome = OUTCOMES[tablet]
        return retrying(
            engines,
            lambda db: (
                mark(
                    db, elm.id, CHOIR, elm.residents["ada"].id, outcome, key=f"tablet {tablet}", by=None, now=NOW
                ).number
            ),
            attempts=20,
        )

    with ThreadPoolExecutor(6) as pool:
        numbers = sorted(pool.map(arrive, range(6)))

    held = holding(engines, elm, "ada")
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert held is not None


TAPS = st.lists(
    st.tuples(
        st.sampled_from(["ada", "ben"]),
        st.sampled_from(OUTCOMES),
        st.integers(0, 5),  # the tap's key: a small range, so that replays happen
        st.integers(0, 4),  # minutes before it arrived
    ),
    max_size=14,
)


@given(taps=TAPS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_tapped_what_was_tapped_last_holds(
    engines: Engines, elm: CommunityBuilder, taps: list[tuple[str, str, int, int]]
) -> None:
    owners: dict[int, str] = {}
    newest: dict[str, tuple[datetime, str]] = {}
    with Session(engines.write) as db:  # never committed: each example begins with no mark
        for number, (who, outcome, key, minutes) in enumerate(taps):
            is_first = key not in owners
            if owners.setdefault(key, who) != who:
                with pytest.raises(Conflict):
                    mark(db, elm.id, CHOIR, elm.residents[who].id, outcome, key=str(key), by=None, now=NOW)
                continue
            now = NOW + timedelta(seconds=number)
            at = now - timedelta(minutes=minutes)
            mark(db, elm.id, CHOIR, elm.residents[who].id, outcome, key=str(key), by=None, now=now, tapped_at=at)
            if str(key) not in db.scalars(select(Attendance.key)).all():
                del owners[key]  # said already: nothing was added
            elif is_first and (who not in newest or newest[who][0] <= at):
                newest[who] = (at, outcome)
        held = {who: found.outcome for (_, who), found in marks_of(db, elm.id, days=[date(2026, 12, 2)]).items()}
        rows = db.scalar(select(func.count()).select_from(Attendance))

    assert held == {elm.residents[who].id: outcome for who, (_at, outcome) in newest.items()}
    assert rows == len(owners)
