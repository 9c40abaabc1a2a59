"""An interruption that Python loses comes again, and what is tidied on its way up is left in peace."""

import signal
import time
import weakref

import pytest

from milieu.machine import interruption
from milieu.machine.interruption import interruptible
from tests.patience import PATIENCE


class Thing:
    """Something that is forgotten."""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interruption, "AGAIN", 0.01)


def work() -> None:
    """Long enough to be interrupted in."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(0.01)


def test_what_is_lost_in_a_collection_comes_again() -> None:
    thing = [Thing()]
    watched = weakref.ref(thing[0], lambda _: signal.raise_signal(signal.SIGINT))

    @interruptible()
    def lose() -> None:
        thing.clear()
        assert watched() is None, "and nothing was raised here"
        work()

    with pytest.raises(KeyboardInterrupt):
        lose()


def test_what_is_tidied_on_its_way_up_is_left_in_peace() -> None:
    tidied = []

    @interruptible()
    def tidy() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            time.sleep(0.1)
            tidied.append("all")

    with pytest.raises(KeyboardInterrupt):
        tidy()

    assert tidied == ["all"]


def test_afterwards_all_is_as_it_was() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGALRM)
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(signal.SIGINT)
    with interruptible():
        pass

    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_where_somebody_else_listens_nothing_is_changed() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: heard.append(number))
    try:
        with interruptible():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)

    assert heard == [signal.SIGINT]
