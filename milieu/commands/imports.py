"""`milieu import`: a folder into the database, told file by file."""

import json
from dataclasses import asdict
from pathlib import Path

from milieu.clock import SystemClock
from milieu.database import unit_of_work
from milieu.imports.folder import ImportReport, TableReport, import_folder
from milieu.serving import open_engines
from milieu.settings import Settings

_WORDS = ("added", "changed", "returned", "ended", "unchanged")


def run_import(settings: Settings, folder: Path, *, as_json: bool) -> str:
    """Import a folder in one unit of work; what came of it, in words or as JSON."""
    engines = open_engines(settings)
    with unit_of_work(engines) as db:
        report = import_folder(db, folder, now=SystemClock().now())
    engines.dispose()
    return json.dumps(asdict(report), ensure_ascii=False) if as_json else _in_words(report)


def _in_words(report: ImportReport) -> str:
    lines = [f"{report.community_name} is imported." if report.has_changed else f"{report.community_name}: no change."]
    lines += [f"  {table.file:<24} {_counted(table)}" for table in report.tables]
    lines += [f"  note: {note}" for note in report.notes]
    return "\n".join(lines)


def _counted(table: TableReport) -> str:
    counts = [(getattr(table, word), word) for word in _WORDS]
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "no rows"
