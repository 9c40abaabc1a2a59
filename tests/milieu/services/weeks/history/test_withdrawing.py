"""A published week withdrawn and published again: what is published of it then, and who reads what."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from milieu.calendar.weeks import to_utc
from milieu.database import DbSession, Engines, unit_of_work
from milieu.errors import Conflict, Invalid
from milieu.models import CommunitySettings, LedgerEntry, Plan, Publication, Refusal
from milieu.queries.family.page import family_view
from milieu.queries.history.as_of import week_as_of
from milieu.queries.history.issues import issues_of
from milieu.queries.paper.events import public_events
from milieu.queries.published.days import day_sessions, published_days
from milieu.queries.published.freshness import freshness
from milieu.queries.published.weeks import find_withdrawal, is_out, published_mondays, weeks_withdrawn
from milieu.queries.week.weeks import find_published, published_cards
from milieu.services.by_hand.beginning import begin_draft
from milieu.services.choices.asking import request_choices
from milieu.services.republishing import WAITING, repair_now
from milieu.services.teller import Teller
from milieu.services.weeks.history.comparing import compare_versions, versions_of
from milieu.services.weeks.history.withdrawing import look_at_withdrawing, publish_again, withdraw
from milieu.settings import Settings
from milieu.solving.contents import read_plan, read_published
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, FixedClock, Held, small_community

NEXT = MONDAY + timedelta(days=7)
MINUTE = timedelta(minutes=1)
BEGUN = Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")
TODAY_LATER = Held("walk", "lounge", 2, "15:00", ["gita"], ["ada", "cleo"], ref="walk-1")
FRIDAY = Held("chess", "studio", 4, "14:00", ["gita"], ["dov", "esi"], ref="chess-1")
WHY = "Published too early: the bus is not booked yet."


@pytest.fixture
def db(engines: Engines) -> Iterator[DbSession]:
    with unit_of_work(engines) as session:
        yield session


@pytest.fixture
def elm(db: DbSession) -> CommunityBuilder:
    elm = small_community(db)
    for week in (MONDAY, NEXT):
        elm.publication([_of(each, week) for each in (BEGUN, TODAY_LATER, FRIDAY)], week_start=week)
    return elm


def _of(held: Held, week: date) -> Held:
    return held if week == MONDAY else Held(**{**held.__dict__, "ref": f"{held.ref}-next"})


def teller(elm: CommunityBuilder, at: datetime = NOW) -> Teller:
    return Teller(elm.id, None, at)


def refs(db: DbSession, elm: CommunityBuilder, week: date = MONDAY) -> list[str]:
    return [card.ref for card in published_cards(db, elm.id, week)]


def test_what_had_begun_stays_and_of_the_rest_nothing_is_published(db: DbSession, elm: CommunityBuilder) -> None:
    ahead = look_at_withdrawing(db, elm.id, MONDAY, NOW)

    withdraw(db, teller(elm), MONDAY, f"  {WHY}\n")

    assert (ahead.sessions, ahead.stay, ahead.changes.told_otherwise) == (2, 1, 4)
    assert refs(db, elm) == ["choir-1"]
    days = [MONDAY + timedelta(days=number) for number in range(7)]
    assert published_days(db, elm.id, days) == {days[0], days[1]}
    found = find_withdrawal(db, elm.id, MONDAY)
    assert found is not None
    assert (found.reason, found.at) == (WHY, NOW)
    assert (is_out(db, elm.id, MONDAY), is_out(db, elm.id, NEXT)) == (False, True)
    assert published_mondays(db, elm.id, NOW.date()) == [NEXT]
    assert weeks_withdrawn(db, elm.id, [MONDAY, NEXT]) == [MONDAY]
    shown = find_published(db, elm.id, MONDAY)
    assert shown is not None
    assert shown.is_withdrawn


def test_no_check_is_said_to_be_late_of_a_week_that_is_withdrawn_or_back(db: DbSession, elm: CommunityBuilder) -> None:
    """In a community that checks at four; the walk at three had begun when the week was taken back."""
    today, four = NOW.date(), NOW.replace(hour=16)
    db.execute(update(CommunitySettings).values(publish_minute=16 * 60))
    withdraw(db, teller(elm, four - 30 * MINUTE), MONDAY, WHY)
    given = {"local_day": today, "kind": "repair", "due_at": four, "finished_at": four + MINUTE}
    elm.add(LedgerEntry(community_id=elm.id, state=WAITING, **given))

    def check(at: datetime) -> str | None:
        fresh = freshness(db, elm.id, today, today, at)
        return fresh and fresh.check

    assert check(four + 10 * MINUTE) == "over"
    publish_again(db, teller(elm, four + 60 * MINUTE), MONDAY)
    assert check(four + 70 * MINUTE) == "published"


def test_a_week_that_has_not_begun_is_as_if_never_published(db: DbSession, elm: CommunityBuilder) -> None:
    withdraw(db, teller(elm), NEXT, WHY)

    assert find_published(db, elm.id, NEXT) is None
    assert refs(db, elm, NEXT) == []
    assert day_sessions(db, elm.id, NEXT + timedelta(days=2)) == ()
    assert refs(db, elm) == ["choir-1", "walk-1", "chess-1"]  # the other week is left alone


def test_it_is_said_why_and_done_once(db: DbSession, elm: CommunityBuilder) -> None:
    for nothing in ("", "  \n", "x" * 301):
        with pytest.raises(Invalid):
            withdraw(db, teller(elm), NEXT, nothing)
    withdraw(db, teller(elm), NEXT, WHY)

    with pytest.raises(Conflict):
        withdraw(db, teller(elm), NEXT, WHY)
    with pytest.raises(Conflict):
        withdraw(db, teller(elm), NEXT + timedelta(days=7), WHY)
    assert len(issues_of(db, elm.id, NEXT)) == 2


def test_published_again_it_is_as_it_was(db: DbSession, elm: CommunityBuilder) -> None:
    before = published_cards(db, elm.id, NEXT)
    withdraw(db, teller(elm), NEXT, WHY)

    publish_again(db, teller(elm, NOW + MINUTE), NEXT)

    after = published_cards(db, elm.id, NEXT)
    assert [(c.ref, c.start_minute, set(c.places), c.leaders) for c in after] == [
        (c.ref, c.start_minute, set(c.places), c.leaders) for c in before
    ]
    assert [each.kind for each in issues_of(db, elm.id, NEXT)] == ["week", "withdraw", "week"]
    assert issues_of(db, elm.id, NEXT)[0].reasons == (), "nobody was left out of what was withdrawn"
    with pytest.raises(Conflict):
        publish_again(db, teller(elm, NOW + MINUTE), NEXT)


def test_a_no_said_meanwhile_holds(db: DbSession, elm: CommunityBuilder) -> None:
    withdraw(db, teller(elm), NEXT, WHY)
    ids = {"resident_id": elm.residents["ada"].id, "activity_id": elm.activities["walk"].id}
    db.add(Refusal(community_id=elm.id, **ids))
    db.flush()

    with pytest.raises(Conflict) as refused:
        publish_again(db, teller(elm, NOW + MINUTE), NEXT)

    assert any("Ada" in said for said in refused.value.because)
    plan_id = begin_draft(db, teller(elm, NOW + MINUTE), NEXT, "withdrawn")
    drafted = read_plan(db, db.get_one(Plan, (elm.id, plan_id)))
    assert [each.ref for each in drafted] == ["choir-1-next", "walk-1-next", "chess-1-next"]


def test_calendars_cancel_it_with_a_higher_sequence_and_take_it_up_again(db: DbSession, elm: CommunityBuilder) -> None:
    def chess() -> tuple[int, bool]:
        [event] = [each for each in public_events(db, elm.id, NOW.date()) if each.ref == "chess-1"]
        return event.sequence, event.is_cancelled

    said = [chess()]
    withdraw(db, teller(elm), MONDAY, WHY)
    said.append(chess())
    publish_again(db, teller(elm, NOW + MINUTE), MONDAY)
    said.append(chess())

    assert said == [(0, False), (1, True), (2, False)]
    [begun] = [each for each in public_events(db, elm.id, NOW.date()) if each.ref == "choir-1"]
    assert (begun.sequence, begun.is_cancelled) == (0, False)


def test_the_family_is_told_that_it_is_taken_back(db: DbSession, elm: CommunityBuilder) -> None:
    ada = elm.residents["ada"]
    maya = elm.relative("maya", of=ada)
    withdraw(db, teller(elm), MONDAY, WHY)

    view = family_view(db, maya.id, elm.id, NOW.date(), NOW + MINUTE)

    assert view.withdrawn == (MONDAY,)
    assert [day.is_published for day in view.weeks[0].days] == [False] * 5 + [True] * 2


def test_the_clock_and_choices_leave_it_alone(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        elm.publication([FRIDAY])
        withdraw(db, teller(elm), MONDAY, WHY)
    with unit_of_work(engines) as db, pytest.raises(Conflict):
        request_choices(db, elm.id, MONDAY, by=None, now=NOW)

    outcome = repair_now(engines, elm.id, MONDAY, settings=Settings(), clock=FixedClock(NOW), by=None)

    assert outcome.state == WAITING


def test_what_was_on_the_page_at_a_moment(db: DbSession, elm: CommunityBuilder) -> None:
    """Published on Friday, mended on Tuesday evening, withdrawn on Wednesday, published again a minute later."""
    tuesday = to_utc(MONDAY + timedelta(days=1), 20 * 60, elm.community.timezone)
    moved = Held(**{**FRIDAY.__dict__, "start": "15:00"})
    elm.publication([BEGUN, moved], kind="repair", published_at=tuesday, days=range(1, 7))
    withdraw(db, teller(elm), MONDAY, WHY)
    publish_again(db, teller(elm, NOW + MINUTE), MONDAY)

    def then(at: datetime) -> list[tuple[str, int]]:
        return [(card.ref, card.start_minute) for card in week_as_of(db, elm.id, MONDAY, at).cards]

    first = [("choir-1", 600), ("walk-1", 900), ("chess-1", 840)]
    assert then(NOW - timedelta(days=6)) == []
    assert then(tuesday - MINUTE) == first
    assert then(NOW - MINUTE) == [("choir-1", 600), ("chess-1", 900)]
    assert then(NOW) == [("choir-1", 600)]
    assert then(NOW + MINUTE) == [("choir-1", 600), ("chess-1", 900)]
    assert then(NOW + MINUTE) == [(card.ref, card.start_minute) for card in published_cards(db, elm.id, MONDAY)]
    assert [week_as_of(db, elm.id, MONDAY, at).is_withdrawn for at in (NOW - MINUTE, NOW, NOW + MINUTE)] == [
        False,
        True,
        False,
    ]


def test_any_two_versions_stand_beside_each_other(db: DbSession, elm: CommunityBuilder) -> None:
    first = read_published(db, elm.id, NEXT)
    assert first is not None
    withdraw(db, teller(elm), NEXT, WHY)
    plan_id = begin_draft(db, teller(elm, NOW + MINUTE), NEXT, "withdrawn")
    newest = db.scalars(select(Publication.id).where(Publication.kind == "withdraw")).one()

    kinds = [(each.kind, each.issued_as) for each in versions_of(db, elm.id, NEXT)]
    gone = compare_versions(db, elm.id, NEXT, first.publication.id, newest)
    back = compare_versions(db, elm.id, NEXT, newest, plan_id)
    same = compare_versions(db, elm.id, NEXT, first.publication.id, plan_id)

    assert kinds == [("publication", "withdraw"), ("publication", "week"), ("draft", "")]
    assert [(each.groups, each.people, each.invitations) for each in gone.totals] == [(3, 5, 6), (0, 0, 0)]
    assert ([each.kind for each in gone.changes.sessions], gone.gain, gone.lose) == (["cancelled"] * 3, 0, 5)
    assert (back.gain, back.lose, len(back.people)) == (5, 0, 5)
    assert {(each.name.split()[0], each.before, each.after) for each in back.people} >= {("Ada", 0, 2), ("Ben", 0, 1)}
    assert (same.changes.sessions, same.people) == ((), ())
