"""The processes of an installation with a cluster, all on this machine: begun, killed and begun again."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
UP_WITHIN = 300.0  # seconds: the first process compiles the search


class Processes:
    """`kind` of each is what it says of itself in `folder`; used as a context, at whose end all are ended."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._folder, self._settings = folder, dict(settings)
        self._running: dict[str, list[subprocess.Popen[bytes]]] = {}
        self.cluster = f"tcp://127.0.0.1:{free_port()}"

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        for each in (each for some in self._running.values() for each in some):
            kill(each)

    def of(self, kind: str) -> list[subprocess.Popen[bytes]]:
        """Those of a kind that run."""
        return [each for each in self._running.get(kind, ()) if each.poll() is None]

    def begin_cluster(self) -> None:
        """Dask's scheduler, at the same address each time."""
        command = ["-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--no-dashboard", "--no-show"]
        self._begin("cluster", [*command, "--port", self.cluster.rpartition(":")[2]], "Scheduler at:")

    def begin_worker(self) -> None:
        """A worker of one core."""
        self._begin("worker", ["-m", "milieu", "worker", "--scheduler", self.cluster, "--cores", "1"], "Works for")

    def begin_clock(self) -> None:
        """`milieu scheduler`."""
        self._begin("clock", ["-m", "milieu", "scheduler"], "")

    def begin_serve(self) -> str:
        """`milieu serve`; where its pages are."""
        port = free_port()
        self._begin("serve", ["-m", "web", "serve", "--port", str(port)], "Milieu is at")
        return f"http://127.0.0.1:{port}"

    def said(self, kind: str) -> str:
        """All that those of a kind have said."""
        file = self._folder / f"{kind}.log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def _begin(self, kind: str, command: list[str], word: str) -> None:
        before = self.said(kind).count(word) if word else 0
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, **self._settings, "PYTHONPATH": str(ROOT), "MILIEU_SOLVE_ON": self.cluster}
        with (self._folder / f"{kind}.log").open("ab") as said:
            begun = subprocess.Popen(
                [sys.executable, *command], cwd=self._folder, env=environment, stdout=said, stderr=said
            )
        self._running.setdefault(kind, []).append(begun)
        end = time.monotonic() + UP_WITHIN
        while word and self.said(kind).count(word) <= before:
            if begun.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{kind} did not come up:\n{self.said(kind)[-2000:]}")
            time.sleep(0.1)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and whatever it has started, at once, as a machine that loses its power."""
    try:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    except psutil.NoSuchProcess:
        family = []
    for each in family:
        try:
            each.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    process.wait()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def count_of(pattern: str, said: str) -> int:
    """How often something was said."""
    return len(re.findall(pattern, said))
