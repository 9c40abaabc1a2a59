"""`milieu backup` and `milieu restore`: copies of the whole installation, made, proven, listed and put back."""

import json
from pathlib import Path

from milieu.backups.duty import Done, back_up, back_up_once, note_endings, note_proof
from milieu.backups.endings import NAME, Endings, endings_in
from milieu.backups.keeping import made_at
from milieu.backups.keys import read_identity, write_identity
from milieu.backups.making import backups_in, keep_record
from milieu.backups.manifest import Record
from milieu.backups.opening import open_backup
from milieu.backups.proving import prove
from milieu.backups.restoring import put_back, refuse_non_empty
from milieu.backups.scratch import scratch
from milieu.clock import SystemClock
from milieu.coordination import upkeep
from milieu.coordination.lease import current_fence
from milieu.database import Engines, make_engines, newest_revision, present_revision, reading, retrying, sqlite_file
from milieu.errors import Conflict, Invalid
from milieu.installation.revisions import upgrade
from milieu.installation.serving import check_sqlite
from milieu.installation.soundness import faults_of_restored
from milieu.settings import Settings


def run_backup(settings: Settings, *, is_if_due: bool = False, as_json: bool = False) -> tuple[str, bool]:
    """Make a backup and prove it; what was done, and whether it is proven or was not due."""
    check_sqlite(settings)
    engines = make_engines(settings.database_url)
    try:
        if is_if_due:
            return _back_up_if_due(settings, engines)
        note_endings(engines, settings)
        done = back_up(settings, now=SystemClock().now(), look=faults_of_restored)
        if present_revision(engines) == newest_revision():
            _note(engines, done)
    finally:
        engines.dispose()
    return (_as_json(done) if as_json else _told(done)), not done.why


def make_key(file: Path) -> str:
    """Make a key; what to do with its two halves."""
    public = write_identity(file)
    return (
        f"{file} opens the backups. Take it to where the backups' machine cannot be lost with it, and from there only "
        f"to restore.\nMILIEU_BACKUP_RECIPIENTS={public}"
    )


def list_backups(settings: Settings, *, as_json: bool) -> str:
    """Each backup on a line, or as one JSON document."""
    found = [(backup, Record.beside(backup)) for backup in reversed(list(backups_in(settings.backups)))]
    if as_json:
        return json.dumps([{"file": str(backup), **_known(record)} for backup, record in found])
    if not found:
        return f"There are no backups in {settings.backups}."
    return "\n".join(_line(backup, record) for backup, record in found)


def prove_backup(settings: Settings, backup: Path, identity: Path) -> str:
    """Restore a backup on trial with the key that is kept elsewhere, and write down that it was."""
    prove(settings, backup, read_identity(identity), look=faults_of_restored)
    now = SystemClock().now()
    if (record := Record.beside(backup)) is not None:
        record = record.model_copy(update={"proven_at": now})
        keep_record(backup, record)
        if (file := sqlite_file(settings.database_url)) is None or file.exists():
            engines = make_engines(settings.database_url)
            try:
                if present_revision(engines) == newest_revision():
                    note_proof(engines, record, now=now)
            finally:
                engines.dispose()
    return f"{backup} was restored and is sound."


def run_restore(settings: Settings, backup: Path, identity: Path, *, ended: Path | None, is_without_ended: bool) -> str:
    """Put a backup where nothing is, end again what had ended since, and bring the tables up to date."""
    check_sqlite(settings)
    key = read_identity(identity)
    refuse_non_empty(settings)
    endings = _endings(backup, ended, is_without_ended=is_without_ended)
    with scratch(settings) as place:
        opened = open_backup(backup, key, place)
        put_back(settings, opened, endings, place)
    if opened.manifest.revision != newest_revision():
        upgrade(settings.database_url)
    count = sum(opened.manifest.contents.rows.values())
    lines = [
        f"The backup of {opened.manifest.made_at:%Y-%m-%d %H:%M} UTC is restored: {count:,} rows in "
        f"{len(opened.manifest.contents.rows)} tables, each as it was.",
        "Everybody signs in again. What was entered after that moment is not in it.",
    ]
    if is_without_ended:
        lines.append("Accounts and consents that ended after that moment hold again: look through them now.")
    else:
        lines.append("Accounts and consents that had ended by the last note of them are ended.")
    return "\n".join(lines)


def _endings(backup: Path, given: Path | None, *, is_without_ended: bool) -> Endings:
    if is_without_ended:
        return Endings()
    file = given or backup.with_name(NAME)
    if not file.exists():
        raise Invalid(
            f"{file} is not there: it says which accounts and consents ended after the backup was made. Put it there, "
            "name it with --ended, or go on with --without-ended and look through them by hand."
        )
    return endings_in(file)


def _back_up_if_due(settings: Settings, engines: Engines) -> tuple[str, bool]:
    if present_revision(engines) != newest_revision():
        raise Conflict("The database is of another revision than this program: `milieu db upgrade` first.")
    note_endings(engines, settings)
    with reading(engines) as db:
        fence = current_fence(db)
    clock = SystemClock()
    state = back_up_once(engines, settings, clock, clock.now().date(), fence=fence, look=faults_of_restored)
    if state == upkeep.PROVEN:
        return "Today's backup is made, and proven by restoring it.", True
    if not state:
        return "Today's backup is made already, or under way.", True
    return "Today's backup is not proven: `milieu doctor` says why.", False


def _note(engines: Engines, done: Done) -> None:
    now = done.made.record.manifest.made_at
    retrying(
        engines,
        lambda db: upkeep.note(db, upkeep.BACKUP, now.date(), state=done.state, now=now, message=done.why),
    )


def _told(done: Done) -> str:
    lines = [f"{done.made.file} ({done.made.record.size / 1e6:,.1f} MB)"]
    if done.why:
        lines.append(f"It is not proven. {done.why}")
    else:
        lines.append("It was restored on trial and is sound.")
    if done.gone:
        lines.append(f"{done.gone} older backups went, as the schedule says.")
    return "\n".join(lines)


def _as_json(done: Done) -> str:
    return json.dumps({"file": str(done.made.file), **_known(done.made.record), "why": done.why, "gone": done.gone})


def _known(record: Record | None) -> dict[str, object]:
    return {} if record is None else record.model_dump(mode="json")


def _line(backup: Path, record: Record | None) -> str:
    if record is None:
        return f"{made_at(backup):%Y-%m-%d %H:%M}  unknown   {backup.name}"
    state = "proven  " if record.proven_at else "unproven"
    rows = sum(record.manifest.contents.rows.values())
    return f"{made_at(backup):%Y-%m-%d %H:%M}  {state}  {backup.name}  {record.size / 1e6:,.1f} MB, {rows:,} rows"
