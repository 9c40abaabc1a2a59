"""A night with more to do than fits: each week gets less time, its director is told, and it is done again with room."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from milieu.coordination import lease
from milieu.coordination.due import Duty
from milieu.coordination.ledger import AGAIN, REPAIR
from milieu.database import Engines, reading, unit_of_work
from milieu.jobs.daily import do_duty, find_duties
from milieu.jobs.turns import expected_of
from milieu.models import Absence, CommunitySettings, LedgerEntry, Run
from milieu.queries.published.freshness import freshness
from milieu.services.republishing import Outcome, repair_day
from milieu.settings import Settings
from milieu.solving.process.child import ChildResult, SolverChild
from tests.milieu.builders import MONDAY, NOW, FixedClock, community
from tests.milieu.weeks import FENCE, WEDNESDAY, Flow, quick, small_flow

SETTINGS = Settings(concurrent_runs=1)
DUE = NOW.replace(hour=5, minute=30)
TODAY = NOW.date()


@dataclass
class Asked:
    """Stands where the repair of a week stands, and remembers what time it was given."""

    given: list[tuple[str, int | None]] = field(default_factory=list)

    def __call__(self, engines: Engines, duty: Duty, settings: Settings, clock: object) -> Outcome:
        self.given.append((duty.kind, duty.most_seconds))
        return Outcome("unchanged", None, "", is_short=duty.most_seconds is not None)


@pytest.fixture
def held(engines: Engines) -> Engines:
    with unit_of_work(engines) as db:
        lease.take(db, holder="ann", seconds=30)
    return engines


def many(engines: Engines, count: int, *, seconds: int) -> None:
    with unit_of_work(engines) as db:
        for number in range(count):
            community(db, f"home-{number}")
        db.execute(update(CommunitySettings).values(repair_seconds=seconds))


def do_all(engines: Engines, repair: Asked) -> None:
    for duty in find_duties(engines, DUE, fence=1):
        do_duty(duty, engines=engines, settings=SETTINGS, clock=FixedClock(DUE), repair=repair)


def test_where_all_fit_nobody_is_shortened(held: Engines) -> None:
    many(held, 6, seconds=300)
    repair = Asked()

    do_all(held, repair)
    do_all(held, repair)

    assert repair.given == [(REPAIR, None)] * 6


def test_where_they_do_not_fit_all_get_less_and_are_done_again_when_there_is_room(held: Engines) -> None:
    many(held, 9, seconds=300)
    repair = Asked()

    do_all(held, repair)
    assert [kind for kind, _ in repair.given] == [REPAIR] * 9
    assert {seconds for _, seconds in repair.given} == {230}  # nine times that and 2.5 s beside are 35 minutes

    do_all(held, repair)
    assert repair.given[9:] == [(AGAIN, None)] * 9
    do_all(held, repair)
    assert len(repair.given) == 18


def test_what_is_usually_done_sooner_shortens_nobody(held: Engines) -> None:
    many(held, 9, seconds=300)
    with unit_of_work(held) as db:
        for community_id in db.scalars(select(CommunitySettings.community_id)):
            at = DUE - timedelta(days=1)
            row = {"kind": REPAIR, "state": "done", "week_start": TODAY, "requested_at": at, "seconds": 20.0}
            db.add(Run(community_id=community_id, seconds_limit=300, seed=1, **row))
    repair = Asked()

    do_all(held, repair)

    assert repair.given == [(REPAIR, None)] * 9


class Timed(SolverChild):
    """A solver that remembers how long it was to search."""

    seconds: list[float]

    def solve(self, *given: object, **more: object) -> ChildResult:
        self.seconds.append(float(str(more["seconds"])))
        return super().solve(*given, **more)  # type: ignore[arg-type]


def flow_with_news(engines: Engines) -> Flow:
    """A published week, and since then nobody who could lead on its last day."""
    flow = small_flow(engines)
    flow.publish_week()
    last = max(each.on_date for each in flow.sessions().values())
    with unit_of_work(engines) as db:
        for facilitator in flow.elm.facilitators.values():
            db.add(Absence(community_id=flow.id, facilitator_id=facilitator.id, first_date=last, last_date=last))
        db.query(CommunitySettings).update({"repair_seconds": 2})
    return flow.at(WEDNESDAY)


@pytest.mark.slow(1.2)
def test_a_shortened_repair_is_told_and_searched_for_again_with_all_its_time(engines: Engines) -> None:
    flow = flow_with_news(engines)
    child = Timed(quick().command)
    child.seconds = []
    today = WEDNESDAY.date()

    def do(kind: str, most_seconds: int | None) -> str:
        return do_duty(
            Duty(flow.id, today, WEDNESDAY, FENCE, kind, most_seconds),
            engines=engines,
            settings=SETTINGS,
            clock=flow.clock,
            repair=lambda *given: repair_day(*given, child=child),
        )

    def is_short() -> bool:
        with reading(engines) as db:
            found = freshness(db, flow.id, today, today, flow.clock.now())
        assert found is not None
        return found.is_short

    assert do(REPAIR, 1) == "published"
    assert is_short()
    [again] = [duty for duty in find_duties(engines, WEDNESDAY, fence=FENCE) if duty.kind == AGAIN]
    assert do(again.kind, again.most_seconds) == "unchanged"

    assert child.seconds == [1.0, 2.0]
    assert not is_short()
    with reading(engines) as db:
        kinds = {row.kind: row.state for row in db.scalars(select(LedgerEntry))}
    assert kinds == {REPAIR: "published", AGAIN: "unchanged"}


def test_a_search_that_was_shortened_does_not_tell_how_long_one_takes(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm, oak = (community(db, key, repair_seconds=20) for key in ("elm", "oak"))
        for home, limit, took in ((elm, 20, 12.0), (elm, 2, 2.0), (elm, 2, 2.1), (oak, 2, 2.0)):
            home.add(
                Run(
                    community_id=home.id,
                    kind=REPAIR,
                    state="done",
                    week_start=MONDAY,
                    requested_at=NOW - timedelta(days=1),
                    seconds_limit=limit,
                    seconds=took,
                    seed=1,
                )
            )

    with reading(engines) as db:
        expected = expected_of(db, [Duty(home.id, TODAY, DUE, 1) for home in (elm, oak)], NOW)

    assert [(each.wanted, each.usual) for each in expected] == [(20, 12.0), (20, None)]


def test_the_clock_asks_no_more_of_many_communities_than_of_few(held: Engines) -> None:
    asked: list[str] = []
    event.listen(held.read, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for number in range(2):
        with unit_of_work(held) as db:
            for each in range(5):
                community(db, f"new-{number}-{each}")
                home = community(db, f"home-{number}-{each}")
                home.add(
                    LedgerEntry(
                        community_id=home.id, local_day=TODAY - timedelta(days=1), kind=REPAIR, state="kept", due_at=DUE
                    )
                )
        asked.clear()
        assert len(find_duties(held, DUE, fence=1)) == 10 * (number + 1)
        counts.append(len(asked))

    assert counts[0] == counts[1]
