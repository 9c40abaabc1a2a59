"""No log line holds a value of a row: one name stands in rows and in errors, and in nothing that is written."""

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
import structlog
from pydantic import BaseModel
from sqlalchemy import text

from milieu.clock import Clock
from milieu.coordination import lease
from milieu.coordination.due import Duty
from milieu.database import Engines, unit_of_work
from milieu.errors import Invalid
from milieu.installation.logs import set_up_logs
from milieu.jobs.daily import do_duty, find_duties
from milieu.jobs.workers import Workers
from milieu.models import Resident
from milieu.services.republishing import Outcome
from milieu.services.weeks.plans.solves import read
from milieu.settings import Settings
from milieu.solving.problem.document import ProblemSource, make_problem
from milieu.solving.process.child import ChildResult
from tests.milieu.builders import MONDAY, NOW, FixedClock, small_community
from tests.patience import PATIENCE

CANARY = "Kanarienvogel"


class _Beds(BaseModel):
    beds: int


def _by_statement(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        db.execute(text("INSERT INTO resident (no_such_column) VALUES (:name)"), {"name": CANARY})


def _by_row(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        db.add(Resident(community_id=CANARY, id=CANARY, key=CANARY))


def _by_check(_engines: Engines) -> None:
    _Beds.model_validate({"beds": CANARY})


def _by_words(_engines: Engines) -> None:
    try:
        raise KeyError(CANARY)
    except KeyError as error:
        raise RuntimeError(f"{CANARY} fell out of bed") from error


def _by_refusal(_engines: Engines) -> None:
    raise Invalid(f"{CANARY} cannot be there.", [CANARY])


RAISING = [_by_statement, _by_row, _by_check, _by_words, _by_refusal]


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Lines are written as they are in a service; set up inside the test, where standard error is caught."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    names = {name: logging.getLogger(name).level for name in ("apscheduler", "waitress.queue")}
    yield set_up_logs
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)
    for name, was in names.items():
        logging.getLogger(name).setLevel(was)


def _lines(written: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.splitlines()]


@pytest.mark.parametrize("raising", RAISING)
def test_duty_that_fails_is_told_by_type_and_place(
    raising: Callable[[Engines], None], engines: Engines, logs: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with unit_of_work(engines) as db:
        elm = small_community(db)
        for resident in elm.residents.values():
            db.merge(resident).family_name = CANARY
        lease.take(db, holder="ann", seconds=30)
    logs()

    def repair(_engines: Engines, _duty: Duty, _settings: Settings, _clock: Clock) -> Outcome:
        raising(engines)
        return Outcome("unchanged", None, "")

    for duty in find_duties(engines, NOW, fence=1):
        do_duty(duty, engines=engines, settings=Settings(), clock=FixedClock(NOW), repair=repair)

    written = capsys.readouterr()
    [line] = [each for each in _lines(written.err) if each["event"] == "duty.failed"]
    assert CANARY not in written.err + written.out
    assert line["error"]
    assert str(line["place"]).startswith("milieu/")
    assert len(str(line["fault"])) == 10


@pytest.mark.parametrize("raising", RAISING)
def test_worker_that_fails_is_told_by_type_and_place(
    raising: Callable[[Engines], None], engines: Engines, logs: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    logs()
    workers = Workers(1)

    workers.offer("run", lambda: raising(engines))
    assert workers.join(PATIENCE)

    written = capsys.readouterr()
    [line] = _lines(written.err)
    assert CANARY not in written.err + written.out
    assert (line["event"], line["work"], bool(line["error"])) == ("worker.failed", "run", True)


@pytest.mark.parametrize("speaks", ["structlog", "library", "thread", "process"])
def test_whoever_logs_an_error_tells_no_message(
    speaks: str, logs: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    logs()

    def fail() -> None:
        raise ValueError(CANARY)

    if speaks == "thread":
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    else:
        try:
            fail()
        except ValueError as error:
            if speaks == "structlog":
                structlog.get_logger("web").exception("something.failed")
            elif speaks == "library":
                logging.getLogger("waitress").exception("Exception while serving /%s", CANARY)
            else:
                sys.excepthook(ValueError, error, error.__traceback__)

    written = capsys.readouterr()
    [line] = _lines(written.err)
    assert CANARY not in written.err + written.out
    assert line["error"] == "ValueError"


@pytest.mark.parametrize("status", [0, 1, -6])
def test_what_a_solver_says_stands_in_no_line(
    status: int, source: ProblemSource, logs: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    said = f'  File "/opt/it/solver/run/solve.py", line 7, in go\n    x({CANARY})\nValueError: {CANARY}\nError {CANARY}'
    answer = json.dumps({"format": "x", CANARY: CANARY}).encode()
    logs()

    read(source, ChildResult(status, answer, said, 1.0))

    written = capsys.readouterr()
    [line] = _lines(written.err)
    assert CANARY not in written.err + written.out
    told = {key: line.get(key) for key in ("event", "error", "place", "reason")}
    assert told == (
        {"event": "run.untrusted", "error": None, "place": None, "reason": "unreadable"}
        if status == 0
        else {"event": "run.crashed", "error": "ValueError", "place": "solver/run/solve.py:7", "reason": None}
    )


@pytest.fixture
def source(engines: Engines) -> ProblemSource:
    with unit_of_work(engines) as db:
        return make_problem(db, small_community(db).id, MONDAY, NOW, repair=False)
