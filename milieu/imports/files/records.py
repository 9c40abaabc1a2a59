"""Sheets to records: the columns' names, each cell, and what the cells of one row say together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from milieu.imports.files.grids import Sheet
from milieu.imports.files.problems import Problem
from milieu.imports.tables.cells import BadCell, Fault, clean, fold, quoted, suggestion
from milieu.imports.tables.description import Column, Record, Table, Trouble, Values, column_of
from milieu.imports.tables.registry import BY_FILE
from milieu.imports.watching import more

MOST_PROBLEMS = 500  # of one file: more than that nobody reads


def read_records(sheet: Sheet) -> tuple[list[Record], list[Problem]]:
    """The rows of a sheet that could be read whole, and every problem of its header and cells."""
    table = BY_FILE[sheet.file]
    problems = list(_header(table, sheet))
    is_whole = not problems
    absent = _absent(table, sheet)
    columns = _columns(table, sheet)
    records = []
    for number, row in sheet.rows[: table.most_rows]:
        more()
        values, troubles = _cells(table, columns, row)
        if is_whole and not troubles:
            troubles = [trouble for check in table.checks for trouble in check(values)]
        problems.extend(Problem(sheet.file, number, column, fault) for column, fault in troubles)
        if is_whole and not troubles:
            records.append(Record(sheet.file, number, values, absent))
        if len(problems) >= MOST_PROBLEMS:
            problems.append(
                Problem(sheet.file, number, "", Fault("so much is wrong that the rows after this were not read"))
            )
            break
    if len(sheet.rows) > table.most_rows:
        number, most = sheet.rows[table.most_rows][0], table.most_rows
        problems.append(Problem(sheet.file, number, "", Fault(f"is one row too many; this file has at most {most:,}")))
    if table.is_needed and not sheet.rows and is_whole:
        problems.append(Problem(sheet.file, 0, "", Fault(f"has no rows; it holds {table.about}")))
    return records, problems


def read_keys(sheet: Sheet) -> dict[str, int] | None:
    """The keys of a sheet and the rows where they first stand, those of faulty rows too; None without a key column."""
    if "key" not in sheet.header:
        return None
    place = sheet.header.index("key")
    keys: dict[str, int] = {}
    for number, row in sheet.rows:
        try:
            key = clean(row[place])
        except BadCell:
            continue
        if key:
            keys.setdefault(key, number)
    return keys


def read_references(sheet: Sheet) -> Iterator[tuple[int, str, str, str]]:
    """Every filled cell that names a row of another file: row, column, the other file, the key."""
    for place, name in enumerate(sheet.header):
        if name not in BY_FILE[sheet.file].names:
            continue
        if other := column_of(BY_FILE[sheet.file], name).refers_to:
            for number, row in sheet.rows:
                try:
                    if cell := clean(row[place]):
                        yield number, name, other, cell
                except BadCell:
                    continue


def with_one_spelling(sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """The sheets with every reference in the capitals of the key that it names: R014 finds r014."""
    spelling = {
        file: {fold(key): key for key in reversed(keys)}
        for file, sheet in sheets.items()
        if (keys := read_keys(sheet)) is not None
    }
    return {file: _spelled(sheet, spelling) for file, sheet in sheets.items()}


def _spelled(sheet: Sheet, spelling: Mapping[str, Mapping[str, str]]) -> Sheet:
    changed: dict[int, dict[str, str]] = {}
    for number, column, file, key in read_references(sheet):
        if (known := spelling.get(file, {}).get(fold(key), key)) != key:
            changed.setdefault(number, {})[column] = known
    rows = tuple(
        (number, tuple(changed[number].get(name, cell) for name, cell in zip(sheet.header, row, strict=True)))
        if number in changed
        else (number, row)
        for number, row in sheet.rows
    )
    return replace(sheet, rows=rows)


def _header(table: Table, sheet: Sheet) -> Iterable[Problem]:
    if not set(sheet.header) & set(table.names):
        named = ", ".join(table.names[:3])
        after = f" is none of the columns of this table ({named} …); is it another kind of file?"
        yield Problem(sheet.file, sheet.header_row, "", Fault(after, quoted(sheet.header[0])))
        return
    seen: set[str] = set()
    for place, name in enumerate(sheet.header):
        if not name:
            if any(row[place].strip() for _, row in sheet.rows):
                yield Problem(sheet.file, sheet.header_row, "", Fault(" has no name", f"column {_letter(place)}"))
        elif name in seen:
            yield Problem(sheet.file, sheet.header_row, name, Fault("this column stands there twice"))
        elif name not in table.names:
            near = suggestion(name, set(table.names) - set(sheet.header))
            fault = Fault("", quoted(name), before="there is no column ", hint=near)
            yield Problem(sheet.file, sheet.header_row, "", fault)
        seen.add(name)
    for column in table.columns:
        if column.is_needed and column.name not in seen:
            fault = Fault(f"this column is missing: {column.meaning}")
            yield Problem(sheet.file, sheet.header_row, column.name, fault)


def _columns(table: Table, sheet: Sheet) -> list[Column | None]:
    """The column that each cell of a row belongs to; None where it is unknown, or stands there a second time."""
    known = set(table.names)
    return [
        column_of(table, name) if name in known and name not in sheet.header[:place] else None
        for place, name in enumerate(sheet.header)
    ]


def _cells(table: Table, columns: Iterable[Column | None], row: tuple[str, ...]) -> tuple[Values, list[Trouble]]:
    values = {column.attribute: _default(column.default) for column in table.columns}
    troubles = []
    for column, raw in zip(columns, row, strict=True):
        if column is None:
            continue
        try:
            cell = clean(raw)
            if cell:
                values[column.attribute] = column.read(cell)
            elif column.is_needed:
                raise BadCell("is empty")
        except BadCell as error:
            troubles.append((column.name, error.fault))
    return values, troubles


def _default(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _absent(table: Table, sheet: Sheet) -> frozenset[str]:
    absent = {column.attribute for column in table.columns if column.name not in sheet.header}
    return frozenset(absent | {name for name, parts in table.derived.items() if absent.issuperset(parts)})


def _letter(place: int) -> str:
    """A column's letter in a spreadsheet."""
    return chr(ord("A") + place) if place < 26 else _letter(place // 26 - 1) + chr(ord("A") + place % 26)
