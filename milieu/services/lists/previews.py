"""What an import of lists would do, row by row: kept beside the lists while they wait, and shown before the yes."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from milieu.imports.lists import Lists
from milieu.imports.merging.bringing import Brought
from milieu.imports.merging.merge import ADDED, CHANGED, RETURNED
from milieu.imports.merging.reports import Difference, TableReport, Touched
from milieu.imports.tables.description import Column, Table
from milieu.imports.tables.registry import BY_FILE
from milieu.imports.writing.rows import cell

MOST_LINES = 200  # of a table and kind; the rest is counted
NEW, CHANGES, BACK, ENDS = "new", "changed", "back", "ended"
_KINDS = {ADDED: NEW, CHANGED: CHANGES, RETURNED: BACK}


@dataclass(frozen=True)
class Change:
    """A cell of a row that says something else than before."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """A row of the database and what becomes of it. `row`: where it stands in its sheet, 0 where it is gone from it."""

    kind: str
    what: str
    row: int
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class TablePreview:
    """What becomes of a table. `lines` are as many as can be read; the counts are of all."""

    file: str
    label: str
    about: str
    added: int
    changed: int
    returned: int
    ended: int
    unchanged: int
    lines: tuple[Line, ...]
    left_out: int

    def of(self, kind: str) -> list[Line]:
        """The lines of one kind."""
        return [line for line in self.lines if line.kind == kind]


@dataclass(frozen=True)
class Tick:
    """What is only done where somebody says so beside the rest: much of a table ends, or a protection does."""

    name: str
    file: str
    ending: int
    held: int
    whom: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """`problems`: what has to be mended first, then nothing else is known. `people`: the ids of rows that it names."""

    problems: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    tables: tuple[TablePreview, ...] = ()
    ticks: tuple[Tick, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def does_nothing(self) -> bool:
        """Whether everything is here already as the lists say it."""
        return not any(each.added or each.changed or each.returned or each.ended for each in self.tables)

    @property
    def digest(self) -> str:
        """The same for the same preview: what was seen is what is done."""
        return hashlib.sha256(json.dumps({**self.as_json(), "people": None}, sort_keys=True).encode()).hexdigest()[:32]

    def as_json(self) -> dict[str, Any]:
        held: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return held


_ADAPTER = TypeAdapter(Preview)
PROTECTIONS = "protections"


def preview_of(held: dict[str, Any]) -> Preview:
    """A preview as it was kept."""
    return _ADAPTER.validate_python(held)


def refused(problems: Sequence[str], remarks: Sequence[str] = ()) -> Preview:
    """The preview of lists that cannot be brought in."""
    return Preview(tuple(problems), tuple(remarks))


def preview(lists: Lists, brought: Brought) -> Preview:
    """What bringing the lists in has just done."""
    tables = tuple(_table(lists, line, brought) for line in brought.report.tables)
    people = {one for each in brought.touched for one in each.subjects}
    people |= {one for each in brought.losses.gone for one in each.subjects}
    return Preview((), brought.report.notes, tables, tuple(_ticks(lists, brought)), tuple(sorted(people)))


def _table(lists: Lists, line: TableReport, brought: Brought) -> TablePreview:
    table = BY_FILE[line.file]
    lines = [_line(table, each) for each in brought.touched if each.file == line.file]
    lines += [Line(ENDS, gone.what, 0) for gone in brought.losses.gone if gone.file == line.file]
    shown = [
        each for kind in (ENDS, BACK, CHANGES, NEW) for each in [one for one in lines if one.kind == kind][:MOST_LINES]
    ]
    return TablePreview(
        line.file,
        lists.labels.get(line.file, line.file),
        table.about,
        line.added,
        line.changed,
        line.returned,
        line.ended,
        line.unchanged,
        tuple(shown),
        len(lines) - len(shown),
    )


def _line(table: Table, touched: Touched) -> Line:
    columns = {column.attribute: column for column in table.columns}
    changes = [change for each in touched.differences if (change := _change(columns, each))]
    return Line(_KINDS[touched.verb], touched.what, touched.row, tuple(changes))


def _change(columns: dict[str, Column], difference: Difference) -> Change | None:
    if difference.attribute == "times":
        return Change("times of the day", _times(difference.before), _times(difference.after))
    if (column := columns.get(difference.attribute)) is None:
        return None
    return Change(column.name, cell(column, difference.before), cell(column, difference.after))


def _times(value: dict[str, int] | None) -> str:
    return ", ".join(f"{part} {liked}" for part, liked in (value or {}).items())


def _ticks(lists: Lists, brought: Brought) -> Iterator[Tick]:
    for halt in brought.losses.halts:
        yield Tick(halt.file, lists.labels.get(halt.file, halt.file), halt.ending, halt.held, halt.whom)
    if whom := tuple(f"{each.noun} {each.what}" for each in brought.losses.protections):
        yield Tick(PROTECTIONS, "", len(whom), 0, whom)
