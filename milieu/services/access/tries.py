"""How quickly something may be tried again: allowances that are used up by tries and come back with time.

A try is reserved before it is checked, in one statement that either takes it or finds the allowance used up: however
many arrive at once, no more than the allowance are checked. What turns out right is given back. Rows are keyed hashes,
the same for names that exist and names that do not, and never more than `MOST_METERS`, whatever is tried.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from milieu.database import DbSession
from milieu.errors import TooFast
from milieu.models import TryMeter

MOST_METERS = 20_000
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_APART = timedelta(hours=1)
"""So far may the clocks of two processes be apart. What stands further ahead than tries can bring it was kept by a
clock that has been put right since: nobody waits for hours that were never used up.
"""


@dataclass(frozen=True)
class Allowance:
    """So many tries at once, and one more each time `every` has passed."""

    tries: int
    every: timedelta

    @property
    def every_ms(self) -> int:
        return self.every // _MS


@dataclass(frozen=True)
class Meter:
    """An allowance of one name, network or browser; `key` is what `meter_key` made of it."""

    key: str
    allowance: Allowance


def meter_key(secret: str, kind: str, *parts: str) -> str:
    """What a meter is kept under: nobody without the installation's secret can tell of whom it is."""
    said = "\x1f".join((kind, *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode(), b"try " + said, hashlib.sha256).hexdigest()[:32]


def reserve_try(db: DbSession, meters: Iterable[Meter], *, now: datetime) -> None:
    """Take one try of each meter, first of all in a unit of work. Raises TooFast, after which none must be kept."""
    if db.get_bind().dialect.name == "postgresql":  # who waits for a row then sees it as it is, not as it was
        db.connection(execution_options={"isolation_level": "READ COMMITTED"})
    for meter in sorted(meters, key=lambda each: each.key):
        if not _take(db, meter, _ms(now)):
            full_ms = db.scalar(select(TryMeter.full_ms).where(TryMeter.key == meter.key)) or 0
            wait = full_ms - (meter.allowance.tries - 1) * meter.allowance.every_ms - _ms(now)
            raise TooFast("That was a little fast.", max(wait, 1) * _MS)
    _forget_oldest(db, _ms(now))


def give_back(db: DbSession, meters: Iterable[Meter]) -> None:
    """What was reserved turned out right, or was not checked: it was no try."""
    for meter in sorted(meters, key=lambda each: each.key):
        db.execute(
            update(TryMeter)
            .where(TryMeter.key == meter.key)
            .values(full_ms=TryMeter.full_ms - meter.allowance.every_ms)
        )


def forget_tries(db: DbSession, meters: Iterable[Meter]) -> None:
    """The whole allowance is back at once."""
    db.execute(delete(TryMeter).where(TryMeter.key.in_([meter.key for meter in meters])))


def _take(db: DbSession, meter: Meter, now_ms: int) -> bool:
    every, tries = meter.allowance.every_ms, meter.allowance.tries
    is_of_another_clock = TryMeter.full_ms > now_ms + tries * every + _APART // _MS
    insert = (postgresql if db.get_bind().dialect.name == "postgresql" else sqlite).insert
    taken = insert(TryMeter).values(key=meter.key, full_ms=now_ms + every)
    statement = taken.on_conflict_do_update(
        index_elements=[TryMeter.key],
        set_={
            "full_ms": case((is_of_another_clock, now_ms), (TryMeter.full_ms > now_ms, TryMeter.full_ms), else_=now_ms)
            + every
        },
        where=is_of_another_clock | (TryMeter.full_ms <= now_ms + (tries - 1) * every),
    ).returning(TryMeter.key)
    return db.scalar(statement) is not None


def _forget_oldest(db: DbSession, now_ms: int) -> None:
    """Drop what is whole again, and the least used where there are more than fit."""
    db.execute(delete(TryMeter).where(TryMeter.full_ms <= now_ms))
    too_many = select(TryMeter.key).order_by(TryMeter.full_ms.desc()).offset(MOST_METERS)
    db.execute(delete(TryMeter).where(TryMeter.key.in_(too_many)))


def _ms(moment: datetime) -> int:
    return (moment - _BEGINNING) // _MS
