"""A folder of CSV files as one community: read whole, then written whole, or told in words why not.

`fixtures/README.md` is the page on the columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.imports.files.checks import check_records, check_sheets, remarks
from milieu.imports.files.problems import Problem, gathered
from milieu.imports.files.records import read_records, with_one_spelling
from milieu.imports.files.sheets import read_sheets
from milieu.imports.merging.bringing import bring
from milieu.imports.merging.reports import ImportReport
from milieu.imports.tables.cells import Fault, fold, quoted
from milieu.imports.tables.description import Record
from milieu.imports.tables.places import COMMUNITY
from milieu.imports.tables.registry import BY_FILE
from milieu.models import Community


@dataclass(frozen=True)
class Folder:
    """A community's files, read and found without fault. `records` by file, of those that are there."""

    path: Path
    records: Mapping[str, list[Record]]
    remarks: tuple[str, ...]

    @property
    def community(self) -> Record:
        """The one row of community.csv."""
        return self.records[COMMUNITY.file][0]


def read_folder(path: Path) -> Folder:
    """A community's files, checked.

    Raises Invalid, with every problem: file, row as a spreadsheet counts, column, and what is wrong with it.
    """
    found_sheets = read_sheets(Path(path))
    sheets, problems = with_one_spelling(found_sheets.by_file), found_sheets.problems
    records: dict[str, list[Record]] = {}
    for file, sheet in sheets.items():
        records[file], found = read_records(sheet)
        problems.extend(found)
    problems.extend(check_sheets(sheets, {problem.file for problem in problems}))
    problems.extend(check_records(records, {problem.file for problem in problems}))
    if problems:
        raise _refusal(path, problems)
    return Folder(Path(path), records, tuple(gathered([*found_sheets.remarks, *remarks(records)])))


def import_folder(
    db: DbSession, path: Path, *, now: datetime, by: str | None = None, ends: int | None = None, is_trial: bool = False
) -> ImportReport:
    """Bring a folder into the database, in the caller's unit of work: all of it or, where anything is raised, nothing.

    Read again, rows are found by the files' own keys and changed; what is gone from its file is ended as of today. A
    file or a column that is not there says nothing, and what it would be about stays.

    Raises Invalid; Conflict where much of a table would end, unless `ends` says how many rows of such tables, or
    `is_trial`, for a caller who takes everything back.
    """
    folder = read_folder(path)
    _check_key(db, folder)
    brought = bring(db, folder.records, folder.remarks, now=now, by=by)
    if brought.overlaps:
        raise Invalid(f"Nothing was imported from {path}: stays of one person overlap.", brought.overlaps)
    losses = brought.losses
    if losses.halts and ends != losses.count and not is_trial:
        raise losses.refuse(path)
    return brought.report


def _check_key(db: DbSession, folder: Folder) -> None:
    """Raise Invalid where a new key would make a second community of one that is here under the same name."""
    row = folder.community
    key, name = str(row.values["key"]), str(row.values["name"])
    here = db.execute(select(Community.key, Community.name)).all()
    if any(fold(known) == fold(key) for known, _called in here):
        return
    if same := next((known for known, called in here if fold(called) == fold(name)), None):
        after = " is new, and the community of that name is here as "
        hint = f"{quoted(same)}; if they are the same, write the key as it was, else give this one a name of its own"
        raise _refusal(folder.path, [Problem(row.file, row.row, "key", Fault(after, quoted(key), hint=hint))])


def _refusal(path: Path, problems: list[Problem]) -> Invalid:
    order = {file: place for place, file in enumerate(BY_FILE)}
    ranked = sorted(problems, key=lambda problem: (order.get(problem.file, -1), problem.file, problem.row))
    told = list(gathered(dict.fromkeys(ranked)))
    things = "one thing needs" if len(told) == 1 else f"{len(told):,} things need"
    return Invalid(f"Nothing was imported from {path}: {things} mending first.", told)
