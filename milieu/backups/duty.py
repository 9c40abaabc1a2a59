"""The night's backup: due once a day, made, proven and kept by whoever holds the lease, told where it fails."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import structlog

from milieu.backups.endings import keep_endings, read_endings
from milieu.backups.keeping import prune
from milieu.backups.making import Made, keep_record, make_backup
from milieu.backups.manifest import Record
from milieu.backups.proving import Look, prove
from milieu.clock import Clock
from milieu.coordination import upkeep
from milieu.coordination.ledger import FenceLost
from milieu.database import Engines, reading, retrying
from milieu.errors import Busy, Conflict, MilieuError, Unwritable
from milieu.machine.faults import trace_of
from milieu.settings import Settings

_log = structlog.get_logger(__name__)
_TROUBLE = "Something went wrong on our side while the backup was made."


@dataclass(frozen=True)
class Done:
    """A backup and what is known of it; `why` it is not proven, "" where it is. `gone`: how many older ones went."""

    made: Made
    why: str
    gone: int

    @property
    def state(self) -> str:
        return upkeep.MADE if self.why else upkeep.PROVEN


def back_up(settings: Settings, *, now: datetime, look: Look) -> Done:
    """Make a backup, restore it on trial, and take away those whose time is over: none goes for an unproven one."""
    made = make_backup(settings, now=now)
    try:
        prove(settings, made.file, made.identity, look=look)
    except MilieuError as error:
        particulars = error.because if isinstance(error, Conflict) else ()
        return Done(made, " ".join([error.sentence, *particulars]), 0)
    record = made.record.model_copy(update={"proven_at": now})
    keep_record(made.file, record)
    return Done(Made(made.file, record, made.identity), "", len(prune(settings.backups)))


def look_after_backups(engines: Engines, settings: Settings, clock: Clock, fence: int, *, look: Look) -> str:
    """What the clock does of it at each beat: note what has ended, and make the day's backup where it is due.

    Returns the state of the day's row where it was worked on, "" where nothing was due.
    """
    if not settings.backup_recipients:
        return ""
    try:
        note_endings(engines, settings)
    except OSError as error:  # the folder cannot be written to: the backup says so in its row
        _log.error("backup.endings_not_kept", **trace_of(error))
    now = clock.now()
    if now.hour < settings.backup_hour:
        return ""
    return back_up_once(engines, settings, clock, now.date(), fence=fence, look=look)


def note_endings(engines: Engines, settings: Settings) -> None:
    """Keep beside the backups what has ended by now; a database without anybody has nothing to say of it."""
    with reading(engines) as db:
        if (endings := read_endings(db)) is not None:
            keep_endings(endings, settings.backups)


def back_up_once(engines: Engines, settings: Settings, clock: Clock, day: date, *, fence: int, look: Look) -> str:
    """Make the backup of a day unless it is made, waits or is under way; the row's state then, "" where it was not."""
    now = clock.now()
    with reading(engines) as db:
        if not upkeep.is_open(db, upkeep.BACKUP, day, fence=fence, now=now):
            return ""
    if not retrying(engines, lambda db: upkeep.claim(db, upkeep.BACKUP, day, fence=fence, now=now)):
        return ""
    log = _log.bind(day=day.isoformat(), fence=fence)
    try:
        done = back_up(settings, now=now, look=look)
        end = partial(upkeep.finish, kind=upkeep.BACKUP, day=day, state=done.state, fence=fence, message=done.why)
        retrying(engines, lambda db: end(db, now=clock.now()))
    except FenceLost:
        log.warning("backup.fence_lost")
        return ""
    except Exception as error:  # the outermost loop of this duty: communities' mornings go on
        message = error.sentence if isinstance(error, MilieuError) else _TROUBLE
        gives_up = not isinstance(error, Busy) or isinstance(error, Unwritable)
        again = partial(upkeep.put_off, kind=upkeep.BACKUP, day=day, fence=fence, message=message, gives_up=gives_up)
        state = retrying(engines, lambda db: again(db, now=clock.now()))
        log.error("backup.failed", state=state, **trace_of(error))
        return state
    log.info("backup.done", state=done.state, size=done.made.record.size, gone=done.gone)
    return done.state


def note_proof(engines: Engines, record: Record, *, now: datetime) -> None:
    """Write down that a backup was restored on trial by hand, on the day it was made."""
    day = record.manifest.made_at.date()
    retrying(engines, lambda db: upkeep.note(db, upkeep.BACKUP, day, state=upkeep.PROVEN, now=now))
