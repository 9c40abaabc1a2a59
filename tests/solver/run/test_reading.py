"""A problem that cannot be read in the time is given up in words, wherever the reading is when the time is over."""

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.asked.homes import make_home
from solver.documents.exchange import digest, read_problem
from solver.instance.compilation import compile_problem
from solver.run import reading
from solver.run.command.cli import main
from solver.run.limits import Limits
from solver.run.reading import OutOfTime, in_time

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer that interrupts")
HOME = make_home(30, 7).document()


def many(residents: int) -> bytes:
    """A community of so many residents of whom nothing but the names is known."""
    tree = json.loads(HOME)
    for key in ("ties", "groups", "offers", "pins", "previous"):
        tree.pop(key, None)
    for row in (*tree["facilitators"], *tree["activities"]):
        row.pop("familiar_to", None)
        row.pop("only", None)
    busy = [{"day": 0, "from": "12:00", "to": "13:00"}]
    tree["residents"] = [{"id": f"r{number}", "busy": busy} for number in range(residents)]
    return json.dumps(tree).encode()


def just_over() -> Limits:
    """Limits whose very end has just come."""
    return Limits(0.0, time.monotonic() - 1.0)


def forever(_: Any) -> None:
    while True:
        sum(range(1000))


class Ending:
    """Is at work, while it is ended, until it is interrupted: Python loses what is raised there."""

    def __del__(self) -> None:
        forever(None)


def dropped(_: Any) -> None:
    Ending()


def dropped_and_on(_: Any) -> None:
    Ending()
    forever(None)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose time is over is interrupted at once, however fast the machine is."""
    monkeypatch.setattr(reading, "LEAST", 1e-3)


@pytest.mark.slow(0.4)
@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("read", [read_problem, lambda raw: compile_problem(read_problem(raw), digest(raw)), forever])
def test_whatever_is_at_work_is_interrupted(read: Callable[[bytes], Any]) -> None:
    raw = many(5_000)

    with pytest.raises(OutOfTime), in_time(just_over()):
        read(raw)


@pytest.mark.usefixtures("at_once")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("work", [dropped, dropped_and_on])
def test_an_interruption_that_python_loses_comes_again(work: Callable[[Any], None]) -> None:
    with pytest.raises(OutOfTime), in_time(just_over()):
        work(None)


@pytest.mark.usefixtures("at_once")
def test_compiling_is_interrupted_too() -> None:
    raw = many(5_000)
    problem = read_problem(raw)

    with pytest.raises(OutOfTime), in_time(just_over()):
        compile_problem(problem, digest(raw))


def test_what_is_read_in_time_is_read_and_the_timer_is_off() -> None:
    before = signal.getsignal(signal.SIGALRM)

    with in_time(Limits(3_600.0, time.monotonic())):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
        assert len(read_problem(HOME).residents) == 30

    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_small_problems_are_read_and_spoken_of_however_late_it_is(tmp_path: Path) -> None:
    """Where the machine is so busy that the time is over before the search's modules are loaded."""
    source, target = tmp_path / "problem.json", tmp_path / "schedule.json"
    tree = json.loads(HOME)
    name = next(row["id"] for row in tree["activities"] if "only" not in row)
    tree["residents"] = [{"id": "ada", "name": "Ada", "required": {name: 1}, "refuses": {"activities": [name]}}]
    for key in ("ties", "groups", "offers", "pins", "previous"):
        tree.pop(key, None)
    for row in (*tree["facilitators"], *tree["activities"]):
        row.pop("familiar_to", None)
        row.pop("only", None)
    source.write_text(json.dumps(tree))

    main(["solve", str(source), "-o", str(target), "--seconds", "1"], time.monotonic() - 3_600)

    answer = json.loads(target.read_bytes())
    assert answer["status"] in ("unknown", "infeasible")
    assert any("could not be read" not in sentence for sentence in answer["because"])


@pytest.mark.usefixtures("at_once")
def test_the_time_counts_from_the_start_of_the_process(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So long ago that it is over before the first byte; the answer is written all the same, and says why."""
    source, target = tmp_path / "problem.json", tmp_path / "schedule.json"
    source.write_bytes(many(20_000))

    status = main(["solve", str(source), "-o", str(target), "--seconds", "2"], time.monotonic() - 3_600)

    answer = json.loads(target.read_bytes())
    assert status == 4
    assert (answer["status"], answer["sessions"]) == ("unknown", [])
    assert answer["problem"] == digest(source.read_bytes())
    [sentence] = answer["because"]
    assert sentence in capsys.readouterr().err
    assert "could not be read in the time given (2 s)" in sentence


def test_a_document_that_is_wrong_is_still_told_as_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "problem.json"
    source.write_bytes(b'{"format": "milieu-problem/1"}')

    assert main(["solve", str(source), "--seconds", "600"], time.monotonic()) == 2
    assert "could not be read" not in capsys.readouterr().err
