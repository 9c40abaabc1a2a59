"""Fifty people use an installation while others only hold connections open: how long do their pages take?

    python -m bench.load --data DIR          a copy of a demo's data folder; some 40 seconds

A server of its own is started on the folder; 1,000 connections stay idle and 200 send a letter a second, which the
server ends in time and which come again at once. Fifty people, signed in by rows of their own, open pages with a pause
between them. Printed: how many pages, the median, the 99th percentile, the longest, what was refused. Bounded: it ends
after its seconds, and ends the server that it began.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import resource
import selectors
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from sqlalchemy import select

from milieu.database import make_engines, unit_of_work
from milieu.models import Account
from milieu.services.access.sign_ins import Lifetime, begin_sign_in

ROOT = Path(__file__).resolve().parents[1]
PATHS = {"staff": ("/today", "/today"), "director": ("/people", "/today")}
TRICKLE = b"GET / HTTP/1.1\r\nX-Slow: "


@dataclass
class Found:
    """Milliseconds of each page, answers by status, connections that the server ended."""

    pages: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    ended: int = 0
    cpu: float = 0.0  # seconds that the server's process took

    def line(self, name: str) -> str:
        """What was found, in one line."""
        if not self.pages:
            return f"{name}: no page was answered"
        ranked = sorted(self.pages)
        p99 = ranked[min(len(ranked) - 1, int(len(ranked) * 0.99))]
        return (
            f"{name}: {len(ranked)} pages, median {statistics.median(ranked):.0f} ms, p99 {p99:.0f} ms, "
            f"longest {ranked[-1]:.0f} ms; answers {self.statuses}; "
            f"{1000 * self.cpu / len(ranked):.0f} ms of a core a page; {self.ended} connections ended by the server"
        )


@contextmanager
def served(data: Path) -> Iterator[tuple[tuple[str, int], psutil.Process]]:
    """A server on a data folder: where it listens, and its process."""
    command = [sys.executable, "-u", "-m", "web", "--data", str(data), "serve", "--port", "0"]
    log = (data / "load.log").open("wb")
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ})
    try:
        assert server.stdout is not None
        address = urlsplit(server.stdout.readline().split()[3])
        yield (address.hostname or "", address.port or 0), psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def signed_in(data: Path, number: int) -> list[tuple[str, str]]:
    """So many sign-ins, as (role, cookie), over the accounts that there are: every tenth a director's, else staff's."""
    engines = make_engines(f"sqlite:///{data / 'milieu.sqlite'}")
    life = Lifetime(timedelta(hours=12), timedelta(hours=12))
    moment = datetime.now(UTC)
    with unit_of_work(engines) as db:
        accounts = [(row.id, row.roles[0].name) for row in db.scalars(select(Account)).unique() if row.roles]
        of_role = {role: [each for each in accounts if each[1] == role] for role in PATHS}
        chosen = []
        for place in range(number):
            there = of_role["staff" if place % 10 else "director"]
            chosen.append(there[place % len(there)])
        cookies = [
            (
                role,
                begin_sign_in(
                    db, account_id, json.dumps({"milieu_account": account_id}).encode(), lifetime=life, now=moment
                ).token,
            )
            for account_id, role in chosen
        ]
    engines.dispose()
    return cookies


def use(where: tuple[str, int], cookies: list[tuple[str, str]], seconds: float, pause: float) -> Found:
    """Let these people open pages for so long, each with its pauses."""
    found, lock, end = Found(), threading.Lock(), time.monotonic() + seconds

    def person(number: int, role: str, cookie: str) -> None:
        chance = random.Random(number)
        time.sleep(chance.uniform(0, pause))
        connection = http.client.HTTPConnection(*where, timeout=20)
        while time.monotonic() < end:
            begun = time.perf_counter()
            try:
                connection.request("GET", chance.choice(PATHS[role]), headers={"Cookie": f"milieu={cookie}"})
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, http.client.HTTPException):
                connection.close()
                status = 0
            with lock:
                found.pages.append(1000 * (time.perf_counter() - begun))
                found.statuses[status] = found.statuses.get(status, 0) + 1
            time.sleep(chance.uniform(0.5, 1.5) * pause)

    people = [threading.Thread(target=person, args=(place, *each)) for place, each in enumerate(cookies)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    return found


@contextmanager
def held_open(where: tuple[str, int], idle: int, trickling: int, found: Found) -> Iterator[None]:
    """Connections that say nothing and connections that say a letter a second; each comes again when it was ended."""
    stopping = threading.Event()
    thread = threading.Thread(target=_hold, args=(where, idle, trickling, found, stopping))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _hold(where: tuple[str, int], idle: int, trickling: int, found: Found, stopping: threading.Event) -> None:
    with selectors.DefaultSelector() as seen:
        for place in range(idle + trickling):
            _open(seen, where, is_trickling=place >= idle)
        while not stopping.wait(1.0):
            for key, _events in seen.select(0):
                seen.unregister(key.fileobj)
                key.fileobj.close()  # type: ignore[union-attr]
                found.ended += 1
                _open(seen, where, is_trickling=key.data)
            for key in list(seen.get_map().values()):
                if key.data:
                    _send(key.fileobj, b"a")  # type: ignore[arg-type]
        for key in list(seen.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]


def _open(seen: selectors.BaseSelector, where: tuple[str, int], *, is_trickling: bool) -> None:
    opened = socket.create_connection(where, timeout=20)
    seen.register(opened, selectors.EVENT_READ, is_trickling)
    if is_trickling:
        _send(opened, TRICKLE)


def _send(opened: socket.socket, what: bytes) -> None:
    with contextlib.suppress(OSError):  # the server ended it: `select` will say so
        opened.send(what)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between two pages of a person")
    parser.add_argument("--idle", type=int, default=1000)
    parser.add_argument("--trickling", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each of the two measurements, at most 60")
    options = parser.parse_args()
    seconds = min(options.seconds, 60.0)
    wanted = options.idle + options.trickling + 500
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))
    cookies = signed_in(options.data, options.people)
    with served(options.data) as (where, server):
        use(where, cookies, 3, 1.0)

        def measured() -> Found:
            before = sum(server.cpu_times()[:2])
            found = use(where, cookies, seconds, options.pause)
            found.cpu = sum(server.cpu_times()[:2]) - before
            return found

        print(measured().line(f"{options.people} people alone"), flush=True)
        besides = Found()
        with held_open(where, options.idle, options.trickling, besides):
            time.sleep(1.0)
            crowded = measured()
        crowded.ended = besides.ended
        print(crowded.line(f"beside {options.idle} idle and {options.trickling} trickling"), flush=True)


if __name__ == "__main__":
    main()
