"""Who may look at the data on this machine: the account that Milieu runs under, and nobody else."""

import os
import stat
from contextlib import suppress
from pathlib import Path

_BESIDE = ("", "-wal", "-shm", "-journal")
_OURS = (
    "milieu.sqlite",
    "secret_key",
    "demo.lock",
    "waiting_reads",
    "sheets",
    "backups",
    "scratch-",
    "before-",
)  # what Milieu puts into a folder of its own
_ELSES = 0o077


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone where there is none; the folders above it are made as everybody's are."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_private(file: Path) -> None:
    """Make a SQLite file and its folder for their owner alone, or keep them so; SQLite gives its own the same mode.

    A folder that was there before is closed only where nothing but Milieu's own lies in it.
    """
    make_folder(file.parent)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    keep_private(file)


def keep_private(file: Path) -> None:
    """Take away what others may do with a SQLite file, where it is ours to do so."""
    for part in (Path(f"{file}{ending}") for ending in _BESIDE):
        _close(part, 0o600)
    with suppress(OSError):
        if all(each.name.startswith(_OURS) for each in file.parent.iterdir()):
            _close(file.parent, 0o700)


def is_open(path: Path) -> bool:
    """Whether others than the owner may do anything with what is there."""
    with suppress(OSError):
        return os.name == "posix" and bool(path.stat().st_mode & _ELSES)
    return False


def is_open_to_all(path: Path) -> bool:
    """Whether any account may read or change a file, or its group change it; a group that reads may be meant."""
    with suppress(OSError):
        return os.name == "posix" and bool(path.stat().st_mode & 0o037 & ~stat.S_IXGRP)
    return False


def _close(path: Path, mode: int) -> None:
    with suppress(OSError):  # not there, or another account's: `serve` in production and `doctor` tell
        if is_open(path) and not path.is_symlink() and not path.stat().st_mode & stat.S_ISVTX:
            path.chmod(mode)
