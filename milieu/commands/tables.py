"""`milieu db …`: the tables and their revision."""

from milieu.backups.duty import back_up
from milieu.clock import SystemClock
from milieu.database import make_engines, newest_revision, sqlite_file
from milieu.errors import Conflict
from milieu.installation.revisions import differences
from milieu.installation.serving import check_sqlite, revision_of
from milieu.installation.soundness import faults_of_restored
from milieu.installation.upgrading import upgrade_keeping
from milieu.settings import Settings

_ON_PURPOSE = "`milieu db upgrade --without-backup` goes on all the same."


def run_upgrade(settings: Settings, *, is_without_backup: bool = False) -> str:
    """Bring the tables up to date, after a backup on which the upgrade was tried; what was done, in sentences.

    Raises Conflict, and changes nothing, where there is no proven backup, unless that is meant.
    """
    check_sqlite(settings)
    engines = make_engines(settings.database_url)
    told = []
    try:
        revision = revision_of(engines, settings)
        if revision != newest_revision():
            if revision is not None and not is_without_backup:
                told += _backed_up(settings)
            if kept := upgrade_keeping(settings, revision):
                told.append(f"What was there is kept in {kept}.")
            revision = revision_of(engines, settings)
    finally:
        engines.dispose()
    return "\n".join([*told, f"The database is at revision {revision}."])


def _backed_up(settings: Settings) -> list[str]:
    """A backup restored on trial and upgraded there: what would fail fails where nobody needs the data."""
    if not settings.backup_recipients:
        if settings.is_production and sqlite_file(settings.database_url) is None:
            raise Conflict(
                "Nothing was upgraded: no backup can be made without a key (MILIEU_BACKUP_RECIPIENTS). " + _ON_PURPOSE
            )
        return []
    done = back_up(settings, now=SystemClock().now(), look=faults_of_restored)
    if done.why:
        raise Conflict(f"Nothing was upgraded: the backup {done.made.file} is not proven. {_ON_PURPOSE}", [done.why])
    return [f"{done.made.file} was made before, and upgraded on trial."]


def run_check(settings: Settings) -> tuple[str, bool]:
    """Whether the tables are this program's, with a sentence on what is not."""
    if (file := sqlite_file(settings.database_url)) is not None and not file.exists():
        return f"There is no database at {file}.", False
    engines = make_engines(settings.database_url)
    try:
        revision, newest = revision_of(engines, settings), newest_revision()
        if revision != newest:
            return f"The database is at revision {revision or 'none'}, this program at {newest}.", False
        found = differences(engines)
    finally:
        engines.dispose()
    if found:
        return "The tables differ from this program's:\n" + "\n".join(f"  {line}" for line in found), False
    return f"The database is at revision {revision}, and its tables are this program's.", True
