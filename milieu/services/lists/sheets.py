"""Lists that wait as they are shown: each sheet with what it is taken for, its headings and a few of its cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from milieu.imports.tables.cells import quoted
from milieu.imports.tables.description import Table, column_of
from milieu.imports.tables.registry import BY_FILE, TABLES
from milieu.imports.uploads.plans import FULL_NAME, SheetPlan, choices_of, plan_of
from milieu.imports.uploads.proposing import plain_heading
from milieu.imports.uploads.reading import Upload, unpack

MOST_EXAMPLES = 3
_LONGEST_EXAMPLE = 40
_MEANINGS = {FULL_NAME: "the whole name: Ruth Webb, or Webb, Ruth"}


@dataclass(frozen=True)
class Said:
    """What a person says of a sheet; as `SheetPlan` has it. Without `columns` nobody has seen them as this table's."""

    file: str
    columns: tuple[str, ...]
    is_whole: bool
    order: str


@dataclass(frozen=True)
class ColumnShown:
    """A column of a sheet: its heading, some of its cells, and what it is taken for ("" left out)."""

    heading: str
    examples: tuple[str, ...]
    taken_for: str


@dataclass(frozen=True)
class Choice:
    """What a sheet or a column can be taken for, and what that is."""

    name: str
    meaning: str


@dataclass(frozen=True)
class SheetShown:
    """A sheet that waits. `is_ours`: its columns are ours, under our names. `rows`: how many stand below the header."""

    label: str
    plan: SheetPlan
    columns: tuple[ColumnShown, ...]
    choices: tuple[Choice, ...]
    is_ours: bool
    rows: int

    @property
    def left_out(self) -> tuple[str, ...]:
        """The headings of columns that are not read."""
        return tuple(each.heading for each in self.columns if not each.taken_for and each.heading)

    @property
    def about(self) -> str:
        """What the table is about that it is taken for."""
        return BY_FILE[self.plan.file].about if self.plan.file else ""


def table_choices() -> tuple[Choice, ...]:
    """The tables that a sheet can be."""
    return tuple(Choice(table.file, table.about) for table in TABLES)


def shown_sheets(packed: bytes, plans: Sequence[Mapping[str, Any]]) -> list[SheetShown]:
    """The sheets of lists that wait."""
    return [_shown(upload, plan_of(plan)) for upload, plan in zip(unpack(packed), plans, strict=True)]


def _shown(upload: Upload, plan: SheetPlan) -> SheetShown:
    rows = upload.grid.rows
    headings = rows[plan.header_row - 1] if rows else ()
    body = [row for row in rows[plan.header_row :] if any(cell.strip() for cell in row)]
    columns = tuple(
        ColumnShown(_plain(heading), _examples(body, place), taken)
        for place, (heading, taken) in enumerate(zip(headings, plan.columns, strict=False))
    )
    table = BY_FILE.get(plan.file)
    said = [plain_heading(each.heading) == plain_heading(each.taken_for) for each in columns if each.heading]
    choices = _choices(table) if table else ()
    return SheetShown(upload.label, plan, columns, choices, bool(table) and all(said) and not plan.order, len(body))


def _choices(table: Table) -> tuple[Choice, ...]:
    return tuple(
        Choice(name, _MEANINGS[name] if name in _MEANINGS else column_of(table, name).meaning)
        for name in choices_of(table)
    )


def _examples(body: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    found = dict.fromkeys(_plain(row[place]) for row in body[:200] if row[place].strip())
    return tuple(list(found)[:MOST_EXAMPLES])


def _plain(text: str) -> str:
    """A cell as it is shown: without signs that cannot be seen, cut where it is long."""
    return quoted(" ".join(text.split())[:_LONGEST_EXAMPLE])[1:-1]


@dataclass(frozen=True)
class ColumnTold:
    """A column of a table: what its cells mean, and whether each row needs it."""

    name: str
    meaning: str
    is_needed: bool


@dataclass(frozen=True)
class TableTold:
    """A table that can be handed in."""

    name: str
    about: str
    columns: tuple[ColumnTold, ...]


def told_tables() -> list[TableTold]:
    """Every table with its columns, in words."""
    return [
        TableTold(
            table.file.removesuffix(".csv"),
            table.about,
            tuple(ColumnTold(column.name, column.meaning, column.is_needed) for column in table.columns),
        )
        for table in TABLES
    ]
