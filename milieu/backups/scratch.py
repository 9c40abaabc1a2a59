"""Folders for what lies open while a backup is made, tried or restored: in the data folder, for its owner alone."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from milieu.database import sqlite_file
from milieu.settings import Settings

PREFIX = "scratch-"
_ABANDONED_SECONDS = 24 * 3600


@contextmanager
def scratch(settings: Settings) -> Iterator[Path]:
    """An empty folder that is gone afterwards. What a killed process left a day ago is taken away too."""
    file = sqlite_file(settings.database_url)
    near = settings.data_dir if file is None else file.parent  # on its disk: what is restored gets its name in one step
    near.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(near, f"{PREFIX}*")
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=near))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(folder: Path, pattern: str) -> None:
    """Take away what was left unfinished, where no living process can still be using it."""
    for left in folder.glob(pattern):
        with suppress(OSError):  # another process takes it away too
            if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
