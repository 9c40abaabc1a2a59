"""What rests after two noes, on both sides of each edge; only that activity, and only until it is wished anew."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Attendance, WishedAgain
from milieu.queries.programme.resting import REST, loved_at_rest, resting, resting_noes
from milieu.services.wishes import wish_again
from milieu.solving.problem.commitments import demands
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, community

DAY = timedelta(days=1)
FIRST, SECOND = MONDAY - 13 * DAY, MONDAY - 6 * DAY  # Tuesdays, two weeks ago and one
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("said", "rests"),
    [
        ([(0, "declined"), (27, "declined")], True),
        ([(0, "declined"), (28, "declined")], False),
        ([(0, "declined"), (7, "asleep"), (14, "declined")], True),
        ([(0, "declined"), (7, "attended"), (14, "declined")], False),
        ([(0, "declined"), (7, "declined"), (14, "attended")], False),
        ([(0, "declined"), (7, "asleep")], False),
        ([(0, "declined"), (7, "unwell"), (14, "away")], False),
        ([(0, "declined"), (7, "attended"), (14, "declined"), (20, "declined")], True),
        ([], False),
    ],
)
def test_two_noes_in_four_weeks_rest_unless_there_was_a_yes(said: Sequence[tuple[int, str]], rests: bool) -> None:
    days = [(FIRST + after * DAY, outcome) for after, outcome in said]

    assert (resting_noes(days, FIRST + 28 * DAY) is not None) is rests


@pytest.mark.parametrize(("after", "rests"), [(1, True), (27, True), (28, False)])
def test_it_rests_for_four_weeks_after_the_second(after: int, rests: bool) -> None:
    noes = [(FIRST, "declined"), (SECOND, "declined")]

    assert (resting_noes(noes, SECOND + after * DAY) == (FIRST, SECOND)) is rests


def test_third_no_rests_anew_from_then_on() -> None:
    noes = [(FIRST, "declined"), (SECOND, "declined"), (SECOND + 20 * DAY, "declined")]

    assert resting_noes(noes, SECOND + 40 * DAY) == (SECOND, SECOND + 20 * DAY)


def say(
    elm: CommunityBuilder, who: str, day: date, outcome: str | None, *, number: int = 1, back: int | None = None
) -> None:
    at = datetime.combine(day, time(12, number), tzinfo=UTC)
    elm.add(
        Attendance(
            community_id=elm.id,
            session_ref=f"{day:%G-W%V}-choir-{day.weekday()}",
            on_date=day,
            resident_id=elm.residents[who].id,
            outcome=outcome,
            key=f"{who}-{day}-{number}",
            number=number,
            takes_back=back,
            tapped_at=at,
            marked_at=at,
        )
    )


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Ada loves the choir and has declined it on two Tuesdays; Ben declined once; both could come to chess as well."""
    with unit_of_work(engines) as db:
        built = community(db)
        built.space("lounge")
        built.facilitator("finn")
        for activity in ("choir", "chess"):
            built.activity(activity, min_group=1)
        for name in ("ada", "ben"):
            built.resident(name)
            for activity in built.activities.values():
                built.wish(built.residents[name], activity, 4, said_on=FIRST - DAY)
        for day in (FIRST, SECOND):
            held = [Held("choir", "lounge", day.weekday(), "10:00", ["finn"], ["ada", "ben"])]
            built.publication(held, week_start=day - day.weekday() * DAY)
            say(built, "ada", day, "declined")
        say(built, "ben", FIRST, "declined")
    return built


def rests(engines: Engines, elm: CommunityBuilder, *, on: date = TODAY) -> set[tuple[str, str]]:
    keys = {row.id: key for rows in (elm.residents, elm.activities) for key, row in rows.items()}
    with reading(engines) as db:
        return {(keys[each.resident_id], each.activity) for each in resting(db, elm.id, on=on, today=TODAY)}


def test_only_that_activity_of_that_resident_rests(engines: Engines, elm: CommunityBuilder) -> None:
    assert rests(engines, elm) == {("ada", "Choir")}


def test_no_that_was_taken_back_is_none(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        say(elm, "ada", SECOND, None, number=2, back=1)

    assert rests(engines, elm) == set()


def test_todays_noes_count_from_tomorrow_on(engines: Engines, elm: CommunityBuilder) -> None:
    with reading(engines) as db:
        assert resting(db, elm.id, on=SECOND, today=SECOND) == ()
        assert len(resting(db, elm.id, on=SECOND + DAY, today=SECOND + DAY)) == 1


def test_wish_since_then_lifts_it(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.wish(elm.residents["ada"], elm.activities["choir"], 3, said_on=SECOND - DAY)
    assert rests(engines, elm) == {("ada", "Choir")}

    with unit_of_work(engines) as db:
        elm.db = db
        elm.wish(elm.residents["ada"], elm.activities["choir"], 3, said_on=SECOND)
    assert rests(engines, elm) == set()


def test_one_tap_lifts_it_and_comes_to_one_note_a_day(engines: Engines, elm: CommunityBuilder) -> None:
    ada, choir = elm.residents["ada"].id, elm.activities["choir"].id
    for _ in range(2):
        with unit_of_work(engines) as db:
            assert wish_again(db, elm.id, ada, choir, by=None, now=NOW) == "Choir"

    assert rests(engines, elm) == set()
    with reading(engines) as db:
        assert db.query(WishedAgain).count() == 1


def test_what_rests_is_not_asked_while_it_rests(engines: Engines, elm: CommunityBuilder) -> None:
    ada, choir = elm.residents["ada"].id, elm.activities["choir"].id
    last_week = SECOND - DAY + REST  # the week in which it ends on the Tuesday: a week is asked as a whole
    with reading(engines) as db:
        refused = {
            week: {
                row.id: row.refuses.activities
                for row in make_problem(db, elm.id, week, NOW, repair=False).document.residents
            }
            for week in (MONDAY, last_week, last_week + 7 * DAY)
        }

    assert refused[MONDAY] == {ada: (choir,), elm.residents["ben"].id: ()}
    assert refused[last_week][ada] == (choir,)
    assert refused[last_week + 7 * DAY][ada] == ()


def test_own_no_outranks_the_care_plan_and_that_is_told(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.requirement(elm.residents["ada"], elm.activities["choir"])

    with reading(engines) as db:
        source = make_problem(db, elm.id, MONDAY, NOW, repair=False)

    assert [(note.code, note.was, note.now) for note in source.notes] == [(demands.REFUSED, 1, 0)]


def test_only_what_is_loved_is_a_word_to_the_director(engines: Engines, elm: CommunityBuilder) -> None:
    ada = elm.residents["ada"].id
    with reading(engines) as db:
        assert [each.activity for each in loved_at_rest(db, elm.id, MONDAY, today=TODAY, residents=[ada])] == ["Choir"]
        assert loved_at_rest(db, elm.id, MONDAY, today=TODAY, residents=[]) == ()

    with unit_of_work(engines) as db:
        elm.db = db
        elm.wish(elm.residents["ada"], elm.activities["choir"], 3, said_on=FIRST)
    with reading(engines) as db:
        assert loved_at_rest(db, elm.id, MONDAY, today=TODAY, residents=[ada]) == ()
