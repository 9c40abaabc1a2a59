"""A backup from its first byte to its name: written aside, read back, on the disk, and only then there."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from milieu.backups.copies.copying import copy_database, synchronise
from milieu.backups.keys import DAMAGED, decrypt, encrypt, new_identity, recipients_of
from milieu.backups.manifest import ENDING, Manifest, Record, record_file
from milieu.backups.scratch import scratch, sweep
from milieu.errors import Conflict, Invalid
from milieu.settings import Settings

PARTIAL = ".partial"
NAMED = "milieu-%Y%m%dT%H%M%SZ"
_NO_KEY = (
    "No backup is made without a key: `milieu backup key FILE` makes one; keep the file elsewhere and name its public "
    "half in MILIEU_BACKUP_RECIPIENTS."
)


@dataclass(frozen=True)
class Made:
    """A backup that is there. `identity` opens it besides its recipients' own, and is kept nowhere: who has it may try
    the backup now, and nobody later.
    """

    file: Path
    record: Record
    identity: Any


def make_backup(settings: Settings, *, now: datetime) -> Made:
    """Back the installation up while it runs.

    Raises Invalid where no key is given, Conflict where the database cannot be copied, or what was written not read.
    """
    if not settings.backup_recipients:
        raise Invalid(_NO_KEY)
    recipients, identity = recipients_of(settings.backup_recipients), new_identity()
    folder = settings.backups
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{now.strftime(NAMED)}{ENDING}"
    sweep(folder, f"milieu-*{PARTIAL}")
    partial = _aside(file)
    try:
        with scratch(settings) as place:
            manifest = copy_database(settings, place / "copy", now=now)
            _write(partial, manifest, place / "copy", [*recipients, identity.to_public()])
        record = Record(manifest=manifest, size=partial.stat().st_size, digest=_read_back(partial, manifest, identity))
        synchronise(partial)
        _name(partial, file)
    finally:
        partial.unlink(missing_ok=True)
    synchronise(folder)
    keep_record(file, record)
    return Made(file, record, identity)


def keep_record(backup: Path, record: Record) -> None:
    """Put what is known of a backup beside it, whole or not at all."""
    replace_file(record_file(backup), record.model_dump_json().encode())


def replace_file(file: Path, contents: bytes) -> None:
    """Put a file there in one step, for its owner alone: whoever reads it reads the old one or the new one."""
    partial = _aside(file)
    with _opened_for_owner(partial) as opened:
        opened.write(contents)
        opened.flush()
        os.fsync(opened.fileno())
    partial.replace(file)
    synchronise(file.parent)


class _Lines:
    """The manifest's line and then the copy, as one thing to read."""

    def __init__(self, first: bytes, opened: IO[bytes]) -> None:
        self._first, self._opened = first, opened

    def read(self, size: int = -1) -> bytes:
        if self._first:
            part, self._first = (self._first, b"") if size < 0 else (self._first[:size], self._first[size:])
            return part
        return self._opened.read(size)


class _Digest:
    """Swallows what is written to it; `copy` is the SHA-256 of all but the first line."""

    def __init__(self) -> None:
        self.copy = hashlib.sha256()
        self._is_in_copy = False

    def write(self, part: bytes) -> int:
        rest = part
        if not self._is_in_copy:
            _, end, rest = part.partition(b"\n")
            self._is_in_copy = bool(end)
        self.copy.update(rest)
        return len(part)

    def flush(self) -> None:
        """Nothing waits."""


def _write(partial: Path, manifest: Manifest, copy: Path, recipients: list[Any]) -> None:
    first = manifest.model_dump_json().encode() + b"\n"
    with copy.open("rb") as source, _opened_for_owner(partial) as target:
        encrypt(_Lines(first, source), target, recipients)  # type: ignore[arg-type]
        target.flush()


def _read_back(partial: Path, manifest: Manifest, identity: Any) -> str:
    """The digest of the encrypted file, after it was read from the disk and opened."""
    seen = _Digest()
    with partial.open("rb") as source:
        decrypt(source, seen, identity)  # type: ignore[arg-type]
    if seen.copy.hexdigest() != manifest.copy_digest:
        raise Conflict(DAMAGED)
    with partial.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _name(partial: Path, file: Path) -> None:
    """Give a whole file its name, where nothing has it. A link never puts one file over another, as a renaming does; a
    share that knows no links is renamed on.
    """
    try:
        os.link(partial, file)
    except FileExistsError as error:
        raise Conflict(f"{file} is there already: another backup was made in this very second.") from error
    except OSError:
        if file.exists():
            raise
        partial.rename(file)


def _aside(file: Path) -> Path:
    """Where a file is written until it is whole: a name that no other process takes."""
    return file.with_name(f"{file.name}.{secrets.token_hex(4)}{PARTIAL}")


def _opened_for_owner(file: Path) -> IO[bytes]:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def backups_in(folder: Path) -> Iterator[Path]:
    """The backups that lie in a folder, the oldest first."""
    if folder.is_dir():
        yield from sorted(folder.glob(f"milieu-????????T??????Z{ENDING}"))
