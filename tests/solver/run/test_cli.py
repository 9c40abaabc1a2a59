"""The command line as the exchange format describes it: outputs, exit statuses, and that nothing is half written."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from solver.documents.exchange import TERM_NAMES, digest, read_problem, read_schedule
from solver.run.command.cli import main
from solver.run.command.running import looked_at, telling
from solver.run.limits import Progress
from tests.patience import PATIENCE, PROVING
from tests.solver.builders import (
    NOT_SOLVED,
    Tree,
    activity,
    problem,
    resident,
    schedule,
    session,
    space,
    whole,
    written,
)
from tests.solver.documents.test_exchange_faults import FAULTS, RAW, TEXTS, Edit

ROOT = Path(__file__).resolve().parents[3]
SMALL = problem(
    activities=[activity("choir", min_group=1, sessions={"max": 3})],
    residents=[resident("ada", interests={"choir": 3}), resident("ben", interests={"choir": 1}), resident("cem")],
    ties=[{"a": "ada", "b": "ben", "strength": 2}],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "problem.json").write_bytes(written(SMALL))
    (tmp_path / "schedule.json").write_bytes(written(schedule(SMALL, [session()])))
    return tmp_path


def run(*arguments: object) -> int:
    return main([str(each) for each in arguments], time.monotonic())


def command(*arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    """The real command, as a process of its own."""
    line = [sys.executable, "-m", "solver", *map(str, arguments)]
    return subprocess.Popen(line, cwd=ROOT, stderr=subprocess.PIPE, **{"stdout": subprocess.PIPE, **options})


# ---- check, explain, schema


def test_check_of_a_problem_tells_its_warnings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "problem.json").write_bytes(written(problem(spaces=[space(adjacent=["lounge"])])))

    assert run("check", folder / "problem.json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "warnings": [{"place": "spaces[0].adjacent[0]", "text": "lounge names itself as its neighbour."}]
    }


def test_check_of_a_schedule_tells_its_breaks_and_its_score(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", folder / "problem.json", folder / "schedule.json") == 0
    good = json.loads(capsys.readouterr().out)
    (folder / "schedule.json").write_bytes(written(schedule(SMALL, [session(residents=[])])))
    assert run("check", folder / "problem.json", folder / "schedule.json") == 1
    bad = json.loads(capsys.readouterr().out)

    assert set(good) == {"warnings", "breaks", "objective", "terms"}
    assert (good["breaks"], good["objective"]) == ([], 12 + 12 - 6)
    assert (len(good["terms"]), good["terms"]["engagement"]) == (len(TERM_NAMES), 12)
    assert bad["breaks"] == [{"rule": "R5", "text": "Session s1 has 0 residents; choir needs at least 1."}]


def test_check_of_a_schedule_without_sessions(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = schedule(SMALL, []) | NOT_SOLVED | {"status": "unknown"}
    (folder / "schedule.json").write_bytes(written(document))

    assert run("check", folder / "problem.json", folder / "schedule.json") == 0
    assert json.loads(capsys.readouterr().out) == {"warnings": [], "breaks": [], "objective": None, "terms": {}}


def test_explain_tells_what_a_change_would_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("explain", folder / "problem.json", folder / "schedule.json", "--session", "s1", "--resident")

    assert run(*arguments, "ben") == 0
    assert json.loads(capsys.readouterr().out) == {
        "resident": "ben",
        "session": "s1",
        "invited": False,
        "breaks": [],
        "gain": 4 + 12 + 6 + 30,
        "terms": {"interest": 4, "engagement": 12, "tie": 6, "companion": 30},
    }
    assert run(*arguments, "ada") == 0
    assert json.loads(capsys.readouterr().out)["breaks"] == [
        {"rule": "R5", "text": "Session s1 has 0 residents; choir needs at least 1."}
    ]


def test_explain_of_what_does_not_exist_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("explain", folder / "problem.json", folder / "schedule.json")

    assert run(*arguments, "--resident", "zoe", "--session", "s9") == 2
    told = capsys.readouterr()
    assert (told.out, len(told.err.splitlines())) == ("", 2)


@pytest.mark.parametrize("name", ["problem", "schedule"])
def test_schema_prints_a_schema(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema", name) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].endswith("2020-12/schema")


# ---- what cannot be read


BROKEN: list[tuple[str, bytes]] = [(place, raw) for place, raw in TEXTS]
BROKEN += [(place, json.dumps(whole()).replace(old, new).encode()) for place, old, new in RAW]


def _edited(edit: Edit) -> bytes:
    tree = whole()
    edit(tree)
    return written(tree)


BROKEN += [(place, _edited(edit)) for place, edit in FAULTS]


@pytest.mark.parametrize(("place", "raw"), BROKEN, ids=[f"{k} {place}" for k, (place, _) in enumerate(BROKEN)])
def test_a_malformed_problem_ends_with_2_and_writes_nothing(
    place: str, raw: bytes, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "problem.json").write_bytes(raw)

    assert run("solve", folder / "problem.json", "-o", folder / "new.json") == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert any(line.startswith(f"{place}: ") for line in told.err.splitlines())
    assert sorted(path.name for path in folder.iterdir()) == ["problem.json", "schedule.json"]


@pytest.mark.slow(0.3)
@pytest.mark.parametrize("place", ["1:1", "1:200001", "spaces[0].comfort", "residents[0].busy[0].to"])
def test_a_malformed_problem_ends_the_real_command_with_2(place: str, folder: Path) -> None:
    raw = next(raw for where, raw in BROKEN if where == place)
    (folder / "problem.json").write_bytes(raw)
    before = (folder / "schedule.json").read_bytes()

    out, err = (process := command("solve", folder / "problem.json", "-o", folder / "schedule.json")).communicate()

    assert (process.returncode, out) == (2, b"")
    assert err.decode().startswith(f"{place}: ")
    assert b"Traceback" not in err
    assert (folder / "schedule.json").read_bytes() == before


@pytest.mark.parametrize("name", ["solve", "check", "explain"])
def test_a_malformed_schedule_is_an_error_too(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "schedule.json").write_bytes(b'{"format": 3')
    arguments = {
        "solve": ["--start", folder / "schedule.json"],
        "check": [folder / "schedule.json"],
        "explain": [folder / "schedule.json", "--resident", "ada", "--session", "s1"],
    }

    assert run(name, folder / "problem.json", *arguments[name]) == 2
    assert capsys.readouterr().err.startswith("1:13: ")


@pytest.mark.parametrize("missing", ["nowhere.json", "."])
def test_a_file_that_cannot_be_read_is_told_in_words(
    missing: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", folder / missing) == 2
    assert str(folder) in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["plan"],
        ["solve"],
        ["solve", "p.json", "--seconds", "soon"],
        ["solve", "p.json", "--seconds", "nan"],
        ["solve", "p.json", "--seconds", "inf"],
        ["solve", "p.json", "--seconds", "-1"],
        ["solve", "p.json", "--workers", "0"],
        ["solve", "p.json", "--workers", "1.5"],
        ["solve", "p.json", "--seed", "x"],
        ["solve", "p.json", "--second", "3"],
        ["solve", "p.json", "q.json"],
        ["check"],
        ["explain", "p.json", "s.json", "--resident", "ada"],
        ["schema", "plan"],
    ],
)
def test_arguments_that_make_no_sense_end_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)

    assert ended.value.code == 2
    assert "error: " in capsys.readouterr().err


# ---- where a schedule goes


@pytest.mark.parametrize("target", [".", "nowhere/new.json", "problem.json", "x" * 300])
def test_a_place_that_cannot_be_written_is_told_before_anything_is_read(
    target: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "problem.json").write_bytes(b"not read")

    assert run("solve", folder / "problem.json", "-o", folder / target) == 2
    assert str(folder) in capsys.readouterr().err
    assert (folder / "problem.json").read_bytes() == b"not read"
    assert sorted(path.name for path in folder.iterdir()) == ["problem.json", "schedule.json"]


def test_standard_output_that_is_full_is_told(folder: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "wb") as full:
        process = command("schema", "problem", stdout=full)
        _, err = process.communicate()

    assert (process.returncode, b"Traceback" in err, err != b"") == (2, False, True)


def test_who_reads_may_stop_reading(folder: Path) -> None:
    process = command("schema", "problem")
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate()

    assert (process.returncode, err) == (0, b"")


# ---- solving


def solved(folder: Path, *arguments: object) -> tuple[int, bytes, list[Tree]]:
    """Exit status, standard output and lines of progress of the real command, which ends when its best is proved."""
    process = command(
        "solve", folder / "problem.json", "--seconds", PROVING, "--workers", "1", "--progress", *arguments
    )
    out, err = process.communicate()
    return process.returncode, out, [json.loads(line) for line in err.splitlines() if line.startswith(b"{")]


@pytest.mark.slow
def test_solve_writes_a_schedule_that_keeps_every_rule(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "link.json").symlink_to(folder / "new.json")

    status, out, lines = solved(folder, "-o", folder / "link.json")

    assert (status, out) == (0, b"")
    assert run("check", folder / "problem.json", folder / "new.json") == 0
    found = json.loads(capsys.readouterr().out)
    document = read_schedule((folder / "new.json").read_bytes(), read_problem(written(SMALL)))
    assert document.objective == found["objective"] == lines[-1]["objective"]
    assert set(lines[-1]) == {"seconds", "objective", "bound"}
    assert (folder / "link.json").is_symlink()
    assert not list(folder.glob(".*"))


@pytest.mark.slow
def test_solve_without_a_file_writes_to_standard_output(folder: Path) -> None:
    status, out, _ = solved(folder, "--start", folder / "schedule.json")

    assert status == 0
    assert read_schedule(out).problem == digest(written(SMALL))


@pytest.mark.slow(1)
def test_what_cannot_be_is_written_without_sessions(folder: Path) -> None:
    tree = SMALL | {"activities": [activity("choir", sessions={"min": 1}, windows=[])]}
    (folder / "problem.json").write_bytes(written(tree))

    status, out, _ = solved(folder)

    document = read_schedule(out)
    assert (status, document.status) in ((3, "infeasible"), (4, "unknown"))
    assert (document.sessions, document.objective, document.terms) == ((), None, {})


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_search_and_the_best_is_written(number: int, folder: Path) -> None:
    target = folder / "new.json"
    process = command(
        "solve", folder / "problem.json", "--seconds", str(2 * PATIENCE), "--workers", "1", "--progress", "-o", target
    )
    assert process.stderr is not None
    while b'"objective": 1' not in process.stderr.readline():
        assert process.poll() is None
    began = time.monotonic()

    if process.poll() is None:  # it may have proved the best by now
        os.kill(process.pid, number)
    process.communicate()

    assert process.returncode == 0
    assert time.monotonic() - began < PATIENCE
    assert read_schedule(target.read_bytes()).status in ("feasible", "optimal")


# ---- the last look


@pytest.mark.parametrize(
    "change",
    [
        {"objective": 10**6},
        {"sessions": [session(residents=[])]},
        {"problem": "0" * 64},
        {"status": "optimal"},
    ],
)
def test_a_search_that_was_wrong_is_not_believed(change: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    raw = written(SMALL)
    document = read_schedule(written(schedule(SMALL, [session()]) | change))

    left = looked_at(read_problem(raw), digest(raw), document)

    assert (left.status, left.sessions, left.objective) == ("unknown", (), None)
    assert capsys.readouterr().err.startswith("solver: the search was wrong: ")


def test_a_search_that_was_right_is_believed() -> None:
    raw = written(SMALL)
    document = read_schedule(written(schedule(SMALL, [session()])))

    assert looked_at(read_problem(raw), digest(raw), document) is document


# ---- progress


def test_progress_is_told_at_most_ten_times_a_second_and_always_the_last() -> None:
    lines, began, count = io.StringIO(), time.monotonic(), 0

    with telling(lines, began) as teller:
        while time.monotonic() < began + 0.45:
            count += 1
            teller.take(Progress(0.0, count, None))

    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    times = [line["seconds"] for line in told]
    assert told[-1]["objective"] == count
    assert 3 <= len(told) <= 6
    assert all(later - earlier >= 0.099 for earlier, later in pairwise(times))


def test_nothing_is_told_where_nothing_was_found() -> None:
    lines = io.StringIO()

    with telling(lines, time.monotonic()):
        pass

    [told] = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (told["objective"], told["bound"]) == (None, None)


def test_progress_that_nobody_reads_harms_nothing() -> None:
    lines = io.StringIO()
    lines.close()

    with telling(lines, time.monotonic()) as teller:
        teller.take(Progress(0.0, 1, None))
