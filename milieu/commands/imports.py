"""`milieu import`: a folder into the database, told file by file, or told alone."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from milieu.clock import SystemClock
from milieu.database import DbSession, retrying
from milieu.imports.folder import import_folder
from milieu.imports.merging.reports import ImportReport, RowReport, TableReport
from milieu.installation.serving import open_engines
from milieu.services.choices.limiting import withdraw_rights_everywhere
from milieu.services.teller import Teller
from milieu.settings import Settings

_WORDS = {"added": "new", "changed": "changed", "returned": "back", "ended": "ended", "unchanged": "unchanged"}
_MOST_NAMED = 20  # of a file's new and changed rows; whoever ends is named each


def run_import(settings: Settings, folder: Path, *, ends: int | None, is_trial: bool, as_json: bool) -> str:
    """Import a folder in one unit of work, or take everything back; what came of it, in words or as JSON.

    A no or a leaving in it holds at once: whom it is about is out of every published session to come.
    """

    def work(db: DbSession) -> ImportReport:
        now = SystemClock().now()
        report = import_folder(db, folder, now=now, ends=ends, is_trial=is_trial)
        if is_trial:
            db.rollback()
        elif report.has_changed:
            withdraw_rights_everywhere(db, Teller(report.community_id, None, now))
        return report

    engines = open_engines(settings)
    report = retrying(engines, work)
    engines.dispose()
    if as_json:
        return json.dumps({**asdict(report), "is_trial": is_trial}, ensure_ascii=False)
    return "\n".join(_in_words(report, is_trial=is_trial))


def _in_words(report: ImportReport, *, is_trial: bool) -> Iterator[str]:
    if is_trial:
        yield f"{report.community_name}: this is what an import would do. Nothing was written."
    else:
        yield f"{report.community_name} is imported." if report.has_changed else f"{report.community_name}: no change."
    is_first = report.tables[0].added > 0  # of a community that is new, everything is
    for table in report.tables:
        yield f"  {table.file:<24} {_counted(table)}"
        yield from _named([row for row in report.rows if row.file == table.file], shows_all=is_trial and not is_first)
    if protections := [row for row in report.rows if row.is_protection]:
        yield "  no longer protected, for the row is gone or says otherwise:"
        yield from (f"    {row.noun} {row.what}" for row in protections)
    yield from (f"  note: {note}" for note in report.notes)
    if is_trial and report.halts:
        count = sum(halt.ending for halt in report.halts)
        yield f"  It would stop first, for much of a table would end. If all of it is meant: --ends {count}"
        yield from (f"    {halt}" for halt in report.halts)


def _named(rows: Iterable[RowReport], *, shows_all: bool) -> Iterator[str]:
    """The rows of a file by name: who ended or is back, and in a trial who is new or changed."""
    for verb in ("ended", "back", "changed", "new") if shows_all else ("ended", "back"):
        names = list(dict.fromkeys(row.what for row in rows if row.verb == verb and not row.is_protection))
        shown = names if verb == "ended" else names[:_MOST_NAMED]
        yield from (f"      {verb}: {name}" for name in shown)
        if len(names) > len(shown):
            yield f"      {verb}: … and {len(names) - len(shown)} more"


def _counted(table: TableReport) -> str:
    counts = [(getattr(table, count), word) for count, word in _WORDS.items()]
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "no rows"
