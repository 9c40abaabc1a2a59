"""PostgreSQL's own programs: `pg_dump`, `pg_restore` and `psql`, found on the PATH or in the folder that is named."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import make_url

from milieu.errors import Conflict, Invalid
from milieu.settings import Settings

_LOCK_SECONDS = 60


def dump(settings: Settings, to: Path, *, snapshot: str) -> None:
    """Write the archive of a database as of a snapshot that a transaction has exported and still holds."""
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--lock-wait-timeout={_LOCK_SECONDS}s"]
    _run(settings, "pg_dump", settings.database_url, [*options, f"--snapshot={snapshot}", f"--file={to}"])
    os.chmod(to, 0o600)


def write_script(settings: Settings, archive: Path, to: Path) -> None:
    """Write the statements that make an archive's tables and rows."""
    options = ["--no-owner", "--no-privileges", f"--file={to}", str(archive)]
    _run(settings, "pg_restore", None, options)
    os.chmod(to, 0o600)


def run_scripts(settings: Settings, url: str, scripts: Sequence[Path]) -> None:
    """Run files of statements in one transaction: all of them, or nothing."""
    given = [f"--file={script}" for script in scripts]
    _run(settings, "psql", url, ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", *given])


def program(settings: Settings, name: str) -> str:
    """Where a program of PostgreSQL lies. Raises Invalid where it is not there."""
    folder = settings.postgresql_programs
    found = shutil.which(name, path=None if folder is None else str(folder))
    if found is None:
        raise Invalid(
            f"{name} is not {f'in {folder}' if folder else 'on the PATH'}: backups of PostgreSQL are made by its own "
            "programs. Install its client, or name their folder in MILIEU_POSTGRESQL_PROGRAMS."
        )
    return found


def _run(settings: Settings, name: str, url: str | None, options: Sequence[str]) -> None:
    """The password goes into the environment, never among the arguments, which everybody on a machine can read."""
    environment = dict(os.environ)
    addressed: list[str] = []
    if url is not None:
        address = make_url(url).set(drivername="postgresql")
        if address.password is not None:
            environment["PGPASSWORD"] = str(address.password)
        addressed = [f"--dbname={address.set(password=None).render_as_string(hide_password=False)}"]
    ended = subprocess.run(
        [program(settings, name), *addressed, *options],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if ended.returncode != 0:
        raise Conflict(f"{name} could not do it: {_reason(ended.stderr)}.")


def _reason(said: bytes) -> str:
    """The first line, which names what is wrong; those that follow may quote rows."""
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    told = next(
        (line for line in lines if "error" in line.lower() or "fatal" in line.lower()), lines[0] if lines else ""
    )
    return told.strip().rstrip(".") or "it gave no reason"
