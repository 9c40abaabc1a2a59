"""The ping that a monitor waits for: once a day, when every community's morning was looked at, and never otherwise."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import ValidationError
from sqlalchemy import select, update

from milieu.coordination import lease
from milieu.database import Engines, reading, unit_of_work
from milieu.jobs.ping import look_after_ping
from milieu.models import Community, LedgerEntry, Upkeep
from milieu.settings import Settings
from tests.milieu.builders import NOW, FixedClock, community

TODAY = NOW.date()


@dataclass
class Monitor:
    """Listens as a monitor does; answers with `status`."""

    status: int = 200
    heard: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def settings(self) -> Settings:
        return Settings(ping_url=f"http://127.0.0.1:{self.port}/ping")


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    told = Monitor()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(told.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads along."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        told.port = server.server_port
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield told
        server.shutdown()
        thread.join()


@pytest.fixture
def held(engines: Engines) -> Engines:
    with unit_of_work(engines) as db:
        lease.take(db, holder="ann", seconds=3600)
    return engines


def looked_at(engines: Engines, key: str, state: str = "unchanged", timezone: str = "Europe/London") -> None:
    with unit_of_work(engines) as db:
        community_id = community(db, key, timezone=timezone).id
        db.add(LedgerEntry(community_id=community_id, local_day=TODAY, kind="repair", state=state, due_at=NOW))


def ping(engines: Engines, monitor: Monitor, **after: float) -> str:
    return look_after_ping(engines, monitor.settings, FixedClock(NOW + timedelta(**after)), 1)


def test_it_is_sent_once_when_all_have_been_looked_at(held: Engines, monitor: Monitor) -> None:
    looked_at(held, "elm")
    looked_at(held, "oak", "published")

    assert [ping(held, monitor), ping(held, monitor, hours=5)] == ["sent", ""]
    assert monitor.heard == [f"2 of 2 communities looked at for {TODAY}"]


def test_of_several_processes_one_sends_it(held: Engines, monitor: Monitor) -> None:
    looked_at(held, "elm")
    together = threading.Barrier(4)

    def send() -> None:
        together.wait()
        ping(held, monitor)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(monitor.heard) == 1


@pytest.mark.parametrize("state", ["due", "running", "parked", "missed"])
def test_it_is_not_sent_while_one_is_open_or_went_wrong(held: Engines, monitor: Monitor, state: str) -> None:
    looked_at(held, "elm")
    looked_at(held, "oak", state)

    assert (ping(held, monitor), monitor.heard) == ("", [])


def test_it_waits_for_the_last_zone(held: Engines, monitor: Monitor) -> None:
    looked_at(held, "elm")
    with unit_of_work(held) as db:
        maple = community(db, "maple", timezone="America/New_York").id
    assert ping(held, monitor) == ""

    with unit_of_work(held) as db:
        db.add(LedgerEntry(community_id=maple, local_day=TODAY, kind="repair", state="kept", due_at=NOW))

    assert (ping(held, monitor), monitor.heard) == ("sent", [f"2 of 2 communities looked at for {TODAY}"])


def test_it_is_not_sent_where_one_lives_in_no_known_zone_or_nobody_lives(held: Engines, monitor: Monitor) -> None:
    assert ping(held, monitor) == ""
    looked_at(held, "elm")
    looked_at(held, "oak")
    with unit_of_work(held) as db:
        db.execute(update(Community).where(Community.key == "oak").values(timezone="Europe/Atlantis"))

    assert (ping(held, monitor), monitor.heard) == ("", [])


@pytest.mark.parametrize("status", [500, 302])
def test_a_monitor_that_does_not_take_it_is_asked_again(held: Engines, monitor: Monitor, status: int) -> None:
    looked_at(held, "elm")
    monitor.status = status
    assert [ping(held, monitor), ping(held, monitor, seconds=59)] == ["due", ""]
    assert [ping(held, monitor, minutes=minute) for minute in range(1, 7)] == ["due"] * 6  # it is not given up

    monitor.status = 200

    assert [ping(held, monitor, minutes=7), len(monitor.heard)] == ["sent", 8]


def test_a_monitor_that_is_not_there_is_tried_all_day(held: Engines) -> None:
    looked_at(held, "elm")
    nobody = Settings(ping_url="http://localhost:9/")  # the port of those who throw away

    states = [look_after_ping(held, nobody, FixedClock(NOW + timedelta(minutes=30 * n)), 1) for n in range(6)]

    assert states == ["due"] * 6
    with reading(held) as db:
        assert db.scalars(select(Upkeep.message)).one() == "The monitor could not be reached (URLError)."


def test_without_an_address_nothing_is_sent(held: Engines) -> None:
    looked_at(held, "elm")

    assert look_after_ping(held, Settings(), FixedClock(NOW), 1) == ""
    with reading(held) as db:
        assert db.scalars(select(Upkeep)).all() == []


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("https://hc.example/uuid", True),
        ("http://localhost:8080/", True),
        ("http://[::1]/", True),
        ("", True),
        ("http://hc.example/uuid", False),
        ("http://localhost.example/", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("hc.example", False),
    ],
)
def test_only_addresses_that_nobody_reads_along_are_taken(url: str, is_taken: bool) -> None:
    if is_taken:
        assert Settings(ping_url=url).ping_url == url
    else:
        with pytest.raises(ValidationError, match="https"):
            Settings(ping_url=url)
