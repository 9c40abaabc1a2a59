"""How the C library keeps the memory that is given back to it.

glibc gives each thread an arena of its own, up to eight times the cores, and what was freed in one is not used in
another: a server of pages, with a pool of threads of which any answers any page, grows to the largest page times its
threads. Python runs one thread at a time, so that two arenas keep nobody waiting.

What a library in another language frees may also lie in pieces that glibc does not use again: it stays with the
process, though nothing is in it, until it is given back. Each sheet that is set leaves a part of a megabyte.
"""

import ctypes
import sys
from functools import cache

ARENAS = 2
_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h


def share_arenas() -> bool:
    """Let the threads that this process begins from now on share their memory; False where the C library is another."""
    try:
        return (library := _library()) is not None and bool(library.mallopt(_ARENA_MAX, ARENAS))
    except AttributeError:  # musl and others have one heap
        return False


def give_back() -> bool:
    """Give the machine whatever memory this process holds and does not use; whether there was any. It takes some
    milliseconds, in which other threads may wait for memory.
    """
    try:
        return (library := _library()) is not None and bool(library.malloc_trim(0))
    except AttributeError:
        return False


@cache
def _library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libc.so.6") if sys.platform.startswith("linux") else None
    except OSError:
        return None
