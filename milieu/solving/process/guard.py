"""Becomes a command under limits that it cannot lift: `python -I guard.py PARENT MEMORY_MB CPU WALL NICE COMMAND…`.

A program of its own, run by file name, because between fork and exec a process with threads may do next to nothing. The
limits outlive the exec: the kernel kills the command when PARENT (a process id) has died, after WALL seconds whatever
happens, or after CPU seconds of work; it gets no more than MEMORY_MB of addresses. 0 = no such limit.
"""

import ctypes
import os
import signal
import sys
from contextlib import suppress

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # <linux/prctl.h>


def main(arguments: list[str]) -> None:
    parent, memory_mb, cpu_seconds, wall_seconds, niceness = map(int, arguments[:5])
    command = arguments[5:]
    os.nice(niceness)
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # outlives the exec: whoever forks away stays below the command
    if os.getppid() != parent:
        sys.exit(1)
    _limit("RLIMIT_AS", memory_mb * 2**20)
    _limit("RLIMIT_CPU", cpu_seconds)
    _limit("RLIMIT_CORE", 0, is_set=True)
    signal.alarm(wall_seconds)
    os.execv(command[0], command)  # noqa: S606


def _limit(name: str, value: int, *, is_set: bool = False) -> None:
    """Lower a limit where the platform has it; one that already is lower stays."""
    import resource

    if value or is_set:
        with suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, value))


if __name__ == "__main__":
    main(sys.argv[1:])
