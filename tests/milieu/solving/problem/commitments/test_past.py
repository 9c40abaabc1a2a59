"""What happened and what people were told, as the solver is given it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from milieu.database import make_engines, unit_of_work
from milieu.models import Attendance, SessionHeld
from milieu.solving.problem.document import ProblemSource, make_problem
from solver.documents import exchange
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

CHOIR, CHESS, WALK = "2026-W49-choir", "2026-W49-chess", "2026-W49-walk"
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def elm(sqlite_url: str) -> Iterator[CommunityBuilder]:
    """Choir on Tuesday, chess on Wednesday at 9:00, a walk on Thursday; it is Wednesday, 9:00."""
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as db:
        built = small_community(db)
        built.publication(
            [
                Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben", "cleo"], ref=CHOIR),
                Held("chess", "studio", 2, "09:00", ["finn"], ["dov", "esi"], ref=CHESS),
                Held("walk", "studio", 3, "14:00", ["gita"], ["ada", "fay"], ref=WALK),
            ]
        )
        yield built
    engines.dispose()


def problem(elm: CommunityBuilder, now: datetime = NOW) -> ProblemSource:
    elm.db.flush()
    return make_problem(elm.db, elm.id, MONDAY, now, repair=True)


def previous(elm: CommunityBuilder, ref: str, now: datetime = NOW) -> exchange.Session:
    [found] = [row for row in problem(elm, now).document.previous if row.id == ref]
    return found


def keys(elm: CommunityBuilder, ids: tuple[str, ...]) -> set[str]:
    return {key for key, row in elm.residents.items() if row.id in ids}


def mark(
    elm: CommunityBuilder, key: str, outcome: str | None, *, ref: str = CHOIR, number: int = 1, invited: bool = True
) -> None:
    elm.add(
        Attendance(
            community_id=elm.id,
            session_ref=ref,
            on_date=TUESDAY,
            resident_id=elm.residents[key].id,
            was_invited=invited,
            outcome=outcome,
            key=f"{ref} {key} {number}",
            number=number,
            tapped_at=NOW,
            marked_at=NOW,
        )
    )


def test_what_is_published_is_previous_with_its_ids(elm: CommunityBuilder) -> None:
    source = problem(elm)
    walk = previous(elm, WALK)

    assert [row.id for row in source.document.previous] == [CHOIR, CHESS, WALK]
    assert (walk.day, walk.start, walk.space) == (3, "14:00", elm.spaces["studio"].id)
    assert walk.facilitators == (elm.facilitators["gita"].id,)
    assert keys(elm, walk.residents) == {"ada", "fay"}


def test_only_what_starts_before_the_moment_is_frozen(elm: CommunityBuilder) -> None:
    at_nine = [row.id for row in problem(elm, NOW).past.frozen]
    just_after = [row.id for row in problem(elm, NOW + timedelta(seconds=1)).past.frozen]
    before = problem(elm, datetime(2026, 11, 29, 12, 0, tzinfo=UTC))

    assert at_nine == [CHOIR]
    assert just_after == [CHOIR, CHESS]
    assert before.past.frozen == ()
    assert before.document.frozen_until is None


def test_a_week_that_nobody_published_has_no_past(elm: CommunityBuilder) -> None:
    elm.db.flush()
    source = make_problem(elm.db, elm.id, MONDAY + timedelta(days=7), NOW, repair=False)

    assert source.document.previous == ()


def test_the_newest_publication_counts(elm: CommunityBuilder) -> None:
    elm.publication([Held("walk", "lounge", 4, "15:00", ["gita"], ["ben"], ref=WALK)], kind="repair")

    assert [(row.id, row.day) for row in problem(elm).document.previous] == [(WALK, 4)]


def test_where_nothing_is_marked_those_invited_came(elm: CommunityBuilder) -> None:
    assert keys(elm, previous(elm, CHOIR).residents) == {"ada", "ben", "cleo"}


def test_those_marked_as_having_come_came_also_uninvited(elm: CommunityBuilder) -> None:
    mark(elm, "ada", "attended")
    mark(elm, "ben", "declined")
    mark(elm, "fay", "attended", invited=False)

    assert keys(elm, previous(elm, CHOIR).residents) == {"ada", "fay"}


def test_the_newest_mark_holds_and_one_taken_back_is_none(elm: CommunityBuilder) -> None:
    mark(elm, "ada", "attended")
    mark(elm, "ada", "declined", number=2)
    mark(elm, "ben", "attended")
    mark(elm, "ben", None, number=2)

    assert keys(elm, previous(elm, CHOIR).residents) == set()
    mark(elm, "ada", None, number=3)
    assert keys(elm, previous(elm, CHOIR).residents) == {"ada", "ben", "cleo"}


def test_while_it_runs_those_without_a_mark_are_in_it(elm: CommunityBuilder) -> None:
    mark(elm, "dov", "declined", ref=CHESS)
    running, over = NOW + timedelta(minutes=59), NOW + timedelta(minutes=61)

    assert keys(elm, previous(elm, CHESS, NOW + timedelta(minutes=1)).residents) == {"esi"}
    assert keys(elm, previous(elm, CHESS, running - timedelta(minutes=15)).residents) == {"esi"}
    assert keys(elm, previous(elm, CHESS, over).residents) == set()


@pytest.mark.parametrize(
    ("said", "is_there"), [([False], False), ([True], True), ([False, None], True), ([None], True)]
)
def test_what_was_not_held_did_not_happen(elm: CommunityBuilder, said: list[bool | None], is_there: bool) -> None:
    for number, was_held in enumerate(said, start=1):
        elm.add(
            SessionHeld(
                community_id=elm.id, session_ref=CHOIR, on_date=TUESDAY, was_held=was_held, number=number, marked_at=NOW
            )
        )

    assert (CHOIR in [row.id for row in problem(elm).document.previous]) is is_there


def test_a_session_marked_not_held_for_everybody_did_not_happen(elm: CommunityBuilder) -> None:
    mark(elm, "ada", "not held")
    assert CHOIR not in [row.id for row in problem(elm).document.previous]

    mark(elm, "fay", "attended", invited=False)
    assert keys(elm, previous(elm, CHOIR).residents) == {"fay"}


def test_marks_of_what_is_still_to_come_change_nothing(elm: CommunityBuilder) -> None:
    mark(elm, "ada", "declined", ref=WALK)

    assert keys(elm, previous(elm, WALK).residents) == {"ada", "fay"}


def test_who_and_what_left_is_kept_for_what_happened_and_never_used_again(elm: CommunityBuilder) -> None:
    gone = date(2026, 11, 1)
    elm.spaces["lounge"].ended_on = elm.facilitators["finn"].ended_on = elm.activities["choir"].ended_on = gone
    found = problem(elm).document
    activity = next(row for row in found.activities if row.id == elm.activities["choir"].id)
    space = next(row for row in found.spaces if row.id == elm.spaces["lounge"].id)
    leader = next(row for row in found.facilitators if row.id == elm.facilitators["finn"].id)

    assert (activity.windows, activity.sessions.max) == ((), 0)
    assert space.open == ()
    assert leader.available == ()


def test_what_left_is_not_kept_for_what_is_still_to_come(elm: CommunityBuilder) -> None:
    elm.facilitators["gita"].ended_on = elm.activities["walk"].ended_on = date(2026, 11, 1)
    found = problem(elm).document

    assert elm.activities["walk"].id not in [row.id for row in found.activities]
    assert elm.facilitators["gita"].id not in [row.id for row in found.facilitators]
    assert previous(elm, WALK).activity == elm.activities["walk"].id


def test_what_happened_is_no_fact_of_the_digest(elm: CommunityBuilder) -> None:
    before = problem(elm).facts_digest
    mark(elm, "ada", "declined")
    elm.publication([], kind="repair")

    assert problem(elm).facts_digest == before
