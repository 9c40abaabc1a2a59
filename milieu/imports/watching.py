"""How far lists are while they are taken in, for whoever waits for them, who may stop it until it is committed.

What is watched runs deep, through files, cells and rows, and most of it is also run with nobody waiting (the command
line, a demo). So the watch is not handed down: it holds for what is called inside `watched_by`, in that thread alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from milieu.errors import MilieuError

READING, COLUMNS, CELLS, AGAINST = "reading", "columns", "cells", "against"
WRITING, KEEPING = "writing", "keeping"


class Stopped(MilieuError):
    """Whoever waited has asked for an end; the unit of work that it is raised through keeps nothing."""


@dataclass
class Watch:
    """The step that is under way (one of the words above, "" before the first), how much of it is done, and of how
    much (0: nobody knows)."""

    step: str = ""
    done: int = 0
    of: int = 0
    is_stopping: bool = False

    def heed(self) -> None:
        """Raises Stopped where an end was asked for."""
        if self.is_stopping:
            raise Stopped("Stopped. Nothing was taken in, and everything is as it was.")


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched_by(watch: Watch) -> Iterator[None]:
    """Let a watch follow what is done in the block."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def begin(step: str, of: int = 0) -> None:
    """Say that another step begins, and of how many files, sheets or rows. Raises Stopped."""
    if (watch := _watch.get()) is not None:
        watch.heed()
        watch.step, watch.done, watch.of = step, 0, of


def more(count: int = 1) -> None:
    """Say that so many more are done. Raises Stopped."""
    if (watch := _watch.get()) is not None:
        watch.heed()
        watch.done += count


def heed() -> None:
    """The last look before a commit. Raises Stopped."""
    if (watch := _watch.get()) is not None:
        watch.heed()
