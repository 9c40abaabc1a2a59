"""What a database's own error means to whoever asked: busy, not writable, not readable, or a text it cannot hold."""

from sqlalchemy.exc import DataError, DBAPIError, OperationalError

from milieu.errors import Busy, Invalid, MilieuError, Unwritable

# PostgreSQL: serialization failure, deadlock; lock and statement time-outs, and a unit that reckoned for too long.
REDO = {"40001", "40P01"}
_WAITED = {"55P03", "57014", "25P03"}
_FULL = {"53100"}
_READ_ONLY = {"25006"}
_GONE = {"57P01", "57P02", "57P03", "53300", "53200", "58030"}  # shutting down, starting, too many, memory, I/O

LOCKED = "database is locked"  # SQLite's words for it
_SQLITE_FULL = "database or disk is full"
_SQLITE_READ_ONLY = "readonly database"
_SQLITE_DAMAGED = ("malformed", "file is not a database", "file is encrypted")
_SQLITE_GONE = ("disk I/O error", "unable to open database file")

BUSY = "The database is busy. Nothing was saved; please try again."
FULL = "The disk is full. Nothing was saved; what was saved before is safe. Please tell whoever looks after Milieu."
READ_ONLY = "The data can only be read just now. Nothing was saved. Please tell whoever looks after Milieu."
GONE = "The disk or the database does not answer just now. Nothing was saved. Please tell whoever looks after Milieu."
DAMAGED = (
    "The database's file is damaged, or is none of Milieu's: nothing was changed. Put the last backup in its place."
)
BAD_TEXT = "Something in this form is too long, or has a sign that cannot be kept. Nothing was saved."


def sqlstate(error: DBAPIError) -> str | None:
    """PostgreSQL's code of an error, None for SQLite and where the connection itself failed."""
    return getattr(error.orig, "sqlstate", None)


def refusal_of(error: DBAPIError) -> MilieuError | None:
    """The refusal that an error stands for, None where it is a fault of ours."""
    if isinstance(error, DataError):
        return Invalid(BAD_TEXT)
    state, said = sqlstate(error), str(error.orig)
    if state is not None:
        return _postgresql(state)
    if LOCKED in said:
        return Busy(BUSY)
    if _SQLITE_FULL in said:
        return Unwritable(FULL)
    if any(words in said for words in _SQLITE_DAMAGED):
        return Unwritable(DAMAGED)
    if _SQLITE_READ_ONLY in said:
        return Unwritable(READ_ONLY)
    if type(error.orig).__module__.startswith("psycopg") and isinstance(error, OperationalError):
        return Unwritable(GONE)  # without a code of the server: there is none that answers
    if error.connection_invalidated or any(words in said for words in _SQLITE_GONE):
        return Unwritable(GONE)
    return None


def _postgresql(state: str) -> MilieuError | None:
    if state in REDO | _WAITED:
        return Busy(BUSY)
    if state in _FULL:
        return Unwritable(FULL)
    if state in _READ_ONLY:
        return Unwritable(READ_ONLY)
    if state in _GONE or state.startswith("08"):
        return Unwritable(GONE)
    return None
