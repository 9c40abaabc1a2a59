"""Which backups are kept: of the newest seven days, four weeks and twelve months that have one, the last of each."""

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from milieu.backups.making import NAMED, backups_in
from milieu.backups.manifest import ENDING, Record, record_file

DAYS, WEEKS, MONTHS = 7, 4, 12
_PERIODS: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
    (DAYS, lambda made: made.date()),
    (WEEKS, lambda made: made.isocalendar()[:2]),
    (MONTHS, lambda made: (made.year, made.month)),
)


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """The moments whose backups stay. Periods without one are not counted: however long none was made, those that are
    there stay.
    """
    newest_first = sorted(moments, reverse=True)
    chosen: set[datetime] = set()
    for most, period in _PERIODS:
        last_of: dict[Hashable, datetime] = {}
        for made in newest_first:
            last_of.setdefault(period(made), made)
        chosen.update(list(last_of.values())[:most])
    return chosen


def prune(folder: Path) -> list[Path]:
    """Take away what the schedule does not keep; the backups that went.

    Those that were proven are counted apart from the others, so that no number of bad ones pushes a good one out.
    """
    proven: dict[datetime, Path] = {}
    unproven: dict[datetime, Path] = {}
    for backup in backups_in(folder):
        record = Record.beside(backup)
        (proven if record is not None and record.proven_at else unproven)[made_at(backup)] = backup
    gone = []
    for found in (proven, unproven):
        staying = kept(found)
        gone += [backup for made, backup in found.items() if made not in staying]
    for backup in gone:
        backup.unlink(missing_ok=True)
        record_file(backup).unlink(missing_ok=True)
    return gone


def made_at(backup: Path) -> datetime:
    """When a backup was made, by its name."""
    return datetime.strptime(backup.name, f"{NAMED}{ENDING}").replace(tzinfo=UTC)
