"""What a backup says of itself: inside it, in its first line, and beside it in clear, without the name of anybody."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from milieu.errors import Conflict

FORMAT = 1
ENDING = ".age"


class Contents(BaseModel):
    """How many rows each table has, and one digest over all of them, in whatever order they lie."""

    model_config = ConfigDict(frozen=True)

    rows: dict[str, int]
    digest: str


class Manifest(BaseModel):
    """The first line of a backup; the database's own copy follows it: SQLite's file, or the archive of `pg_dump`.

    `copy_digest` is the SHA-256 of what follows.
    """

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    made_at: datetime
    version: str
    revision: str
    dialect: Literal["sqlite", "postgresql"]
    contents: Contents
    copy_digest: str

    @classmethod
    def read(cls, line: bytes) -> "Manifest":
        """The manifest of a line. Raises Conflict for one of a newer Milieu, or of none."""
        try:
            return cls.model_validate_json(_checked(line))
        except ValidationError as error:
            raise Conflict("This is no backup of Milieu.") from error


class Record(BaseModel):
    """What lies beside a backup in a file of its own: of what it is, and when it was last restored on trial.

    `size` is in bytes, `digest` the SHA-256 of the encrypted file. `proven_at` None: nobody has restored it yet.
    """

    model_config = ConfigDict(frozen=True)

    manifest: Manifest
    size: int
    digest: str
    proven_at: datetime | None = None

    @classmethod
    def beside(cls, backup: Path) -> "Record | None":
        """What lies beside a backup, None where nothing does that could be read."""
        try:
            return cls.model_validate_json(record_file(backup).read_bytes())
        except (OSError, ValidationError):
            return None


class _Format(BaseModel):
    format: int


def record_file(backup: Path) -> Path:
    """The file beside a backup."""
    return backup.with_suffix(".json")


def _checked(line: bytes) -> bytes:
    if _Format.model_validate_json(line).format > FORMAT:
        raise Conflict("This backup was made by a newer Milieu than this one: restore it with that one.")
    return line
