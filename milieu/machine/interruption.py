"""Ctrl-C ends what it is meant to end, also where Python loses it.

What a signal raises while Python collects garbage is printed and forgotten, and the work goes on. So an interruption
comes again until it is on its way up, and of those that were lost nothing is printed.
"""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

AGAIN = 0.05
"""Seconds after which an interruption that nobody has heard comes again."""


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Raises KeyboardInterrupt in the middle of what is done here once SIGINT comes, until it has left this.

    Only the main thread of a system with timers can be interrupted so; elsewhere, and where somebody else listens to
    SIGINT, nothing is changed.
    """
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not (is_ours and hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()):
        yield
        return
    before, told = signal.signal(signal.SIGALRM, _come_again), sys.unraisablehook

    def tell(lost: "UnraisableHookArgs") -> None:
        if not isinstance(lost.exc_value, KeyboardInterrupt):
            told(lost)

    sys.unraisablehook = tell
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.unraisablehook = told
        signal.signal(signal.SIGALRM, before)
        signal.signal(signal.SIGINT, signal.default_int_handler)


def interrupt(number: int, frame: FrameType | None) -> None:
    """What a signal does that is to interrupt; for others than SIGINT, inside `interruptible`."""
    if signal.getsignal(signal.SIGALRM) is _come_again:
        signal.setitimer(signal.ITIMER_REAL, AGAIN, AGAIN)
    raise KeyboardInterrupt


def _come_again(number: int, frame: FrameType | None) -> None:
    error = sys.exc_info()[1]
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    if error is None:  # else it is on its way up, and what is left behind is being tidied
        raise KeyboardInterrupt
