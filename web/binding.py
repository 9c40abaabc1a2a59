"""The application's database, settings and clock: one reading session a request, units of work on demand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask import Flask, current_app, g

from milieu.clock import Clock
from milieu.database import DbSession, Engines, reading, retrying, unit_of_work
from milieu.settings import Settings

T = TypeVar("T")
_KEY = "milieu"
_BRIEFLY = 0.25  # seconds


@dataclass(frozen=True)
class Bound:
    """What `create_app` was given."""

    settings: Settings
    engines: Engines
    clock: Clock


def bind(app: Flask, settings: Settings, engines: Engines, clock: Clock) -> None:
    """Give an application its database; its reading session ends with the request."""
    app.extensions[_KEY] = Bound(settings, engines, clock)
    app.teardown_appcontext(lambda _error: end_reading())


def bound() -> Bound:
    """What the present application was given."""
    held: Bound = current_app.extensions[_KEY]
    return held


def now() -> datetime:
    """The present moment, aware UTC: the one place where a view learns it. The same all through a request."""
    if "now" not in g:
        g.now = bound().clock.now()
    moment: datetime = g.now
    return moment


def reader() -> DbSession:
    """The request's reading session: everything read through it is as of one moment."""
    if "reader" not in g:
        g.reader_context = reading(bound().engines)
        g.reader = g.reader_context.__enter__()
    db: DbSession = g.reader
    return db


def end_reading() -> None:
    """Close the reading session, so that the next read sees what was written since."""
    context = g.pop("reader_context", None)
    g.pop("reader", None)
    if context is not None:
        context.__exit__(None, None, None)


@contextmanager
def writing() -> Iterator[DbSession]:
    """A unit of work: committed as a whole when the block ends, and seen by what the request reads afterwards."""
    end_reading()
    with unit_of_work(bound().engines) as db:
        yield db
    end_reading()


@contextmanager
def briefly_writing() -> Iterator[DbSession]:
    """A unit of work for what no reader may have to wait for: raises Busy where somebody else writes for long."""
    with unit_of_work(bound().engines, patience=_BRIEFLY) as db:
        yield db
    end_reading()


@contextmanager
def undone() -> Iterator[DbSession]:
    """A unit of work of which nothing stays: what is written in it can be read in it, and is gone when the block ends.

    Raises Busy where somebody else writes for long.
    """
    with unit_of_work(bound().engines, patience=_BRIEFLY) as db:
        try:
            yield db
        finally:
            db.rollback()


def write(work: Callable[[DbSession], T]) -> T:
    """Do a unit of work that is safe to repeat, again where the database asks for it."""
    end_reading()
    result = retrying(bound().engines, work)
    end_reading()
    return result
