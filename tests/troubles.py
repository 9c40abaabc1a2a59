"""Troubles of a SQLite file, put on and taken off at will: a full disk, a folder only to be read, a held lock.

A driver's connection that fails at its commit as SQLite's own does stands for the disk; the lock is a real one. A disk
that really takes nothing more is in tests/faults/test_full_disk.py.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from milieu import database
from milieu.database import Engines, sqlite_file, sqlite_module
from web import binding

SAID = {"full disk": "database or disk is full", "read-only folder": "attempt to write a readonly database"}
TROUBLES = (*SAID, "held lock")
AT_ONCE = 0.02  # seconds


class Disk:
    """The disk below some engines: while it `fails`, nothing that changed a row can be committed."""

    def __init__(self, engines: Engines) -> None:
        self.engines, self.fails = engines, ""
        module, disk = sqlite_module(), self

        class Connection(module.Connection):  # type: ignore[misc, name-defined]
            rows_before = 0

            def commit(self) -> None:
                if disk.fails and self.total_changes != self.rows_before:
                    self.rollback()
                    raise module.OperationalError(disk.fails)
                super().commit()
                self.rows_before = self.total_changes

            def rollback(self) -> None:
                super().rollback()
                self.rows_before = self.total_changes

        @event.listens_for(engines.write, "do_connect")
        def connect(_dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
            named["factory"] = Connection

        engines.write.dispose()

    @contextmanager
    def trouble(self, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Have a trouble for a while; who waits for the held lock is refused at once."""
        if name != "held lock":
            self.fails = SAID[name]
            yield
            self.fails = ""
            return
        waits = {"milieu.database.BUSY_SECONDS": database.BUSY_SECONDS, "web.binding._BRIEFLY": binding._BRIEFLY}
        for seconds in waits:
            monkeypatch.setattr(seconds, AT_ONCE)
        with closing(
            sqlite_module().connect(str(sqlite_file(str(self.engines.write.url))), isolation_level=None)
        ) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        for seconds, before in waits.items():
            monkeypatch.setattr(seconds, before)
