"""How a searcher's process begins, and that it ends with its parent."""

import contextlib
import os
import signal
import threading
import time
from multiprocessing.connection import Connection

from solver.run.messages import Task


def run_searcher(task: Task, connection: Connection, parent: int) -> None:
    """The main function of a searcher's process."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    with contextlib.suppress(BrokenPipeError, ConnectionError, EOFError):
        from solver.run.searcher import work  # what it needs is loaded here, not in the parent

        work(task, connection)
    connection.close()


def _end_with(parent: int) -> None:
    """End this process when its parent has gone."""
    while os.getppid() == parent:
        time.sleep(0.25)
    os._exit(1)
