"""Whatever a solver started, wherever it went: found in /proc by its parents and by the mark that it inherits."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MARK = "SOLVE"
"""The variable of the environment that holds a solve's own folder: no other solve has the same."""
_PROC = Path("/proc")
_MOST_PASSES = 50  # who forks while it is swept is met in the next pass


def below(process_id: int) -> list[int]:
    """The processes under a living one. Those whose parents ended stay under it where the guard made it a reaper."""
    parents = {each: parent for each in _processes() if (parent := _parent(each)) is not None}
    found: list[int] = []
    rank = {process_id}
    while rank:
        rank = {each for each, parent in parents.items() if parent in rank}
        found += sorted(rank)
    return found


def end(process_ids: list[int]) -> None:
    """Kill each that is still there and may be killed."""
    for each in process_ids:
        with suppress(OSError):
            os.kill(each, signal.SIGKILL)


def end_marked(folder: Path) -> None:
    """Kill what bears the mark of a solve, also what left its session and outlived it, until nothing does."""
    for _ in range(_MOST_PASSES):
        marked = [each for each in _processes() if _is_marked(each, folder)]
        if not marked:
            return
        end(marked)


def _processes() -> Iterator[int]:
    if sys.platform == "linux":
        with suppress(OSError):
            yield from (int(each) for each in os.listdir(_PROC) if each.isdigit() and int(each) != os.getpid())


def _parent(process_id: int) -> int | None:
    try:
        return int((_PROC / str(process_id) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def _is_marked(process_id: int, folder: Path) -> bool:
    try:
        return f"{MARK}={folder}".encode() in (_PROC / str(process_id) / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
