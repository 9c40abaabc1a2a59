"""Two schedulers on one database, each a process: whatever one of them suffers, a day is published once."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from sqlalchemy import delete, select, text

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Busy
from milieu.models import Absence, Fence, Lease, LedgerEntry, Publication, Run
from tests.architecture.sources import ROOT
from tests.faults.test_publishing_killed import look
from tests.milieu.weeks import Flow, small_flow
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow(5)

SAID = "said-by-schedulers"


def flow_with_news(engines: Engines) -> Flow:
    """A published week, and since then nobody who could lead on its last day."""
    flow = small_flow(engines)
    flow.publish_week()
    last = max(each.on_date for each in flow.sessions().values())
    with unit_of_work(engines) as db:
        for facilitator in flow.elm.facilitators.values():
            db.add(Absence(community_id=flow.id, facilitator_id=facilitator.id, first_date=last, last_date=last))
        db.execute(delete(Lease))
        db.execute(delete(Fence))
    return flow


Schedulers = Callable[[float], AbstractContextManager[psutil.Process]]


@pytest.fixture(scope="module")
def clockwork() -> Iterator[subprocess.Popen[str]]:
    """Where schedulers are forked off."""
    command = [sys.executable, "-m", "tests.faults.clockwork"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield process
        process.communicate()


@pytest.fixture
def scheduler(clockwork: subprocess.Popen[str], database_url: str, tmp_path: Path) -> Schedulers:
    """`scheduler(seconds_a_solve)`: one at work on the test's database; it is ended with its block."""

    @contextmanager
    def begin(seconds: float) -> Iterator[psutil.Process]:
        assert clockwork.stdin is not None
        assert clockwork.stdout is not None
        said = tmp_path / SAID
        said.touch()
        asked = [database_url, seconds, str(said)]
        clockwork.stdin.write(json.dumps(asked) + "\n")
        clockwork.stdin.flush()
        process = psutil.Process(int(clockwork.stdout.readline()))
        try:
            yield process
        finally:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
                process.terminate()
            try:
                process.wait(PATIENCE)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait()

    return begin


def until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it has not come about"
        time.sleep(0.02)  # other processes are waited for, whose clocks are not ours


def duty(engines: Engines) -> tuple[str, int]:
    with reading(engines) as db:
        row = db.scalars(select(LedgerEntry)).one_or_none()
        return ("", 0) if row is None else (row.state, row.fence)


def begun(process: psutil.Process, folder: Path) -> None:
    """Wait until the only scheduler so far is solving."""

    def is_solving() -> bool:
        assert process.is_running()
        return "solving" in (folder / SAID).read_text()

    until(is_solving)


def test_two_schedulers_publish_a_day_once(engines: Engines, scheduler: Schedulers) -> None:
    flow = flow_with_news(engines)

    with scheduler(0.5), scheduler(0.5):
        until(lambda: duty(engines)[0] == "published")

    assert look(engines, flow.id).torn == ()
    with reading(engines) as db:
        assert list(db.scalars(select(Publication.kind).order_by(Publication.number))) == ["week", "repair"]


def test_holder_that_was_paused_and_comes_back_publishes_nothing(
    engines: Engines, scheduler: Schedulers, tmp_path: Path
) -> None:
    flow = flow_with_news(engines)

    with scheduler(2) as paused:
        begun(paused, tmp_path)
        pause(paused, engines)
        with scheduler(0.1):
            until(lambda: duty(engines) == ("published", 2))
            paused.send_signal(signal.SIGCONT)
            until(lambda: paused_has_ended(engines))

    assert look(engines, flow.id).torn == ()
    assert duty(engines) == ("published", 2)
    with reading(engines) as db:
        publications = db.scalars(select(Publication).order_by(Publication.number)).all()
        assert [(row.kind, row.fence) for row in publications] == [("week", 0), ("repair", 2)]


UNDER_WAY = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend' AND state <> 'idle'"
)


def pause(process: psutil.Process, engines: Engines) -> None:
    """Stop a process between two writes: one that stands in the midst of one holds its locks as long as it does."""
    for _ in range(1000):
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.02)  # what was asked before has been answered by then
        if not _is_writing(engines):
            return
        process.send_signal(signal.SIGCONT)
        time.sleep(0.05)
    raise AssertionError("it writes all the time")


def _is_writing(engines: Engines) -> bool:
    """Whether a transaction is under way: SQLite's lock is held, or PostgreSQL knows of one."""
    try:
        with unit_of_work(engines, patience=0.2) as db:
            if db.get_bind().dialect.name == "postgresql":
                return bool(db.scalar(UNDER_WAY))
            db.execute(select(1))
            return False
    except Busy:
        return True


def paused_has_ended(engines: Engines) -> bool:
    """Whether no run is open any more and the lease was renewed since: the one that came back has tried."""
    with reading(engines) as db:
        return db.scalar(select(Run.id).where(Run.state == "running")) is None


def test_dead_holders_day_is_done_by_the_next(engines: Engines, scheduler: Schedulers, tmp_path: Path) -> None:
    flow = flow_with_news(engines)

    with scheduler(30) as dead:
        begun(dead, tmp_path)
        dead.kill()
        with scheduler(0.1):
            until(lambda: duty(engines)[0] == "published")

    seen = look(engines, flow.id)
    assert (seen.number, seen.torn) == (2, ())
    assert duty(engines)[1] == 2
