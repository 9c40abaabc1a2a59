"""A publisher killed at any step leaves the old publication or the new one, whole; the next one finishes.

Killed like kill -9 does it: the process is gone, what it wrote to the system stays. (A power cut is another fault.)
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import select, update

from milieu.coordination.adoption import adopt
from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.models import Absence, Fence, LedgerEntry, OutboxMessage, Plan, Publication, PublishedDay, Run
from milieu.services.weeks.editions import digest_of
from milieu.solving.contents import read_published
from tests.architecture.sources import ROOT
from tests.milieu.builders import MONDAY
from tests.milieu.weeks import WEDNESDAY, Flow, small_flow

pytestmark = pytest.mark.slow(9)

DAYS = [MONDAY + timedelta(days=number) for number in range(7)]


@dataclass(frozen=True)
class Seen:
    """What the pages of a week are made from. `torn` says in words what does not fit together."""

    number: int
    torn: tuple[str, ...]


def look(engines: Engines, community_id: str) -> Seen:
    with reading(engines) as db:
        return Seen(max(_numbers(db, community_id), default=0), tuple(_faults(db, community_id)))


def _numbers(db: DbSession, community_id: str) -> list[int]:
    return list(db.scalars(select(Publication.number).where(Publication.community_id == community_id)))


def _faults(db: DbSession, community_id: str) -> list[str]:
    found = []
    rows = db.scalars(select(Publication).where(Publication.community_id == community_id)).all()
    if sorted(row.number for row in rows) != list(range(1, len(rows) + 1)):
        found.append("numbers are missing or doubled")
    pointers = {row.on_date: row.publication_id for row in db.scalars(select(PublishedDay))}
    newest = max(rows, key=lambda row: row.number).id
    for day in (each for each in DAYS if each >= _first_changed(rows)):
        if pointers.get(day) != newest:
            found.append(f"{day} does not show the newest publication")
    published = read_published(db, community_id, MONDAY)
    if published is None or digest_of(published.sessions) != published.publication.digest:
        found.append("the sessions shown are not those that were published")
    notices = Counter(db.execute(select(OutboxMessage.publication_id, OutboxMessage.account_id)).all())
    found += [f"{times} notices of one publication" for times in notices.values() if times > 1]
    return found


def _first_changed(rows: list[Publication]) -> date:  # type: ignore[type-arg]
    """A repair leaves the days that are over to the publication they had."""
    return WEDNESDAY.date() if any(row.kind == "repair" for row in rows) else MONDAY


def walk(url: str, flow: Flow, *work: str, before: Callable[[], None] = lambda: None) -> list[Seen]:
    """Kill WORK at its first step, then at its second, ..., until it is done; what was seen after each."""
    command = [sys.executable, "-m", "tests.faults.publisher", url, flow.id, *work]
    seen = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as killer:
        assert killer.stdin is not None
        assert killer.stdout is not None
        for step in count(1):
            before()
            flow.engines.dispose()
            killer.stdin.write(f"{step}\n")
            killer.stdin.flush()
            status = killer.stdout.readline().strip()
            assert status in ("0", "9"), status
            seen.append(look(flow.engines, flow.id))
            if status == "0" or (seen[-1].torn and "pointer-first" in work):
                killer.stdin.close()
                return seen
    raise AssertionError("unreachable")


def told_once(flow: Flow) -> None:
    """A relative with an account, who is told of what changes."""
    with unit_of_work(flow.engines) as db:
        flow.elm.db = db
        zoe = flow.elm.relative("zoe", of=flow.elm.residents["ada"])
        flow.elm.account("family", relative=zoe)


def second_draft(flow: Flow) -> str:
    """A published week, and a draft of the same week in which nobody can lead on the day of its first session."""
    told_once(flow)
    flow.publish_week()
    leave(flow, min(each.on_date for each in flow.sessions().values()))
    return flow.plan().id


def leave(flow: Flow, day: date) -> None:
    with unit_of_work(flow.engines) as db:
        for facilitator in flow.elm.facilitators.values():
            db.add(Absence(community_id=flow.id, facilitator_id=facilitator.id, first_date=day, last_date=day))


def test_draft_published_and_killed_at_every_step(engines: Engines, database_url: str) -> None:
    flow = small_flow(engines)
    plan_id = second_draft(flow)

    seen = walk(database_url, flow, "publish", plan_id)

    assert [each for each in seen if each.torn] == []
    numbers = [each.number for each in seen]
    assert numbers == sorted(numbers)
    assert (numbers[0], numbers[-1]) == (1, 2)
    assert len(seen) > 15
    with reading(engines) as db:
        states = Counter(db.scalars(select(Plan.state)))
    assert states == {"published": 2}


def test_repair_killed_at_every_step_is_finished_by_the_next_scheduler(engines: Engines, database_url: str) -> None:
    flow = small_flow(engines)
    told_once(flow)
    flow.publish_week()
    leave(flow, max(each.on_date for each in flow.sessions().values()))

    def another_scheduler_takes_over() -> None:
        with unit_of_work(engines) as db:
            db.execute(update(Fence).values(fence=Fence.fence + 1))
            adopt(db, WEDNESDAY, silence=None)

    seen = walk(database_url, flow, "repair", before=another_scheduler_takes_over)

    assert [each for each in seen if each.torn] == []
    numbers = [each.number for each in seen]
    assert numbers == sorted(numbers)
    assert (numbers[0], numbers[-1]) == (1, 2)
    with reading(engines) as db:
        entry = db.scalars(select(LedgerEntry)).one()
        assert (entry.state, db.get_one(Publication, (flow.id, entry.publication_id)).number) == ("published", 2)
        assert list(db.scalars(select(Run.id).where(Run.state == "running"))) == []


def test_harness_catches_a_publisher_that_moves_the_pointer_first(sqlite_engines: Engines, sqlite_url: str) -> None:
    flow = small_flow(sqlite_engines)
    plan_id = second_draft(flow)

    seen = walk(sqlite_url, flow, "pointer-first", plan_id)

    assert any("the sessions shown are not those that were published" in each.torn for each in seen)


@pytest.fixture
def sqlite_engines(sqlite_url: str) -> Engines:
    from milieu.database import make_engines

    return make_engines(sqlite_url)
