"""What a page, an import and the clock's look cost in a database of one community, and of the same one among many.

Both databases are on one server and are asked in turns, so that whatever else the machine does is done to both. Of each
query that was asked among many its plan is looked at: a table that grows with the communities and is read from one end
to the other wants an index.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from bench.nights.many import SIZES, multiply, plant
from bench.nights.real import FRIDAY, MONDAY, Shifted
from bench.nights.server import address, make_database, postgresql
from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.ids import new_id
from milieu.imports.folder import import_folder
from milieu.installation.serving import open_engines, with_secret_key
from milieu.jobs.daily import find_duties
from milieu.models import Community, Consent
from milieu.prints.standby import keep_ready
from milieu.queries.residents.people import residents_here
from milieu.services.access.accounts import create_account
from milieu.services.access.sign_ins import Lifetime, begin_sign_in
from milieu.settings import Settings
from web.app import create_app
from web.guards.sessions import ACCOUNT

TUESDAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
MANY_ROWS = 1_000
"""From here on a table is not read from one end to the other for one community's page."""
_LONG = Lifetime(timedelta(days=1), timedelta(days=1))

Asked = tuple[str, Any]


@dataclass
class Place:
    """A database with its application, and what is asked of it while somebody counts."""

    engines: Engines
    settings: Settings
    clock: Shifted
    client: FlaskClient
    cookies: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        for engine in {self.engines.read, self.engines.write}:
            event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        self.asked.append((statement, parameters))

    def open(self, role: str, path: str) -> None:
        self.client.set_cookie("milieu", self.cookies[role])
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.location)


def compare(folder: Path, *, communities: int, rounds: int, tell: Callable[[str], None]) -> Iterator[str]:
    """Lines of a table: milliseconds alone and among others, the ratio, and how many queries in each."""
    with postgresql(folder) as server, _places(folder, server, communities, tell) as (alone, among):
        yield from measured(folder, alone, among, rounds)


def measured(folder: Path, alone: Place, among: Place, rounds: int) -> Iterator[str]:
    """The same of two places; `folder` holds the lists of the community that is in both."""
    today = TUESDAY.date()
    with reading(alone.engines) as db:
        community_id = db.scalars(select(Community.id)).one()
        resident = residents_here(db, community_id, today)[0].id
    for place in (alone, among):
        place.cookies.update(_cookies(place.engines, community_id, today))
    works: dict[str, Callable[[Place], object]] = {
        "a director's week": lambda place: place.open("director", f"/week/{MONDAY}"),
        "people": lambda place: place.open("director", "/people"),
        "a person": lambda place: place.open("director", f"/people/{resident}"),
        "accounts": lambda place: place.open("director", "/accounts"),
        "today": lambda place: place.open("staff", f"/today/{today}"),
        "a family's week": lambda place: place.open("family", "/family"),
    }
    yield "| | alone | among all | ratio | queries |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, work in works.items():
        yield _line(name, _timed(work, alone, among, rounds))
        yield from _told(name, among)
    for name, work in _of_the_clock(folder).items():
        yield _line(name, _timed(work, alone, among, 3))
        yield from _told(name, among)


def _told(name: str, place: Place) -> Iterator[str]:
    return (f"<!-- {name}: {plan} -->" for plan in sorted(set(_read_whole(place))))


def _of_the_clock(folder: Path) -> dict[str, Callable[[Place], object]]:
    """What is not a page: an import of the same lists again, the clock's look, the look at the sheets."""

    def bring_in(place: Place) -> None:
        with unit_of_work(place.engines) as db:
            import_folder(db, folder / f"home-{SIZES[-1]}", now=place.clock.now())

    return {
        "an import": bring_in,
        "the clock's look": lambda place: find_duties(place.engines, TUESDAY, fence=1, places=2),
        "the look at sheets": lambda place: keep_ready(place.engines, place.settings, place.clock),
    }


@dataclass(frozen=True)
class Cost:
    """Median milliseconds and queries of one thing, alone and among others."""

    alone: float
    among: float
    queries: tuple[int, int]


def _timed(work: Callable[[Place], object], alone: Place, among: Place, rounds: int) -> Cost:
    taken: tuple[list[float], list[float]] = ([], [])
    queries = [0, 0]
    for turn in range(rounds + 1):
        for at, place in enumerate((alone, among)):
            place.asked.clear()
            began = time.perf_counter()
            work(place)
            if turn:  # the first of each only warms up
                taken[at].append(1000 * (time.perf_counter() - began))
            queries[at] = len(place.asked)
    return Cost(statistics.median(taken[0]), statistics.median(taken[1]), (queries[0], queries[1]))


def _line(name: str, cost: Cost) -> str:
    counts = "/".join(map(str, dict.fromkeys(cost.queries)))
    return f"| {name} | {cost.alone:.0f} ms | {cost.among:.0f} ms | {cost.among / cost.alone:.2f} | {counts} |"


def _read_whole(place: Place) -> Iterator[str]:
    """Of the queries that were asked last, those that read a large table from one end to the other."""
    queries = {
        statement: parameters for statement, parameters in place.asked if statement.startswith(("SELECT", "WITH"))
    }
    with place.engines.read.connect() as connection:
        known = connection.execute(text("SELECT relname, reltuples::int FROM pg_class WHERE relkind = 'r'"))
        sizes: dict[str, int] = {row.relname: row.reltuples for row in known}
        for statement, parameters in queries.items():
            [plan] = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
            for node in _nodes(plan["Plan"]):
                table = node.get("Relation Name", "")
                if node["Node Type"] == "Seq Scan" and sizes.get(table, 0) > MANY_ROWS:
                    yield f"{table} ({sizes[table]} rows) is read whole for {node.get('Filter', 'all of it')}"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)


@contextmanager
def _places(folder: Path, server: str, communities: int, tell: Callable[[str], None]) -> Iterator[tuple[Place, Place]]:
    url = make_database(server, "alone")
    settings = Settings(data_dir=folder / "alone", database_url=url, solver_workers=1)
    engines = open_engines(settings)
    given = {"monday": MONDAY, "clock": Shifted(FRIDAY), "seconds": 2}
    plant(engines, settings, folder, sizes=SIZES[-1:], **given)  # type: ignore[arg-type]
    engines.dispose()
    with psycopg.connect(address(server, "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE among TEMPLATE alone")
    alone, among = (open_place(folder, server, name) for name in ("alone", "among"))
    try:
        with reading(among.engines) as db:
            mothers = list(db.scalars(select(Community.id)))
        multiply(among.engines, mothers, communities)
        for place in (alone, among):
            with place.engines.write.connect() as connection:
                connection.execute(text("ANALYZE"))
                connection.commit()
        tell(f"{communities} communities of {SIZES[-1]} in one database, one in the other")
        yield alone, among
    finally:
        alone.engines.dispose()
        among.engines.dispose()


def open_place(folder: Path, server: str, name: str) -> Place:
    settings = with_secret_key(Settings(data_dir=folder / name, database_url=address(server, name)))
    engines, clock = open_engines(settings), Shifted(TUESDAY)
    return Place(engines, settings, clock, create_app(settings, engines, clock).test_client())


def _cookies(engines: Engines, community_id: str, today: date) -> dict[str, str]:
    with unit_of_work(engines) as db:
        shares = select(Consent.relative_id).where(
            Consent.community_id == community_id, Consent.kind == "calendar", Consent.valid_until.is_(None)
        )
        relative = db.scalars(shares.order_by(Consent.relative_id)).first()
        return {
            "director": sign_in(db, community_id, "director", now=TUESDAY),
            "staff": sign_in(db, community_id, "staff", now=TUESDAY),
            "family": sign_in(db, community_id, "family", now=TUESDAY, relative_id=relative),
        }


def sign_in(db: DbSession, community_id: str, role: str, *, now: datetime, relative_id: str | None = None) -> str:
    """Make somebody of a role who is signed in; the cookie of her browser."""
    made = create_account(
        db,
        community_id,
        email=f"{role}-{new_id()}@bench.example",
        name=role,
        password=None,
        roles=(role,),
        now=now,
        relative_id=relative_id,
        is_taken_up=True,
    )
    return begin_sign_in(db, made, json.dumps({ACCOUNT: made}).encode(), lifetime=_LONG, now=now).token
