"""The record of who looked at whom. It is written before a page is shown; where nothing can be written, it waits.

Reading goes on over a full disk, a held lock or a folder only to be read: views wait in memory and, where an
installation has reserved room for it, in a file that was as large before. No view is shown that is neither kept nor
waiting: where there is no room left, pages that name residents are refused in words. Why:
docs/decisions/record-of-reads.md.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from io import FileIO
from pathlib import Path

import structlog
from flask import Flask, current_app

from milieu.database import Engines, unit_of_work
from milieu.errors import Busy, Unwritable
from milieu.machine.locks import is_taken
from milieu.services.reads import View, record_views, view_of

MOST_BYTES = 8_000_000
PATIENCE = 0.25  # seconds that a page waits for who writes already
AGAIN = 5.0  # seconds until it is tried again
HELD = 5.0  # seconds for which somebody may write, until it is called a trouble
AS_ONE = timedelta(minutes=5)  # while views wait, a page that is looked at again within so long is one view
NO_ROOM = (
    "Nothing can be saved just now, so it cannot be recorded who looks at whom. Pages with names open again as soon as "
    "it can. Please tell whoever looks after Milieu; the wall's programme and printed sheets can be read."
)
_KEY = "milieu_read_record"
_log = structlog.get_logger(__name__)


class ReadRecord:
    """Views on their way into the database. Several requests that come at once are written together."""

    def __init__(
        self, engines: Engines, *, most_bytes: int = MOST_BYTES, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._engines, self._most, self._ticks = engines, most_bytes, ticks
        self._views: dict[int, tuple[View, bytes]] = {}
        self._last: dict[tuple[str, str, tuple[str, ...]], View] = {}
        self._bytes, self._number = 0, 0
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._is_stuck, self._again_at = False, 0.0
        self._is_trouble, self._stuck_since = False, 0.0
        self._file: FileIO | None = None
        self._on_disk: set[int] = set()
        self._used = 0  # bytes of the file

    @property
    def waiting(self) -> int:
        """How many reads of residents wait to be written."""
        with self._lock:
            return sum(len(view.resident_ids) for view, _line in self._views.values())

    @property
    def is_stuck(self) -> bool:
        """Whether the last try to write failed."""
        return self._is_stuck

    @property
    def is_trouble(self) -> bool:
        """Whether people are to be told that nothing can be saved: not for somebody who writes for a moment."""
        return self._is_stuck and self._is_trouble

    @property
    def on_disk(self) -> int:
        """How many of those that wait would outlast the process."""
        with self._lock:
            return sum(len(self._views[number][0].resident_ids) for number in self._on_disk)

    def reserve(self, file: Path) -> None:
        """Have room in a file for what may have to wait; what waited there when a process ended is taken up again."""
        try:
            self._file = _reserved(file, self._most)
        except OSError as error:
            _log.warning("reads.unreserved", reason=error.strerror or "in use")
            return
        kept = self._file.read()
        self._used = kept.rfind(b"\n") + 1  # a process may have been ended in the middle of a line
        for line in kept[: self._used].splitlines(keepends=True):
            self._on_disk.add(self._put(view_of(line), line))
        if self._views:
            self._is_stuck, self._stuck_since = True, self._ticks()
            _log.warning("reads.taken_up", count=self.waiting)

    def keep(self, view: View) -> None:
        """Write a view down, or have it wait. Raises Unwritable where there is no room for more."""
        with self._lock:
            number = 0 if self._is_stuck and self._is_as_before(view) else self._put(view, view.as_line())
        if number == 0:
            self.write_waiting()
            return
        if self._is_stuck and self._ticks() < self._again_at:
            self._save_waiting()
        elif self._writing.acquire(timeout=PATIENCE):
            try:
                if number in self._views:
                    self._write()
            finally:
                self._writing.release()

    def write_waiting(self) -> None:
        """Try to write what waits, if it is time to."""
        if self._views and self._ticks() >= self._again_at and self._writing.acquire(timeout=PATIENCE):
            try:
                self._write()
            finally:
                self._writing.release()

    def run(self, stopping: threading.Event) -> None:
        """Try again every few seconds until told to stop."""
        while not stopping.wait(AGAIN):
            self.write_waiting()

    def close(self) -> None:
        """The last try of a process that ends; what could not be written lies in the file, or is told to be lost."""
        with self._writing:
            if self._views:
                self._write()
        if (left := self.waiting) > 0:
            lost = left - self.on_disk
            (_log.error if lost else _log.warning)("reads.left", waiting=left, lost=lost)
        if self._file is not None:
            self._file.close()

    def _put(self, view: View, line: bytes) -> int:
        if self._bytes + len(line) > self._most:
            raise Unwritable(NO_ROOM)
        self._number += 1
        self._views[self._number] = (view, line)
        self._last[_key(view)] = view
        self._bytes += len(line)
        return self._number

    def _is_as_before(self, view: View) -> bool:
        last = self._last.get(_key(view))
        return last is not None and timedelta(0) <= view.at - last.at < AS_ONE

    def _write(self) -> None:
        with self._lock:
            batch = dict(self._views)
        views = [view for view, _line in batch.values()]
        try:
            with unit_of_work(self._engines, patience=PATIENCE) as db:
                count = record_views(db, views, is_late=len(views) > 1 or self.is_stuck)
        except Busy as refused:
            if not self.is_stuck:
                _log.warning("reads.wait", why=type(refused).__name__)
                self._stuck_since = self._ticks()
            self._is_trouble = isinstance(refused, Unwritable) or self._ticks() - self._stuck_since >= HELD
            self._is_stuck, self._again_at = True, self._ticks() + AGAIN
            self._save_waiting()
            return
        if self.is_stuck:
            _log.warning("reads.written", count=count)
        self._is_stuck = False
        self._forget(batch)

    def _forget(self, batch: dict[int, tuple[View, bytes]]) -> None:
        with self._lock:
            for number, (_view, line) in batch.items():
                del self._views[number]
                self._bytes -= len(line)
            self._last = {_key(view): view for view, _line in self._views.values()}
            if self._on_disk:
                self._on_disk = set()
                self._empty()
                self._save()

    def _save_waiting(self) -> None:
        with self._lock:
            self._save()

    def _save(self) -> None:
        """Write what waits into the file; its room was taken before, so that a full disk has it too."""
        if self._file is None:
            return
        for number, (_view, line) in self._views.items():
            if number not in self._on_disk and self._write_at(self._used, line):
                self._on_disk.add(number)
                self._used += len(line)

    def _empty(self) -> None:
        """What is written in the database must not be taken up again."""
        if self._write_at(0, b" " * self._used):
            self._used = 0

    def _write_at(self, place: int, line: bytes) -> bool:
        assert self._file is not None
        try:
            self._file.seek(place)
            return self._file.write(line) == len(line)
        except OSError as error:
            _log.error("reads.not_on_disk", reason=error.strerror)
            return False


def _key(view: View) -> tuple[str, str, tuple[str, ...]]:
    return view.account_id, view.page, view.resident_ids


def init_read_record(app: Flask, engines: Engines) -> None:
    """Give an application its record; one that serves reserves room for it."""
    app.extensions[_KEY] = ReadRecord(engines)


def record_of(app: Flask) -> ReadRecord:
    """An application's record."""
    held: ReadRecord = app.extensions[_KEY]
    return held


def read_record() -> ReadRecord:
    """The present application's record."""
    return record_of(current_app)


def _reserved(file: Path, size: int) -> FileIO:
    file.touch(mode=0o600)
    handle = file.open("r+b", buffering=0)
    if is_taken(handle.fileno()):
        handle.close()
        raise BlockingIOError("in use")
    have = file.stat().st_size
    handle.seek(have)
    handle.write(b" " * max(0, size - have))
    handle.seek(0)
    return handle
