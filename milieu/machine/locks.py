"""One process at a time: a lock is held until it is let go of, or until its process ends, however it ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone_with(lock: Path) -> Iterator[bool]:
    """Whether nobody else holds this file, which is made where it is not there; if so, nobody else does meanwhile.

    The folder that it lies in has to be there. It waits for nobody.
    """
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield not is_taken(handle)
    finally:
        os.close(handle)


def is_taken(handle: int) -> bool:
    """Lock a file until it is closed or this process ends; True where another has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False
