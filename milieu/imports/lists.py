"""Lists from a page as part of one community: held against what is there already, and written like a folder.

A folder tells a whole community; lists tell some of its tables. What they refer to without telling it (the living group
of a resident) is taken as the database has it, so the same rules hold for both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.imports.files.checks import check_records, check_sheets, remarks
from milieu.imports.files.grids import Sheet, Unreadable
from milieu.imports.files.problems import Problem, gathered
from milieu.imports.files.records import read_keys, read_records, with_one_spelling
from milieu.imports.merging.bringing import Brought, bring
from milieu.imports.tables.cells import Fault, fold, quoted
from milieu.imports.tables.description import Record
from milieu.imports.tables.places import COMMUNITY
from milieu.imports.tables.registry import BY_FILE
from milieu.imports.uploads.filling import fill
from milieu.imports.uploads.plans import SheetPlan
from milieu.imports.uploads.reading import Upload
from milieu.imports.watching import AGAINST, CELLS, begin
from milieu.imports.writing.rows import Held, held_tables
from milieu.models import Community

HERE = "in Milieu already"


@dataclass
class Lists:
    """Lists that were read against a community. `problems` empty: they can be brought in."""

    told: dict[str, list[Record]] = field(default_factory=dict)
    held: Mapping[str, Held] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    open_ended: frozenset[str] = frozenset()
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_lists(
    db: DbSession, community_id: str, uploads: Sequence[Upload], plans: Sequence[SheetPlan], *, now: datetime
) -> Lists:
    """The sheets as their plans say, every cell read and held against each other and against what is there."""
    community = db.get_one(Community, community_id)
    lists = Lists(held=held_tables(db, community_id, local_day(now, community.timezone)))
    used = [(upload, plan) for upload, plan in zip(uploads, plans, strict=True) if plan.file]
    sheets, problems, notes = _sheets(used, lists)
    if not used:
        lists.problems.append("no sheet is taken for a table; choose for at least one what it is")
    lists.open_ended = frozenset(plan.file for _, plan in used if not plan.is_whole)
    sheets = with_one_spelling({**_held_sheets(lists.held, sheets), **_with_others(lists, sheets)})
    begin(CELLS, sum(row[0] > 0 for file in lists.labels for row in sheets[file].rows))
    for file in lists.labels:
        if not sheets[file].header:  # told already why it cannot be read
            lists.told[file] = []
            continue
        rows = tuple(row for row in sheets[file].rows if row[0] > 0)
        lists.told[file], found = read_records(replace(sheets[file], rows=rows))
        problems.extend(found)
    begin(AGAINST)
    problems.extend(_of_another(lists.told, community))
    faulty = {problem.file for problem in problems}
    problems.extend(each for each in check_sheets(sheets, faulty) if _counts(each, lists))
    problems.extend(each for each in check_records(_records(lists), faulty) if _counts(each, lists))
    lists.problems += gathered(_named(dict.fromkeys(problems), lists))
    notes += [each for each in remarks(_records(lists)) if each.file in lists.labels]
    lists.remarks += gathered(_named(notes, lists))
    return lists


def bring_lists(db: DbSession, lists: Lists, *, now: datetime, by: str) -> Brought:
    """Write lists without problems, in the caller's unit of work."""
    told = frozenset(lists.labels)
    return bring(db, _records(lists), lists.remarks, now=now, by=by, told=told, open_ended=lists.open_ended)


def _sheets(
    used: Iterable[tuple[Upload, SheetPlan]], lists: Lists
) -> tuple[dict[str, Sheet], list[Problem], list[Problem]]:
    sheets: dict[str, Sheet] = {}
    problems: list[Problem] = []
    notes: list[Problem] = []
    for upload, plan in used:
        if plan.file in sheets:
            fault = Fault(
                f"is taken for {BY_FILE[plan.file].about}, and so is {lists.labels[plan.file]}; take one of them"
            )
            problems.append(Problem(upload.label, 0, "", fault))
            continue
        lists.labels[plan.file] = upload.label
        try:
            sheets[plan.file], found = fill(upload, plan, lists.held)
        except Unreadable as error:
            problems.append(Problem(plan.file, error.row, "", error.fault))
            sheets[plan.file] = Sheet(plan.file, (), ())
            continue
        problems += found.problems
        notes += found.remarks
    return sheets, problems, notes


def _held_sheets(held: Mapping[str, Held], told: Mapping[str, Sheet]) -> dict[str, Sheet]:
    return {
        file: Sheet(file, each.table.names, tuple(enumerate(each.cells, start=2)))
        for file, each in held.items()
        if file not in told
    }


def _with_others(lists: Lists, told: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """The sheets, and where a missing row says nothing also the rows that are here and not told: others may refer to
    them. Their numbers are below 0, for they stand in no sheet."""
    sheets = dict(told)
    for file in lists.open_ended:
        sheet, held = told[file], lists.held[file]
        if not held.table.has_key or not (keys := read_keys(sheet)):
            continue
        known = {fold(key) for key in keys}
        others = [
            (-record.row, dict(zip(held.table.names, cells, strict=True)))
            for record, cells in zip(held.records, held.cells, strict=True)
            if fold(str(record.values["key"])) not in known
        ]
        rows = tuple((number, tuple(row.get(name, "") for name in sheet.header)) for number, row in others)
        sheets[file] = replace(sheet, rows=(*sheet.rows, *rows))
    return sheets


def _records(lists: Lists) -> dict[str, list[Record]]:
    return {file: lists.told.get(file, list(each.records)) for file, each in lists.held.items()}


def _of_another(told: Mapping[str, list[Record]], community: Community) -> Iterable[Problem]:
    for record in told.get(COMMUNITY.file, ()):
        if fold(str(record.values["key"])) != fold(community.key):
            key = quoted(str(record.values["key"]))
            yield Problem(
                record.file,
                record.row,
                "key",
                Fault(" is another community", key, hint=f"; this one is {quoted(community.key)}"),
            )


def _counts(problem: Problem, lists: Lists) -> bool:
    """Whether a problem is one of the lists: what is here already was good enough to be kept. It counts where the lists
    take away what somebody here still needs, as their living group; what hangs on a person who leaves may stay."""
    if problem.file in lists.labels:
        return problem.row >= 0
    held = lists.held[problem.file]
    return held.table.has_key and problem.fault.before.startswith("there is no ") and problem.row in held.live


def _named(problems: Iterable[Problem], lists: Lists) -> Iterable[Problem]:
    for problem in problems:
        if problem.file in lists.labels:
            yield replace(problem, file=lists.labels[problem.file])
        elif problem.file in lists.held:
            yield replace(problem, file=f"{BY_FILE[problem.file].noun} {HERE}", row=0)
        else:
            yield problem
