"""The demo as people start it: a process that plans, serves, ends, and goes on where it was."""

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import psutil
import pytest

from tests.architecture.sources import ROOT
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow(22)


class Demo:
    """A demo of Alder House under way; `said` is every line it has printed."""

    def __init__(self, data: Path, *arguments: str) -> None:
        command = [sys.executable, "-u", "-m", "web", "demo", "--no-browser", "--community", "alder", "--seconds", "3"]
        self.process = subprocess.Popen(
            [*command, "--data", str(data), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=data,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.said: list[str] = []
        self._lines: Queue[str | None] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip())
        self._lines.put(None)

    def until(self, pattern: str, seconds: float = 120) -> re.Match[str]:
        """Wait for a line; fails where the demo ends or the time does."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._lines.get(timeout=max(0.1, deadline - time.monotonic()))
            except Empty:
                raise AssertionError(f"no {pattern!r} in {self.said}") from None
            assert line is not None, self.said
            self.said.append(line)
            if found := re.search(pattern, line):
                return found

    def said_or_until(self, pattern: str) -> re.Match[str]:
        """A line that it has printed already, else as `until`: two of its threads print, in either order."""
        found = next((found for line in self.said if (found := re.search(pattern, line))), None)
        return found or self.until(pattern)

    def until_it_solves(self, seconds: float = 1) -> None:
        """Wait until processes that it has begun have worked for so long from now on: what ends it meets a solve."""
        own, deadline = psutil.Process(self.process.pid), time.monotonic() + PATIENCE
        before = _worked(own)
        while _worked(own) < before + seconds:
            assert time.monotonic() < deadline, self.said
            time.sleep(0.02)

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, list[str]]:
        """Its exit code, and what of it is still running."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(how)
        status = self.process.wait(PATIENCE)
        _, alive = psutil.wait_procs(children, timeout=PATIENCE)
        while (line := self._lines.get(timeout=PATIENCE)) is not None:
            self.said.append(line)
        return status, [" ".join(each.cmdline()) for each in alive]


def _worked(process: psutil.Process) -> float:
    """Seconds of a processor that the processes begun by one, and by these, have taken."""
    taken = 0.0
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            taken += sum(child.cpu_times()[:2])
    return taken


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Starts demos on one data folder; none outlives its test."""
    started: list[Demo] = []

    def one(*arguments: str) -> Demo:
        started.append(Demo(tmp_path, *arguments))
        return started[-1]

    yield one
    for demo in started:
        demo.process.kill()
        demo.process.wait()


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def test_demo_from_nothing_to_a_page_and_back_again(start: Callable[..., Demo]) -> None:
    first = start("--port", "0")
    first.until("Reading the made-up lists")
    assert first.end() == (130, [])
    assert first.said[-1] == "Stopped."

    ended = start("--port", "0")
    page = ended.until(r"being made; (http://localhost:\d+/getting-ready) shows how far")
    assert "Alder House gets ready" in get(page[1])[1]
    ended.said_or_until("Planning last week, 1 of")
    ended.until_it_solves()
    assert ended.end() == (0, [])

    killed = start("--port", "0")
    killed.until("Planning last week, 1 of")
    killed.until_it_solves()
    assert killed.end(signal.SIGKILL) == (-9, [])

    second = start("--port", "0")
    address = second.until(r"Alder House is at (http://localhost:(\d+)/)")
    assert not any("Reading the made-up lists" in line for line in second.said)
    assert get(f"{address[1]}healthz")[0] == 200
    second.until("All weeks are there")
    assert "Alder House is ready" in get(f"{address[1]}getting-ready")[1]

    third = start("--port", "0")
    assert third.process.wait(PATIENCE) == 1
    third.until("Another demo is running on .*alder: end it first, or choose other --data.")
    taken = start("--port", address[2], "--community", "linden")
    assert taken.process.wait(PATIENCE) == 1
    taken.until(f"Port {address[2]} on 127.0.0.1 cannot be had")

    assert second.end(signal.SIGTERM) == (0, [])
    assert second.said[-1] == "The demo has ended. What was entered is there at the next start."

    later = start("--port", "0")
    began = time.monotonic()
    address = later.until(r"Alder House is at (\S+)")
    assert time.monotonic() - began < PATIENCE
    assert not any("Planning" in line for line in later.said), second.said
    assert memory(later) < 500
    assert later.end() == (0, [])


def test_past_weeks_are_planned_in_turn_and_gone_on_with(start: Callable[..., Demo], tmp_path: Path) -> None:
    weeks = ("--weeks", "2", "--no-serve", "--seconds", "2")
    first = start(*weeks)
    first.until(r"Planning the week of .*, 1 of 4, 2 s")
    first.until(r"Planning .*, 2 of 4, 2 s")
    assert first.end() == (130, [])

    second = start(*weeks)
    assert second.process.wait(PATIENCE) == 0
    second.until("Planning .*, 1 of 3, 2 s")
    second.until("Planning next week, 3 of 3, 2 s")
    second.until("Alder House is planned")

    third = start(*weeks)
    assert third.process.wait(PATIENCE) == 0
    third.until("Alder House is planned")
    assert not any("Planning" in line for line in third.said)

    with sqlite3.connect(tmp_path / "alder" / "milieu.sqlite") as db:
        weeks_published = db.execute("SELECT week_start FROM publication ORDER BY number").fetchall()
        came = db.execute("SELECT count(DISTINCT strftime('%W', on_date)) FROM attendance").fetchone()
        drafts = db.execute("SELECT count(*) FROM plan WHERE state = 'draft'").fetchone()
    assert len(weeks_published) == len(set(weeks_published)) == 3
    assert weeks_published == sorted(weeks_published)
    assert came[0] >= 2
    assert drafts == (1,)


def memory(demo: Demo) -> float:
    process: Any = psutil.Process(demo.process.pid)
    return float(process.memory_info().rss) / 2**20
