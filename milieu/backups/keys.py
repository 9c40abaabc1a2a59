"""Who may open a backup, in the format of age (age-encryption.org): public keys here, the identities elsewhere."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

import pyrage
from pyrage import x25519

from milieu.errors import Conflict, Invalid

DAMAGED = "The backup is damaged or was cut off: it cannot be read to its end. Take another one."
_OTHER_KEY = "This key does not open the backup: it was made for another one."
_SECRET = re.compile(r"^AGE-SECRET-KEY-1\S+$", re.MULTILINE)


def recipients_of(keys: Sequence[str]) -> list[Any]:
    """The public keys as age reads them. Raises Invalid, naming the one that is none."""
    found = []
    for number, key in enumerate(keys, start=1):
        try:
            found.append(x25519.Recipient.from_str(key))
        except pyrage.RecipientError as error:  # the key is not shown: it may be a secret one, put here by mistake
            raise Invalid(
                f"MILIEU_BACKUP_RECIPIENTS: the {number}. key is no public key of age: they begin with age1, "
                "and `milieu backup key FILE` makes one."
            ) from error
    return found


def new_identity() -> Any:
    """A fresh key of its own: what is encrypted to its public half, it opens."""
    return x25519.Identity.generate()


def read_identity(file: Path) -> Any:
    """The identity in a file, as `milieu backup key` and `age-keygen` write it. Raises Invalid where there is none."""
    try:
        found = _SECRET.search(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"The key cannot be read from {file}.") from error
    if found is None:
        raise Invalid(f"{file} holds no key of age: a line in it must begin with AGE-SECRET-KEY-1.")
    try:
        return x25519.Identity.from_str(found[0])
    except pyrage.IdentityError as error:
        raise Invalid(f"The key in {file} is damaged: a letter of it is wrong or missing.") from error


def write_identity(file: Path) -> str:
    """Make a key and keep it in a new file, for its owner alone; its public half, for MILIEU_BACKUP_RECIPIENTS."""
    identity = new_identity()
    public = str(identity.to_public())
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Conflict(f"{file} is there already: a key is never written over.") from error
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(f"# Opens the backups of Milieu. Keep it away from the machine that makes them.\n# {public}\n")
        opened.write(f"{identity}\n")
        opened.flush()
        os.fsync(opened.fileno())
    return public


def encrypt(source: IO[bytes], target: IO[bytes], recipients: Iterable[Any]) -> None:
    """Write what is read, so that the holder of any of the keys can read it."""
    pyrage.encrypt_io(source, target, list(recipients))


def decrypt(source: IO[bytes], target: IO[bytes], identity: Any) -> None:
    """Write what was encrypted; raises Conflict where the key is another or a single bit differs. What was written
    before that must not be used.
    """
    try:
        pyrage.decrypt_io(source, target, [identity])
    except pyrage.DecryptError as error:
        raise Conflict(_OTHER_KEY if "No matching keys" in str(error) else DAMAGED) from error
    except OSError as error:
        if error.errno is not None:  # a full disk, not the file
            raise
        raise Conflict(DAMAGED) from error
