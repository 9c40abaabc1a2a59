"""How the C library keeps the memory that threads give back.

glibc gives each thread an arena of its own, up to eight times the cores, and what was freed in one is not used in
another: a server of pages, with a pool of threads of which any answers any page, grows to the largest page times its
threads. Python runs one thread at a time, so that two arenas keep nobody waiting.
"""

import ctypes
import sys

ARENAS = 2
_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h


def share_arenas() -> bool:
    """Let the threads that this process begins from now on share their memory; False where the C library is another."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        return bool(ctypes.CDLL("libc.so.6").mallopt(_ARENA_MAX, ARENAS))
    except (OSError, AttributeError):  # musl and others have one heap
        return False
