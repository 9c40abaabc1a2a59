"""A backup opened with its key: what it says of itself, and the copy of the database that it holds."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from milieu.backups.keys import DAMAGED, decrypt
from milieu.backups.manifest import Manifest
from milieu.database import newest_revision
from milieu.errors import Conflict, Invalid

_LONGEST_LINE = 1 << 20


@dataclass(frozen=True)
class Opened:
    """What a backup holds, decrypted and whole: `copy` is SQLite's file, or the archive of `pg_dump`."""

    manifest: Manifest
    copy: Path


def open_backup(backup: Path, identity: Any, place: Path) -> Opened:
    """Decrypt a backup into a new file of a private folder.

    Raises Invalid where it is not there, Conflict for another key, a damaged or cut file, a newer Milieu's.
    """
    copy = place / "copy"
    with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        parting = _Parting(target)
        try:
            with backup.open("rb") as source:
                decrypt(source, parting, identity)  # type: ignore[arg-type]
        except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
            raise Invalid(f"The backup cannot be read from {backup}.") from error
        target.flush()
        os.fsync(target.fileno())
    manifest = Manifest.read(bytes(parting.first))
    if manifest.revision > newest_revision():
        raise Conflict(
            f"This backup was made by a newer Milieu ({manifest.version}, tables {manifest.revision}) than this one "
            f"(tables {newest_revision()}): restore it with that one."
        )
    if parting.copy.hexdigest() != manifest.copy_digest:
        raise Conflict(DAMAGED)
    return Opened(manifest, copy)


class _Parting:
    """Parts what is written to it: the first line is kept, what follows goes into the file and is digested."""

    def __init__(self, target: Any) -> None:
        self.first = bytearray()
        self.copy = hashlib.sha256()
        self._target = target
        self._is_in_copy = False

    def write(self, part: bytes) -> int:
        rest = part
        if not self._is_in_copy:
            line, end, rest = part.partition(b"\n")
            self.first += line
            self._is_in_copy = bool(end)
            if len(self.first) > _LONGEST_LINE:
                raise Conflict("This is no backup of Milieu.")
        self.copy.update(rest)
        self._target.write(rest)
        return len(part)

    def flush(self) -> None:
        self._target.flush()
