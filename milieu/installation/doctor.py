"""`milieu doctor`: what an installation needs to run, looked at one by one, each finding a sentence."""

import importlib.util
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from milieu.clock import SystemClock, is_zone, local_day
from milieu.coordination.lease import current_fence
from milieu.database import (
    Engines,
    database_now,
    is_affected,
    make_engines,
    newest_revision,
    present_revision,
    reading,
    sqlite_file,
    sqlite_version,
)
from milieu.errors import Invalid, MilieuError
from milieu.installation.open_files import BESIDES, may_be_open
from milieu.installation.revisions import differences
from milieu.installation.safety import unsafe, unsafe_key, unsafe_pages
from milieu.installation.serving import with_secret_key
from milieu.models import Community, Lease, Publication
from milieu.prints.standby import ready_in
from milieu.queries.health import backups
from milieu.services.weeks.editions import digest_of
from milieu.settings import Settings
from milieu.solving.contents import read_publication
from milieu.solving.places import without_dask
from milieu.solving.process.child import SolverChild

GOOD, WARNING, WRONG = "good", "warning", "wrong"
_SMALLEST_SPACE_MB = 200
_SOLVER_SECONDS = 60  # it takes two, and on a machine that has other things to do many more
_SIGNS = {GOOD: "ok  ", WARNING: "look", WRONG: "BAD "}
_FACE = "fontpkg-atkinson-hyperlegible"

# The least that can be asked of the solver: one person who likes the one thing there is.
_PROBLEM = json.dumps(
    {
        "format": "milieu-problem/2",
        "name": "doctor",
        "horizon": {"start": "2026-11-30", "days": 1, "slot_minutes": 15, "timezone": "Europe/London"},
        "spaces": [{"id": "lounge", "capacity": 4}],
        "facilitators": [{"id": "finn"}],
        "activities": [{"id": "choir", "duration_minutes": 45, "max_group": 4}],
        "residents": [{"id": "ada", "interests": {"choir": 5}}],
    }
).encode()


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `state` is good, warning or wrong."""

    name: str
    state: str
    sentence: str


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; nothing is changed but a file that is made and removed again."""
    findings = [_look("writing", partial(_writing, settings))]
    try:
        engines = make_engines(settings.database_url)
    except Invalid as error:
        return [*findings, Finding("database", WRONG, error.sentence)]
    try:
        findings.append(_look("engine", partial(_engine, settings)))
        findings.append(_look("database", partial(_database, settings, engines)))
        if findings[-1].state != WRONG:
            looks = (*_OF_DATA, ("lease", _lease), ("clock", _clock), ("sheets", _sheets), ("backup", _backup))
            findings += [_look(name, partial(look, settings, engines)) for name, look in looks]
    finally:
        engines.dispose()
    findings += [
        _look("files", partial(_files, settings)),
        _look("solver", partial(_solver, settings)),
        *([_look("cluster", partial(_cluster, settings))] if settings.solve_on else ()),
        _look("face", _face),
        _look("key", partial(_key, settings)),
        _look("settings", partial(_settings, settings)),
    ]
    return findings


def examine_data(settings: Settings) -> list[Finding]:
    """Look at the data alone, wherever they lie: what must hold of a restored backup."""
    engines = make_engines(settings.database_url)
    try:
        looks = (("database", _database), *_OF_DATA)
        return [_look(name, partial(look, settings, engines)) for name, look in looks]
    finally:
        engines.dispose()


def report(findings: list[Finding], *, as_json: bool) -> str:
    """The findings as lines, or as one JSON document."""
    if as_json:
        return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False)
    return "\n".join(f"{_SIGNS[each.state]} {each.name:<9} {each.sentence}" for each in findings)


def _look(name: str, look: Callable[[], tuple[str, str]]) -> Finding:
    try:
        state, sentence = look()
    except (MilieuError, SQLAlchemyError, OSError) as error:
        cause = error.__cause__ or error
        reason = str(getattr(cause, "orig", None) or cause).splitlines()[0]
        return Finding(name, WRONG, f"It cannot be used: {reason}.")
    return Finding(name, state, sentence)


def _writing(settings: Settings) -> tuple[str, str]:
    folder = settings.data_dir
    if not folder.is_dir():
        return WARNING, f"{folder} is not there yet; it is made at the first start."
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(b"milieu")
    if not hasattr(os, "statvfs"):
        return GOOD, f"{folder} can be written to."
    left = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize // 2**20
    sentence = f"{folder} can be written to; {left:,} MB are free."
    return (GOOD if left >= _SMALLEST_SPACE_MB else WARNING), sentence


def _engine(settings: Settings) -> tuple[str, str]:
    if sqlite_file(settings.database_url) is None:
        return GOOD, "The data is kept in PostgreSQL."
    text = ".".join(map(str, sqlite_version()))
    if is_affected(sqlite_version()):
        grade = WRONG if settings.is_production else WARNING
        return grade, f"SQLite {text} can damage a database under several writers; 3.51.3 and later cannot."
    return GOOD, f"SQLite {text}."


def _database(settings: Settings, engines: Engines) -> tuple[str, str]:
    file = sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        return WRONG, f"{file} is not there: `milieu db upgrade` or `milieu serve` makes it."
    with reading(engines) as db:
        db.execute(select(1))
    return GOOD, f"It answers ({engines.dialect})."


def _tables(settings: Settings, engines: Engines) -> tuple[str, str]:
    revision, newest = present_revision(engines), newest_revision()
    if revision != newest:
        return WRONG, f"They are at revision {revision or 'none'}, this program at {newest}: run `milieu db upgrade`."
    if found := differences(engines):
        return WRONG, f"They differ from this program's in {len(found)} places: see `milieu db check`."
    return GOOD, f"Revision {revision}, as this program wants them."


def _lease(settings: Settings, engines: Engines) -> tuple[str, str]:
    with reading(engines) as db:
        row, fence = db.scalars(select(Lease)).first(), current_fence(db)
        now = database_now(db)
    if row is None:
        return WARNING, "No scheduler has ever run on this database: `milieu serve` and `milieu scheduler` start one."
    age = (now - row.beat_at).total_seconds()
    if row.expires_at <= now:
        return WARNING, f"No scheduler is running; the last one beat {_ago(age)}."
    return GOOD, f"A scheduler is running; it beat {_ago(age)} (fence {fence})."


def _ago(seconds: float) -> str:
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit} ago"
    return f"{seconds:.0f} s ago"


def _clock(settings: Settings, engines: Engines) -> tuple[str, str]:
    with reading(engines) as db:
        apart = (SystemClock().now() - database_now(db)).total_seconds()
    if abs(apart) > 5:
        return WRONG, f"This machine's clock and the database's are {abs(apart):,.0f} s apart."
    return GOOD, f"{SystemClock().now():%Y-%m-%d %H:%M} UTC, as the database says."


def _zones(settings: Settings, engines: Engines) -> tuple[str, str]:
    with reading(engines) as db:
        rows = db.execute(select(Community.key, Community.timezone)).all()
    unknown = [f"{key} ({zone})" for key, zone in rows if not is_zone(zone)]
    if unknown:
        return WRONG, f"Unknown time zones, so nothing is published there: {', '.join(unknown)}."
    return GOOD, f"{len(rows)} communities, each in a known time zone."


def _sheets(settings: Settings, engines: Engines) -> tuple[str, str]:
    now = SystemClock().now()
    with reading(engines) as db:
        rows = db.execute(select(Community.key, Community.timezone).order_by(Community.key)).all()
    ready = {row.key: ready_in(settings.data_dir, row.key) for row in rows if is_zone(row.timezone)}
    zones = {row.key: row.timezone for row in rows}
    behind = [key for key, found in ready.items() if found is None or not found.holds(local_day(now, zones[key]))]
    if behind:
        return WARNING, f"Today's sheets for when the server is down are not ready: {', '.join(behind)}."
    ages = [(now - found.made_at).total_seconds() for found in ready.values() if found is not None]
    if not ages:
        return GOOD, "There is no community yet that they could be for."
    return GOOD, f"Those for when the server is down are ready, the oldest made {_ago(max(ages))}."


def _weeks(settings: Settings, engines: Engines) -> tuple[str, str]:
    with reading(engines) as db:
        newest = (
            select(Publication.community_id, func.max(Publication.number).label("number"))
            .group_by(Publication.community_id)
            .subquery()
        )
        is_newest = (Publication.community_id == newest.c.community_id) & (Publication.number == newest.c.number)
        rows = db.scalars(select(Publication).join(newest, is_newest)).all()
        torn = [row for row in rows if digest_of(read_publication(db, row).sessions) != row.digest]
    if torn:
        return WRONG, f"In {len(torn)} communities the week that is published is not the one that was."
    return GOOD, f"{len(rows)} communities have a published week, each whole."


def _backup(settings: Settings, engines: Engines) -> tuple[str, str]:
    if not settings.backup_recipients:
        return WARNING, "No backups are made: `milieu backup key FILE` makes their key (MILIEU_BACKUP_RECIPIENTS)."
    now = SystemClock().now()
    with reading(engines) as db:
        found = backups(db, now=now)
    if found.made_at is None:
        return (
            WARNING,
            f"None is made yet; the clock makes one after {settings.backup_hour}:00 UTC. {found.why}".strip(),
        )
    made = f"The last was made {_ago((now - found.made_at).total_seconds())}"
    if found.is_proven and found.proven_at is not None and now - found.made_at < timedelta(days=2):
        return GOOD, f"{made} and the last proven {_ago((now - found.proven_at).total_seconds())}, by restoring it."
    proof = "it is proven" if found.is_proven else "none was restored this week, so they are unproven"
    return WRONG, f"{made}; {proof}. {found.why}".strip()


def _files(settings: Settings) -> tuple[str, str]:
    wanted, possible = settings.connections + BESIDES, may_be_open()
    if possible is not None and possible < wanted:
        return WARNING, (
            f"This machine lets a process open {possible:,} files, so {max(0, possible - BESIDES):,} connections "
            f"instead of {settings.connections:,}. Raise it (LimitNOFILE={wanted} for systemd) or lower "
            "MILIEU_CONNECTIONS."
        )
    return GOOD, f"{settings.connections:,} connections may be open at once."


def _solver(settings: Settings) -> tuple[str, str]:
    child = SolverChild.of(settings)
    result = child.solve(_PROBLEM, seconds=_SOLVER_SECONDS, workers=1, seed=0)
    if result.was_killed or result.status != 0 or result.schedule is None:
        said = result.error.strip().rpartition("\n")[2] or "it said nothing"
        return WRONG, f"It does not answer as it should (exit status {result.status}): {said[:200]}"
    if not json.loads(result.schedule)["sessions"]:
        return WRONG, "It answered with an empty week where there was something to plan."
    return GOOD, f"It planned one person's day in {result.seconds:.1f} s."


def _cluster(settings: Settings) -> tuple[str, str]:
    try:
        from milieu.solving.cluster.looking import look
        from milieu.solving.cluster.program import program
    except ModuleNotFoundError as error:
        return WRONG, without_dask(error)
    seen = look(settings.solve_on)
    if seen is None:
        return WARNING, f"Nobody answers at {settings.solve_on}: until somebody does, solves run on this machine."
    others = f" {seen.others} more have another solver than this machine ({program()}) and do nothing." * (
        seen.others > 0
    )
    if not seen.fit:
        return WARNING, f"{settings.solve_on} has no worker for this machine's solves.{others}"
    told = f"{settings.solve_on}: workers with this machine's solver ({program()}): {seen.fit}, cores: {seen.cores}."
    return (WARNING if others else GOOD), f"{told}{others}"


def _face() -> tuple[str, str]:
    try:
        found = version(_FACE)
    except PackageNotFoundError:
        return WARNING, "The typeface for low vision is not installed; pages fall back to another."
    if importlib.util.find_spec(_FACE.replace("-", "_")) is None:
        return WARNING, "The typeface for low vision cannot be found; pages fall back to another."
    return GOOD, f"Atkinson Hyperlegible {found}."


def _key(settings: Settings) -> tuple[str, str]:
    kept = _with_key(settings)
    if settings.is_production and (found := unsafe_key(kept)):
        return WRONG, " ".join(found)
    if kept.secret_key.get_secret_value():
        return GOOD, "A secret key is given."
    return GOOD, "A secret key is kept in the data folder."


def _with_key(settings: Settings) -> Settings:
    """The settings with the key that `serve` would take; none is made."""
    return with_secret_key(settings) if settings.is_production or settings.secret_key_file is not None else settings


def _settings(settings: Settings) -> tuple[str, str]:
    found = [*unsafe(settings), *(unsafe_pages(_with_key(settings)) if settings.is_production else ())]
    if found:
        return (WRONG if settings.is_production else WARNING), " ".join(found)
    return GOOD, "Each is known and safe." if settings.is_production else "Each is known."


# What is asked of data wherever they lie, a restored backup's too.
_OF_DATA = (("tables", _tables), ("zones", _zones), ("weeks", _weeks))
