"""Every row of a database counted and digested: two databases of the same contents say the same, wherever they lie."""

import hashlib

from sqlalchemy import Connection, inspect

from milieu.backups.manifest import Contents

_AT_ONCE = 1000
_SIZE = 1 << 256


def read_contents(connection: Connection) -> Contents:
    """Count and digest, as of the connection's snapshot; compared between databases of one kind and revision.

    Rows have no order of their own, and two machines may sort a text differently: the digests of the rows are added up.
    """
    looked = inspect(connection)
    quote = connection.dialect.identifier_preparer.quote
    rows, total = {}, 0
    for table in sorted(looked.get_table_names()):
        names = sorted(column["name"] for column in looked.get_columns(table))
        statement = f"SELECT {', '.join(map(quote, names))} FROM {quote(table)}"  # noqa: S608 names of our own tables
        found = connection.execution_options(stream_results=True, yield_per=_AT_ONCE).exec_driver_sql(statement)
        rows[table] = 0
        for row in found:
            rows[table] += 1
            total += int.from_bytes(
                hashlib.sha256(repr((table, *row)).encode("utf-8", "surrogatepass")).digest(), "big"
            )
    return Contents(rows=rows, digest=f"{total % _SIZE:064x}")


def revision_in(connection: Connection) -> str | None:
    """The revision that a database is at, None where it was never upgraded."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found
