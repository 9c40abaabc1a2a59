"""Reading within the time: what cannot be read and understood before a solve has to end is given up, in words.

A document of any size may come. How long one takes is known only by reading it, so that a clock runs beside: the
system's timer, which interrupts whatever Python is at. It is off as soon as the search begins, which has clocks of its
own.
"""

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType

from solver.run.limits import Limits

LEAST = 0.4  # seconds: what small documents take at most, however late the search's modules were loaded
AGAIN = 0.05  # seconds: Python loses what is raised while it collects garbage or ends an object, so that it comes again


class OutOfTime(BaseException):
    """The time is over before the documents are read. No fault of any of them, so that nothing on the way takes it for
    one."""


@contextlib.contextmanager
def in_time(limits: Limits) -> Iterator[None]:
    """Raises OutOfTime in the middle of what is done here once a solve that has found nothing must end.

    Only the main thread of a system with timers can be interrupted; elsewhere nothing happens.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    is_inside, is_over = True, False

    def give_up(number: int, frame: FrameType | None) -> None:
        nonlocal is_over
        is_over = True
        if is_inside:
            raise OutOfTime

    before = signal.signal(signal.SIGALRM, give_up)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(LEAST, limits.end - time.monotonic()), AGAIN)
        yield
    finally:
        is_inside = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    if is_over:  # and what told so was lost on the way
        raise OutOfTime
