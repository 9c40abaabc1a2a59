"""One solve from the command line: its signals, its progress lines, and the last look at what comes out of it."""

import contextlib
import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import TextIO

from solver.documents.exchange import ProblemDocument, ScheduleDocument, write_schedule
from solver.model.check import read_whole
from solver.model.wording.words import Words
from solver.run.limits import Limits, Progress

STATUSES = {"optimal": 0, "feasible": 0, "infeasible": 3, "unknown": 4}
SHORTEST, LONGEST = 0.1, 4.5  # seconds between two lines of progress


def run(
    problem: ProblemDocument,
    digest: str,
    limits: Limits,
    start: ScheduleDocument | None,
    stop: threading.Event,
    lines: TextIO | None,
) -> tuple[bytes, int]:
    """The schedule document to write, and the exit status that goes with it. `stop` ends the search."""
    with telling(lines, limits.started) as teller:
        # Loaded here and not above: checking, explaining and refusing a document need no search.
        from solver.run.solve import solve

        def should_stop() -> bool:
            teller.tell()  # asked for often, and without a thread: the search forks, and threads do not survive that
            return stop.is_set()

        document = solve(problem, digest, limits, start, teller.take, should_stop)
        document = looked_at(problem, digest, document)
        teller.take(Progress(time.monotonic() - limits.started, document.objective, document.bound))
    return write_schedule(document), STATUSES[document.status]


def looked_at(problem: ProblemDocument, digest: str, document: ScheduleDocument) -> ScheduleDocument:
    """The document where it keeps every rule and states its score truly; else nothing is known, and a word of why."""
    wrong = read_whole(problem, digest, document)
    if not wrong:
        return document
    words = Words(problem)
    sys.stderr.write("".join(f"solver: the search was wrong: {words.sentence(each.reason)}\n" for each in wrong[:20]))
    return unknown(digest)


def unread(digest: str, size: int, limits: Limits) -> tuple[bytes, int]:
    """The schedule document and exit status where a problem of `size` bytes could not be read in the time."""
    sentence = (
        f"The problem ({max(1, size // 1_000):,} kB) could not be read in the time given ({limits.seconds:g} s), so "
        "nothing is known of it. Give more time, or plan fewer people or days at once."
    )
    sys.stderr.write(f"{sentence}\n")
    return write_schedule(unknown(digest, (sentence,))), STATUSES["unknown"]


def unknown(digest: str, because: tuple[str, ...] | None = None) -> ScheduleDocument:
    """The document of a solve that found nothing, with what is known of why."""
    return ScheduleDocument(
        problem=digest, status="unknown", objective=None, bound=None, sessions=(), terms={}, because=because
    )


@contextlib.contextmanager
def stopping(ends: bool = False) -> Iterator[threading.Event]:
    """An event that an interrupt or SIGTERM sets, instead of ending the process. Only the main thread can hear them.

    Where the process `ends` with it, both are ignored from then on: to end takes Python a while.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def hear(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if ends else handler)


class _Teller:
    """Prints progress: at most one line in SHORTEST seconds, at least one in LONGEST, and always the last."""

    def __init__(self, lines: TextIO | None, started: float) -> None:
        self._lines, self._started = lines, started
        self._state: tuple[int | None, int | None] = (None, None)
        self._shown: tuple[int | None, int | None] = (None, None)
        self._last = started

    def take(self, progress: Progress) -> None:
        """Note where the search is, and say so where a line is due."""
        self._state = (progress.objective, progress.bound)
        self.tell()

    def tell(self) -> None:
        """Print a line where one is due; cheap enough to be called all the time."""
        due = SHORTEST if self._state != self._shown else LONGEST
        if time.monotonic() >= self._last + due:
            self._print()

    def tell_last(self) -> None:
        if self._state != self._shown or self._last == self._started:
            time.sleep(max(0.0, SHORTEST - (time.monotonic() - self._last)))
            self._print()

    def _print(self) -> None:
        self._last, self._shown = time.monotonic(), self._state
        objective, bound = self._state
        seconds = round(self._last - self._started, 3)
        line = json.dumps({"seconds": seconds, "objective": objective, "bound": bound})
        if self._lines is not None:
            with contextlib.suppress(OSError, ValueError):  # nobody reads any more; the search goes on
                self._lines.write(line + "\n")
                self._lines.flush()


@contextlib.contextmanager
def telling(lines: TextIO | None, started: float) -> Iterator[_Teller]:
    """Something that tells of a search on `lines` (None: nowhere) while it runs, and tells the last when it ends."""
    teller = _Teller(lines, started)
    try:
        yield teller
    finally:
        if lines is not None:
            teller.tell_last()
