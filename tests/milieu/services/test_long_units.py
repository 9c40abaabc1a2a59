"""Units of work that take long, as on a slow machine, while others write: none fails for ever, nobody waits in vain."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from milieu.coordination.adoption import Adopted, adopt, end_fenced_off
from milieu.coordination.due import Duty
from milieu.coordination.ledger import claim
from milieu.database import Engines, make_engines, reading, retrying, unit_of_work
from milieu.errors import Busy
from milieu.imports.folder import import_folder
from milieu.jobs.daily import do_duty
from milieu.models import Absence, ListUpload, Note, ResidentRead, Run, Wish
from milieu.services.lists import applying, undoing, waiting
from milieu.services.lists.previews import preview_of
from milieu.services.reads import make_view, record_views
from milieu.services.republishing import repair_day
from milieu.services.weeks.editions import lock_community
from milieu.services.weeks.plans.solves import Ticket, beating, persisting
from milieu.services.weeks.publishing import make_ready
from tests.milieu.builders import MONDAY, NOW, small_community
from tests.milieu.imports.nutshell import copied, swap, take
from tests.milieu.services.lists.workbooks import csv_file
from tests.milieu.weeks import FENCE, SETTINGS, WEDNESDAY, quick, small_flow
from tests.patience import PATIENCE

SOON = 0.1


def just_before(engines: Engines, statement: str, do: Callable[[], object]) -> None:
    """Have somebody else do something whenever a unit comes to such a statement; what they themselves say is none."""
    is_doing = [False]

    @event.listens_for(engines.write, "before_cursor_execute")
    def look(_connection: Any, _cursor: Any, said: str, *_: Any) -> None:
        if said.startswith(statement) and not is_doing[0]:
            is_doing[0] = True
            do()
            is_doing[0] = False


def wish(engines: Engines, community_id: str) -> bool:
    """Somebody writes a fact; whether it could be saved."""
    try:
        with unit_of_work(engines, patience=SOON) as db:
            row = db.scalars(select(Wish).where(Wish.community_id == community_id)).first()
            assert row is not None
            row.strength = 1 + row.strength % 5
    except Busy:
        return False
    return True


def test_who_publishes_keeps_nobody_from_marks_and_looks_on_postgresql(postgresql_url: str) -> None:
    engines = make_engines(postgresql_url)
    with unit_of_work(engines) as db:
        elm = small_community(db)
        account_id, ada = elm.account("director").id, elm.residents["ada"].id
    view = make_view(elm.id, account_id, [ada], "staff.today", now=NOW)

    with unit_of_work(engines) as db:
        lock_community(db, elm.id)
        with unit_of_work(engines, patience=SOON) as other:
            record_views(other, [view])
        with pytest.raises(Busy), unit_of_work(engines, patience=SOON) as another:
            lock_community(another, elm.id)

    with reading(engines) as db:
        assert len(db.scalars(select(ResidentRead)).all()) == 1
    engines.dispose()


@pytest.mark.slow(0.8)
def test_lists_are_brought_in_however_often_others_write_facts_on_postgresql(postgresql_url: str) -> None:
    engines = make_engines(postgresql_url)
    with unit_of_work(engines) as db:
        elm = small_community(db)
        elm.wish(elm.residents["ben"], elm.activities["choir"], 4)
        by = elm.account("director").id
    uploads = waiting.read_files([("wishes.csv", csv_file("resident|activity|strength\nada|choir|5\nben|choir|2"))])
    told = list[bool]()
    just_before(engines, "SAVEPOINT", lambda: told.append(wish(engines, elm.id)))

    upload_id = retrying(engines, lambda db: waiting.take_in(db, elm.id, uploads, by=by, now=NOW))
    with reading(engines) as db:
        seen = preview_of(db.get_one(ListUpload, (elm.id, upload_id)).preview or {}).digest
    bring_in = partial(applying.apply, seen=seen, ticks=(), by=by, now=NOW)
    assert retrying(engines, lambda db: bring_in(db, elm.id, upload_id)) is not None
    just_before(engines, "SELECT list_change.", lambda: told.append(wish(engines, elm.id)))
    retrying(engines, lambda db: undoing.undo(db, elm.id, upload_id, by=by, now=NOW))

    assert told == [False, False, False]  # they are told that it is busy, and enter it again
    assert wish(engines, elm.id)
    engines.dispose()


@pytest.mark.slow(0.8)
def test_folder_is_imported_however_often_others_write_facts_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    engines = make_engines(postgresql_url)
    folder = copied(tmp_path)
    community_id = take(engines, folder).community_id
    swap(folder, "wishes.csv", "r2,choir,2", "r2,choir,3")
    told = list[bool]()
    just_before(engines, "SELECT resident.", lambda: told.append(wish(engines, community_id)))

    report = retrying(engines, lambda db: import_folder(db, folder, now=NOW))

    assert (report.has_changed, set(told)) == (True, {False})
    engines.dispose()


@pytest.mark.slow(1.3)
def test_repair_that_takes_long_to_be_written_is_not_taken_for_dead_on_postgresql(postgresql_url: str) -> None:
    engines = make_engines(postgresql_url)
    flow = small_flow(engines)
    flow.publish_week()
    last = max(each.on_date for each in flow.sessions().values())
    with unit_of_work(engines) as db:
        for each in flow.elm.facilitators.values():
            db.add(Absence(community_id=flow.id, facilitator_id=each.id, first_date=last, last_date=last))
    later = flow.at(WEDNESDAY).clock.now() + timedelta(minutes=5)
    found = list[object]()

    def look() -> None:
        with unit_of_work(engines, patience=SOON) as db:
            found.append((adopt(db, later), end_fenced_off(db, later)))

    just_before(engines, "INSERT INTO publication ", look)
    duty = Duty(flow.id, WEDNESDAY.date(), WEDNESDAY, FENCE)

    state = do_duty(
        duty, engines=engines, settings=SETTINGS, clock=flow.clock, repair=partial(repair_day, child=quick())
    )

    assert (state, found) == ("published", [(Adopted(0, 0), 0)])
    engines.dispose()


@contextmanager
def said(engines: Engines) -> Iterator[list[str]]:
    """What is said to the database by those who write."""
    heard: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    event.listen(engines.write, "before_cursor_execute", note)
    yield heard
    event.remove(engines.write, "before_cursor_execute", note)


@pytest.mark.slow(1.6)
def test_nothing_is_reckoned_while_nobody_else_can_write(engines: Engines) -> None:
    """A publication and a repair only write what was read and checked before; they read it again where it changed."""
    flow = small_flow(engines)
    plan = flow.plan()
    with reading(engines) as db:
        make_ready(db, flow.id, plan.id, flow.clock.now())
    with said(engines) as publishing:
        flow.publish(plan)
    last = max(each.on_date for each in flow.sessions().values())
    with unit_of_work(engines) as db:
        for each in flow.elm.facilitators.values():
            db.add(Absence(community_id=flow.id, facilitator_id=each.id, first_date=last, last_date=last))
    duty = Duty(flow.id, WEDNESDAY.date(), WEDNESDAY, FENCE)
    flow.at(WEDNESDAY)
    with said(engines) as repairing:
        retrying(engines, lambda db: claim(db, flow.id, duty.local_day, due_at=WEDNESDAY, fence=FENCE, now=WEDNESDAY))
        outcome = repair_day(engines, duty, SETTINGS, flow.clock, child=quick())
    draft = flow.plan(MONDAY + timedelta(weeks=1))
    with reading(engines) as db:
        make_ready(db, flow.id, draft.id, flow.clock.now())
    assert wish(engines, flow.id)
    with said(engines) as overtaken:
        flow.publish(draft)

    def reads_facts(heard: list[str]) -> bool:
        return any(re.search(r"FROM (wish|tie|roster)\b", statement) for statement in heard)

    assert outcome.state == "published"
    assert [reads_facts(each) for each in (publishing, repairing, overtaken)] == [False, False, True]


def test_what_took_long_to_find_is_saved_once_the_database_is_free(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milieu.database.BUSY_SECONDS", 0)
    engines, other, tries = make_engines(sqlite_url), make_engines(sqlite_url), list[str]()
    with other.write.connect() as somebody:
        somebody.begin()
        monkeypatch.setattr("milieu.services.weeks.plans.solves.time.sleep", lambda _seconds: somebody.close())
        persisting(engines, lambda db: db.add(Note(name="found", value=1)))

    def overtaken(_db: object) -> None:
        tries.append("once")
        raise Busy("The week changed meanwhile.")

    with pytest.raises(Busy, match="week changed"):
        persisting(engines, overtaken)

    with reading(engines) as db:
        assert (db.scalars(select(Note.name)).all(), tries) == (["found"], ["once"])
    engines.dispose()
    other.dispose()


def test_run_beats_while_it_is_read_and_checked(engines: Engines) -> None:
    flow = small_flow(engines)
    ids = {"community_id": flow.id, "id": flow.request()}
    with unit_of_work(engines) as db:
        run = db.get_one(Run, ids)
        run.state, run.worker, run.heartbeat_at = "running", "w", flow.clock.now()
    flow.clock.advance(minutes=2)
    ticket = Ticket(flow.id, ids["id"], "w", seconds=1, workers=1, seed=1)
    until = time.monotonic() + PATIENCE

    with beating(engines, flow.clock, ticket, every=0.01):
        while flow.run(ids["id"]).heartbeat_at != flow.clock.now():
            assert time.monotonic() < until
            time.sleep(0.01)

    assert retrying(engines, lambda db: adopt(db, flow.clock.now())) == Adopted(0, 0)
