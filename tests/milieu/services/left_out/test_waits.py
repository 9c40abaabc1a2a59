"""Who waits for what: who loves it and was not asked for four weeks; on both databases."""

from collections import Counter
from datetime import timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Activity, Resident, ResidentBusy, Wish
from milieu.queries.week.weeks import published_cards
from milieu.services.left_out.waits import ASKED, NOT_ASKED, Waits, waits_of
from milieu.services.teller import Teller
from tests.milieu.builders import NOW, CommunityBuilder, Held, small_community
from tests.web.builders import NEXT_MONDAY


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


def publish(engines: Engines, elm: CommunityBuilder, back: int, *residents: str) -> None:
    """A week's choir with some who are asked to it."""
    with unit_of_work(engines) as db:
        elm.db = db
        held = Held("choir", "lounge", 1, "10:00", ["finn"], residents, ref=f"choir-{back}")
        elm.publication([held], week_start=NEXT_MONDAY - timedelta(weeks=back))


def found(engines: Engines, elm: CommunityBuilder) -> Waits:
    with reading(engines) as db:
        return waits_of(db, Teller(elm.id, None, NOW), NEXT_MONDAY, published_cards(db, elm.id, NEXT_MONDAY), None)


def waiting_for_choir(engines: Engines, elm: CommunityBuilder) -> dict[str, tuple[str, ...]]:
    choir = elm.activities["choir"].id
    queues = [queue for queue in found(engines, elm).queues if queue.activity_id == choir]
    return {each.share.resident_id: each.weeks for queue in queues for each in queue.waiting}


def test_who_loves_it_waits_until_they_are_asked(engines: Engines, elm: CommunityBuilder) -> None:
    publish(engines, elm, 6)
    one = min(who for who in elm.residents if _loves_choir(engines, elm, who))
    who = elm.residents[one].id
    assert waiting_for_choir(engines, elm)[who] == (NOT_ASKED,)

    publish(engines, elm, 5, one)
    assert who not in waiting_for_choir(engines, elm)
    for back in (4, 3, 2):
        publish(engines, elm, back)
    assert who not in waiting_for_choir(engines, elm)
    publish(engines, elm, 1)
    assert waiting_for_choir(engines, elm)[who] == (NOT_ASKED, ASKED, *(NOT_ASKED,) * 4)


def test_nobody_waits_in_weeks_of_which_nothing_is_known(engines: Engines, elm: CommunityBuilder) -> None:
    assert found(engines, elm) == Waits((), ())

    publish(engines, elm, 9)
    assert found(engines, elm) == Waits((), ())

    publish(engines, elm, 3)
    assert found(engines, elm).mondays == (NEXT_MONDAY - timedelta(weeks=3),)


def test_who_is_invited_this_week_is_told_as_that(engines: Engines, elm: CommunityBuilder) -> None:
    publish(engines, elm, 1)
    one = min(who for who in elm.residents if _loves_choir(engines, elm, who))
    publish(engines, elm, 0, one)

    [queue] = [queue for queue in found(engines, elm).queues if queue.activity_id == elm.activities["choir"].id]

    assert {each.share.resident_id for each in queue.waiting if each.is_invited} == {elm.residents[one].id}
    assert len(queue.cards) == 1


def test_who_said_no_for_good_does_not_wait(engines: Engines, elm: CommunityBuilder) -> None:
    publish(engines, elm, 1)
    before = waiting_for_choir(engines, elm)
    one = next(iter(before))
    with unit_of_work(engines) as db:
        elm.db = db
        resident = next(each for each in elm.residents.values() if each.id == one)
        elm.refusal(resident, activity=elm.activities["choir"])

    assert one not in waiting_for_choir(engines, elm)


def test_what_stands_in_the_way_is_told_of_each_and_summed_up(engines: Engines, elm: CommunityBuilder) -> None:
    """All love the choir: one is asked, one has a bath then, for one it is too loud, and for the rest nothing is."""
    asked, bathed, quiet, free = ("ada", "ben", "cleo", "dov")
    with unit_of_work(engines) as db:
        elm.db = db
        db.query(Wish).filter_by(activity_id=elm.activities["choir"].id).update({"strength": 5})
    publish(engines, elm, 1)
    publish(engines, elm, 0, asked)
    with unit_of_work(engines) as db:
        elm.db = db
        busy = ResidentBusy(community_id=elm.id, resident_id=elm.residents[bathed].id, kind="care", weekday=1)
        busy.start_minute, busy.end_minute = 9 * 60, 11 * 60
        db.add(busy)
        db.get_one(Resident, (elm.id, elm.residents[quiet].id)).noise_max = 0
        db.get_one(Activity, (elm.id, elm.activities["choir"].id)).noise = 3

    [queue] = [queue for queue in found(engines, elm).queues if queue.activity_id == elm.activities["choir"].id]

    why = {each.share.resident_id: each.why for each in queue.waiting}
    said = {who: why[elm.residents[who].id] for who in (asked, bathed, quiet, free)}
    assert said == {asked: "", bathed: "out_busy", quiet: "out_loud", free: "out_could"}
    assert dict(queue.reasons) == Counter(each for each in why.values() if each)


def _loves_choir(engines: Engines, elm: CommunityBuilder, who: str) -> bool:
    return elm.residents[who].id in waiting_for_choir(engines, elm)
