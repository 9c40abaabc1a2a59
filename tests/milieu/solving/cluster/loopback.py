"""A cluster on this machine: Dask's own scheduler and `milieu worker`, each a process that can be killed or paused."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.architecture.sources import ROOT
from tests.patience import PATIENCE


def until(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds. Raises AssertionError where it does not come about."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"it has not come about: {what}"
        time.sleep(0.02)


@dataclass
class Loopback:
    """The processes of a cluster and where they write what they say."""

    folder: Path
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def begin_scheduler(self) -> None:
        """Begin the scheduler, at the address that it had before where there was one."""
        port = self.address.rpartition(":")[2] or "0"
        command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port]
        self.scheduler = self._begin("scheduler", [*command, "--no-dashboard", "--no-show"])
        until(lambda: "Scheduler at:" in self.said("scheduler"), "a scheduler that listens")
        self.address = re.findall(r"Scheduler at:\s+(tcp://\S+)", self.said("scheduler"))[-1]

    def begin_worker(self, *, cores: int = 1) -> subprocess.Popen[bytes]:
        """Begin a worker, and wait until it works."""
        before = self.said("worker").count("Works for")
        arguments = ["worker", "--scheduler", self.address, "--cores", str(cores)]
        worker = self._begin("worker", [sys.executable, "-m", "milieu", "--data", str(self.folder), *arguments])
        self.workers.append(worker)
        until(lambda: self.said("worker").count("Works for") > before, "a worker that works")
        return worker

    def said(self, who: str) -> str:
        """All that the scheduler or the workers have said."""
        file = self.folder / who
        return file.read_text() if file.exists() else ""

    def busy(self) -> list[subprocess.Popen[bytes]]:
        """The workers with a solve under way."""
        return [each for each in self.workers if each.poll() is None and solves_under(each.pid)]

    def end(self) -> None:
        """End everything, also what is paused."""
        for each in (*self.workers, *([self.scheduler] if self.scheduler else ())):
            if each.poll() is None:
                each.send_signal(signal.SIGCONT)
                each.kill()
            each.wait()

    def _begin(self, who: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / who).open("ab") as said:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), "MILIEU_DATABASE_URL": "postgresql://secret"},
                stdout=said,
                stderr=said,
            )


def solves_under(process_id: int) -> list[int]:
    """The solves that a process has under way."""
    try:
        children = psutil.Process(process_id).children(recursive=True)
        return [each.pid for each in children if "solve" in each.cmdline()]
    except psutil.Error:
        return []


@contextmanager
def loopback(folder: Path, *, workers: int) -> Iterator[Loopback]:
    """A cluster with so many workers of one core each."""
    cluster = Loopback(folder)
    try:
        cluster.begin_scheduler()
        for _ in range(workers):
            cluster.begin_worker()
        yield cluster
    finally:
        cluster.end()
