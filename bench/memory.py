"""The memory of a process and all it starts, read from Linux's /proc while they run."""

import os
import threading
import time
from pathlib import Path

PERIOD = 0.05  # seconds between two looks
SHARE = 20  # a look that takes long is followed by a pause that many times as long, so that looking slows nobody down
MOST_PAUSE = 0.5  # seconds: on a busy machine one slow look would else be the only one
PROC = Path("/proc")


class Sampler(threading.Thread):
    """Looks at a session of processes until `finish`; `peak` in bytes, None where it cannot be known.

    A page that several processes share counts once in all (PSS); where the system does not tell that, each process
    counts whole (RSS).
    """

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session, self._over = session, threading.Event()
        self.peak: int | None = None

    def run(self) -> None:
        while PROC.is_dir():
            begun = time.monotonic()
            used = sum(used_by(pid) for pid in members(self._session))
            if used:
                self.peak = max(self.peak or 0, used)
            if self._over.wait(max(PERIOD, min(MOST_PAUSE, SHARE * (time.monotonic() - begun)))):
                return

    def finish(self) -> int | None:
        self._over.set()
        self.join()
        return self.peak


def members(session: int) -> list[int]:
    """The processes of a session: whatever a child that began a session of its own has started."""
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            if int(fields[3]) == session:
                found.append(int(entry.name))
    return found


def used_by(pid: int) -> int:
    """Bytes; 0 where the process has ended."""
    try:
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
