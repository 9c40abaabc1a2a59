"""The tables from one revision to another, by Alembic; which revision they are at, `milieu.database` tells without it.

Alembic takes as long to load as the rest of what a command needs: only what changes tables imports this module.
"""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from milieu.database import MIGRATIONS, Engines, changing_tables, refusals
from milieu.errors import Conflict
from milieu.models import Base


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the tables up to a revision in one transaction: after a crash there is N or N+1, nothing between.

    Makes the folder of a SQLite file. Two servers that start at once upgrade one after the other; the second finds
    nothing to do. Raises Conflict where a migration would leave a row pointing at nothing, or tables that are not this
    program's, or cannot be done.
    """
    try:
        with changing_tables(url) as connection:
            command.upgrade(_config(connection), revision)
            if revision == "head" and (found := _differences(connection)):
                raise Conflict("The tables would not become this program's, and stay as they were.", found)
    except CommandError as error:
        raise Conflict("The database is of another Milieu than this one, a newer perhaps: use that one.") from error
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        raise Conflict(f"The tables could not be brought up to date, and stay as they were: {reason}.") from error


def downgrade(url: str, revision: str) -> None:
    """Take migrations back down to a revision ("base": all)."""
    with changing_tables(url) as connection:
        command.downgrade(_config(connection), revision)


def differences(engines: Engines) -> list[str]:
    """What a new migration would have to change: empty where tables and models agree."""
    with refusals(), engines.read.connect() as connection:
        return _differences(connection)


def write_revision(url: str, message: str, revision: str) -> None:
    """Write the migration that leads from a database at the newest revision to the models; for developers."""
    with changing_tables(url) as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=revision)


def _differences(connection: Connection) -> list[str]:
    found = MigrationContext.configure(connection, opts={"compare_type": True})
    return [str(difference) for difference in compare_metadata(found, Base.metadata)]


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
