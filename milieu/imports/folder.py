"""A folder of CSV files as one community: read whole, then written whole, or told in words why not.

`fixtures/README.md` is the page on the columns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.ids import new_id
from milieu.imports.files.checks import check_records, check_sheets, remarks
from milieu.imports.files.problems import Problem, gathered
from milieu.imports.files.records import read_records, with_one_spelling
from milieu.imports.files.sheets import read_sheets
from milieu.imports.merging.facts import escort_windows, escorts, facts, travel
from milieu.imports.merging.losses import Halt
from milieu.imports.merging.merge import ADDED, CHANGED, RETURNED, Counts, Merge, merge_table
from milieu.imports.merging.overlaps import overlapping_stays
from milieu.imports.tables.cells import fold
from milieu.imports.tables.description import Record, Values
from milieu.imports.tables.people import STAYS
from milieu.imports.tables.places import COMMUNITY, ESCORTS, SETTINGS, TRAVEL
from milieu.imports.tables.registry import BY_FILE, TABLES
from milieu.models import Community, CommunitySettings

_SAID = {ADDED: "new", CHANGED: "changed", RETURNED: "back"}


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


@dataclass(frozen=True)
class TableReport:
    """What became of the rows of one file; `returned` had ended before."""

    file: str
    added: int
    changed: int
    returned: int
    ended: int
    unchanged: int


@dataclass(frozen=True)
class RowReport:
    """What became of a row: `verb` is new, changed, back or ended; `what` names it. Not for logs: it holds names."""

    verb: str
    file: str
    noun: str
    what: str
    is_protection: bool


@dataclass(frozen=True)
class ImportReport:
    """What an import did. `notes` are sentences on what was taken as it is and yet wants a look.

    `rows`: all that ended or came back, and of things with a key those that are new or changed too. `halts`: of which
    tables so much ended that it had to be said how many.
    """

    community_id: str
    community_name: str
    tables: tuple[TableReport, ...]
    notes: tuple[str, ...]
    rows: tuple[RowReport, ...] = ()
    halts: tuple[Halt, ...] = ()

    def table(self, file: str) -> TableReport:
        """The line of a file; KeyError where the folder has none of that name."""
        return {line.file: line for line in self.tables}[file]

    @property
    def has_changed(self) -> bool:
        """Whether anything was written."""
        return any(line.added or line.changed or line.returned or line.ended for line in self.tables)


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
    merge, counts = _merge_community(db, folder, now=now, by=by)
    lines = [_line(COMMUNITY.file, counts)]
    for table in TABLES:
        if table.file in folder.records and table not in (COMMUNITY, ESCORTS, TRAVEL):
            lines.append(_line(table.file, merge_table(merge, table, facts(table, folder.records))))
    merge.write_journal()
    if STAYS.file in folder.records and (found := list(overlapping_stays(db, merge.community_id))):
        raise Invalid(f"Nothing was imported from {path}: stays of one person overlap.", found)
    losses = merge.losses
    if losses.halts and ends != losses.count and not is_trial:
        raise losses.refuse(path)
    return ImportReport(
        merge.community_id,
        str(folder.community.values["name"]),
        tuple(lines),
        (*folder.remarks, *merge.notes, *losses.likely),
        tuple(_rows(merge)),
        tuple(losses.halts),
    )


def _rows(merge: Merge) -> Iterator[RowReport]:
    for gone in merge.losses.gone:
        yield RowReport("ended", gone.file, gone.noun, gone.what, gone.is_protection)
    for verb, file, what in merge.touched:
        if verb == RETURNED or BY_FILE[file].has_key:
            yield RowReport(_SAID[verb], file, BY_FILE[file].noun, what, is_protection=False)


def _line(file: str, counts: Counts) -> TableReport:
    return TableReport(file, counts.added, counts.changed, counts.returned, counts.ended, counts.unchanged)


def _refusal(path: Path, problems: list[Problem]) -> Invalid:
    order = {file: place for place, file in enumerate(BY_FILE)}
    ranked = sorted(problems, key=lambda problem: (order.get(problem.file, -1), problem.file, problem.row))
    told = list(gathered(dict.fromkeys(ranked)))
    things = "one thing needs" if len(told) == 1 else f"{len(told):,} things need"
    return Invalid(f"Nothing was imported from {path}: {things} mending first.", told)


def _merge_community(db: DbSession, folder: Folder, *, now: datetime, by: str | None) -> tuple[Merge, Counts]:
    """The community's own row and its settings, made or changed."""
    wanted = folder.community
    values, key = wanted.values, str(wanted.values["key"])
    counts = Counts()
    row = next((each for each in db.scalars(select(Community)) if fold(each.key) == fold(key)), None)
    is_new = row is None
    if row is None:
        row = Community(id=new_id(), key=key, name=values["name"], timezone=values["timezone"], created_at=now)
        db.add(row)
        db.flush()
        db.add(CommunitySettings(community_id=row.id))
        db.flush()
    settings = db.get_one(CommunitySettings, row.id)
    merge = Merge(db, row.id, now, local_day(now, str(values["timezone"])), by)
    merge.recall()
    own = {name: values[name] for name in ("name", "timezone", "is_made_up") if name not in wanted.absent}
    before = _set(row, own) | _set(settings, _settings(folder, settings))
    counts.added, counts.changed = int(is_new), int(bool(before) and not is_new)
    counts.unchanged = int(not before and not is_new)
    if is_new or before:
        after = {name: getattr(row if name in own else settings, name) for name in before}
        merge.note(ADDED if is_new else CHANGED, Community.__tablename__, row.id, None if is_new else before, after)
    db.flush()
    return merge, counts


def _settings(folder: Folder, held: CommunitySettings) -> Values:
    """The settings that the folder speaks of."""
    community, records = folder.community, folder.records
    found = {name: community.values[name] for name in SETTINGS if community.values[name] is not None}
    default, windows = (held.escorts or {}).get("default"), (held.escorts or {}).get("windows", [])
    if "escorts_default" not in community.absent:
        default = community.values["escorts_default"]
    if ESCORTS.file in records:
        windows = escort_windows(records[ESCORTS.file])
    found["escorts"] = escorts(default, windows)
    if TRAVEL.file in records:
        found["travel"] = travel(records[TRAVEL.file]) or None
    return found


def _set(row: Community | CommunitySettings, values: Values) -> Values:
    """Give a row these values; those that it had, where they differ."""
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    for name in before:
        setattr(row, name, values[name])
    return before
