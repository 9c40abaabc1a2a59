"""Backs up, restores or upgrades and dies on the way: a program of the fault tests, not of the product.

    python keeper.py WORK SETTINGS BACKUP KEY

For each number N on standard input it forks a child that does WORK and is gone, like after kill -9, at its N-th step;
the child's exit status is printed: 9 killed, 0 done before. A step is a statement that writes, a commit, a file that is
opened to write, named, linked or taken away, or a program that is begun.
WORK is `backup`, `restore`, `upgrade`, or `named-first`: a backup with a planted defect.
"""

import gc
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from milieu.backups import making
from milieu.backups.endings import NOTHING
from milieu.backups.keys import read_identity
from milieu.backups.making import make_backup
from milieu.backups.opening import open_backup
from milieu.backups.restoring import put_back
from milieu.backups.scratch import scratch
from milieu.errors import Conflict
from milieu.installation.logs import set_up_logs
from milieu.installation.upgrading import upgrade_keeping
from milieu.settings import Settings
from tests.faults.publisher import Steps

NIGHT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
_FILES = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "subprocess.Popen"}


def also_of_files(steps: Steps) -> None:
    """Count what is done to files too; nobody but this process's own forks is counted."""

    def look(event: str, given: tuple[Any, ...]) -> None:
        if event in _FILES or (event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)):
            steps.step()

    sys.addaudithook(look)


def backup(settings: Settings, number: int) -> None:
    make_backup(settings, now=NIGHT + timedelta(seconds=number))


def backup_named_first(settings: Settings, number: int) -> None:
    """The planted defect: the file has its name before it is whole."""
    making._aside = lambda file: file
    with suppress(Conflict):  # it finds its own name taken in the end, by itself
        backup(settings, number)


def restore(settings: Settings, file: Path, key: Path) -> None:
    with scratch(settings) as place:
        put_back(settings, open_backup(file, read_identity(key), place), NOTHING, place)


def main(work: str, given: str, file: str, key: str) -> None:
    set_up_logs(logging.CRITICAL)
    told = json.loads(given)
    settings = Settings(**{name: tuple(value) if isinstance(value, list) else value for name, value in told.items()})
    works: dict[str, Callable[[int], None]] = {
        "backup": lambda number: backup(settings, number),
        "named-first": lambda number: backup_named_first(settings, number),
        "restore": lambda _number: restore(settings, Path(file), Path(key)),
        "upgrade": lambda _number: upgrade_keeping(settings, file) and None,
    }
    gc.freeze()
    for line in sys.stdin:
        if (process := os.fork()) == 0:
            try:
                steps = Steps(int(line))
                also_of_files(steps)
                works[work](int(line))
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
