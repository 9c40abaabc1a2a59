"""The solver as a child: real processes, stand-ins only for those that hang, crash or lie."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from milieu.solving.process.child import ChildResult, Progress, SolverChild
from tests.patience import PATIENCE

BEAT = 0.05


def stand_in(tmp_path: Path, body: str, *, grace_seconds: float = 0.5) -> SolverChild:
    """A child whose command is a few lines of Python; `output` is where a schedule would go."""
    script = tmp_path / "stand_in.py"
    head = "import json, os, signal, sys, time\noutput = sys.argv[sys.argv.index('-o') + 1]\n"
    script.write_text(head + textwrap.dedent(body))
    command = (sys.executable, str(script))
    return SolverChild(command, grace_seconds=grace_seconds, beat_seconds=BEAT)


def run(child: SolverChild, *, seconds: float = 1.0, problem: bytes = b"{}", **more: object) -> ChildResult:
    return child.solve(problem, seconds=seconds, workers=1, seed=7, **more)  # type: ignore[arg-type]


def is_alive(process_id: int) -> bool:
    """Whether a process runs; one that has ended and waits to be buried does not."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


def wait_until_gone(process_id: int, seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while is_alive(process_id) and time.monotonic() < until:
        os.sched_yield()
    return not is_alive(process_id)


def test_gives_back_what_was_written_and_the_exit_status(tmp_path: Path) -> None:
    child = stand_in(tmp_path, "open(output, 'w').write('found'); sys.exit(3)")

    result = run(child)

    assert (result.status, result.schedule, result.error) == (3, b"found", "")
    assert not result.was_stopped
    assert not result.was_killed


def test_hands_over_problem_limits_and_start_as_files_and_arguments(tmp_path: Path) -> None:
    child = stand_in(
        tmp_path,
        """
        given = dict(zip(sys.argv[2::1], sys.argv[3::1]))
        told = [open(sys.argv[1]).read(), given["--seconds"], given["--workers"], given["--seed"]]
        json.dump([*told, open(given["--start"]).read(), "--progress" in sys.argv], open(output, "w"))
        """,
    )

    result = run(child, problem=b"the problem", start=b"the start")

    assert json.loads(result.schedule or b"") == ["the problem", "1.0", "1", "7", "the start", True]


def test_knows_nothing_of_the_database_or_of_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILIEU_DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("MILIEU_SECRET_KEY", "secret")
    child = stand_in(tmp_path, "json.dump(dict(os.environ), open(output, 'w'))")

    told = json.loads(run(child).schedule or b"")

    assert not [name for name, value in told.items() if "secret" in value or name.startswith("MILIEU")]


def test_its_folder_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    child = stand_in(
        tmp_path,
        """
        folder = os.path.dirname(output)
        json.dump([folder, os.stat(folder).st_mode & 0o777, os.getcwd()], open(output, "w"))
        """,
    )

    folder, mode, working = json.loads(run(child).schedule or b"")

    assert mode == 0o700
    assert working == folder
    assert not Path(folder).exists()


def test_sweeps_away_what_a_killed_process_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, own = tmp_path / f"milieu-solve-{ended.pid}-abc", tmp_path / f"milieu-solve-{os.getpid()}-abc"
    left.mkdir()
    own.mkdir()

    run(stand_in(tmp_path, ""))

    assert not left.exists()
    assert own.exists()


def test_progress_lines_are_heard_and_the_last_one_always(tmp_path: Path) -> None:
    child = stand_in(
        tmp_path,
        """
        for seconds, objective in ((0.1, None), (0.2, 5), (0.3, 9)):
            line = {"seconds": seconds, "objective": objective, "bound": 12}
            print(json.dumps(line), file=sys.stderr, flush=True)
            time.sleep(0.2)
        """,
    )
    heard: list[Progress | None] = []

    result = run(child, watch=lambda progress: bool(heard.append(progress)))

    assert heard[-1] == Progress(0.3, 9, 12)
    assert Progress(0.2, 5, 12) in heard
    assert result.error == ""


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[1, 2]",
        '{"seconds": 1}',
        '{"seconds": 1, "objective": true, "bound": null}',
        '{"a"',
        '"x"',
        "[" * 9999,
    ],
)
def test_other_lines_are_kept_as_words_and_end_nothing(tmp_path: Path, line: str) -> None:
    child = stand_in(tmp_path, f"print({line!r}, file=sys.stderr); open(output, 'w').write('found')")
    heard: list[Progress | None] = []

    result = run(child, watch=lambda progress: bool(heard.append(progress)))

    assert result.schedule == b"found"
    assert set(heard) <= {None}
    assert result.error == line[:8000]


@pytest.mark.parametrize(
    "line",
    [
        f'{{"seconds": 1, "objective": {2**63}, "bound": null}}',
        f'{{"seconds": 1, "objective": null, "bound": {-(2**63)}}}',
        f'{{"seconds": 1, "objective": {10**400}, "bound": null}}',
        f'{{"seconds": {10**400}, "objective": 1, "bound": null}}',
        '{"seconds": NaN, "objective": 1, "bound": null}',
        '{"seconds": 1e999, "objective": 1, "bound": null}',
        '{"seconds": -1, "objective": 1, "bound": null}',
    ],
)
def test_numbers_that_no_row_can_hold_are_refused_and_the_run_goes_on(tmp_path: Path, line: str) -> None:
    sane = '{"seconds": 2, "objective": 9223372036854775807, "bound": 3}'
    child = stand_in(
        tmp_path,
        f"""
        print({line!r}, file=sys.stderr)
        print({sane!r}, file=sys.stderr)
        print({line!r}, file=sys.stderr)
        open(output, 'w').write('found')
        """,
    )
    heard: list[Progress | None] = []

    with capture_logs() as logs:
        result = run(child, watch=lambda progress: bool(heard.append(progress)))

    assert (result.status, result.schedule, result.error) == (0, b"found", "")
    assert heard[-1] == Progress(2.0, 2**63 - 1, 3)
    assert logs == [{"event": "solver.progress_refused", "lines": 2, "log_level": "warning"}]


def test_a_flood_of_words_neither_blocks_nor_is_kept(tmp_path: Path) -> None:
    child = stand_in(tmp_path, "sys.stderr.write('x' * 30_000_000); open(output, 'w').write('found')")

    result = run(child, seconds=5)

    assert result.schedule == b"found"
    assert len(result.error) <= 8_000


def test_is_asked_to_stop_and_writes_what_it_has(tmp_path: Path) -> None:
    child = stand_in(
        tmp_path,
        """
        def hear(*_):
            open(output, "w").write("best so far")
            sys.exit(0)
        signal.signal(signal.SIGTERM, hear)
        print("ready", file=sys.stderr, flush=True)
        time.sleep(60)
        """,
        grace_seconds=5,
    )
    beats: list[int] = []

    def watch(_progress: Progress | None) -> bool:
        beats.append(1)
        return len(beats) > 20

    result = run(child, seconds=50, watch=watch)

    assert (result.status, result.schedule) == (0, b"best so far")
    assert result.was_stopped
    assert not result.was_killed


def test_one_that_hangs_and_hears_nothing_is_killed_when_its_time_and_grace_are_over(tmp_path: Path) -> None:
    child = stand_in(tmp_path, "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(60)")
    began = time.monotonic()

    result = run(child, seconds=0.2)

    assert result.was_killed
    assert result.status == -signal.SIGKILL
    assert 2.2 < time.monotonic() - began < PATIENCE


def test_what_it_started_itself_is_ended_with_it(tmp_path: Path) -> None:
    child = stand_in(
        tmp_path,
        """
        import subprocess
        other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        open(output, "w").write(str(other.pid))
        """,
    )

    result = run(child)

    assert result.status == 0
    assert wait_until_gone(int(result.schedule or b"0"))


FORKING = """
    import subprocess
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writing, str(os.getpid()).encode())
            while True: time.sleep(60)
        os._exit(0)
    os.wait()
    away = os.read(reading, 20).decode()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the group is ended")
def test_what_forked_away_is_ended_though_it_outlived_the_solver(tmp_path: Path) -> None:
    child = stand_in(tmp_path, FORKING + "    open(output, 'w').write(away)")

    result = run(child)

    assert result.status == 0
    assert wait_until_gone(int(result.schedule or b"0"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the group is ended")
def test_what_forked_away_and_shed_its_mark_is_ended_with_a_solver_that_hangs(tmp_path: Path) -> None:
    body = """
    import subprocess
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sleeping = [sys.executable, "-c", "import time; time.sleep(60)"]
    other = subprocess.Popen(sleeping, start_new_session=True, env={})
    open(output, 'w').write(str(other.pid))
    while True: time.sleep(60)
    """
    child = stand_in(tmp_path, body)

    result = run(child, seconds=0.2)

    assert result.was_killed
    assert wait_until_gone(int(result.schedule or b"0"))


def test_a_crash_is_a_status_and_its_last_words(tmp_path: Path) -> None:
    child = stand_in(tmp_path, "sys.stderr.write('out of luck\\n'); sys.stderr.flush(); os.abort()")

    result = run(child)

    assert result.status == -signal.SIGABRT
    assert result.schedule is None
    assert result.error == "out of luck"


@pytest.mark.slow(0.9)
def test_gets_no_more_memory_than_it_may(tmp_path: Path) -> None:
    hungry = "x = bytearray(800 * 2**20); open(output, 'w').write('fed')"
    free = stand_in(tmp_path, hungry)
    held = stand_in(tmp_path, hungry)
    held.memory_mb = 400

    assert run(free, seconds=10).schedule == b"fed"
    assert run(held, seconds=10).schedule is None


def test_what_the_watcher_raises_ends_the_child_and_is_raised(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = stand_in(tmp_path, f"open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)")

    def watch(_progress: Progress | None) -> bool:
        if note.exists() and note.read_text():
            raise RuntimeError("the watcher fell")
        return False

    with pytest.raises(RuntimeError, match="the watcher fell"):
        run(child, seconds=30, watch=watch)

    assert wait_until_gone(int(note.read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent has died")
def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    (tmp_path / "hang.py").write_text(
        f"import os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"open({str(note)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from milieu.solving.process.child import SolverChild\n"
            f"SolverChild((sys.executable, {str(tmp_path / 'hang.py')!r})).solve(b'', seconds=50, workers=1, seed=1)",
        ],
        cwd=Path(__file__).parents[4],
    )
    while not (note.exists() and note.read_text()):
        assert parent.poll() is None
        os.sched_yield()

    parent.kill()
    parent.wait()

    assert wait_until_gone(int(note.read_text()))
