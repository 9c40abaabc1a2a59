"""How a week shares itself out, from both sides: what stands, what lacks, living groups, turns."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from milieu.database import DbSession, make_engines, unit_of_work
from milieu.errors import Conflict
from milieu.models import ActivityHours, ActivityMember, ProgrammeAim
from milieu.queries.week.weeks import Card, published_cards
from milieu.services.programme.balance import Balance, Forced, balance_of
from tests.milieu.builders import MONDAY, CommunityBuilder, Held, community

BEFORE = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


@pytest.fixture
def elm(sqlite_url: str) -> Iterator[CommunityBuilder]:
    """Two living groups of two who all love the choir, which has two seats; Finn is there from nine to five."""
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as db:
        built = community(db)
        built.space("lounge")
        built.facilitator("finn")
        built.activity("choir", max_group=2, sessions_max=1)
        built.activity("tea")
        for key, group in (("ada", "garden"), ("ben", "garden"), ("cleo", "attic"), ("dov", "attic")):
            built.resident(key, group=group)
            built.wish(built.residents[key], built.activities["choir"], 5)
        yield built
    engines.dispose()


def held(activity: str, day: int, start: str, *residents: str) -> Held:
    return Held(activity, "lounge", day, start, ["finn"], residents)


def balance(elm: CommunityBuilder, *sessions: Held) -> Balance:
    elm.publication(sessions)
    return of(elm.db, elm, published_cards(elm.db, elm.id, MONDAY))


def of(db: DbSession, elm: CommunityBuilder, cards: Sequence[Card], now: datetime = BEFORE) -> Balance:
    db.flush()
    return balance_of(db, elm.id, MONDAY, cards, now)


def test_what_stands_where_people_know_it_is_counted(elm: CommunityBuilder) -> None:
    assert balance(elm, held("choir", 1, "10:00", "ada", "ben")).stood.kept is None

    elm.publication([held("choir", 1, "10:00", "ada", "ben")], week_start=MONDAY - WEEK)
    found = balance(elm, held("choir", 1, "10:00", "ada", "ben"), held("tea", 2, "10:00", "ada", "ben"))

    assert (found.stood.kept, found.stood.groups) == (1, 2)


def test_what_should_be_on_and_is_not_is_told_with_what_the_roster_cannot_give(elm: CommunityBuilder) -> None:
    ids = {"community_id": elm.id, "min_sessions": 1}
    elm.add(ProgrammeAim(**ids, weekday=1, start_minute=0, end_minute=720))
    elm.add(ProgrammeAim(**ids, weekday=2, start_minute=0, end_minute=720))
    elm.add(ProgrammeAim(**ids, weekday=2, start_minute=1020, end_minute=1440))

    found = balance(elm, held("choir", 1, "10:00", "ada", "ben"))

    whole = [(each.start_minute, each.days, each.unstaffed) for each in found.lacks if not each.unit]
    wednesday = (MONDAY + 2 * DAY,)
    assert whole == [(0, wednesday, ()), (1020, wednesday, wednesday)]
    own = {each.unit: each.days for each in found.lacks if each.unit}
    assert len(own["Garden wing"]) == 6
    assert len(own["Attic wing"]) == 7


def test_what_is_on_as_often_as_it_may_be_is_told_of_what_lacks(elm: CommunityBuilder) -> None:
    """The choir is held once and may be no more; tea is for mornings, and for the attic alone."""
    ids = {"community_id": elm.id, "min_sessions": 1}
    for end in (720, 1440):
        elm.add(ProgrammeAim(**ids, weekday=2, start_minute=end - 720, end_minute=end))
    tea = elm.activities["tea"]
    tea.is_closed = True
    elm.add(ActivityHours(community_id=elm.id, activity_id=tea.id, start_minute=540, end_minute=660))
    for key in ("cleo", "dov"):
        elm.add(ActivityMember(community_id=elm.id, activity_id=tea.id, resident_id=elm.residents[key].id))

    found = balance(elm, held("choir", 1, "10:00", "ada", "ben"))

    wednesday = (MONDAY + 2 * DAY,)
    whole = [(each.start_minute, each.days, each.spent) for each in found.lacks if not each.unit]
    assert whole == [(0, wednesday, ()), (720, wednesday, wednesday)]
    own = {each.unit: (len(each.days), len(each.spent)) for each in found.lacks if each.unit}
    assert own == {"Garden wing": (6, 6), "Attic wing": (7, 0)}


def test_a_living_group_with_less_than_the_others_is_told_with_the_facts(elm: CommunityBuilder) -> None:
    for key in ("cleo", "dov"):
        elm.residents[key].zone_locked = True
    elm.residents["dov"].noise_max = 1
    elm.residents["cleo"].sessions_max = 0

    found = balance(elm, held("choir", 1, "10:00", "ada", "ben"), held("tea", 2, "10:00", "cleo", "dov"))

    garden, attic = sorted(found.units, key=lambda unit: -unit.liked)
    assert (garden.name, garden.liked, garden.is_low, garden.because) == ("Garden wing", 1, False, ())
    assert (attic.liked, attic.is_low) == (0, True)
    assert attic.because == (Forced("stays", 2), Forced("quiet", 1), Forced("enough", 1))
    assert attic.empty == tuple(MONDAY + day * DAY for day in (0, 1, 3, 4, 5, 6))
    assert found.everybody == 0.5


def test_who_has_nothing_at_the_weekend_is_counted_but_not_who_wants_nothing(elm: CommunityBuilder) -> None:
    elm.residents["cleo"].sessions_max = 0

    found = balance(elm, held("choir", 4, "10:00", "ada", "dov"), held("tea", 5, "10:00", "ben"))

    assert sorted((each.name, each.no_weekend) for each in found.units) == [("Attic wing", 1), ("Garden wing", 1)]


def test_who_was_left_behind_by_what_is_scarce_is_named_first(elm: CommunityBuilder) -> None:
    elm.publication([held("choir", 1, "10:00", "ada", "ben")], week_start=MONDAY - WEEK)

    [turn] = balance(elm, held("choir", 1, "10:00", "cleo", "dov")).turns

    assert (turn.activity, turn.lovers, turn.seats, turn.weeks) == ("Choir", 4, 2, 2)
    assert [name for _, name in turn.waiting] == ["Cleo Made-Up", "Dov Made-Up"]


def test_a_week_that_is_over_has_no_balance(elm: CommunityBuilder) -> None:
    with pytest.raises(Conflict):
        of(elm.db, elm, (), BEFORE + 2 * WEEK)
