"""The solver as a child process: started afresh for each solve, watched, and ended whatever it does.

It gets two files in a private folder and a bare environment: no database, no secret. Nothing that it says is believed
here; `answers` reads it.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeAlias

import structlog

import solver
from milieu.settings import Settings
from milieu.solving.process import descendants

SOLVER = (sys.executable, "-m", "solver", "solve")
LONGEST_LINE = 64 * 1024
LARGEST_SCHEDULE = 64 * 2**20
_KEPT_ERRORS = 8_000
_LARGEST = 2**63 - 1  # of a number in a row
_LONGEST_SECONDS = 10.0**9
_FOLDER = "milieu-solve-"
_log = structlog.get_logger(__name__)
_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "NUMBA_CACHE_DIR")
_GUARD = Path(__file__).with_name("guard.py")
_IS_POSIX = os.name == "posix"


@dataclass(frozen=True)
class Progress:
    """What the solver says it has: seconds since it began, the best score so far, a proved upper bound."""

    seconds: float
    objective: int | None
    bound: int | None


Watcher: TypeAlias = Callable[[Progress | None], bool]
"""Called twice a second with the newest progress, None before there is any; True asks the solver to stop."""


@dataclass(frozen=True)
class ChildResult:
    """What became of a solve. `status` is the exit status, negative for a signal.

    `was_stopped`: it was asked to stop; `was_killed`: it did not end in time. `schedule` is what it wrote,
    unread; `error` the end of what it said.
    """

    status: int
    schedule: bytes | None
    error: str
    seconds: float
    was_stopped: bool = False
    was_killed: bool = False


class Interrupted(BaseException):
    """This process is ending: the child is ended, and what was under way is handed back to be begun again."""


@dataclass
class SolverChild:
    """Starts the solver's own command. `memory_mb` 0 = no limit; `grace_seconds` lie between asking and killing.

    Once `ending` is set every solve ends within a beat and raises Interrupted.
    """

    command: Sequence[str] = SOLVER
    memory_mb: int = 0
    grace_seconds: float = 5.0
    niceness: int = 5
    beat_seconds: float = field(default=0.5)
    ending: threading.Event | None = None

    @classmethod
    def of(cls, settings: Settings, ending: threading.Event | None = None) -> "SolverChild":
        """As an installation's settings want it."""
        return cls(memory_mb=settings.solver_memory_mb, grace_seconds=settings.solver_grace_seconds, ending=ending)

    def solve(
        self,
        problem: bytes,
        *,
        seconds: float,
        workers: int,
        seed: int,
        start: bytes | None = None,
        watch: Watcher | None = None,
        is_waited_for: bool = False,
    ) -> ChildResult:
        """Run one solve to its end, at the most 1.05 · seconds + 2 + grace seconds. It begins at once, so that it makes
        no difference whether somebody waits for it.

        Whatever is raised by `watch` ends the child and is raised again. Raises Interrupted.
        """
        with _private_folder() as folder:
            (folder / "problem.json").write_bytes(problem)
            arguments = [str(folder / "problem.json"), "-o", str(folder / "schedule.json"), "--progress"]
            arguments += ["--seconds", str(seconds), "--workers", str(workers), "--seed", str(seed)]
            if start is not None:
                (folder / "start.json").write_bytes(start)
                arguments += ["--start", str(folder / "start.json")]
            return self._run([*self.command, *arguments], folder, seconds, workers, watch)

    def _run(
        self, command: list[str], folder: Path, seconds: float, workers: int, watch: Watcher | None
    ) -> ChildResult:
        began = time.monotonic()
        allowed = seconds * 1.05 + 2
        process = self._start(command, folder, allowed, workers)
        try:
            ears = _Ears(process)
            was_stopped = self._wait(process, ears, began + allowed, watch)
            was_killed = process.poll() is None
        finally:
            _end(process, folder)
        ears.close()
        if ears.refused:
            _log.warning("solver.progress_refused", lines=ears.refused)
        return ChildResult(
            status=process.returncode,
            schedule=_read(folder / "schedule.json"),
            error=ears.error,
            seconds=time.monotonic() - began,
            was_stopped=was_stopped,
            was_killed=was_killed,
        )

    def _start(self, command: list[str], folder: Path, allowed: float, workers: int) -> subprocess.Popen[bytes]:
        wall = int(allowed + self.grace_seconds) + 10
        limits = [os.getpid(), self.memory_mb, wall * workers, wall, self.niceness]
        guarded = [sys.executable, "-I", str(_GUARD), *map(str, limits), *command] if _IS_POSIX else command
        return subprocess.Popen(
            guarded,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def _wait(self, process: subprocess.Popen[bytes], ears: "_Ears", deadline: float, watch: Watcher | None) -> bool:
        """Watch until it has ended or its time and grace are over; whether somebody asked it to stop."""
        was_stopped, last = False, None
        asked_at: float | None = None
        while process.poll() is None:
            if self.ending is not None and self.ending.is_set():
                raise Interrupted
            now = time.monotonic()
            if asked_at is not None and now > asked_at + self.grace_seconds:
                break
            if asked_at is None and now > deadline:
                asked_at = _ask(process)
            with suppress(subprocess.TimeoutExpired):
                process.wait(self.beat_seconds)
            last = ears.progress
            if watch is not None and watch(last) and asked_at is None:
                was_stopped, asked_at = True, _ask(process)
        if watch is not None and process.poll() is not None:
            ears.close()
            if ears.progress != last:
                watch(ears.progress)
        return was_stopped


class _Ears:
    """Listens to what the child says on standard error; never lets it wait, never keeps more than a little."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None
        self.progress: Progress | None = None
        self.refused = 0
        self._told: list[str] = []
        self._pipe = process.stderr
        self._thread = threading.Thread(target=self._listen, args=(process.stderr,), daemon=True)
        self._thread.start()

    @property
    def error(self) -> str:
        """The last of what it said besides its progress."""
        return "\n".join(self._told)[-_KEPT_ERRORS:]

    def close(self) -> None:
        """Wait until everything that was said is heard; a grandchild that holds the pipe is not waited for."""
        self._thread.join(timeout=2)
        if not self._thread.is_alive():
            self._pipe.close()

    def _listen(self, pipe: IO[bytes]) -> None:
        while line := pipe.readline(LONGEST_LINE):
            try:
                progress = _progress(line)
            except _Insane:
                self.refused += 1
                continue
            if progress is not None:
                self.progress = progress
            elif text := line.decode("utf-8", "replace").rstrip():
                self._told = [*self._told[-50:], text[:_KEPT_ERRORS]]


class _Insane(Exception):
    """A line of progress whose numbers no row can hold."""


def _progress(line: bytes) -> Progress | None:
    """A line of progress; None for anything else. Raises _Insane."""
    try:
        told = json.loads(line)
        seconds, objective, bound = told["seconds"], told["objective"], told["bound"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    whole = all(each is None or type(each) is int for each in (objective, bound))
    if not whole or type(seconds) not in (int, float):
        return None
    if not 0 <= seconds <= _LONGEST_SECONDS:  # NaN neither
        raise _Insane
    if any(each is not None and abs(each) > _LARGEST for each in (objective, bound)):
        raise _Insane
    return Progress(float(seconds), objective, bound)


def _ask(process: subprocess.Popen[bytes]) -> float:
    """Ask it to stop and to write what it has; the moment of asking."""
    with suppress(OSError):
        process.terminate()
    return time.monotonic()


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    """End it and whatever it started, also what left its group: elsewhere than on Linux, the group alone."""
    under = descendants.below(process.pid) if process.poll() is None else []
    with suppress(OSError):
        if _IS_POSIX:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    descendants.end(under)
    process.wait()
    descendants.end_marked(folder)


def _environment(own: Path) -> dict[str, str]:
    """What a solver needs and nothing else: no address of a database, no key."""
    given = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    folder = Path(solver.__file__).parent.parent
    return given | {"PYTHONPATH": str(folder), "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", descendants.MARK: str(own)}


def _read(path: Path) -> bytes | None:
    """What was written, None where nothing was or where it is absurdly large."""
    with suppress(OSError):
        if path.is_file() and path.stat().st_size <= LARGEST_SCHEDULE:
            return path.read_bytes()
    return None


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder that only this user can read; what a killed process left of its own is swept away first."""
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=f"{_FOLDER}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _sweep(temporary: Path) -> None:
    for left in temporary.glob(f"{_FOLDER}*-*"):
        owner = left.name.removeprefix(_FOLDER).split("-")[0]
        if owner.isdigit() and not _is_alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def _is_alive(process_id: int) -> bool:
    if not _IS_POSIX:
        return True
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
