"""Sheets for the day when the server is down: today's and tomorrow's day sheets lie ready in the data folder.

They are made anew when what is published for these days changes, when one of their sessions is called off, when it
becomes known who is away or in bed, and when a day begins; each is replaced whole. What is of a day that is over, or
was made longer ago than two days, is removed. Of several processes that share the folder one makes a community's
sheets.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import structlog
from sqlalchemy import select

from milieu.clock import Clock, local_day
from milieu.database import DbSession, Engines, reading
from milieu.machine.faults import trace_of
from milieu.machine.locks import alone_with
from milieu.models import Community, PublishedDay
from milieu.prints.papers import PAPERS
from milieu.prints.sheets import day_sheet, week_sheet
from milieu.queries.floor.today import staff_day
from milieu.queries.paper.programme import days_of_week, listed_days
from milieu.queries.published.absent import told_of
from milieu.queries.published.marks import held_of, not_held
from milieu.queries.residents.people import Unit, units_of
from milieu.settings import Settings

FOLDER = "sheets"
KEPT = timedelta(hours=48)
_STATE = "made.json"
_DAY = timedelta(days=1)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Ready:
    """The sheets that lie ready for a community: when they were made, for which days, and where."""

    made_at: datetime
    days: tuple[date, ...]
    files: tuple[str, ...]
    folder: Path

    def holds(self, today: date) -> bool:
        """Whether today's are among them."""
        return today in self.days


def keep_ready(engines: Engines, settings: Settings, clock: Clock) -> int:
    """Make anew whatever is no longer right, in all communities; how many communities that were.

    One community's trouble stays its own, and is tried again at the next beat.
    """
    with reading(engines) as db:
        known = {row.id: row.key for row in db.execute(select(Community.id, Community.key))}
    remove_expired(settings.data_dir, clock.now())
    count = 0
    for community_id, key in known.items():
        try:
            with reading(engines) as db:
                count += _keep(db, community_id, folder_of(settings.data_dir, key), clock.now())
        except ZoneInfoNotFoundError:  # `doctor` tells
            continue
        except Exception as error:  # the outermost loop of one community's sheets: the others must go on
            _log.error("sheets.failed", community=community_id, **trace_of(error))
    return count


def folder_of(data_dir: Path, community_key: str) -> Path:
    """Where a community's sheets lie."""
    plain = re.sub(r"[^a-z0-9]+", "-", community_key.lower()).strip("-") or "community"
    told_apart = hashlib.sha256(community_key.encode()).hexdigest()[:8]
    return data_dir / FOLDER / f"{plain}-{told_apart}"


def ready_in(data_dir: Path, community_key: str) -> Ready | None:
    """What lies ready for a community, None where nothing does."""
    folder = folder_of(data_dir, community_key)
    state = _state(folder)
    try:
        made_at = datetime.fromisoformat(state["made_at"])
        days = tuple(date.fromisoformat(day) for day in state["days"])
        return Ready(made_at, days, tuple(state["files"]), folder)
    except (KeyError, TypeError, ValueError):
        return None


def _keep(db: DbSession, community_id: str, folder: Path, now: datetime) -> bool:
    """Make a community's sheets anew where they are not right any more; whether they were made."""
    today = local_day(now, db.get_one(Community, community_id).timezone)
    days = (today, today + _DAY)
    units = units_of(db, community_id)
    basis = _basis(db, community_id, days, units)
    if _is_right(folder, basis):
        return False
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in (folder, folder.parent):
        each.chmod(0o700)
    with alone_with(folder.with_name(f"{folder.name}.lock")) as is_alone:
        if not is_alone or _is_right(folder, basis):  # another process makes them, or has made them meanwhile
            return False
        _make(db, community_id, folder, now, (days, units), basis)
    return True


def _is_right(folder: Path, basis: str) -> bool:
    """Whether all sheets of that basis lie there."""
    state = _state(folder)
    return state.get("basis") == basis and all((folder / str(name)).is_file() for name in state.get("files", ()))


def _make(
    db: DbSession,
    community_id: str,
    folder: Path,
    now: datetime,
    about: tuple[Sequence[date], Sequence[Unit]],
    basis: str,
) -> None:
    """Write the sheets of these days and living groups, then what they were made from, then remove the others."""
    days, units = about
    files = []
    for name, pdf in _sheets(db, community_id, days, units, now):
        _write(folder / name, pdf, now)
        files.append(name)
    told = {"basis": basis, "made_at": now.isoformat(), "days": [day.isoformat() for day in days], "files": files}
    _write(folder / _STATE, json.dumps(told).encode(), now)
    _remove_old(folder, {*files, _STATE})
    _log.info("sheets.made", community=community_id, files=len(files))


def _basis(db: DbSession, community_id: str, days: Sequence[date], units: Sequence[Unit]) -> str:
    """What the sheets were made from: what holds on these days, what is off, who is absent, and the living groups."""
    pointers = db.execute(
        select(PublishedDay.on_date, PublishedDay.publication_id)
        .where(PublishedDay.community_id == community_id, PublishedDay.on_date.in_(days))
        .order_by(PublishedDay.on_date)
    ).all()
    told = [
        [day.isoformat() for day in days],
        [(row.on_date.isoformat(), row.publication_id) for row in pointers],
        sorted(not_held(held_of(db, community_id, days=days).values())),
        told_of(db, community_id, days[0], days[-1]),
        [(unit.id, unit.name) for unit in units],
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _sheets(
    db: DbSession, community_id: str, days: Sequence[date], units: Sequence[Unit], now: datetime
) -> Iterator[tuple[str, bytes]]:
    """The files by their names: each day's sheet of each living group, and the week's programme."""
    paper = PAPERS[0]
    for day in days:
        for unit in units:
            shown = staff_day(db, community_id, days[0], now, unit.id, day=day)
            plain = re.sub(r"[^a-z0-9]+", "-", unit.name.lower()).strip("-") or "group"
            yield f"{day.isoformat()}-{unit.place + 1:02d}-{plain[:40]}.pdf", day_sheet([shown], paper, made=now)
    shown_week = listed_days(db, community_id, days_of_week(days[0]), now=now)
    yield f"{days[0].isoformat()}-programme.pdf", week_sheet(shown_week, paper, made=now)


def _write(path: Path, contents: bytes, now: datetime) -> None:
    """A file for its owner alone, old or new at any moment, never half of it; its time is the clock's."""
    partial = path.with_name(f".{path.name}.partial")
    with suppress(FileNotFoundError):
        partial.unlink()
    with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())
    os.utime(partial, times=(now.timestamp(), now.timestamp()))
    partial.replace(path)


def remove_expired(data_dir: Path, now: datetime) -> int:
    """Remove the sheets made longer ago than they are kept, whoever's they were; how many."""
    count = 0
    for file in (data_dir / FOLDER).glob("*/*"):
        with suppress(OSError):
            if file.is_file() and now.timestamp() - file.stat().st_mtime > KEPT.total_seconds():
                file.unlink()
                count += 1
    return count


def _remove_old(folder: Path, kept: set[str]) -> None:
    for file in folder.iterdir():
        if file.name not in kept and file.is_file():
            file.unlink(missing_ok=True)


def _state(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / _STATE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
