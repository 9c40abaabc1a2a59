"""What a child's end means, before anything that it wrote is read."""

import hashlib
from dataclasses import replace

import pytest

from milieu.database import make_engines, reading
from milieu.services.weeks.plans.solves import CRASHED, NO_TIME, STOPPED, TOO_LONG, read
from milieu.solving.problem.document import ProblemSource, make_problem
from milieu.solving.process.child import ChildResult
from solver.documents.exchange import ScheduleDocument, write_schedule
from tests.milieu.builders import MONDAY
from tests.milieu.weeks import quick, small_flow


@pytest.fixture
def source(sqlite_url: str) -> ProblemSource:
    flow = small_flow(make_engines(sqlite_url))
    with reading(flow.engines) as db:
        return make_problem(db, flow.id, MONDAY, flow.clock.now(), repair=False)


@pytest.mark.slow(0.4)
@pytest.mark.parametrize(
    ("ended", "message"),
    [
        ({"status": -15, "was_stopped": True}, STOPPED),  # asked to stop while it was still starting
        ({"status": -15}, CRASHED),  # ended by somebody else
        ({"status": -9, "was_stopped": True}, CRASHED),
        ({"status": -9, "was_killed": True, "was_stopped": True}, TOO_LONG),
    ],
)
def test_end_without_an_answer_is_told_as_what_it_was(
    source: ProblemSource, ended: dict[str, object], message: str
) -> None:
    result = ChildResult(**{"schedule": None, "error": "", "seconds": 1.0, **ended})

    solved = read(source, result)

    assert (solved.schedule, solved.message) == (None, message)


def test_what_was_written_before_it_ended_of_being_asked_counts(source: ProblemSource) -> None:
    written = quick().solve(source.raw, seconds=5, workers=1, seed=1)
    asked = replace(written, status=-15, was_stopped=True)

    assert written.status == 0
    assert read(source, asked).schedule == read(source, written).schedule is not None
    assert read(source, replace(asked, was_stopped=False)).message == CRASHED


def test_what_the_solver_knows_of_why_it_found_nothing_is_passed_on(source: ProblemSource) -> None:
    clues = ("No schedule was found.", "Ada refuses the choir.")
    digest = hashlib.sha256(source.raw).hexdigest()
    written = write_schedule(
        ScheduleDocument(
            problem=digest, status="unknown", objective=None, bound=None, sessions=(), terms={}, because=clues
        )
    )

    solved = read(source, ChildResult(status=4, schedule=written, error="", seconds=1.0))

    assert (solved.schedule, solved.message, solved.clues) == (None, NO_TIME, clues)
