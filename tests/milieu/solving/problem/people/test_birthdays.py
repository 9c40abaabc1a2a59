"""Whose birthday is in the week is asked to what celebrates it, as far as they want it and may; told as what it is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from milieu.database import make_engines, unit_of_work
from milieu.models import ActivityMember
from milieu.reasons import Reason
from milieu.solving.answer.answers import contents_of
from milieu.solving.answer.checking import check_week
from milieu.solving.answer.sentences import Sentences
from milieu.solving.problem.document import ProblemSource, make_problem
from milieu.solving.problem.people.birthdays import birthday_in
from solver.documents.exchange import RequiredDemand, Session
from tests.milieu.builders import MONDAY, CommunityBuilder, community

EVE = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SUNDAY = MONDAY + 6 * DAY


@pytest.fixture
def elm(sqlite_url: str) -> Iterator[CommunityBuilder]:
    """A birthday tea and a choir; Ada was born on a Sunday of this week, Ben and Cleo on other days of the year."""
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as db:
        built = community(db)
        built.space("lounge")
        built.facilitator("finn")
        built.activity("tea", min_group=1, celebrates_birthdays=True)
        built.activity("choir")
        built.resident("ada", born_on=SUNDAY.replace(year=1938))
        built.resident("ben", born_on=(SUNDAY + DAY).replace(year=1938))
        built.resident("cleo")
        yield built
    engines.dispose()


def problem(elm: CommunityBuilder) -> ProblemSource:
    elm.db.flush()
    return make_problem(elm.db, elm.id, MONDAY, EVE, repair=False)


def asked(elm: CommunityBuilder) -> dict[str, dict[str, int]]:
    """What is asked of the week for each resident, by keys."""
    keys = {row.id: key for rows in (elm.residents, elm.activities) for key, row in rows.items()}
    return {
        keys[row.id]: {keys[name]: times for name, times in row.required.items()}
        for row in problem(elm).document.residents
        if row.required
    }


def tea(elm: CommunityBuilder, *names: str) -> Session:
    return Session(
        id="tea",
        activity=elm.activities["tea"].id,
        day=2,
        start="14:00",
        space=elm.spaces["lounge"].id,
        facilitators=(elm.facilitators["finn"].id,),
        residents=tuple(sorted(elm.residents[name].id for name in names)),
    )


def test_only_those_of_the_week_are_asked_and_only_to_what_celebrates(elm: CommunityBuilder) -> None:
    assert asked(elm) == {"ada": {"tea": 1}}


@pytest.mark.parametrize("day", [MONDAY - DAY, MONDAY, SUNDAY, SUNDAY + DAY])
def test_week_goes_from_monday_to_sunday(elm: CommunityBuilder, day: date) -> None:
    elm.residents["ada"].born_on = day.replace(year=1931)

    assert ("ada" in asked(elm)) is (MONDAY <= day <= SUNDAY)


def test_nobody_is_asked_for_a_day_on_which_they_do_not_live_here(elm: CommunityBuilder) -> None:
    elm.residents["ada"].left_on = SUNDAY

    assert asked(elm) == {}


def test_no_and_dislike_and_limit_and_closed_groups_stand(elm: CommunityBuilder) -> None:
    ada, what = elm.residents["ada"], elm.activities["tea"]
    dislike = elm.wish(ada, what, -1)
    assert asked(elm) == {}

    elm.db.delete(dislike)
    limit = elm.limit(ada, activity=what)
    assert asked(elm) == {}

    elm.db.delete(limit)
    what.is_closed = True
    assert asked(elm) == {}

    elm.add(ActivityMember(community_id=elm.id, activity_id=what.id, resident_id=ada.id))
    assert asked(elm) == {"ada": {"tea": 1}}

    elm.refusal(ada, activity=what)
    assert asked(elm) == {}
    assert problem(elm).notes == ()


def test_it_is_told_as_a_birthday_and_a_care_plan_as_one(elm: CommunityBuilder) -> None:
    source, session = problem(elm), tea(elm, "ada", "cleo")

    [told] = contents_of(source, [session], "run")
    [reasons] = [place.reasons for place in told.places if place.resident_id == elm.residents["ada"].id]
    assert reasons[0] == Reason("birthday", 1)

    elm.requirement(elm.residents["ada"], elm.activities["tea"])
    [told] = contents_of(problem(elm), [session], "run")
    [reasons] = [place.reasons for place in told.places if place.resident_id == elm.residents["ada"].id]
    assert reasons[0] == Reason("care_plan", 1)


def test_who_is_left_out_is_told_as_a_birthday(elm: CommunityBuilder) -> None:
    source = problem(elm)
    names = {row.id: name for name, row in elm.residents.items()} | {elm.activities["tea"].id: "the tea"}
    words = Sentences(names, source.document, birthdays=source.birthdays)
    demand = RequiredDemand(rule="R14", resident=elm.residents["ada"].id, activity=elm.activities["tea"].id)

    assert words.of_demand(demand) == "ada has a birthday and should be asked to the tea."
    broken = check_week(source, contents_of(source, [tea(elm, "ben", "cleo")], "run")).breaches
    assert words.of_breaches(broken) == ("Ada has a birthday this week and is not invited to the tea.",)


@pytest.mark.parametrize(
    ("noise", "told"),
    [
        (3, "Ada has a birthday this week and the tea is louder than they bear: it needs another way."),
        (2, "Ada has a birthday this week and cannot come to the tea: it needs another way."),
    ],
)
def test_who_cannot_come_on_a_birthday_is_told_as_that(elm: CommunityBuilder, noise: int, told: str) -> None:
    elm.residents["ada"].noise_max, elm.activities["tea"].noise = 2, noise
    elm.residents["ada"].max_per_day = 0 if noise == 2 else None
    source = problem(elm)
    names = {row.id: name for name, row in elm.residents.items()} | {elm.activities["tea"].id: "the tea"}

    [note] = source.notes

    assert Sentences(names, source.document, birthdays=source.birthdays).of_note(note) == told


@pytest.mark.parametrize(
    ("born", "year", "day"),
    [
        (date(1940, 2, 29), 2027, date(2027, 2, 28)),
        (date(1940, 2, 29), 2028, date(2028, 2, 29)),
        (date(1940, 2, 29), 2100, date(2100, 2, 28)),
        (date(1940, 12, 6), 2026, date(2026, 12, 6)),
    ],
)
def test_leap_days_are_kept_on_the_last_of_february(born: date, year: int, day: date) -> None:
    assert birthday_in(born, year) == day
