"""Upgrades that can be gone back on: what was there is kept first, and a failure leaves what was there."""

from pathlib import Path

import structlog

from milieu.backups.copies.copying import copy_sqlite, synchronise
from milieu.backups.scratch import scratch
from milieu.database import sqlite_file
from milieu.installation.revisions import upgrade
from milieu.settings import Settings

BEFORE = "before-{revision}.sqlite"
_log = structlog.get_logger(__name__)


def upgrade_keeping(settings: Settings, revision: str | None) -> Path | None:
    """Bring the tables from a revision (None: there are none) to this program's; the copy of what was there, None of
    PostgreSQL.

    One copy is kept, of before the last upgrade. Raises Conflict where the upgrade or the copy cannot be made: the
    database is then as it was.
    """
    file = sqlite_file(settings.database_url)
    kept = None if file is None or revision is None else _keep(settings, file, revision)
    upgrade(settings.database_url)
    return kept


def _keep(settings: Settings, file: Path, revision: str) -> Path:
    """A whole copy of a SQLite file beside it, under its revision's name, in one step."""
    kept = file.with_name(BEFORE.format(revision=revision))
    with scratch(settings) as place:
        copy_sqlite(file, place / "copy")
        (place / "copy").replace(kept)
    synchronise(kept.parent)
    for older in file.parent.glob(BEFORE.format(revision="*")):
        if older != kept:
            older.unlink(missing_ok=True)
    _log.info("upgrade.kept", revision=revision)
    return kept
