"""`milieu db …`: the tables and their revision."""

from milieu.database import make_engines, newest_revision, sqlite_file
from milieu.installation.revisions import differences, upgrade
from milieu.installation.serving import check_sqlite, revision_of
from milieu.settings import Settings


def run_upgrade(settings: Settings) -> str:
    """Bring the tables up to date; what was done, as a sentence."""
    check_sqlite(settings)
    engines = make_engines(settings.database_url)
    try:
        if revision_of(engines, settings) != newest_revision():
            upgrade(settings.database_url)
        revision = revision_of(engines, settings)
    finally:
        engines.dispose()
    return f"The database is at revision {revision}."


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
