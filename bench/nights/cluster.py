"""One real night of many communities: a PostgreSQL, a cluster of two workers of which one is killed each minute, a
clock, and two servers whose pages are read all the while.

Every process is the real command with the real clock. So the night is now: each community lives in a zone where it is a
day of the week, and its publishing time is a moment from now.
"""

import os
import statistics
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from bench.memory import used_by
from bench.nights.many import multiply, plant
from bench.nights.outcomes import Beside, beside_forecast, faults_of
from bench.nights.pages import sign_in
from bench.nights.processes import Processes, count_of, kill
from bench.nights.real import Shifted
from bench.nights.server import make_database, postgresql
from milieu.coordination.ledger import AGAIN, FINISHED, REPAIR
from milieu.database import Engines, reading, unit_of_work
from milieu.installation.serving import open_engines
from milieu.models import Absence, Community, CommunitySettings, LedgerEntry, Publication
from milieu.queries.residents.people import residents_here
from milieu.settings import Settings
from milieu.solving.contents import read_published

KILLED_EACH = 60.0
PLACES = 3  # a repair that reads or writes leaves its worker idle: one more than there are workers
GIVEN_UP = 3 * 3600.0


@dataclass
class Reads:
    """What the readers of the pages met: seconds of each page in their order, and how often each status came."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def middle(self, first: float, last: float) -> float:
        """The median of a stretch, as shares of all."""
        some = sorted(self.seconds[int(first * len(self.seconds)) : int(last * len(self.seconds))])
        return some[len(some) // 2] if some else 0.0


@dataclass(frozen=True)
class Told:
    """A night: how its communities ended, what was published, what died, and what serving took meanwhile.

    `seconds` until all were done; `twice` how many communities have more than one publication of the night that a
    ledger answers for; `loose` how many publications no ledger answers for; `faults` what the tables say that must not
    be, by a query of its own; `memory` in MB of each server; `load` how many processes wanted the cores, on average.
    """

    states: dict[str, int]
    messages: dict[str, int]
    again: dict[str, int]
    seconds: float
    ready: int
    published: int
    twice: int
    loose: int
    workers_killed: int
    clusters_killed: int
    solves_lost: int
    faults: dict[str, int]
    beside: Beside | None
    load: float
    reads: Reads
    memory: list[list[float]]


def night(folder: Path, *, communities: int, seconds: int, servers: int, tell: Callable[[str], None]) -> Told:
    """One night of so many communities, each repair with so many seconds, read at so many servers."""
    zone = _zone(datetime.now(UTC))
    monday = _monday(zone)
    with postgresql(folder) as server:
        url = make_database(server, "night")
        settings = Settings(data_dir=folder / "data", database_url=url, solver_workers=1)
        engines = open_engines(settings)
        friday = Shifted(datetime.combine(monday - timedelta(days=3), datetime.min.time(), UTC) + timedelta(hours=15))
        try:
            mothers = plant(engines, settings, folder, monday=monday, clock=friday, seconds=seconds)
            multiply(engines, mothers, communities)
            tell(f"{communities} communities, {len(mothers)} of them planned")
            return _run(engines, settings, folder, url, zone, servers, tell)
        finally:
            engines.dispose()


def _run(
    engines: Engines,
    settings: Settings,
    folder: Path,
    url: str,
    zone: ZoneInfo,
    count: int,
    tell: Callable[[str], None],
) -> Told:
    given = {
        "MILIEU_DATABASE_URL": url,
        "MILIEU_DATA_DIR": str(settings.data_dir),
        "MILIEU_SOLVER_WORKERS": "1",
        "MILIEU_CONCURRENT_RUNS": str(PLACES),
        "MILIEU_STAFF_IDLE_MINUTES": "600",  # whose turn comes once in a while stays signed in
    }
    with Processes(folder, given) as processes:
        processes.begin_cluster()
        for _ in range(2):
            processes.begin_worker()
        _let_fall_ill(engines, zone)
        due = _make_due(engines, zone)
        pages = _pages(engines, zone)
        processes.begin_clock()
        servers = [processes.begin_serve() for _ in range(count)]
        tell(f"due at {due:%H:%M:%S} UTC; one clock, {count} servers, two workers")
        ended, reads = threading.Event(), Reads()
        readers = [threading.Thread(target=_read, args=(each, pages, reads, ended)) for each in servers]
        for each in readers:
            each.start()
        try:
            watched = _watch(engines, processes, due, tell)
        finally:
            ended.set()
            for each in readers:
                each.join()
        return _told(engines, processes, url, due, reads, watched)


@dataclass
class Watched:
    """What was killed meanwhile, and what was seen each five seconds."""

    workers: int = 0
    clusters: int = 0
    memory: list[list[float]] = field(default_factory=list)
    load: list[float] = field(default_factory=list)


def _watch(engines: Engines, processes: Processes, due: datetime, tell: Callable[[str], None]) -> Watched:
    """Until all are done: a worker dies each minute, the cluster's scheduler once, when a third is done."""
    watched = Watched()
    last = time.monotonic()
    while (left := _left(engines)) > 0:
        if (datetime.now(UTC) - due).total_seconds() > GIVEN_UP:
            break
        time.sleep(5)
        watched.memory.append([used_by(each.pid) / 1e6 for each in processes.of("serve")])
        watched.load.append(os.getloadavg()[0])
        if time.monotonic() - last < KILLED_EACH:
            continue
        last = time.monotonic()
        kill(processes.of("worker")[0])
        processes.begin_worker()
        watched.workers += 1
        if not watched.clusters and left < _all(engines) * 2 / 3:
            kill(processes.of("cluster")[0])
            processes.begin_cluster()
            watched.clusters += 1
        sizes = ", ".join(f"{size:.0f} MB" for size in watched.memory[-1])
        tell(f"{left} to do; {watched.workers} workers and {watched.clusters} schedulers killed; servers {sizes}")
    return watched


def _told(engines: Engines, processes: Processes, url: str, due: datetime, reads: Reads, watched: Watched) -> Told:
    with reading(engines) as db:
        entries = db.scalars(select(LedgerEntry)).all()
        new = db.execute(select(Publication.community_id, Publication.id).where(Publication.published_at >= due)).all()
    first = [each for each in entries if each.kind == REPAIR]
    answered = Counter((each.community_id, each.publication_id) for each in entries if each.publication_id)
    finished = [each.finished_at for each in first if each.finished_at]
    by_community = Counter(each.community_id for each in first if each.publication_id)
    said = "".join(map(processes.said, ("clock", "serve")))
    return Told(
        states=dict(Counter(each.state for each in first)),
        messages=dict(Counter(each.message for each in first if each.state != "published")),
        again=dict(Counter(each.state for each in entries if each.kind == AGAIN)),
        seconds=(max(finished) - due).total_seconds() if finished else 0.0,
        ready=sum((each - due).total_seconds() <= 35 * 60 for each in finished),
        published=len(new),
        twice=sum(count > 1 for count in (*answered.values(), *by_community.values())),
        loose=len({tuple(row) for row in new} - set(answered)),
        workers_killed=watched.workers,
        clusters_killed=watched.clusters,
        solves_lost=count_of(r"solve\.lost", said),
        faults={what: count for what, count in faults_of(url, due).items() if count},
        beside=beside_forecast(url, due, places=PLACES),
        load=statistics.fmean(watched.load),
        reads=reads,
        memory=watched.memory,
    )


def _left(engines: Engines) -> int:
    """How many communities' day is not done."""
    done = select(func.count()).select_from(LedgerEntry)
    with reading(engines) as db:
        finished = db.scalar(done.where(LedgerEntry.kind == REPAIR, LedgerEntry.state.in_(FINISHED))) or 0
    return _all(engines) - finished


def _all(engines: Engines) -> int:
    with reading(engines) as db:
        return db.scalar(select(func.count()).select_from(Community)) or 0


def _zone(now: datetime) -> ZoneInfo:
    """Where it is a day before Sunday, and as near to nine in the morning as can be."""
    zones = [ZoneInfo(f"Etc/GMT{hours:+}") for hours in range(-14, 13)]
    fit = [zone for zone in zones if now.astimezone(zone).weekday() < 6 and now.astimezone(zone).hour < 23]
    return min(fit, key=lambda zone: abs(now.astimezone(zone).hour - 9))


def _monday(zone: ZoneInfo) -> date:
    today = datetime.now(zone).date()
    return today - timedelta(days=today.weekday())


def _let_fall_ill(engines: Engines, zone: ZoneInfo) -> None:
    """Whoever leads most of tomorrow falls ill, in each community."""
    tomorrow = datetime.now(zone).date() + timedelta(days=1)
    with unit_of_work(engines) as db:
        for community_id in db.scalars(select(Community.id)).all():
            published = read_published(db, community_id, _monday(zone))
            assert published is not None
            leaders = [
                each for session in published.sessions if session.on_date == tomorrow for each in session.facilitators
            ]
            if leaders:
                ill = max(sorted(set(leaders)), key=leaders.count)
                db.add(Absence(community_id=community_id, facilitator_id=ill, first_date=tomorrow, last_date=tomorrow))


def _make_due(engines: Engines, zone: ZoneInfo) -> datetime:
    """Have every community's day be due with the next minute; that moment."""
    due = (datetime.now(zone) + timedelta(minutes=1)).replace(second=0, microsecond=0)
    with unit_of_work(engines) as db:
        db.execute(update(Community).values(timezone=zone.key))
        db.execute(update(CommunitySettings).values(publish_minute=due.hour * 60 + due.minute))
    return due.astimezone(UTC)


def _pages(engines: Engines, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Addresses with the cookie of who may read them: a director and one of the staff of each community."""
    pages: list[tuple[str, str]] = []
    today, monday = datetime.now(zone).date(), _monday(zone)
    with unit_of_work(engines) as db:
        for community_id in db.scalars(select(Community.id)).all():
            resident = residents_here(db, community_id, today)[0].id
            director, staff = (sign_in(db, community_id, role, now=datetime.now(UTC)) for role in ("director", "staff"))
            own = (f"/week/{monday}", "/people", f"/people/{resident}", "/accounts")
            pages += [(path, director) for path in own]
            pages += [(path, staff) for path in (f"/today/{today}", f"/people/{resident}")]
    return pages


def _read(server: str, pages: Sequence[tuple[str, str]], reads: Reads, ended: threading.Event) -> None:
    """Read page after page, with a breath between, as a few people do together."""
    for path, cookie in _from_somewhere(pages, server):
        if ended.wait(0.15):
            return
        asked = urllib.request.Request(server + path, headers={"Cookie": f"milieu={cookie}"})  # noqa: S310 our own
        began = time.monotonic()
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
                answer.read()
                status = answer.status
        except urllib.error.HTTPError as refused:
            status = refused.code
        except OSError:
            status = 0
        reads.seconds.append(time.monotonic() - began)
        reads.statuses[status] += 1


def _from_somewhere(pages: Sequence[tuple[str, str]], server: str) -> Iterator[tuple[str, str]]:
    """All pages again and again, each server from a place of its own."""
    at = hash(server) % len(pages)
    return cycle([*pages[at:], *pages[:at]])
